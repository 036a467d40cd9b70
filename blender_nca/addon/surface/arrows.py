# SPDX-License-Identifier: GPL-3.0-or-later
"""Arrows: which way the cells of growths point, drawn over their objects in the 3D view."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import bpy
import gpu

from ...automaton.growth_error import GrowthError
from ...automaton.surface_error import SurfaceError
from ..material import kept_surface
from .directed import directed

if TYPE_CHECKING:
    import numpy as np

    from ...automaton.surface import Surface
    from .faces import Faces
    from .stroke import Hand


MOST = 800
"""Arrows on all of a growth's surface, about."""
LONG, HEAD, LIFTED = 0.7, 0.3, 0.05
"""Of an arrow, of its head, and how far it stands off the surface: shares of the distance between two."""
COLOUR, BORDER = (0.4, 0.85, 0.35, 1.0), (0.0, 0.0, 0.0, 0.85)

hand: Hand | None = None
"""What combs at the moment."""
_handle: object | None = None
_found: dict[int, tuple[Surface, list[Drawn]]] = {}
"""Session uid of a material -> the surface that its arrows show, and they."""


class Drawn(NamedTuple):
    """Arrows of one object, as ends of lines in its own space: ndarray, float32, shape (lines, 2, 3)."""

    owner: str
    lines: np.ndarray


def arrows_of(material: bpy.types.Material, context: bpy.types.Context) -> list[Drawn]:
    """Find the arrows of a growth: of the directions that its cells have.

    Parameters
    ----------
    material : Material
    context : Context

    Returns
    -------
    list of Drawn
        Nothing where it has no surface.
    """

    from .faces import faces_of

    nca = directed(material)
    try:
        surface = kept_surface.read_surface(nca)
        if surface is None:
            return []
        held = _found.get(material.session_uid)
        if held is None or held[0] is not surface:
            drawn = _find(surface, faces_of(material, nca.uv_map, context), context)
            held = _found[material.session_uid] = surface, drawn
    except (GrowthError, SurfaceError):  # the panel says what is wrong
        return []
    return held[1]


def forget() -> None:
    """Meshes may be others."""
    _found.clear()


def lines_of(places: np.ndarray, ways: np.ndarray, normals: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Lines of arrows.

    Parameters
    ----------
    places, ways, normals : ndarray, shape (arrows, 3)
        Their middles, unit vectors along them, and the surface's normals.
    size : ndarray, shape (arrows, 1)
        Distance between two.

    Returns
    -------
    ndarray, float32, shape (3 arrows, 2, 3)
    """

    import numpy as np

    middle = places + LIFTED * size * normals
    tail, tip = middle - LONG / 2 * size * ways, middle + LONG / 2 * size * ways
    aside = HEAD / 2 * size * np.cross(normals, ways)
    back = tip - HEAD * size * ways
    ends = [(tail, tip), (tip, back + aside), (tip, back - aside)]
    return np.concatenate([np.stack(pair, 1) for pair in ends]).astype(np.float32)


def _find(surface: Surface, faces: Faces, context: bpy.types.Context) -> list[Drawn]:
    import numpy as np

    from ...automaton.surface_ways import find_ways, thin

    ways = find_ways(surface, faces.positions, faces.triangles, faces.uvs)
    sides = faces.positions[faces.triangles[:, 1:]] - faces.positions[faces.triangles[:, :1]]
    area = np.linalg.norm(np.cross(sides[:, 0], sides[:, 1]), axis=1).sum() / 2
    distance = float(np.sqrt(area / MOST)) or 1.0
    chosen = thin(ways.places, distance)
    places, ups, normals, triangles = (each[chosen] for each in ways)
    drawn, first = [], 0
    for part in faces.parts:
        mine = (triangles >= first) & (triangles < first + len(part.vertices))
        first += len(part.vertices)
        back = np.linalg.pinv(part.matrix)
        ends = lines_of(places[mine], ups[mine], normals[mine], np.full((1, 1), distance))
        owner = bpy.data.objects[part.owner]
        moved = ends.astype(np.float64) @ back[:3, :3].T + back[:3, 3]
        if any(one.show_viewport for one in owner.modifiers):
            moved += np.tile(_lift(places[mine] @ back[:3, :3].T + back[:3, 3], owner, context), (3, 1))[
                :, None
            ]
        drawn.append(Drawn(part.owner, moved.astype(np.float32)))
    return drawn


def _lift(places: np.ndarray, owner: bpy.types.Object, context: bpy.types.Context) -> np.ndarray:
    """From points of a mesh as it was modelled to the nearest ones of what its modifiers make of it: (points, 3)."""

    import mathutils
    import numpy as np

    shown = owner.evaluated_get(context.evaluated_depsgraph_get())
    near = [shown.closest_point_on_mesh(mathutils.Vector(place))[:2] for place in places]
    return np.array(
        [np.array(at) - place if hit else np.zeros(3) for (hit, at), place in zip(near, places, strict=True)]
    ).reshape(-1, 3)


def _draw() -> None:
    context = bpy.context
    if not context.space_data.overlay.show_overlays:
        return
    if hand is not None:
        _draw_lines(_under(hand))
    for material in bpy.data.materials:
        nca = directed(material)
        if hand is None and nca.growing and nca.over == "MESH" and nca.shows_directions:
            for owner, lines in arrows_of(material, context):
                shown = context.scene.objects.get(owner)
                if shown is not None and shown.visible_get() and shown.mode == "OBJECT":
                    gpu.matrix.push()
                    gpu.matrix.multiply_matrix(shown.matrix_world)
                    _draw_lines(lines)
                    gpu.matrix.pop()


def _under(combing: Hand) -> np.ndarray:
    """Lines of the directions over which the comb has come."""

    import numpy as np

    from ...automaton.surface_ways import thin

    stroke = combing.stroke
    touched = np.flatnonzero(stroke.touched)
    size = combing.size / 3
    touched = touched[thin(stroke.points[touched], size)] if size else touched
    return lines_of(
        stroke.points[touched], stroke.ways[touched], stroke.normals[touched], np.full((1, 1), size)
    )


def _draw_lines(lines: np.ndarray) -> None:
    from gpu_extras.batch import batch_for_shader

    if not len(lines):
        return
    shader = gpu.shader.from_builtin("POLYLINE_UNIFORM_COLOR")
    batch = batch_for_shader(shader, "LINES", {"pos": lines.reshape(-1, 3).tolist()})
    scale = bpy.context.preferences.system.ui_scale
    gpu.state.depth_test_set("LESS_EQUAL")
    gpu.state.blend_set("ALPHA")
    region = bpy.context.region
    shader.uniform_float("viewportSize", (region.width, region.height))
    for width, colour in ((3.5, BORDER), (1.5, COLOUR)):
        shader.uniform_float("lineWidth", width * scale)
        shader.uniform_float("color", colour)
        batch.draw(shader)
    gpu.state.blend_set("NONE")
    gpu.state.depth_test_set("NONE")


def register() -> None:
    """Draw from now on; without a window nothing is drawn."""
    global _handle
    if not bpy.app.background:
        _handle = bpy.types.SpaceView3D.draw_handler_add(_draw, (), "WINDOW", "POST_VIEW")


def unregister() -> None:
    """Draw no more."""
    global _handle
    if _handle is not None:
        bpy.types.SpaceView3D.draw_handler_remove(_handle, "WINDOW")
        _handle = None
    forget()
