# SPDX-License-Identifier: GPL-3.0-or-later
"""Command: `blender -b FILE --command nca_bake` bakes without a window, as a farm does. See docs/headless.md.

What it says of itself goes to stderr; to stdout, one line of JSON at the end.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import bpy

from ...automaton.growth import MOST_PIXELS_PER_CELL, GrowthError
from ...baking.bake_error import BakeError
from ...baking.delivery import deliver
from ...maps.bake_preset import BakePreset
from ...maps.texture import TextureError
from ..material.properties import nca_of
from . import bake as bakes
from . import chosen_preset, missing
from .command_line import NAME, ArgumentError, Options, read_arguments
from .preset_files import all_presets
from .properties import baking_of

if TYPE_CHECKING:
    from collections.abc import Iterator

DONE, BAD_ARGUMENTS, NO_GROWTH, ENGINE_FAILED, NOT_WRITTEN, STOPPED = 0, 2, 3, 4, 5, 130
"""Exit statuses."""
PATIENCE, PAUSE = 0.25, 1.0
"""Seconds to wait for a frame before it looks whether it was stopped, and between two lines of progress."""


class CommandError(Exception):
    """Why nothing more is baked, and the exit status that says so."""

    def __init__(self, message: str, status: int):
        super().__init__(message)
        self.status = status


def run(arguments: list[str]) -> int:
    """Bake what the arguments name; the exit status of Blender."""
    began, told, status, problem = time.monotonic(), [], DONE, ""
    try:
        options = read_arguments(arguments)
        presets = _find_presets(options)
        for material in _find_materials(options.materials):
            told.append(_bake(material, options, presets))
    except ArgumentError as error:
        status, problem = BAD_ARGUMENTS, str(error)
    except CommandError as error:
        status, problem = error.status, str(error)
    except SystemExit as end:  # argparse has told what is wrong, or given its help
        return BAD_ARGUMENTS if end.code else DONE
    if problem:
        print(f"{NAME}: {problem}", file=sys.stderr, flush=True)
    summary = {"status": status, "problem": problem, "seconds": round(time.monotonic() - began, 3)}
    print(json.dumps({**summary, "materials": told}), flush=True)
    return status


def _find_materials(names: Iterable[str]) -> list[bpy.types.Material]:
    growing = [material for material in bpy.data.materials if nca_of(material).growing]
    there = ", ".join(material.name for material in growing) or "none"
    found = []
    for name in names:
        material = next((one for one in growing if one.name == name), None)
        if material is None:
            raise CommandError(f"No material {name!r} grows in this file; those that do: {there}.", NO_GROWTH)
        found.append(material)
    if not (found or growing):
        raise CommandError("Nothing grows in this file.", NO_GROWTH)
    return found or growing


def _find_presets(options: Options) -> list[BakePreset]:
    known = all_presets()
    for name in options.presets:
        if name not in known:
            raise ArgumentError(f"There is no bake preset {name!r}: choose one of {', '.join(known)}.")
    return [known[name] for name in options.presets]


def _bake(material: bpy.types.Material, options: Options, presets: list[BakePreset]) -> dict[str, object]:
    """Bake one material; what is told of it."""
    from ...engine.client import EngineError

    _set(material, options)
    try:
        chosen = presets or [chosen_preset.chosen(baking_of(material))]
        chosen = [_with_textures(preset, options.textures) for preset in chosen]
        bake = bakes.start(material, options.replaces, chosen)
    except TextureError as error:
        raise ArgumentError(str(error)) from error
    except (BakeError, GrowthError) as error:
        is_of_disk = isinstance(error.__cause__, OSError)
        raise CommandError(str(error), NOT_WRITTEN if is_of_disk else NO_GROWTH) from error
    kept, began = len(bake.finished), time.monotonic()
    try:
        with _stopped_by_signals() as stopped:
            said = began
            while not bake.done and not stopped:
                bake.step(PATIENCE)
                if time.monotonic() - said > PAUSE or bake.done:
                    said = time.monotonic()
                    _tell(bake, kept, said - began)
        if not stopped:
            deliver(bake)
    except EngineError as error:
        raise CommandError(str(error), NOT_WRITTEN if error.kind == "files" else ENGINE_FAILED) from error
    except OSError as error:
        raise CommandError(f"Cannot write into {bake.folder} ({error}).", NOT_WRITTEN) from error
    finally:
        bake.close()
        missing.forget()
    if stopped:
        raise CommandError(
            f"Stopped: {len(bake.finished)} of {bake.total} frames of {material.name} are finished. The same command "
            "goes on from there.",
            STOPPED,
        )
    return {
        "material": material.name,
        "presets": [one.preset.name for one in bake.sets],
        "folders": [str(one.folder) for one in bake.sets],
        "frames": list(bake.plan.frames),
        "kept": kept,
        "seconds": round(time.monotonic() - began, 3),
    }


def _set(material: bpy.types.Material, options: Options) -> None:
    """Let the material be baked as the arguments say; the file on disk stays as it is."""
    nca = baking_of(material)
    if options.layout:
        nca.bake_layout = options.layout.upper()
    if options.frames is not None:
        nca.bake_loop = False
        nca.bake_start, nca.bake_end = options.frames
        nca.bake_frame = options.frames[1]
    if options.folder:
        # as anywhere in Blender, // is where the file lies
        is_beside = options.folder.startswith("//")
        nca.bake_folder = options.folder if is_beside else str(Path(options.folder).absolute())
    if options.size:
        cells = max(nca.width, nca.height)
        if options.size % cells or options.size // cells > MOST_PIXELS_PER_CELL:
            sizes = ", ".join(str(cells * pixels) for pixels in range(1, MOST_PIXELS_PER_CELL + 1))
            raise ArgumentError(
                f"{material.name} has {nca.width} x {nca.height} cells, so its textures may have {sizes} pixels: "
                f"choose one of them instead of {options.size}."
            )
        nca.pixels_per_cell = options.size // cells


def _with_textures(preset: BakePreset, names: tuple[str, ...]) -> BakePreset:
    if not names:
        return preset
    known = {texture.name: texture for texture in preset.textures}
    for name in names:
        if name not in known:
            raise ArgumentError(
                f"The preset {preset.name!r} has no texture {name!r}: choose among {', '.join(known)}."
            )
    return preset.changed(textures=tuple(known[name] for name in names))


def _tell(bake: bakes.Bake, kept: int, seconds: float) -> None:
    """A line of progress."""
    written = len(bake.finished) - kept
    line = f"{bake.plan.name}: {len(bake.finished)} of {bake.total} frames"
    if written and not bake.done:
        left = (bake.total - len(bake.finished)) * seconds / written
        line += f", {written / seconds:.1f} a second, {left:.0f} s left"
    print(line, file=sys.stderr, flush=True)


@contextmanager
def _stopped_by_signals() -> Iterator[list[int]]:
    """Numbers of the signals that have asked to stop."""
    asked: list[int] = []
    kinds = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(kind, lambda number, _: asked.append(number)) for kind in kinds]
    try:
        yield asked
    finally:
        for kind, handler in zip(kinds, before, strict=True):
            # None stands for one that is not Python's, as Blender has: it cannot be put back
            signal.signal(kind, signal.SIG_DFL if handler is None else handler)
