# SPDX-License-Identifier: GPL-3.0-or-later
"""A batch of grids laid out in rows, one a cell, with one cell of surroundings: a neighbour is a shift.

On a processor this is what makes a step cheap: perception is a few sums over contiguous memory, and the cells that
fire are picked by number before the perceptron sees any.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import torch
import torch.nn.functional as F

from .perception import Boundary
from .reference import ALIVE_ABOVE
from .surface import Surface
from .update_rule import LIFE


class SurfaceRows(NamedTuple):
    """A surface on a device, for grids with one cell of surroundings.

    Attributes
    ----------
    places : int64 Tensor, shape (ties,)
        Rows of the cells that ties stand in.
    sources : int64 Tensor, shape (ties, TAPS)
        Rows that each takes its state from.
    weights : float32 Tensor, shape (ties, TAPS)
    on : bool Tensor, shape (rows, 1)
        Which cells there are.
    turns : float32 Tensor, shape (2, 2, rows, 1)
        As `Surface.turns`; nothing turns where no cell is.
    """

    places: torch.Tensor
    sources: torch.Tensor
    weights: torch.Tensor
    on: torch.Tensor
    turns: torch.Tensor

    def gather(self, rows: torch.Tensor) -> torch.Tensor:
        """What ties take from rows (batch, rows, ...): shape (batch, ties, ...)."""
        weights = self.weights.to(rows.dtype).reshape(self.weights.shape + (1,) * (rows.dim() - 2))
        total = weights[:, 0] * rows[:, self.sources[:, 0]]
        for tap in range(1, self.sources.shape[1]):
            total = total + weights[:, tap] * rows[:, self.sources[:, tap]]
        return total


@lru_cache(4)
def lay_out(surface: Surface, device: torch.device) -> SurfaceRows:
    """Send a surface to a device."""
    width = surface.width
    sources = torch.from_numpy(surface.sources.astype("int64"))
    on = F.pad(torch.from_numpy(surface.on), (1, 1, 1, 1)).reshape(-1, 1)
    turns = F.pad(torch.from_numpy(surface.turns), (1, 1, 1, 1)).reshape(2, 2, -1, 1)
    arrays = (
        torch.from_numpy(surface.places.astype("int64")),
        (sources // width + 1) * (width + 2) + sources % width + 1,
        torch.from_numpy(surface.weights),
        on,
        turns,
    )
    return SurfaceRows(*(array.to(device) for array in arrays))


class Rows:
    """The layout of grids of one shape.

    Rows are Tensors (batch, (height + 2) (width + 2), channels). The `inner` ones go from the first cell to the
    last; the few surroundings among them mean nothing there and never fire.

    Parameters
    ----------
    shape : (int, int, int, int)
        Batch, height, width, channels.
    boundary : {'wrap', 'edge'} or Surface
    device : torch.device
        Of a surface.
    """

    def __init__(self, shape: tuple[int, ...], boundary: Boundary, device: torch.device | None = None):
        self.batch, self.height, self.width, self.channels = shape
        self.boundary = boundary
        self.surface = (
            lay_out(boundary, device or torch.device("cpu")) if isinstance(boundary, Surface) else None
        )
        self.stride = self.width + 2
        self.count = (self.height + 2) * self.stride
        self.first = self.stride + 1
        self.length = self.count - 2 * self.first

    def enclose(self, grids: torch.Tensor) -> torch.Tensor:
        """Rows of grids (batch, height, width, channels), their surroundings zero."""
        return F.pad(grids, (0, 0, 1, 1, 1, 1)).reshape(self.batch, self.count, -1)

    def open(self, rows: torch.Tensor) -> torch.Tensor:
        """The grids of rows: shape (batch, height, width, channels); zero beside the islands of a surface."""
        if self.surface:
            rows = rows * self.surface.on
        return self._image(rows)[:, 1:-1, 1:-1].contiguous()

    def inner(self, rows: torch.Tensor) -> torch.Tensor:
        """The inner ones of all rows, as a view: shape (batch, inner rows, ...)."""
        return rows[:, self.first : self.first + self.length]

    def number(self, cells: torch.Tensor) -> torch.Tensor:
        """Numbers among the inner rows of the cells that a bool Tensor (height, width) picks."""
        y, x = cells.nonzero(as_tuple=True)
        return y * self.stride + x

    def close(self, rows: torch.Tensor) -> None:
        """Write the surroundings of rows (batch, rows, channels), in place: from the other side, or the border
        repeated; on a surface, what ties say."""
        if self.surface:
            rows[:, self.surface.places] = self.surface.gather(rows)
            return
        image = self._image(rows)
        for outside, source in self._borders():
            image[outside] = image[source]

    def close_back(self, gradient: torch.Tensor) -> None:
        """Gradient of `close`, of shape (batch, rows, channels), in place: that of the surroundings goes where they
        came from. Nothing is trained on a surface."""
        image = self._image(gradient)
        for outside, source in reversed(self._borders()):
            image[source] += image[outside]
            image[outside] = 0

    def living(self, rows: torch.Tensor) -> torch.Tensor:
        """Living mask: bool, shape (batch, rows, 1); that of the surroundings means nothing, but on a surface, where
        only its cells live."""
        life = rows[..., LIFE].reshape(self.batch, 1, self.height + 2, self.stride)
        alive = (F.max_pool2d(life, 3, 1, 1) > ALIVE_ABOVE).view(self.batch, self.count, 1)
        return alive & self.surface.on if self.surface else alive

    def perceive(self, rows: torch.Tensor) -> torch.Tensor:
        """The kernels of `perception.KERNELS`, taken apart into rows and columns: percepts of the inner rows.

        Returns
        -------
        Tensor, shape (batch, inner rows, 4 channels)
        """
        s, n = self.stride, self.length
        left, centre, right = rows[:, :-2], rows[:, 1:-1], rows[:, 2:]
        difference = right - left
        smooth = torch.add(left + right, centre, alpha=2)
        above, here, below = (difference[:, i * s : i * s + n] for i in range(3))
        sobel_x = torch.add(above + below, here, alpha=2).mul_(1 / 8)
        above, here, below = (smooth[:, i * s : i * s + n] for i in range(3))
        sobel_y = (below - above).mul_(1 / 8)
        if self.surface:
            turns = self.surface.turns[:, :, self.first : self.first + n].to(rows.dtype)
            sobel_x, sobel_y = (a * sobel_x + b * sobel_y for a, b in turns)
        state = self.inner(rows)
        laplacian = torch.add(above + below, here, alpha=2).mul_(1 / 16).sub_(state)
        return torch.cat([state, sobel_x, sobel_y, laplacian], 2)

    def perceive_back(self, of_percepts: torch.Tensor) -> torch.Tensor:
        """Gradient of `perceive`: shape (batch, rows, channels)."""
        s, n = self.stride, self.length
        of_state, of_x, of_y, of_laplacian = of_percepts.split(self.channels, 2)
        of_x, of_y, of_smooth = of_x / 8, of_y / 8, of_laplacian / 16
        difference = of_x.new_zeros(self.batch, self.count - 2, self.channels)
        smooth = torch.zeros_like(difference)
        for i, weight in enumerate((1, 2, 1)):
            difference[:, i * s : i * s + n].add_(of_x, alpha=weight)
            smooth[:, i * s : i * s + n].add_(of_smooth, alpha=weight)
        smooth[:, :n] -= of_y
        smooth[:, 2 * s : 2 * s + n] += of_y
        gradient = of_x.new_zeros(self.batch, self.count, self.channels)
        gradient[:, 2:] += smooth
        gradient[:, 2:] += difference
        gradient[:, :-2] += smooth
        gradient[:, :-2] -= difference
        gradient[:, 1:-1].add_(smooth, alpha=2)
        self.inner(gradient).add_(of_state).sub_(of_laplacian)
        return gradient

    def _image(self, rows: torch.Tensor) -> torch.Tensor:
        """Rows as grids with their surroundings, as a view: shape (batch, height + 2, width + 2, channels)."""
        return rows.view(self.batch, self.height + 2, self.stride, -1)

    def _borders(self) -> list[tuple[tuple[slice | int, ...], tuple[slice | int, ...]]]:
        """Pairs of (surroundings, where they come from): columns first, then rows with their corners."""
        before, after = (-2, 1) if self.boundary == "wrap" else (1, -2)
        every = slice(None)
        return [
            ((every, every, 0), (every, every, before)),
            ((every, every, -1), (every, every, after)),
            ((every, 0), (every, before)),
            ((every, -1), (every, after)),
        ]
