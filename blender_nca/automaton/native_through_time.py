# SPDX-License-Identifier: GPL-3.0-or-later
"""Growth with its gradient by the kernels: `through_time` on a processor, four times as fast, in float32."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from ..kernels import threads
from ..kernels.library import VECTOR, library, open_library
from .chance import FIRE_RATE
from .update_rule import UpdateRule

MOST_CHANNELS, MOST_HIDDEN = 32, 256
"""What the kernels have room for."""


def suits(state: torch.Tensor, rule: UpdateRule) -> bool:
    """Whether the kernels can grow this.

    Parameters
    ----------
    state : Tensor, shape (batch, height, width, channels)
    rule : UpdateRule
        Weights of shape (batch, ...).
    """
    channels, hidden = rule.out_of_hidden.shape[-1], rule.out_of_hidden.shape[-2]
    return (
        state.device.type == "cpu"
        and state.dtype == rule.into_hidden.dtype == torch.float32
        and channels % VECTOR == hidden % VECTOR == 0
        and channels <= MOST_CHANNELS
        and hidden <= MOST_HIDDEN
        and open_library() is not None
    )


class NativeRollout(torch.autograd.Function):
    """See `through_time.grow`; the arguments are those, the cells numbered row by row."""

    @staticmethod
    def forward(
        context: Any,
        state: torch.Tensor,
        into_hidden: torch.Tensor,
        hidden_bias: torch.Tensor,
        out_of_hidden: torch.Tensor,
        random_seed: int,
        steps: int,
        boundary: str,
    ) -> torch.Tensor:
        """State after the steps, of the shape of `state`; arguments as of `through_time.grow`."""
        batch, height, width, channels = state.shape
        weights = [weight.contiguous() for weight in (into_hidden, hidden_bias, out_of_hidden)]
        sizes = height, width, channels, boundary == "wrap", weights[2].shape[-2]
        rows = (height + 2) * (width + 2)
        trace = state.new_empty(batch, steps + 1, rows, channels)
        trace[:, 0] = F.pad(state, (0, 0, 1, 1, 1, 1)).reshape(batch, rows, channels)
        firing = torch.empty(batch, steps, height * width, dtype=torch.int32)
        counts = torch.empty(batch, steps, dtype=torch.int32)
        masks = torch.empty(batch, steps, height * width, dtype=torch.uint8)
        threshold = round(FIRE_RATE * 2**32)

        def grow_one(i: int) -> None:
            library().nca_grow(
                *sizes,
                *(weight[i].data_ptr() for weight in weights),
                random_seed & 0xFFFFFFFF,
                0,
                steps,
                threshold,
                *(buffer[i].data_ptr() for buffer in (trace, firing, counts, masks)),
            )

        threads.for_each(grow_one, batch)
        context.sizes, context.trace = sizes, (trace, firing, counts, masks)
        context.save_for_backward(*weights)
        return trace[:, -1].view(batch, height + 2, width + 2, channels)[:, 1:-1, 1:-1].contiguous()

    @staticmethod
    def backward(context: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """Gradients of the arguments of `forward`, from that of shape (batch, height, width, channels)."""
        weights = context.saved_tensors
        of_weights = [torch.zeros_like(weight) for weight in weights]
        gradient = F.pad(gradient, (0, 0, 1, 1, 1, 1)).contiguous()

        def learn_one(i: int) -> None:
            library().nca_grow_back(
                *context.sizes,
                *(weight[i].data_ptr() for weight in weights),
                context.trace[0].shape[1] - 1,
                *(buffer[i].data_ptr() for buffer in context.trace),
                gradient[i].data_ptr(),
                *(of_weight[i].data_ptr() for of_weight in of_weights),
            )

        threads.for_each(learn_one, len(gradient))
        return None, *of_weights, None, None, None
