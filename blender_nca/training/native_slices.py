# SPDX-License-Identifier: GPL-3.0-or-later
"""Sliced Wasserstein distances by the kernels: what `sliced_wasserstein` says, with its gradient in the same pass."""

from __future__ import annotations

from collections.abc import Sequence

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
    filters: Sequence[torch.Tensor],
    stride: int,
    gain: float,
    targets: torch.Tensor,
    first: torch.Tensor,
    second: torch.Tensor,
    share: torch.Tensor,
) -> torch.Tensor:
    """Distance of one octave of pictures to blends of exemplars.

    Parameters
    ----------
    level : Tensor, shape (batch, maps, height, width)
    filters : sequence of Tensor
        Directions (directions, maps, patch, patch); then, if features count too, their filters and the directions
        in the space of features.
    stride : int
    gain : float
        Of the projections of features.
    targets : Tensor, shape (exemplars, directions of both spaces, quantiles)
    first, second, share
        See `SlicedWasserstein.between`.

    Returns
    -------
    Tensor, shape (batch,)
    """
    return _Slices.apply(level, filters, stride, gain, targets, first, second, share)


class _Slices(torch.autograd.Function):
    @staticmethod
    def forward(context, level, filters, stride, gain, targets, first, second, share):
        batch, maps, height, width = level.shape
        level, gradient = level.contiguous(), torch.zeros_like(level, memory_format=torch.contiguous_format)
        directions, quantiles = len(filters[0]), targets.shape[2]
        spaces = len(targets[0]) // directions
        matrices = [_as_matrices(each) for each in filters]  # kept until the kernels are done
        sizes = [(each.shape[2], into.shape[0]) for each, (into, _) in zip(filters, matrices, strict=True)]
        pointers = [(into.data_ptr(), back.data_ptr()) for into, back in matrices]
        found = torch.empty(batch, spaces)
        library = open_library()

        def compare_one(i: int) -> None:
            wanted = [
                [
                    targets[k[i], space * directions : (space + 1) * directions].data_ptr()
                    for k in (first, second)
                ]
                for space in range(spaces)
            ]
            grid, planes, mix = (height, width, maps), level[i].data_ptr(), (float(share[i]), quantiles)
            (patch, depth), of_level = sizes[0], gradient[i].data_ptr()
            found[i, 0] = library.nca_slice(
                *grid, patch, stride, depth, directions, planes, *pointers[0], 1.0, *wanted[0], *mix, of_level
            )
            if spaces == 2:
                patch, depth = sizes[2]
                found[i, 1] = library.nca_slice_features(
                    *grid,
                    filters[1].shape[2],
                    len(filters[1]),
                    filters[1].data_ptr(),
                    patch,
                    stride,
                    depth,
                    directions,
                    planes,
                    *pointers[2],
                    gain,
                    *wanted[1],
                    *mix,
                    of_level,
                )

        threads.for_each(compare_one, batch)
        context.save_for_backward(gradient / spaces)
        return found.mean(1)

    @staticmethod
    def backward(context, of_distance):
        (gradient,) = context.saved_tensors
        return of_distance[:, None, None, None] * gradient, *[None] * 7


def _as_matrices(filters: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Filters (filters, maps, patch, patch) as a matrix (numbers of a patch, filters), and turned; zeros make up whole
    vectors."""
    flat = filters.movedim(1, 3).flatten(1)
    turned = torch.nn.functional.pad(flat, (0, -flat.shape[1] % VECTOR)).contiguous()
    return turned.T.contiguous(), turned
