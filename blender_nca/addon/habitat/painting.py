# SPDX-License-Identifier: GPL-3.0-or-later
"""Painting: what conditions are painted on, and Blender's own brushes in the hand."""

from __future__ import annotations

import bpy
import numpy as np

from ...automaton.growth_error import GrowthError
from ..material.properties import nca_of
from ..material.target import object_of
from ..material.updates import material_of
from ..surface.meshes import owners_of, uv_layer_of
from .properties import NCA_PG_condition

MODES = {"IMAGE": "TEXTURE_PAINT", "ATTRIBUTE": "VERTEX_PAINT", "GROUP": "WEIGHT_PAINT"}
"""Kind of a condition that is painted -> the mode in which one does that."""
PIXELS_PER_CELL = 8
SMALLEST, LARGEST = 512, 2048
"""Pixels of the longer side of an image that is made here."""


def begin(condition: NCA_PG_condition, context: bpy.types.Context, ground: float = 1.0) -> str:
    """Make what a condition is painted on, where it has none, and enter the mode in which one paints it.

    Parameters
    ----------
    condition : NCA_PG_condition
    context : Context
    ground : float
        What is made here is white, so that the growth is as it was until somebody paints black; or black, at 0, where
        one paints white.

    Returns
    -------
    str
        What to do now.

    Raises
    ------
    GrowthError
        It cannot be painted; the message says why.
    """
    material = material_of(condition)
    owner = _owner(material, context)
    mesh = owner.data
    assert isinstance(mesh, bpy.types.Mesh)
    if owner.library is not None or mesh.library is not None:
        raise GrowthError(f"{owner.name} is linked from another file: make it local to paint on it.")
    if owner.mode != "OBJECT":
        bpy.ops.object.mode_set(mode="OBJECT")
    for one in context.selected_objects:
        one.select_set(False)
    owner.select_set(True)
    context.view_layer.objects.active = owner
    if condition.kind == "IMAGE":
        _ready_image(condition, material, owner, mesh, ground)
    elif condition.kind == "ATTRIBUTE":
        _ready_attribute(condition, owner, mesh, ground)
    else:
        _ready_group(condition, owner, mesh, ground)
    bpy.ops.object.mode_set(mode=MODES[condition.kind])
    settings = context.tool_settings
    paint = {
        "IMAGE": settings.image_paint,
        "ATTRIBUTE": settings.vertex_paint,
        "GROUP": settings.weight_paint,
    }[condition.kind]
    if condition.kind == "IMAGE":
        settings.image_paint.mode = "IMAGE"
        settings.image_paint.canvas = condition.image
    if condition.kind == "GROUP":
        _give_weight(settings, paint, 1 - ground)
        if not ground:
            return f"Give weight where {condition.name} shall grow."
        return f"Take weight away where {material.name} shall not grow."
    _give_colour(settings, paint, 1 - ground)
    if not ground:
        return f"Paint white where {condition.name} shall grow; X exchanges white and black."
    return f"Paint black where {material.name} shall not grow; X exchanges black and white."


def _owner(material: bpy.types.Material, context: bpy.types.Context) -> bpy.types.Object:
    owners = owners_of(material, context)
    if not owners:
        raise GrowthError(f"No object of this scene with a mesh shows {material.name}: give it to one.")
    active = object_of(context)
    owner = active if active in owners else owners[0]
    if owner.name not in context.view_layer.objects or owner.hide_get():
        raise GrowthError(f"{owner.name} is hidden: show it to paint on it.")
    return owner


def _ready_image(
    condition: NCA_PG_condition,
    material: bpy.types.Material,
    owner: bpy.types.Object,
    mesh: bpy.types.Mesh,
    ground: float,
) -> None:
    nca = nca_of(material)
    wanted = condition.uv_map or nca.uv_map
    layer = uv_layer_of(mesh, wanted)
    if layer is None:
        raise GrowthError(
            f"{owner.name} has no UV map “{wanted}” to paint by: unwrap it in Edit Mode with U."
        )
    mesh.uv_layers.active = layer
    if condition.image is not None:
        if condition.image.source in {"SEQUENCE", "MOVIE"}:
            raise GrowthError(f"“{condition.image.name}” moves: choose a single image to paint on.")
        return
    longer = max(nca.width, nca.height)
    scale = min(max(PIXELS_PER_CELL * longer, SMALLEST), LARGEST) / longer
    image = bpy.data.images.new(
        f"{material.name} {condition.name}", round(nca.width * scale), round(nca.height * scale), alpha=False
    )
    image.generated_color = (ground, ground, ground, 1.0)
    image.colorspace_settings.is_data = True
    image.pack()
    condition.image = image


def _ready_attribute(
    condition: NCA_PG_condition, owner: bpy.types.Object, mesh: bpy.types.Mesh, ground: float
) -> None:
    attribute = mesh.color_attributes.get(condition.attribute) if condition.attribute else None
    if condition.attribute and attribute is None:
        raise GrowthError(f"{owner.name} has no color attribute “{condition.attribute}”: choose another one.")
    if attribute is None:
        attribute = mesh.color_attributes.new(condition.name, "BYTE_COLOR", "CORNER")
        data: bpy.types.bpy_prop_collection = attribute.data  # type: ignore[attr-defined]  # colours have it
        data.foreach_set("color", np.tile(np.array([ground, ground, ground, 1], np.float32), len(data)))
        condition.attribute = attribute.name
    mesh.color_attributes.active_color = attribute


def _ready_group(
    condition: NCA_PG_condition, owner: bpy.types.Object, mesh: bpy.types.Mesh, ground: float
) -> None:
    group = owner.vertex_groups.get(condition.group) if condition.group else None
    if condition.group and group is None:
        raise GrowthError(f"{owner.name} has no vertex group “{condition.group}”: choose another one.")
    if group is None:
        group = owner.vertex_groups.new(name=condition.name)
        group.add(range(len(mesh.vertices)), ground, "REPLACE")
        condition.group = group.name
    owner.vertex_groups.active = group


def _unified(settings: bpy.types.ToolSettings, paint: bpy.types.Paint) -> bpy.types.UnifiedPaintSettings:
    """What brushes share: of all modes before Blender 5, of each mode from then on."""
    own = getattr(paint, "unified_paint_settings", None)
    return own or settings.unified_paint_settings  # type: ignore[attr-defined]  # the stubs are those of Blender 5


def _give_colour(settings: bpy.types.ToolSettings, paint: bpy.types.Paint, grey: float) -> None:
    unified = _unified(settings, paint)
    held = unified if unified.use_unified_color else paint.brush
    if held is not None:
        held.color, held.secondary_color = (grey, grey, grey), (1 - grey, 1 - grey, 1 - grey)


def _give_weight(settings: bpy.types.ToolSettings, paint: bpy.types.Paint, weight: float) -> None:
    unified = _unified(settings, paint)
    held = unified if unified.use_unified_weight else paint.brush
    if held is not None:
        held.weight = weight
