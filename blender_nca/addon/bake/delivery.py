# SPDX-License-Identifier: GPL-3.0-or-later
"""Delivery: what is written beside the textures when a bake is finished: materials, and the boxes of a flipbook."""

from __future__ import annotations

import bpy

from ...maps.materials import WRITERS, MaterialDescription, TextureFile
from ...maps.whole_file import write_whole
from .bake import Bake
from .texture_set import TextureSet


def deliver(bake: Bake) -> None:
    """Write it, for each preset.

    Raises
    ------
    OSError
        A file cannot be written.
    """
    render = bpy.context.scene.render
    fps = render.fps / render.fps_base
    for one in bake.sets:
        if bake.flipbook is not None:
            write_whole(
                one.folder / f"{_name(bake)}.json", bake.flipbook.sidecar(bake.frames, fps, bake.is_looped)
            )
        write = WRITERS.get(one.preset.material)
        if write is not None:
            for name, content in write(_describe(bake, one, fps)).items():
                write_whole(one.folder / name, content)


def what_was_baked(bake: Bake) -> str:
    """In words: what there is of the growth's time, and for which programs."""
    if bake.flipbook is not None:
        what = f"a flipbook of {bake.total} frames"
    elif bake.time_layout == "ORDER":
        what = "a growth order"
    else:
        what = f"{bake.total} frames" if bake.total > 1 else "1 frame"
    names = [one.preset.name for one in bake.sets if not one.is_shown]
    return f"{what} for {', '.join(names)}" if names else what


def _name(bake: Bake) -> str:
    """What files beside the textures are called: a flipbook and the material itself may lie in one folder."""
    book = bake.flipbook
    return bake.stem if book is None else f"{bake.stem}_{book.columns}x{book.rows}"


def _describe(bake: Bake, one: TextureSet, fps: float) -> MaterialDescription:
    """The material shows the last frame, or of a flipbook the first tile."""
    files: dict[str, list[str]] = {}
    shown = one.files(bake.last)
    numbered = [bake.last] if bake.time_layout != "SEQUENCE" else bake.frames
    for frame in numbered:
        for path, textures in one.files(frame).items():
            files.setdefault(textures[0].name, []).append(path.name)
    growth = bake.growth
    size = max(growth.width, growth.height) * growth.pixels_per_cell
    return MaterialDescription(
        name=_name(bake),
        textures=tuple(
            TextureFile(textures[0], path.name, tuple(n for n in files[textures[0].name] if n != path.name))
            for path, textures in shown.items()
        ),
        folder=one.folder,
        largest=size if bake.flipbook is None else max(bake.flipbook.sheet),
        grid=(1, 1) if bake.flipbook is None else (bake.flipbook.columns, bake.flipbook.rows),
        seconds=max(1, bake.growth_frames) / fps,
    )
