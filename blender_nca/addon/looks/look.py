# SPDX-License-Identifier: GPL-3.0-or-later
"""Look: that of a material in frames of the scene, for what is written of its maps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import bpy

from ...automaton.growth_error import GrowthError
from ...maps.look import Level, Look
from ..host.colour_space import matrix_to_scene
from ..host.evaluation import evaluate
from ..material.track import animation_of
from . import curves, nodes
from .properties import LABELS, VALUES, is_seen, looks_of, name_of

if TYPE_CHECKING:
    from .properties import Looks

DIGITS = 6
"""Of the matrix to the scene's colours, which is measured."""
PATHS = {f"nca.{name}": name for name in VALUES}


def looks_seen(material: bpy.types.Material, frames: Sequence[int]) -> list[Look | None]:
    """How the nodes change the maps; None where they leave them as they are."""
    nca = looks_of(material)
    return _read(material, frames) if is_seen(nca) else [None] * len(frames)


def looks_to_bake(material: bpy.types.Material, frames: Sequence[int]) -> list[Look | None]:
    """How the files of a bake are changed; None where they hold the growth as it grows."""
    nca = looks_of(material)
    return _read(material, frames) if nca.looks and nca.bakes_looks else [None] * len(frames)


def _read(material: bpy.types.Material, frames: Sequence[int]) -> list[Look | None]:
    nca, scene = looks_of(material), bpy.context.scene
    assert scene is not None  # every file has one
    paths, _ = animation_of(material, PATHS, scene)
    rows = evaluate(material, paths, frames, scene) if paths else [()] * len(frames)
    standing = {name: float(getattr(nca, name)) for name in VALUES}
    sampled = {map: _curve(nca, map) for map in LABELS}
    to_scene = tuple(tuple(round(float(part), DIGITS) for part in row) for row in matrix_to_scene())
    found = []
    for row in rows:
        animated = dict(zip((PATHS[path] for path in paths), row, strict=True))
        try:
            found.append(_look({**standing, **animated}, sampled, to_scene))
        except ValueError as error:
            raise GrowthError(f"{error}.") from error
    return [None if look.is_neutral else look for look in found]


def _look(
    values: dict[str, float], sampled: dict[str, tuple[float, ...]], to_scene: tuple[tuple[float, ...], ...]
) -> Look:
    levels = {
        map: Level(values[name_of(map, "multiply")], values[name_of(map, "offset")], sampled[map])
        for map in LABELS
    }
    return Look(
        values["look_hue"],
        values["look_saturation"],
        values["look_value"],
        values["look_contrast"],
        levels,
        to_scene,
    )


def _curve(nca: Looks, map: str) -> tuple[float, ...]:
    curve = nodes.curve_of(nca.tree, map) if getattr(nca, name_of(map, "curved")) else None
    return () if curve is None else curves.sample(curve)
