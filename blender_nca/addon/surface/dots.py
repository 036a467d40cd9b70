# SPDX-License-Identifier: GPL-3.0-or-later
"""Dots: the seeds of growths, drawn over the 3D view while the tool that plants them is chosen."""

from __future__ import annotations

import blf
import bpy
import gpu
from bpy_extras import view3d_utils

from ..material.properties import nca_of

TOOL = "nca.plant"
RADIUS = 6
"""Pixels at scale 1."""
CORNERS = 24

SMALL = 3.5
"""As `RADIUS`, of seeds that were read from the scene."""
LAYERS = (
    (0.4, 0.85, 0.35, 1.0),
    (0.3, 0.6, 1.0, 1.0),
    (1.0, 0.75, 0.2, 1.0),
    (0.8, 0.45, 1.0, 1.0),
    (0.25, 0.85, 0.85, 1.0),
    (1.0, 0.5, 0.6, 1.0),
    (0.75, 0.9, 0.3, 1.0),
    (0.95, 0.95, 0.95, 1.0),
)
"""Of the seeds of each layer."""
GREEN, RED = LAYERS[0], (0.9, 0.25, 0.2, 1.0)

_handle: object | None = None


def on_screen(
    material: bpy.types.Material, context: bpy.types.Context
) -> list[tuple[tuple[float, float] | None, int]]:
    """Where the seeds of a material are drawn: pixels in the region, None for one that is not seen, and its number."""
    import numpy as np

    from . import seeding

    region, view = context.region, context.region_data
    if nca_of(material).seeds not in {"POINTS", "SURFACE"} or region is None or view is None:
        return []
    drawn = []
    for number, place in enumerate(seeding.places_in_world(material, context)):
        at = None
        if np.isfinite(place).all():
            at = view3d_utils.location_3d_to_region_2d(region, view, place.tolist())
        drawn.append((None if at is None else (at.x, at.y), number + 1))
    return drawn


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
            _draw_seeds(material, context)


def _draw_seeds(material: bpy.types.Material, context: bpy.types.Context) -> None:
    nca, scale = nca_of(material), context.preferences.system.ui_scale
    seen = [(at, number) for at, number in on_screen(material, context) if at is not None]
    if nca.seeds == "SURFACE":
        _draw_dots([at for at, _ in seen], SMALL * scale, GREEN, 8)
        return
    by_colour: dict[tuple[float, float, float, float], list[tuple[float, float]]] = {}
    for at, number in seen:
        point = nca.points[number - 1]
        by_colour.setdefault(RED if point.lost else LAYERS[point.layer], []).append(at)
    for colour, those in by_colour.items():
        _draw_dots(those, RADIUS * scale, colour, CORNERS)
    for at, number in seen:
        start = nca.points[number - 1].start
        _write(at, f"{number}  +{start}" if start else str(number), scale)


def _draw_dots(
    places: list[tuple[float, float]], radius: float, colour: tuple[float, float, float, float], corners: int
) -> None:
    import numpy as np
    from gpu_extras.batch import batch_for_shader

    if not places:
        return
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    round_ = np.stack([np.cos(angles), np.sin(angles)], 1)
    fan = np.array([(0, corner, corner + 1) for corner in range(1, corners - 1)])
    triangles = (fan + corners * np.arange(len(places))[:, None, None]).reshape(-1, 3).tolist()
    shader = gpu.shader.from_builtin("UNIFORM_COLOR")
    gpu.state.blend_set("ALPHA")
    for size, shade in ((radius * 1.25, (0.0, 0.0, 0.0, 0.8)), (radius, colour)):
        rings = (np.array(places)[:, None] + size * round_).reshape(-1, 2).tolist()
        batch = batch_for_shader(shader, "TRIS", {"pos": rings}, indices=triangles)
        shader.uniform_float("color", shade)
        batch.draw(shader)
    gpu.state.blend_set("NONE")


def _write(at: tuple[float, float], text: str, scale: float) -> None:
    blf.size(0, 11 * scale)
    blf.color(0, 1.0, 1.0, 1.0, 1.0)
    blf.enable(0, blf.SHADOW)
    blf.shadow(0, 3, 0.0, 0.0, 0.0, 1.0)
    blf.position(0, at[0] + (RADIUS + 4) * scale, at[1] - 4 * scale, 0)
    blf.draw(0, text)
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
