# SPDX-License-Identifier: GPL-3.0-or-later
"""Fitting: a grid that nobody has set has the cells of its model, so that a figure fills the picture."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

from ..library import catalogue

FIGURE_PIXELS = 384
"""A side of the picture of a figure, about: its outline is still sharp there."""


class Grid(NamedTuple):
    """What is fitted; by the names of the growth's properties."""

    width: int
    height: int
    pixels_per_cell: int
    wrap: bool


class Fitted(Protocol):
    """A growth, with the properties that `Grid` names."""

    over: str
    bl_rna: Any


def fit(nca: Fitted, before: str, manifold: str) -> None:
    """Fit the grid of a growth to another model than before, unless an artist has set it, or it is a mesh's."""
    has_now = Grid(*(getattr(nca, name) for name in Grid._fields))
    if nca.over == "MESH" or has_now != _usual(nca, before):
        return
    for name, value in _usual(nca, manifold)._asdict().items():
        if getattr(nca, name) != value:
            setattr(nca, name, value)


def _usual(nca: Fitted, manifold: str) -> Grid:
    """The grid of a growth by a model, where nobody has set it."""
    if cells := catalogue.figure_cells(manifold):
        return Grid(cells, cells, max(1, FIGURE_PIXELS // cells), False)
    declared = nca.bl_rna.properties
    return Grid(*(declared[name].default for name in Grid._fields))  # each has one
