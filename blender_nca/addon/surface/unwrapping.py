# SPDX-License-Identifier: GPL-3.0-or-later
"""Unwrapping: a UV map of the growth's own, with even cells, beside those of the artist.

Blender's operators unwrap a copy of the faces in a scene of its own, so that nothing of the artist's is touched: not
the seams, selection and mode of his objects, nor what is active.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import bmesh
import bpy
import numpy as np

from ...automaton.surface import REACH
from ...automaton.surface_error import SurfaceError
from ...automaton.surface_islands import join
from ...automaton.surface_mesh import weld
from ..host.versions import LEAST_STRETCH
from ..material.properties import nca_of
from .directed import directed
from .meshes import as_modelled, owners_of, read_corners, read_positions, read_shown, transformed

NAME = "Growth"
"""Of the UV map, where the artist has none of that name."""
MOST_FACES = 300_000
"""Unwrapping more of them takes minutes, in which Blender stands still."""
MOST_RELAXED = 40_000
"""Faces up to which the stretch is made as little as it can be; the time that takes grows faster than the faces."""
STEEPEST = 1.15
"""Radians between faces that are laid onto one plane at first."""
LEAST_COVERED = 0.1
"""Of the UV square, below which islands are packed more closely."""
FEWEST_CELLS = 64
"""A side of the grid for which margins are made at least."""


@dataclass
class _Owner:
    """An object whose faces are unwrapped: which of them, and their corners one after the other."""

    owner: bpy.types.Object
    mesh: bpy.types.Mesh
    starts: np.ndarray
    sizes: np.ndarray
    corners: np.ndarray
    chosen: np.ndarray  # numbers of the corners in the mesh
    positions: np.ndarray


def unwrap(material: bpy.types.Material, context: bpy.types.Context) -> str:
    """Give all objects that show a material a UV map of its own; the map's name.

    Raises
    ------
    SurfaceError
        They cannot have one; the message says what to do. Nothing is changed then.
    """
    owners = [_read(owner, material) for owner in owners_of(material, context)]
    owners = [each for each in owners if len(each.corners)]
    if not owners:
        raise SurfaceError(f"No face of this scene's objects shows {material.name}: give it to one.")
    count = sum(len(each.starts) for each in owners)
    if count > MOST_FACES:
        raise SurfaceError(
            f"{count:,} faces would take minutes to unwrap: unwrap {owners[0].owner.name} by hand, or lower its "
            "detail first (Decimate, or fewer levels of Multires and Subdivision)."
        )
    name = _name_for(owners)
    for each in owners:
        _refuse_where_fixed(each, name)
    nca = nca_of(material)
    cells = max(FEWEST_CELLS, min(nca.width, nca.height))
    # Blender keeps its margin around each island: two of them lie between two islands
    uvs = _unwrapped(owners, REACH / 2 / cells, context)
    for each, its in zip(owners, uvs, strict=True):
        _write(each, name, its)
    return name


def _read(owner: bpy.types.Object, material: bpy.types.Material) -> _Owner:
    with as_modelled(owner) as mesh:
        shown = read_shown(owner, mesh, material)
        starts = np.empty(len(mesh.polygons), np.int32)
        mesh.polygons.foreach_get("loop_start", starts)
        sizes = np.diff(np.r_[starts, len(mesh.loops)])
        chosen = np.flatnonzero(shown.repeat(sizes))
        corners, positions = read_corners(mesh)[chosen], read_positions(mesh)
    if not np.isfinite(positions).all():
        raise SurfaceError(f"{owner.name} has vertices whose positions are no numbers: delete these.")
    kept = sizes[shown]
    if len(corners):
        corners = _welded(positions, corners, kept)
    matrix = np.array(owner.matrix_world)
    return _Owner(
        owner,
        owner.data,  # type: ignore[arg-type]  # that of a mesh object
        np.cumsum(kept) - kept,
        kept,
        corners,
        chosen,
        transformed(matrix, positions),
    )


def _welded(positions: np.ndarray, corners: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Corners of faces by one vertex for all that lie together; faces that would lose a corner by that stay as they
    are."""
    number = weld(positions)
    first = np.full(number.max() + 1, -1)
    first[number[::-1]] = np.arange(len(positions))[::-1]
    together = first[number[corners]]
    face = np.arange(len(sizes)).repeat(sizes)
    order = np.lexsort((together, face))
    twice = (np.diff(together[order]) == 0) & (np.diff(face[order]) == 0)
    lost = np.zeros(len(sizes), bool)
    lost[face[order][1:][twice]] = True
    return np.where(lost[face], corners, together)


