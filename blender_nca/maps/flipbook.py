# SPDX-License-Identifier: GPL-3.0-or-later
"""Flipbook: the frames of a growth as tiles of one texture, the first at the top left."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import motion
from .array_file import read_arrays
from .made_maps import MadeMaps
from .picture_writer import check_finite
from .png import quantise
from .texture import Texture

LARGEST = 16384
"""Pixels of a side: no engine loads a larger texture."""
MOTION = "motion"
_SEEN = "seen"
"""In a tile, beside its textures."""


class FlipbookError(ValueError):
    """A flipbook that cannot be; the message is for the artist."""


@dataclass(frozen=True)
class Flipbook:
    """How tiles lie on a sheet.

    Attributes
    ----------
    columns, rows : int
    width : int
        Pixels of the sheet, a multiple of the columns. Its height follows from the tiles.
    padding : int
        Pixels around each picture within its tile, in which its border is repeated.
    aspect : float
        Height of a picture over its width.

    Raises
    ------
    FlipbookError
    """

    columns: int
    rows: int
    width: int
    padding: int = 0
    aspect: float = 1.0

    def __post_init__(self) -> None:
        if self.columns < 1 or self.rows < 1:
            raise FlipbookError("A flipbook has at least one column and one row.")
        if self.width % self.columns:
            raise FlipbookError(
                f"{self.columns} columns do not divide {self.width} pixels: "
                f"choose {_nearest(self.columns, self.width)} columns."
            )
        if not (0 < self.width <= LARGEST and self.sheet[0] <= LARGEST):
            raise FlipbookError(
                f"The flipbook would have {self.sheet[1]} x {self.sheet[0]} pixels, and engines load at most "
                f"{LARGEST}: choose a smaller size, or fewer rows."
            )
        if min(self.picture) < 1:
            raise FlipbookError(
                f"A padding of {self.padding} pixels leaves nothing of tiles of {self.tile[1]} x {self.tile[0]}: "
                "choose a smaller one."
            )

    @property
    def tile(self) -> tuple[int, int]:
        """Height and width of a tile."""
        width = self.width // self.columns
        return max(1, round(width * self.aspect)), width

    @property
    def picture(self) -> tuple[int, int]:
        """Height and width of what is shown of a tile."""
        height, width = self.tile
        return height - 2 * self.padding, width - 2 * self.padding

    @property
    def sheet(self) -> tuple[int, int]:
        """Height and width of the whole."""
        height, width = self.tile
        return height * self.rows, width * self.columns

    def frames(self, first: int, last: int, is_looped: bool) -> list[int]:
        """Which frames of a range are shown, spread evenly over it, at most one a tile.

        Of a loop the last is left out where it would be the first again.

        Parameters
        ----------
        first, last : int
        is_looped : bool
            Whether the first follows on the last.
        """
        total = last - first + 1
        count = min(self.columns * self.rows, total)
        if count == 1:
            return [last]
        step = total / count if is_looped else (total - 1) / (count - 1)
        return [first + int(number * step + 0.5) for number in range(count)]

    def corner(self, number: int) -> tuple[int, int]:
        """Row and column of a tile's upper left pixel."""
        height, width = self.tile
        return number // self.columns * height, number % self.columns * width

    def sidecar(
        self, frames: Sequence[int], fps: float, is_looped: bool, textures: Sequence[Texture] = ()
    ) -> bytes:
        """What a program needs to play it, as JSON: grid, speed, and where each frame lies, in pixels from the top.

        Parameters
        ----------
        frames : sequence of int
            As `frames` gives them.
        fps : float
            Of the scene.
        is_looped : bool
        textures : sequence of Texture
            Of the flipbook: where one says how tiles move into each other, it is told how that is read.
        """
        height, width = self.picture
        boxes = []
        for number, frame in enumerate(frames):
            row, column = self.corner(number)
            place = {"x": column + self.padding, "y": row + self.padding, "width": width, "height": height}
            boxes.append({"frame": frame, **place})
        # so many frames a second show the growth as fast as it was
        between = (frames[-1] - frames[0]) / (len(frames) - 1) if len(frames) > 1 else 1
        values: dict[str, object] = {
            "format": "neural growth flipbook",
            "version": 1,
            "columns": self.columns,
            "rows": self.rows,
            "width": self.sheet[1],
            "height": self.sheet[0],
            "padding": self.padding,
            "first": "top left",
            "loop": is_looped,
            "fps": round(fps / between, 4),
            "frames": boxes,
        }
        moving = next(filter(moves, textures), None)
        if moving is not None:
            is_down = any(one.is_inverted for one in moving.channels if one.map == MOTION)
            values["motion"] = {
                "texture": moving.name, "reach": motion.REACH, "green": "down" if is_down else "up"
            }  # fmt: skip
        return (json.dumps(values, indent=1) + "\n").encode()


