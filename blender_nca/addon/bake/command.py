# SPDX-License-Identifier: GPL-3.0-or-later
"""Command: `blender -b FILE --command nca_bake` bakes without a window, as a farm does. See docs/manual/headless.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

import bpy

from .. import engine
from ..material.properties import nca_of
from ..settings.preferences import chosen_engine
from .properties import baking_of

if TYPE_CHECKING:
    from ...baking.command_line import Options
    from ...engine.client import Engine
    from . import bake as bakes

NAME = "nca_bake"
"""Blender wants an identifier, so it has no hyphen."""


def run(arguments: list[str]) -> int:
    """Bake what the arguments name; the exit status of Blender."""

    from ...baking.command import run as tell

    return tell(NAME, lambda told: _bake(arguments, told))


def _bake(arguments: list[str], told: list[dict[str, object]]) -> None:
    from ...baking.command import bake_to_the_end
    from ...baking.command_line import options_of, parser_of, read_arguments
    from . import missing
    from .preset_files import all_presets

    parser = parser_of(f"blender -b FILE.blend --command {NAME}", "Bake the growths of a file.")
    parser.add_argument("--material", action="append", default=[], help="its name; again for more (all)")
    said = read_arguments(parser, arguments)
    options = options_of(said)
    options.check_presets(all_presets())
    with ExitStack() as ending:
        engines: list[Callable[[], Engine]] = [chosen_engine]
        for _ in range(options.jobs - 1):
            another = engine.another()
            ending.callback(another.stop)
            engines.append(partial(_same, another))
        for material in _find_materials(said.material):
            try:
                told.append(bake_to_the_end(partial(_begin, material, options, engines)))
            finally:
                missing.forget()


def _same(one: Engine) -> Engine:
    return one


def _begin(material: bpy.types.Material, options: Options, engines: list[Callable[[], Engine]]) -> bakes.Bake:
    from . import bake as bakes
    from . import chosen_preset
    from .preset_files import all_presets

    presets = options.chosen(all_presets(), lambda: chosen_preset.chosen(baking_of(material)))
    return bakes.start(material, options.replaces, presets, options, engines)


def _find_materials(names: Iterable[str]) -> list[bpy.types.Material]:
    from ...baking.command import NO_GROWTH, CommandError

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
