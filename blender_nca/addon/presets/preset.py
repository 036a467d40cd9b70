# SPDX-License-Identifier: GPL-3.0-or-later
"""Preset: what a growth is set to, as plain values, and a growth set to them.

It holds what an artist sets, of whichever capability that is, and nothing of a file: no data-blocks, no meshes, no
keyframes.
"""

from __future__ import annotations

import contextlib
from typing import Any

import bpy

from ..host.hook import Hook
from ..material.properties import NCA_PG_growth

FORMAT, VERSION = "neural-growth-preset", 1
OF_THE_FILE = {
    *("start_frame", "bake_start", "bake_end", "bake_folder", "bake_uv", "uv_map", "order_end"),
    "bakes_looks",
    *("seed_attribute", "seed_group", "direction_attribute", "wounds", "wound_sources"),
    *("condition_index", "shows_directions"),
}
"""What says where in a file a growth is and what happened to it there, not what it is."""
BOUND_TO = {"points": ("seeds", "POINTS")}
"""What means something only where another property has a value."""
PARENTS = {"a", "b"}
PLAIN = {"BOOLEAN", "INT", "FLOAT", "STRING"}
ALSO = {"relief", "glow"}
"""Kept in nodes, so not saved with the rest, and yet set by an artist."""
DIGITS = 6
"""After the point: what a single float has of them is not what an artist typed."""
MOST_ITEMS = 1000
"""Of a list, in a file that may be a stranger's."""

together = Hook()
"""Asked, with a growth, for a context within which what is set is not acted upon, but once as it ends."""


class PresetError(ValueError):
    """What is no preset; the message says why."""


def describe(nca: NCA_PG_growth) -> dict[str, Any]:
    """What a growth is set to, as `check` reads it."""
    return {"format": FORMAT, "version": VERSION, "growth": _read(nca)}


def check(preset: object) -> dict[str, Any]:
    """What a preset sets, of what `describe` gave, maybe read from a file.

    Raises
    ------
    PresetError
        It is no preset, or one of a later version.
    """
    if (
        not isinstance(preset, dict)
        or preset.get("format") != FORMAT
        or not isinstance(preset.get("growth"), dict)
    ):
        raise PresetError("This file is no preset of a growth.")
    if preset.get("version") != VERSION:
        raise PresetError("This preset is of a later version of Neural Growth: update the extension.")
    values: dict[str, Any] = preset["growth"]
    return values


def apply(nca: NCA_PG_growth, values: dict[str, Any]) -> list[str]:
    """Set a growth to what a preset says; what it does not name stays.

    Parameters
    ----------
    nca : NCA_PG_growth
        Of a material that grows.
    values : dict
        What `check` gave.

    Returns
    -------
    list of str
        Names of what this version does not know, or whose values it does not take.
    """
    trained_by = nca.a.manifold
    values = {  # a species that was never learned is not grown by what the one before it learned
        name: {"learned": "", **said}
        if name in PARENTS and isinstance(said, dict) and "dna" in said
        else said
        for name, said in values.items()
    }
    with contextlib.ExitStack() as stack:
        for each in together(nca):
            stack.enter_context(each)
        refused = _write(nca, values)
    if nca.a.manifold != trained_by:
        nca.take_model()
    return refused


def _settable(group: bpy.types.PropertyGroup) -> list[bpy.types.Property]:
    """What an artist sets of a group; lists last, for what else is set may fill them."""
    found = [
        one
        for one in group.bl_rna.properties
        if one.identifier not in {"rna_type"} | OF_THE_FILE
        and not one.is_hidden
        and (not one.is_skip_save or one.identifier in ALSO)
    ]
    return sorted(found, key=lambda one: one.type == "COLLECTION")


def _read(group: bpy.types.PropertyGroup) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for one in _settable(group):
        name = one.identifier
        if name in BOUND_TO and getattr(group, BOUND_TO[name][0]) != BOUND_TO[name][1]:
            continue
        value = getattr(group, name)
        if name == "name" and not value:
            continue
        if one.type == "COLLECTION":
            values[name] = [_read(item) for item in value]
        elif isinstance(value, bpy.types.PropertyGroup):
            values[name] = _read(value)
        elif one.type == "ENUM":
            values[name] = sorted(value) if one.is_enum_flag else value
        elif one.type in PLAIN and not one.is_readonly:
            parts = list(value) if getattr(one, "is_array", False) else [value]
            parts = [round(part, DIGITS) if one.type == "FLOAT" else part for part in parts]
            values[name] = parts if getattr(one, "is_array", False) else parts[0]
    return values


def _write(group: bpy.types.PropertyGroup, values: dict[str, Any]) -> list[str]:
    known = {one.identifier: one for one in _settable(group)}
    refused = [name for name in values if name not in known]
    before = _read(group)
    for name in known:
        if name not in values or values[name] == before.get(name):
            continue  # each that is set asks for a new picture
        try:
            refused += _set(group, known[name], values[name])
        except (TypeError, ValueError, OverflowError, AttributeError):
            refused.append(name)
    return refused


def _set(group: bpy.types.PropertyGroup, one: bpy.types.Property, value: Any) -> list[str]:
    name = one.identifier
    if one.type == "COLLECTION":
        items, refused = getattr(group, name), []
        items.clear()
        for values in list(value)[:MOST_ITEMS]:
            refused += _write(items.add(), dict(values))
        return refused
    if one.type == "POINTER":
        return _write(getattr(group, name), dict(value))
    setattr(group, name, set(value) if one.type == "ENUM" and one.is_enum_flag else value)
    return []
