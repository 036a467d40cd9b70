# SPDX-License-Identifier: GPL-3.0-or-later
"""Presets: habitats that one click makes, as conditions."""

from __future__ import annotations

from typing import NamedTuple

import bpy

from ...automaton.growth_error import GrowthError
from ...automaton.surface_error import SurfaceError
from ..host.stubs import Icon
from ..material.target import object_of
from .conditions import KINDS
from .properties import NCA_PG_condition, inhabiting


class Preset(NamedTuple):
    """A habitat.

    Attributes
    ----------
    name, description : str
    icon : str
    values : dict
        Of the properties of its condition.
    shares : dict
        Lengths among these, as shares of the mesh's size; "bottom" and "top" are of its height, from its lowest point.
    wants : frozenset of str
        Kinds of objects that it is about, of which the selected one is taken; empty where it is about none.
    seeds : int
        How many of them show it well.
    """

    name: str
    description: str
    icon: Icon
    values: dict[str, object]
    shares: dict[str, float] = {}
    wants: frozenset[str] = frozenset()
    seeds: int = 16


_ANY = frozenset(
    {"MESH", "CURVE", "SURFACE", "FONT", "META", "EMPTY", "LIGHT", "CAMERA", "ARMATURE", "CURVES"}
)
PRESETS = {
    "CREVICES": Preset(
        "Crevices First",
        "Begins in hollows and folds, and spreads slowly from there: moss, dirt, mold",
        "MOD_THICKNESS",
        {"kind": "CREVICES", "acts": "SPEED", "least": 0.03, "reach": 0.15, "low": 0.55, "high": 0.9,
         "ragged": 0.25, "grain": 0.1},
    ),
    "ABOVE": Preset(
        "From Above",
        "On what lies open to the sky: moss, snow, dust",
        "TRIA_UP",
        {"kind": "FACING", "acts": "WHERE", "facing": "UP", "low": 0.6, "high": 0.8, "ragged": 0.7, "grain": 0.16},
    ),
    "BELOW": Preset(
        "From Below",
        "Under ledges and bellies: damp, rust, barnacles on a hull",
        "TRIA_DOWN",
        {"kind": "FACING", "acts": "WHERE", "facing": "DOWN", "low": 0.55, "high": 0.75, "ragged": 0.7,
         "grain": 0.16},
    ),
    "DAMP": Preset(
        "Rising from the Ground",
        "Up from the lowest point, with a ragged tide line: damp, algae",
        "SORT_ASC",
        {"kind": "HEIGHT", "acts": "WHERE", "ragged": 0.9, "grain": 0.14},
        {"bottom": -0.5, "top": 0.38, "soft": 0.16},
    ),
    "RUNS": Preset(
        "Drips and Runs",
        "Down the ways that water takes over the surface: rust stains, slime, paint",
        "MOD_FLUIDSIM",
        {"kind": "RUNS", "acts": "WHERE", "ragged": 0.25, "grain": 0.05, "low": 0.35, "high": 0.65},
        seeds=48,
    ),
    "EDGES": Preset(
        "Worn Edges First",
        "Begins where edges and corners stick out, and spreads slowly from there: rust, chipped paint",
        "MOD_BEVEL",
        {"kind": "EDGES", "acts": "SPEED", "least": 0.03, "reach": 0.04, "low": 0.6, "high": 0.9,
         "ragged": 0.35, "grain": 0.08},
    ),
    "AWAY": Preset(
        "Away from an Object",
        "Keeps its distance from the selected object, with a ragged border",
        "PIVOT_CURSOR",
        {"kind": "DISTANCE", "acts": "WHERE", "invert": True, "ragged": 0.9, "grain": 0.14},
        {"distance": 0.18, "soft": 0.1},
        _ANY,
    ),
    "AROUND": Preset(
        "Around a Curve",
        "Along the selected curve or around the selected object: a vein, a crack, a vine",
        "CURVE_DATA",
        {"kind": "DISTANCE", "acts": "WHERE", "ragged": 0.8, "grain": 0.1},
        {"distance": 0.08, "soft": 0.06},
        _ANY,
    ),
}  # fmt: skip
"""Identifier -> habitat."""


def apply(name: str, material: bpy.types.Material, context: bpy.types.Context) -> NCA_PG_condition:
    """Add the condition of a preset to a growth, or set it anew where the growth has it."""
    preset, growth = PRESETS[name], inhabiting(material)
    number = next((at for at, one in enumerate(growth.conditions) if one.name == preset.name), -1)
    if number < 0:
        growth.conditions.add()
        number = len(growth.conditions) - 1
    condition = growth.conditions[number]
    growth.condition_index = number
    target = condition.target if preset.wants else None
    values = {"name": preset.name, **preset.values, **_lengths(preset, material, context)}
    if preset.wants:
        values["target"] = target or _selected(preset, material, context)
    put(condition, values, context)
    return condition


def begin(kind: str, material: bpy.types.Material, context: bpy.types.Context) -> dict[str, object]:
    """What a condition of a kind begins with on the mesh of a growth."""
    from . import recording

    of = KINDS[kind]
    values: dict[str, object] = {"kind": kind, "low": of.low, "high": of.high}
    if kind == "EDGES":
        values["reach"] = 0.05
    if kind == "HEIGHT":
        try:
            cells = recording.find_cells(material, context)
        except SurfaceError:
            return values  # it is told as it is recorded
        low, high = cells.low[2], cells.high[2]
        values |= {"bottom": low - 0.5 * (high - low), "top": (low + high) / 2, "soft": 0.1 * (high - low)}
    return values


def put(condition: NCA_PG_condition, values: dict[str, object], context: bpy.types.Context) -> None:
    """Give a condition values, and record it once."""
    from . import recording

    with recording.at_once():
        for key, value in values.items():
            setattr(condition, key, value)
    recording.record(condition, context)


def _lengths(preset: Preset, material: bpy.types.Material, context: bpy.types.Context) -> dict[str, object]:
    import numpy as np

    from . import recording

    if not preset.shares:
        return {}
    try:
        cells = recording.find_cells(material, context)
    except (SurfaceError, GrowthError):
        return {}
    low, high = cells.low[2], np.max(cells.positions[:, 2])
    return {
        key: low + share * (high - low) if key in {"bottom", "top"} else share * cells.size
        for key, share in preset.shares.items()
    }


def _selected(
    preset: Preset, material: bpy.types.Material, context: bpy.types.Context
) -> bpy.types.Object | None:
    """The selected object that does not show the material: a curve rather than another one."""
    chosen = [
        one
        for one in (*context.selected_objects, object_of(context))
        if one is not None
        and one.type in preset.wants
        and not any(slot.material == material for slot in one.material_slots)
    ]
    chosen.sort(key=lambda one: one.type != "CURVE")
    return chosen[0] if chosen else None
