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
        """Add the change of the computed cells that fire to the inner rows, in place."""
        inner.index_add_(1, self.numbers, change)

    def spread(self, taken: torch.Tensor) -> torch.Tensor:
        """Gradient of `take`."""
        everywhere = taken.new_zeros(taken.shape[0], self.layout.length, taken.shape[2])
        return everywhere.index_copy_(1, self.numbers, taken)


class Dense:
    """All cells, the change of those that do not fire left out: nobody waits for numbers of cells."""

    def __init__(self, layout: Rows, fire: torch.Tensor):
        self.mask = layout.inner(layout.enclose(fire[None, ..., None].expand(layout.batch, -1, -1, -1)))

    def take(self, inner: torch.Tensor) -> torch.Tensor:
        return inner

    def take_back(self, inner: torch.Tensor) -> torch.Tensor:
        return inner * self.mask

    def add(self, inner: torch.Tensor, change: torch.Tensor) -> None:
        inner += change * self.mask

    def spread(self, taken: torch.Tensor) -> torch.Tensor:
        return taken


def pick(layout: Rows, fire: torch.Tensor) -> Sparse | Dense:
    """The way that suits the device of `fire`."""
    return (Sparse if fire.device.type == "cpu" else Dense)(layout, fire)
