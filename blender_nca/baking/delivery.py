# SPDX-License-Identifier: GPL-3.0-or-later
"""Delivery: what is written beside the textures when a bake is finished: materials, and the boxes of a flipbook."""

from __future__ import annotations

from ..maps.materials import WRITERS, MaterialDescription, TextureFile
from ..maps.whole_file import write_whole
from .bake import Bake
from .plan import BakePlan
from .texture_set import TextureSet


def deliver(bake: Bake) -> None:
    """Write it, for each preset.

    Raises
    ------
    OSError
        A file cannot be written.
    """
    plan = bake.plan
    for one in bake.sets:
        if plan.flipbook is not None:
            sidecar = plan.flipbook.sidecar(plan.frames, plan.settings.fps, plan.is_looped, one.textures)
            write_whole(one.folder / f"{_name(plan)}.json", sidecar)
        write = WRITERS.get(one.preset.material)
        if write is not None:
            for name, content in write(_describe(plan, one)).items():
                write_whole(one.folder / name, content)
    bake.write_beside()


def what_was_baked(bake: Bake) -> str:
    """In words: what there is of the growth's time, and for which programs."""
    if bake.plan.flipbook is not None:
        what = f"a flipbook of {bake.total} frames"
    elif bake.plan.settings.layout == "ORDER":
        what = "a growth order"
    else:
        what = f"{bake.total} frames" if bake.total > 1 else "1 frame"
    names = [one.preset.name for one in bake.sets if not one.is_shown]
    return f"{what} for {', '.join(names)}" if names else what


def _name(plan: BakePlan) -> str:
    """What files beside the textures are called: a flipbook and the material itself may lie in one folder."""
    book = plan.flipbook
    return plan.stem if book is None else f"{plan.stem}_{book.columns}x{book.rows}"


def _describe(plan: BakePlan, one: TextureSet) -> MaterialDescription:
    """The material shows the last frame, or of a flipbook the first tile."""
    files: dict[str, list[str]] = {}
    shown = next(iter(one.files_by_tile(plan.last).values()))  # the others of its tiles are beside it
    numbered = [plan.last] if plan.settings.layout != "SEQUENCE" else plan.frames
    for frame in numbered:
        for path, textures in one.files(frame).items():
            files.setdefault(textures[0].name, []).append(path.name)
    book = plan.flipbook
    return MaterialDescription(
        name=_name(plan),
        textures=tuple(
            TextureFile(textures[0], path.name, tuple(n for n in files[textures[0].name] if n != path.name))
            for path, textures in shown.items()
        ),
        folder=one.folder,
        largest=max(plan.size if book is None else book.sheet),
        grid=(1, 1) if book is None else (book.columns, book.rows),
        seconds=max(1, plan.growth_frames) / plan.settings.fps,
        subsurface=plan.settings.subsurface,
        transmission=plan.settings.transmission,
        ior=plan.settings.ior,
    )
