# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the cells go through the perceptron at a step: on a processor those that fire, elsewhere all."""

from __future__ import annotations

import torch

from .rows import Rows


class Sparse:
    """The cells that fire, picked by number: half of the products.

    Parameters
    ----------
    layout : Rows
    fire : bool Tensor, shape (height, width)
    """

    def __init__(self, layout: Rows, fire: torch.Tensor):
        self.layout, self.numbers = layout, layout.number(fire)

    def take(self, inner: torch.Tensor) -> torch.Tensor:
        """Of something that all inner rows have, that of the cells to compute: (batch, cells, ...)."""
        return inner[:, self.numbers]

    take_back = take
    """Gradient of `add` in its second argument."""

    def add(self, inner: torch.Tensor, change: torch.Tensor) -> None:
        """Add the change (batch, cells, channels) of the computed cells that fire to the inner rows, in place."""
        inner.index_add_(1, self.numbers, change)

    def spread(self, taken: torch.Tensor) -> torch.Tensor:
        """Gradient of `take`: shape (batch, inner rows, ...)."""
        everywhere = taken.new_zeros(taken.shape[0], self.layout.length, taken.shape[2])
        return everywhere.index_copy_(1, self.numbers, taken)


class Dense:
    """All cells, the change of those that do not fire left out: no device waits for numbers of cells.

    What it answers is what `Sparse` does, where all inner rows are the cells to compute.
    """

    def __init__(self, layout: Rows, fire: torch.Tensor):
        self.mask = layout.inner(layout.enclose(fire[None, ..., None].expand(layout.batch, -1, -1, -1)))

    def take(self, inner: torch.Tensor) -> torch.Tensor:
        """All of it: shape (batch, inner rows, ...)."""
        return inner

    def take_back(self, inner: torch.Tensor) -> torch.Tensor:
        """Gradient of `add` in its second argument: shape (batch, inner rows, ...)."""
        return inner * self.mask

    def add(self, inner: torch.Tensor, change: torch.Tensor) -> None:
        """Add the change of the cells that fire to the inner rows, in place; both (batch, inner rows, channels)."""
        inner += change * self.mask

    def spread(self, taken: torch.Tensor) -> torch.Tensor:
        """Gradient of `take`: shape (batch, inner rows, ...)."""
        return taken


def pick(layout: Rows, fire: torch.Tensor) -> Sparse | Dense:
    """The way that suits the device of `fire`, a bool Tensor of shape (height, width)."""
    return (Sparse if fire.device.type == "cpu" else Dense)(layout, fire)
