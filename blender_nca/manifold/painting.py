# SPDX-License-Identifier: GPL-3.0-or-later
"""Grids painted whole, with their gradient: by the kernels on a processor, by torch elsewhere."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from ..kernels import threads
from ..kernels.library import VECTOR, library, open_library
from .architecture import MAP_CHANNELS
from .renderer import SUPPORT, Painter, interpolation, paint_tile

_OWN = 4
"""Arrays of a painter that each genotype has of its own; the last layer is that of all."""


def paint(painter: Painter, state: torch.Tensor, pixels_per_cell: int, boundary: str) -> torch.Tensor:
    """Paint a batch of grids, each by its own painter.

    Parameters
    ----------
    painter : Painter
    state : Tensor, shape (batch, height, width, channels)
    pixels_per_cell : int
    boundary : {'wrap', 'edge'}

    Returns
    -------
    Tensor, shape (batch, maps, height * pixels_per_cell, width * pixels_per_cell)
        Not clipped to [0, 1].
    """
    suits = state.device.type == "cpu" and state.shape[3] % VECTOR == 0
    if suits and open_library() is not None:
        return _NativePainting.apply(  # type: ignore[no-untyped-call]  # torch's `apply` has no types
            state, *vars(painter).values(), pixels_per_cell, boundary
        )
    rows, columns = (
        torch.from_numpy(_interpolation(cells, pixels_per_cell)).to(state.device)
        for cells in state.shape[1:3]
    )
    mode = "circular" if boundary == "wrap" else "replicate"
    return paint_tile(painter, F.pad(state.movedim(3, 1), [SUPPORT] * 4, mode), rows, columns)


_interpolation = lru_cache(16)(interpolation)


_NO_GRAIN = 0, 0, None, None
"""Exemplars that cells learn from are no finer than states."""


class _NativePainting(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, state: torch.Tensor, *arguments: Any) -> torch.Tensor:
        *weights, pixels, boundary = arguments
        state, weights = state.contiguous(), [weight.contiguous() for weight in weights]
        batch, height, width, channels = state.shape
        taps = torch.from_numpy(np.ascontiguousarray(_interpolation(1, pixels)))
        sizes = height, width, channels, boundary == "wrap", pixels, taps.data_ptr(), weights[0].shape[-1]
        maps = state.new_empty(batch, len(MAP_CHANNELS), height * pixels, width * pixels)

        def paint_one(i: int) -> None:
            arrays = state[i].data_ptr(), maps[i].data_ptr()
            library().nca_paint(*sizes, *_of(weights, i), *_NO_GRAIN, 0, height, *arrays, None)

        threads.for_each(paint_one, batch)
        context.sizes, context.taps = sizes, taps
        context.save_for_backward(state, *weights)
        return maps

    @staticmethod
    def backward(context: Any, of_maps: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        state, *weights = context.saved_tensors
        of_maps = of_maps.contiguous()
        of_state = torch.zeros_like(state)
        # of the last layer each example has a gradient of its own, too, until they are summed
        of_weights = [
            w.new_zeros(len(state), *w.shape[1 if i < _OWN else 0 :]) for i, w in enumerate(weights)
        ]

        def learn_one(i: int) -> None:
            library().nca_paint_back(
                *context.sizes,
                *_of(weights, i),
                state[i].data_ptr(),
                of_maps[i].data_ptr(),
                *(of_weight[i].data_ptr() for of_weight in of_weights),
                of_state[i].data_ptr(),
            )

        threads.for_each(learn_one, len(state))
        return (
            of_state,
            *of_weights[:_OWN],
            *(of_weight.sum(0) for of_weight in of_weights[_OWN:]),
            None,
            None,
        )


def _of(weights: list[torch.Tensor], example: int) -> list[int]:
    """Where the weights of one example lie."""
    return [(weight[example] if i < _OWN else weight).data_ptr() for i, weight in enumerate(weights)]
