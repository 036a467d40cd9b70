# SPDX-License-Identifier: GPL-3.0-or-later
"""Dots: the seeds of growths, drawn over the 3D view while the tool that plants them is chosen."""

from __future__ import annotations

import blf
import bpy
import gpu
import numpy as np
from bpy_extras import view3d_utils
from gpu_extras.batch import batch_for_shader

from ..material.properties import nca_of
from . import places

TOOL = "nca.plant"
RADIUS = 6
"""Pixels at scale 1."""
CORNERS = 24

_handle: object | None = None
_found: dict[int, tuple[tuple[object, ...], np.ndarray]] = {}
"""Session uid of a material -> what its places were found for, and the places."""


def on_screen(
    material: bpy.types.Material, context: bpy.types.Context
) -> list[tuple[tuple[float, float] | None, int]]:
    """Where the seeds of a material are drawn: pixels in the region, None for one that is not seen, and its number."""
    nca, region, view = nca_of(material), context.region, context.region_data
    if nca.seeds != "POINTS" or region is None or view is None:
        return []
    drawn = []
    for number, place in enumerate(_places(material, context)):
        at = None
        if np.isfinite(place).all():
            at = view3d_utils.location_3d_to_region_2d(region, view, place.tolist())
        drawn.append((None if at is None else (at.x, at.y), number + 1))
    return drawn


def forget() -> None:
    """Meshes or objects may be others, or elsewhere."""
    _found.clear()


def _places(material: bpy.types.Material, context: bpy.types.Context) -> np.ndarray:
    nca = nca_of(material)
    asked = (nca.uv_map, nca.over, *(tuple(point.at) for point in nca.points))
    held = _found.get(material.session_uid)
    if held is None or held[0] != asked:
        held = _found[material.session_uid] = asked, places.places_in_space(material, context)
    return held[1]


def _is_chosen(context: bpy.types.Context) -> bool:
    tool = context.workspace.tools.from_space_view3d_mode(context.mode, create=False)
    return tool is not None and tool.idname == TOOL


def _draw() -> None:
    context = bpy.context
    if not _is_chosen(context):
        return
    owner = context.object
    materials = [slot.material for slot in owner.material_slots] if owner is not None else []
    for material in dict.fromkeys(materials):
        if material is not None and nca_of(material).growing:
            for at, number in on_screen(material, context):
                if at is not None:
                    _draw_dot(at, number, context.preferences.system.ui_scale)


def _draw_dot(at: tuple[float, float], number: int, scale: float) -> None:
    angles = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    round_ = np.stack([np.cos(angles), np.sin(angles)], 1)
    shader = gpu.shader.from_builtin("UNIFORM_COLOR")
    gpu.state.blend_set("ALPHA")
    for radius, colour in ((RADIUS + 1.5, (0.0, 0.0, 0.0, 0.8)), (RADIUS, (0.4, 0.85, 0.35, 1.0))):
        ring = (np.array(at) + radius * scale * round_).tolist()
        triangles = [(0, corner, corner + 1) for corner in range(1, CORNERS - 1)]
        batch = batch_for_shader(shader, "TRIS", {"pos": ring}, indices=triangles)
        shader.uniform_float("color", colour)
        batch.draw(shader)
    gpu.state.blend_set("NONE")
    blf.size(0, 11 * scale)
    blf.color(0, 1.0, 1.0, 1.0, 1.0)
    blf.enable(0, blf.SHADOW)
    blf.shadow(0, 3, 0.0, 0.0, 0.0, 1.0)
    blf.position(0, at[0] + (RADIUS + 4) * scale, at[1] - 4 * scale, 0)
    blf.draw(0, str(number))
    blf.disable(0, blf.SHADOW)


def register() -> None:
    """Draw from now on; without a window nothing is drawn."""
    global _handle
    if not bpy.app.background:
        _handle = bpy.types.SpaceView3D.draw_handler_add(_draw, (), "WINDOW", "POST_PIXEL")


def unregister() -> None:
    """Draw no more."""
    global _handle
    if _handle is not None:
        bpy.types.SpaceView3D.draw_handler_remove(_handle, "WINDOW")
        _handle = None
    forget()
