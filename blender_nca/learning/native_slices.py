# SPDX-License-Identifier: GPL-3.0-or-later
"""Sliced Wasserstein distances by the kernels: what `sliced_wasserstein` says, with its gradient in the same pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ..kernels import threads
from ..kernels.library import VECTOR, open_library

MOST_PATCHES = 65535


def suit(level: torch.Tensor, directions: int) -> bool:
    """Whether the kernels can compare this."""
    few = level.shape[2] * level.shape[3] <= MOST_PATCHES
    return level.device.type == "cpu" and few and directions % VECTOR == 0 and open_library() is not None


def compare(
    level: torch.Tensor,
    filters: torch.Tensor,
    stride: int,
    targets: torch.Tensor,
    first: torch.Tensor,
    second: torch.Tensor,
    share: torch.Tensor,
) -> torch.Tensor:
    """Distance of one octave of pictures to blends of exemplars.

    Parameters
    ----------
    level : Tensor, shape (batch, maps, height, width)
    filters : Tensor, shape (directions, maps, patch, patch)
    stride : int
    targets : Tensor, shape (exemplars, directions, quantiles)
    first, second, share
        See `SlicedWasserstein.between`.

    Returns
    -------
    Tensor, shape (batch,)
    """
    apply: Callable[..., torch.Tensor] = _Slices.apply  # torch gives it no types
    return apply(level, filters, stride, targets, first, second, share)


class _Slices(torch.autograd.Function):
    @staticmethod
    def forward(
        context: Any,
        level: torch.Tensor,
        filters: torch.Tensor,
        stride: int,
        targets: torch.Tensor,
        first: torch.Tensor,
        second: torch.Tensor,
        share: torch.Tensor,
    ) -> torch.Tensor:
        batch, maps, height, width = level.shape
        level, gradient = level.contiguous(), torch.zeros_like(level, memory_format=torch.contiguous_format)
        directions, patch = len(filters), filters.shape[2]
        into, back = _as_matrices(filters)  # kept until the kernels are done
        found = torch.empty(batch)
        library = open_library()
        assert library is not None  # `suit` has asked

        def compare_one(i: int) -> None:
            found[i] = library.nca_slice(
                *(height, width, maps, patch, stride, len(into), directions),
                *(level[i].data_ptr(), into.data_ptr(), back.data_ptr()),
                *(targets[of[i]].data_ptr() for of in (first, second)),
                *(float(share[i]), targets.shape[2], gradient[i].data_ptr()),
            )

        threads.for_each(compare_one, batch)
        context.save_for_backward(gradient)
        return found

    @staticmethod
    def backward(context: Any, of_distance: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        (gradient,) = context.saved_tensors
        return of_distance[:, None, None, None] * gradient, *[None] * 6


def _as_matrices(filters: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Filters (filters, maps, patch, patch) as a matrix (numbers of a patch, filters), and that matrix transposed. The
    numbers of a patch are padded with zeros to whole vectors."""
    flat = filters.movedim(1, 3).flatten(1)
    turned = torch.nn.functional.pad(flat, (0, -flat.shape[1] % VECTOR)).contiguous()
    return turned.T.contiguous(), turned
