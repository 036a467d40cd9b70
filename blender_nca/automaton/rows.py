# SPDX-License-Identifier: GPL-3.0-or-later
"""A batch of grids laid out in rows, one a cell, with one cell of surroundings: a neighbour is a shift.

On a processor this is what makes a step cheap: perception is a few sums over contiguous memory, and the cells that
fire are picked by number before the perceptron sees any.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

from .reference import ALIVE_ABOVE
from .update_rule import LIFE


class Rows:
    """The layout of grids of one shape.

    Rows are Tensors (batch, (height + 2) (width + 2), channels). The `inner` ones go from the first cell to the
    last; the few surroundings among them mean nothing there and never fire.

    Parameters
    ----------
    shape : (int, int, int, int)
        Batch, height, width, channels.
    boundary : {'wrap', 'edge'}
    """

    def __init__(self, shape: tuple[int, ...], boundary: str):
        self.batch, self.height, self.width, self.channels = shape
        self.boundary = boundary
        self.stride = self.width + 2
        self.count = (self.height + 2) * self.stride
        self.first = self.stride + 1
        self.length = self.count - 2 * self.first

    def enclose(self, grids: torch.Tensor) -> torch.Tensor:
        """Rows of grids (batch, height, width, channels), their surroundings zero."""
        return F.pad(grids, (0, 0, 1, 1, 1, 1)).reshape(self.batch, self.count, -1)

    def open(self, rows: torch.Tensor) -> torch.Tensor:
        """The grids of rows: shape (batch, height, width, channels)."""
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
        repeated."""
        image = self._image(rows)
        for outside, source in self._borders():
            image[outside] = image[source]

    def close_back(self, gradient: torch.Tensor) -> None:
        """Gradient of `close`, of shape (batch, rows, channels), in place: that of the surroundings goes where they
        came from."""
        image = self._image(gradient)
        for outside, source in reversed(self._borders()):
            image[source] += image[outside]
            image[outside] = 0

    def living(self, rows: torch.Tensor) -> torch.Tensor:
        """Living mask: bool, shape (batch, rows, 1); that of the surroundings means nothing."""
        life = rows[..., LIFE].reshape(self.batch, 1, self.height + 2, self.stride)
        return (F.max_pool2d(life, 3, 1, 1) > ALIVE_ABOVE).view(self.batch, self.count, 1)

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
