# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel of seeds: what is read of the scene, when each begins, and what has become of them since."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy

from ...automaton.growth_error import GrowthError
from ..host.text import fill, write
from . import recorded, seeding
from .seed_properties import sowing_of

if TYPE_CHECKING:
    from .seed_properties import Sowing

CHOICES = {
    "OBJECTS": ("seed_collection",),
    "POINTS": ("seed_object",),
    "CURVE": ("seed_curve", "seed_count"),
    "EDGES": ("seed_mark", "seed_attribute", "seed_count"),
    "DENSITY": ("seed_density",),
    "GROUP": ("seed_group",),
}
"""Kind of source -> what an artist chooses of it."""


def draw(context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material) -> None:
    """Draw what there is beside the choice where the growth begins."""
    nca = sowing_of(material)
    if nca.seeds == "SURFACE":
        _draw_source(context, layout, material)
    elif nca.seeds == "POINTS" and len(nca.points) > 1:
        layout.operator("nca.stagger_seeds", icon="SORTTIME")
    lost = seeding.lost_seeds(material) if nca.seeds in {"POINTS", "SURFACE"} else ""
    if lost:
        write(layout, context, lost, "ERROR")
        if nca.seeds == "POINTS":
            layout.operator("nca.forget_lost_seeds", icon="X")


def _draw_source(
    context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
) -> None:
    nca = sowing_of(material)
    column = layout.column()
    column.prop(nca, "seed_source")
    for name in CHOICES[nca.seed_source]:
        if name != "seed_attribute" or nca.seed_mark == "ATTRIBUTE":
            column.prop(nca, name)
    column = layout.column(align=True)
    column.prop(nca, "seed_start")
    if nca.seed_source != "GROUP":
        column.prop(nca, "seed_delay")
    said = _describe(nca)
    if said:
        layout.label(text=fill("{found}, as read before", found=said) if nca.seeds_problem else said)
    why = seeding.why_outdated(material, context)
    if why:
        write(layout, context, why, "ERROR")
    row = layout.row(align=True)
    row.operator("nca.read_seeds", icon="FILE_REFRESH")
    if nca.seed_source != "GROUP":
        row.operator("nca.free_seeds")


def _describe(nca: Sowing) -> str:
    """How much was read."""
    try:
        record = recorded.read(nca)
    except GrowthError:
        return ""  # told on the first screen
    if record is None:
        return ""
    if record.cells is not None:
        cells = (record.cells.unpack(nca.height, nca.width) > 0.5).sum()
        return fill("{count} cells", count=f"{cells:,}")
    count = len(record.spots)
    return fill("1 seed") if count == 1 else fill("{count} seeds", count=f"{count:,}")