def write_tile(path: Path, maps: MadeMaps, textures: Sequence[Texture], padding: int) -> None:
    """Keep one frame's textures for `assemble`, numbered. Errors as of `Texture.pixels`, and OSError."""
    tiles = {}
    for number, texture in enumerate(textures):
        pixels = texture.pixels(maps)
        if texture.is_of_floats:
            check_finite(pixels)
            pixels = pixels.astype(np.float16 if texture.depth == "half" else np.float32)
        else:
            pixels = quantise(pixels, int(texture.depth))
        tiles[str(number)] = np.pad(pixels, ((padding, padding), (padding, padding), (0, 0)), mode="edge")
    if any(map(moves, textures)):
        tiles[_SEEN] = motion.seen(maps.painted("base_colour"), maps.painted("alpha"))
    with path.open("wb") as file:
        np.savez(file, **tiles)


def moves(texture: Texture) -> bool:
    """Whether a texture says how tiles move into each other."""
    return any(channel.map == MOTION for channel in texture.channels)


def assemble(flipbook: Flipbook, tiles: Sequence[Path], number: int) -> np.ndarray:
    """Put the tiles of one texture together. What has no tile is empty.

    Parameters
    ----------
    flipbook : Flipbook
    tiles : sequence of Path
        What `write_tile` kept, the first at the top left.
    number : int
        Of the texture among those of a tile.

    Returns
    -------
    ndarray, shape (height, width, channels) of the sheet, as `texture_files.Sheets` takes it

    Raises
    ------
    FlipbookError
        A tile is gone.
    """
    sheet: np.ndarray | None = None
    height, width = flipbook.tile
    for place, path in enumerate(tiles):
        pixels = _read_tile(path, str(number))
        if sheet is None:
            sheet = np.zeros((*flipbook.sheet, pixels.shape[2]), pixels.dtype)
        row, column = flipbook.corner(place)
        sheet[row : row + height, column : column + width] = pixels
    if sheet is None:
        raise FlipbookError("A flipbook has at least one frame.")
    return sheet


def add_motion(
    sheet: np.ndarray, flipbook: Flipbook, tiles: Sequence[Path], texture: Texture, is_looped: bool
) -> np.ndarray:
    """Write into a texture how each tile moves into the next, and the last of a loop into the first.

    Parameters
    ----------
    sheet : ndarray, shape (height, width, channels)
        As `assemble` gives it; it is changed.
    flipbook, tiles
        As for `assemble`.
    texture : Texture
    is_looped : bool

    Returns
    -------
    ndarray
        The same.

    Raises
    ------
    FlipbookError
        A tile is gone.
    """
    seen = [_read_tile(path, _SEEN) for path in tiles]
    channels = [(place, one) for place, one in enumerate(texture.channels) if one.map == MOTION]
    padding = flipbook.padding
    for number, before in enumerate(seen):
        if number + 1 < len(seen) or is_looped:
            moved = motion.motion(before, seen[(number + 1) % len(seen)])
        else:
            moved = np.zeros_like(before[:2])
        values = np.pad(
            motion.encode(moved, *flipbook.picture), ((0, 0), (padding, padding), (padding, padding)), "edge"
        )
        row, column = flipbook.corner(number)
        height, width = flipbook.tile
        for place, channel in channels:
            one = 1 - values[channel.component] if channel.is_inverted else values[channel.component]
            if not texture.is_of_floats:
                one = quantise(one[..., np.newaxis], int(texture.depth))[..., 0]
            sheet[row : row + height, column : column + width, place] = one
    return sheet


def _read_tile(path: Path, key: str) -> np.ndarray:
    try:
        return read_arrays(path)[key]
    except (OSError, KeyError, ValueError) as error:
        raise FlipbookError(
            "The tiles of this flipbook are gone from the temporary folder: bake again."
        ) from error


def _nearest(columns: int, width: int) -> int:
    """The number of columns nearest to one, of those that divide a width."""
    return min((n for n in range(1, width + 1) if width % n == 0), key=lambda n: abs(n - columns))
