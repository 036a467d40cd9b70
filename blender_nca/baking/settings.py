# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings: which frames of a growth are baked, and how they lie in files."""

from __future__ import annotations

from dataclasses import dataclass

from ..automaton.growth_limits import MOST_PIXELS

LAYOUTS = ("SEQUENCE", "STILL", "FLIPBOOK", "ORDER")


LEAST_SIDE, MOST_SIDE = 16, MOST_PIXELS
"""Pixels along the longer side of textures, where it is set."""


@dataclass(frozen=True)
class BakeSettings:
    """What an artist sets of a bake, but for the growth and the presets. Frames are the scene's.

    Attributes
    ----------
    layout : str
        One of `LAYOUTS`: all frames; one of them; frames as tiles of one texture; the last one with when each place
        came alive.
    range : tuple of two int
        The first and the last frame.
    frame : int
        Of a still.
    loop : tuple of two int, or None
        The first and the last frame of the growth's loop, where it has one.
    wants_loop : bool
        Whether the frames of the loop are baked instead of the range.
    columns, rows, width, padding : int
        Of a flipbook, as of `maps.flipbook.Flipbook`.
    flipbook_loops : bool
        Whether the range ends where it begins.
    flipbook_motion : bool
        Whether a texture says how tiles move into each other.
    normal_strength : float
        How many pixels high a height of 1 stands.
    cells : tuple of two int
        Height and width of the growth.
    pixels_per_cell : int
    side : int
        Pixels of the longer side of each texture; 0 where each cell has `pixels_per_cell`.
    is_dated : bool
        Whether growth order and front are baked, also where no preset needs them.
    fps : float
        Of the scene.
    subsurface, transmission, ior : float
        How light goes into the growth, as of `genetics.Translucency`, for materials that know it.
    """

    layout: str = "SEQUENCE"
    range: tuple[int, int] = (1, 250)
    frame: int = 1
    loop: tuple[int, int] | None = None
    wants_loop: bool = True
    columns: int = 8
    rows: int = 8
    width: int = 4096
    padding: int = 0
    flipbook_loops: bool = False
    flipbook_motion: bool = False
    normal_strength: float = 8.0
    cells: tuple[int, int] = (128, 128)
    pixels_per_cell: int = 4
    side: int = 0
    is_dated: bool = False
    fps: float = 24.0
    subsurface: float = 0.0
    transmission: float = 0.0
    ior: float = 1.5

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of each texture in pixels."""
        longer = self.side or self.pixels_per_cell * max(self.cells)
        height, width = (max(1, round(longer * cells / max(self.cells))) for cells in self.cells)
        return height, width

    @property
    def bakes_loop_alone(self) -> bool:
        """Whether the frames of the loop are baked, each once."""
        return loop_is_baked(self.loop is not None, self.wants_loop, self.layout)

    @property
    def ends(self) -> tuple[int, int]:
        """The first and the last frame that are baked of a sequence."""
        if self.loop is None or not self.bakes_loop_alone:
            return self.range
        return self.loop


def loop_is_baked(is_there: bool, is_wanted: bool, layout: str) -> bool:
    """Whether a loop is baked instead of a range."""
    return is_there and is_wanted and layout in ("SEQUENCE", "FLIPBOOK")