def _name_for(owners: list[_Owner]) -> str:
    """The growth's map from before, else a name that none of the artist's maps has."""
    ours = {directed(one).growth_uv for one in bpy.data.materials} - {""}
    taken = {layer.name for each in owners for layer in each.mesh.uv_layers} - ours
    names = (NAME, *(f"{NAME} {number}" for number in range(2, 1000)))
    return next(name for name in names if name not in taken)


def _refuse_where_fixed(each: _Owner, name: str) -> None:
    """Raise where an object's mesh cannot get another UV map."""
    mesh = each.mesh
    if not mesh.is_editable:
        kind = "linked" if mesh.library is not None else "a library override"
        raise SurfaceError(
            f"The mesh of {each.owner.name} is {kind}, and cannot get a UV map: select it and use Object > Relations > "
            "Make Local > Selected Objects and Data, or let it be unwrapped in its own file."
        )
    if name not in mesh.uv_layers and len(mesh.uv_layers) >= 8:
        raise SurfaceError(
            f"{each.owner.name} has 8 UV maps, the most that Blender takes: delete one in its data properties."
        )


def _unwrapped(owners: list[_Owner], margin: float, context: bpy.types.Context) -> list[np.ndarray]:
    """UV coordinates of the owners' corners, packed together: float32, shape (corners, 2) each."""
    lows = np.cumsum([0, *(len(each.positions) for each in owners)])
    corners = np.concatenate([each.corners + low for each, low in zip(owners, lows[:-1], strict=True)])
    sizes = np.concatenate([each.sizes for each in owners])
    positions = np.concatenate([each.positions for each in owners])
    used, corners = np.unique(corners, return_inverse=True)
    positions, corners = positions[used], corners.reshape(-1)
    size = np.ptp(positions, axis=0).max() or 1.0  # operators stop at lengths of their own
    positions = (positions - positions.mean(0)) / size
    starts = np.cumsum(sizes) - sizes
    with _copied(positions, starts, corners, context) as mesh:
        _lay_flat(mesh, positions, starts, corners)
        bpy.ops.uv.select_all(action="SELECT")
        bpy.ops.uv.average_islands_scale()
        _pack(mesh, margin)
        bpy.ops.object.mode_set(mode="OBJECT")
        uvs = np.empty(2 * len(corners), np.float32)
        mesh.uv_layers[0].uv.foreach_get("vector", uvs)
    return np.split(uvs.reshape(-1, 2), np.cumsum([len(each.corners) for each in owners])[:-1])


@contextlib.contextmanager
def _copied(
    positions: np.ndarray, starts: np.ndarray, corners: np.ndarray, context: bpy.types.Context
) -> Iterator[bpy.types.Mesh]:
    """A mesh of its own in a scene of its own, all of it selected in Edit Mode."""
    mesh = bpy.data.meshes.new("Growth UV")
    owner = bpy.data.objects.new("Growth UV", mesh)
    scene = bpy.data.scenes.new("Growth UV")
    try:
        mesh.vertices.add(len(positions))
        mesh.loops.add(len(corners))
        mesh.polygons.add(len(starts))
        mesh.attributes["position"].data.foreach_set("vector", positions.astype(np.float32).ravel())  # type: ignore[attr-defined]
        mesh.loops.foreach_set("vertex_index", corners.astype(np.int32))
        mesh.polygons.foreach_set("loop_start", starts.astype(np.int32))
        mesh.update(calc_edges=True)
        mesh.uv_layers.new(name=NAME)
        scene.collection.objects.link(owner)
        layer = scene.view_layers[0]
        layer.objects.active = owner
        owner.select_set(True, view_layer=layer)
        with context.temp_override(
            scene=scene,
            view_layer=layer,
            object=owner,
            active_object=owner,
            edit_object=owner,
            selected_objects=[owner],
            area=None,
            region=None,
        ):
            _enter_edit_mode()
            yield mesh
    finally:
        bpy.data.scenes.remove(scene)
        bpy.data.objects.remove(owner)
        bpy.data.meshes.remove(mesh)


