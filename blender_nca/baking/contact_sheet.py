# SPDX-License-Identifier: GPL-3.0-or-later
"""Contact sheet: the last frames of several growths in one picture, to choose from."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..maps.flipbook import Flipbook
from ..maps.texture import Channel, Texture
from .command import ENGINE_FAILED, NOT_WRITTEN, CommandError
from .growth_file import GrowthFile

if TYPE_CHECKING:
    from ..engine.client import Engine

TILE, WIDEST = 256, 8192
"""Pixels of the longer side of a picture, and of the sheet at most."""
_CHANNELS = ("base_colour.r", "base_colour.g", "base_colour.b", "alpha")
_COLOUR = Texture("contact_sheet", tuple(map(Channel.parse, _CHANNELS)), colour="sRGB")


def write_contact_sheet(
    path: Path, files: Sequence[GrowthFile], frames: Sequence[int], engine: Engine, columns: int = 0
) -> None:
    """Write it, as a PNG with alpha where nothing has grown.

    Parameters
    ----------
    path : Path
    files : sequence of GrowthFile
        In the order of reading; all of one size.
    frames : sequence of int
        Of the scene, one for each.
    engine : Engine
    columns : int, optional
        By default as many as rows.

    Raises
    ------
    CommandError
    """
    from ..engine.client import EngineError

    columns = min(columns or math.ceil(math.sqrt(len(files))), len(files))
    growth = files[0].growth
    tile = min(TILE, WIDEST // columns)
    book = Flipbook(
        columns, math.ceil(len(files) / columns), columns * tile, aspect=growth.height / growth.width
    )
    try:
        with tempfile.TemporaryDirectory(prefix="growth-", ignore_cleanup_errors=True) as aside:
            tiles = [Path(aside, f"{number}.npz") for number in range(len(files))]
            jobs = [
                engine.write_tile(
                    file.growth, file.frame_of(frame), tile, book, [_COLOUR], look=file.looks([frame])[0]
                )
                for file, frame, tile in zip(files, frames, tiles, strict=True)
            ]
            for job in jobs:
                job.result()
            engine.assemble(book, tiles, {path: [_COLOUR]}).result()
    except EngineError as error:
        raise CommandError(str(error), NOT_WRITTEN if error.kind == "files" else ENGINE_FAILED) from error