def _enter_edit_mode() -> None:
    bpy.ops.object.mode_set(mode="EDIT")
    bpy.ops.mesh.select_all(action="SELECT")


def _lay_flat(mesh: bpy.types.Mesh, positions: np.ndarray, starts: np.ndarray, corners: np.ndarray) -> None:
    """Unwrap a mesh in Edit Mode: islands by Blender's projection, joined where that costs no stretch, then relaxed."""
    bpy.ops.uv.smart_project(angle_limit=STEEPEST, island_margin=0.0)
    if len(starts) > MOST_RELAXED:
        return
    bpy.ops.uv.select_all(action="SELECT")  # before 5.0 only what is selected there has islands
    bpy.ops.uv.seams_from_islands(mark_seams=True, mark_sharp=False)
    bpy.ops.object.mode_set(mode="OBJECT")
    edges = np.empty(len(corners), np.int32)
    attribute: Any = mesh.attributes[".corner_edge"]
    attribute.data.foreach_get("value", edges)
    seams = np.empty(len(mesh.edges), bool)
    mesh.edges.foreach_get("use_seam", seams)
    seams[edges] = join(positions, starts, corners, seams[edges])
    mesh.edges.foreach_set("use_seam", seams)
    _enter_edit_mode()
    bpy.ops.uv.unwrap(method=LEAST_STRETCH, margin=0.001)


def _pack(mesh: bpy.types.Mesh, margin: float) -> None:
    """Pack the islands of a mesh in Edit Mode, with less between them where they are so many that no room is left."""
    for share in (1, 2 / REACH, 1 / REACH, 0.1):
        # by their rectangles: to look at their shapes takes Blender seconds even for a cube
        bpy.ops.uv.pack_islands(margin_method="FRACTION", margin=margin * share, shape_method="AABB")
        edited = bmesh.from_edit_mesh(mesh)
        layer = edited.loops.layers.uv[NAME]
        if sum(_area(face, layer) for face in edited.faces) > LEAST_COVERED:
            return


def _area(face: bmesh.types.BMFace, layer: bmesh.types.BMLayerItem) -> float:
    """How much of the UV square a face has."""
    places = [corner[layer].uv for corner in face.loops]
    return abs(sum(a.cross(b) for a, b in zip(places, places[1:] + places[:1], strict=True))) / 2


def _write(each: _Owner, name: str, uvs: np.ndarray) -> None:
    """Give an object's mesh the map; what was active stays so."""
    mesh = each.mesh
    active, rendered = mesh.uv_layers.active, next((one for one in mesh.uv_layers if one.active_render), None)
    names = active.name if active else name, rendered.name if rendered else name
    if name not in mesh.uv_layers:
        mesh.uv_layers.new(name=name)
        mesh.uv_layers.active = mesh.uv_layers[names[0]]
        mesh.uv_layers[names[1]].active_render = True
    if each.owner.mode == "EDIT":
        _write_edited(mesh, name, each.chosen, uvs)
        return
    layer = mesh.uv_layers[name]
    values = np.empty(2 * len(mesh.loops), np.float32)
    layer.uv.foreach_get("vector", values)
    values.reshape(-1, 2)[each.chosen] = uvs
    layer.uv.foreach_set("vector", values)
    mesh.update()


def _write_edited(mesh: bpy.types.Mesh, name: str, chosen: np.ndarray, uvs: np.ndarray) -> None:
    """As `_write`, of a mesh in Edit Mode, whose corners are in the same order."""
    edited = bmesh.from_edit_mesh(mesh)
    layer = edited.loops.layers.uv[name]
    at = iter(zip(chosen.tolist(), uvs.tolist(), strict=True))
    wanted, uv = next(at, (-1, None))
    number = 0
    for face in edited.faces:
        for corner in face.loops:
            if number == wanted and uv is not None:
                corner[layer].uv = uv
                wanted, uv = next(at, (-1, None))
            number += 1
    bmesh.update_edit_mesh(mesh, loop_triangles=False, destructive=False)
