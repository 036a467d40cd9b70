# SPDX-License-Identifier: GPL-3.0-or-later
"""Cells: where each cell of a growth lies in space, on the mesh as it is shown."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import bpy
import numpy as np
from mathutils.bvhtree import BVHTree

from ...automaton.surface import SurfaceError
from ...automaton.surface_mesh import Mesh, fill
from ..material.properties import NCA_PG_growth, nca_of
from ..surface.faces import owners_of
from ..surface.places import picture_matrix

MOST_TILES = 16
"""How often a face may lie in a picture that repeats; one that lies there more often is left out."""


class Part(NamedTuple):
    """The mesh of one object as its modifiers make it.

    Attributes
    ----------
    owner : str
        The object's name.
    positions : ndarray, shape (vertices, 3)
        In the world.
    triangles : ndarray of int, shape (triangles, 3)
        Vertices of all its triangles, also of those that show other materials.
    corners : ndarray of int, shape (triangles, 3)
        Numbers of their corners in the mesh.
    polygons, slots : ndarray of int, shape (triangles,)
        The polygon that each is of, and the slot of its material.
    normals : ndarray, shape (triangles, 3, 3)
        As it is shaded, in the world, of unit length.
    uvs : ndarray, shape (triangles, 3, 2)
        Of the growth's UV map.
    shown : ndarray of int
        Numbers of the triangles that show the growth's material.
    """

    owner: str
    positions: np.ndarray
    triangles: np.ndarray
    corners: np.ndarray
    polygons: np.ndarray
    slots: np.ndarray
    normals: np.ndarray
    uvs: np.ndarray
    shown: np.ndarray


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of a grid that lie on faces.

    Attributes
    ----------
    height, width : int
        Of the grid.
    number : ndarray of int, shape (cells,)
        Of each cell that lies on a face, row by row from the top.
    part, triangle : ndarray of int, shape (cells,)
        On which part, and which of its triangles.
    weights : ndarray, shape (cells, 3)
        Of the triangle's corners.
    island : ndarray of int, shape (cells,)
        Which connected part of the UV map it lies in.
    parts : tuple of Part
    """

    height: int
    width: int
    number: np.ndarray
    part: np.ndarray
    triangle: np.ndarray
    weights: np.ndarray
    island: np.ndarray
    parts: tuple[Part, ...] = field(repr=False)

    @cached_property
    def positions(self) -> np.ndarray:
        """In the world: float64, shape (cells, 3)."""
        return self.interpolate([part.positions[part.triangles] for part in self.parts])

    @cached_property
    def normals(self) -> np.ndarray:
        """As the surface is shaded, in the world, of unit length: float64, shape (cells, 3)."""
        return unit(self.interpolate([part.normals for part in self.parts]))

    @cached_property
    def face_normals(self) -> np.ndarray:
        """Of the flat triangles, on the side of `normals`: float64, shape (cells, 3)."""
        found = []
        for part in self.parts:
            one, two, three = (part.positions[part.triangles[:, corner]] for corner in range(3))
            found.append(unit(np.cross(two - one, three - one)))
        normals = self.pick(found)
        return normals * np.where((normals * self.normals).sum(1, keepdims=True) < 0, -1.0, 1.0)

    @cached_property
    def low(self) -> np.ndarray:
        """The least of each coordinate: shape (3,)."""
        return np.min([part.positions[part.triangles[part.shown]].min((0, 1)) for part in self.parts], 0)

    @cached_property
    def size(self) -> float:
        """The mesh's longest extent, above zero."""
        high = np.max([part.positions[part.triangles[part.shown]].max((0, 1)) for part in self.parts], 0)
        return float((high - self.low).max()) or 1.0

    @cached_property
    def spacing(self) -> float:
        """How large a cell is across, on average."""
        area = 0.0
        for part in self.parts:
            one, two, three = (part.positions[part.triangles[part.shown, corner]] for corner in range(3))
            area += float(np.linalg.norm(np.cross(two - one, three - one), axis=1).sum()) / 2
        return float(np.sqrt(area / len(self.number)))

    @cached_property
    def tree(self) -> BVHTree:
        """All triangles of the objects, also those that show other materials, to look for what is near."""
        starts = np.cumsum([0, *(len(part.positions) for part in self.parts)])
        positions = np.concatenate([part.positions for part in self.parts])
        triangles = np.concatenate(
            [part.triangles + start for part, start in zip(self.parts, starts[:-1], strict=True)]
        )
        return make_tree(positions, triangles)

    def interpolate(self, corners: list[np.ndarray]) -> np.ndarray:
        """Values at the cells of what triangles have at their corners.

        Parameters
        ----------
        corners : list of ndarray, shape (triangles, 3, ...)
            One a part.
        """
        values = self.pick(corners)
        return (self.weights.reshape(*self.weights.shape, *[1] * (values.ndim - 2)) * values).sum(1)

    def pick(self, values: list[np.ndarray]) -> np.ndarray:
        """Values at the cells of what triangles have: shape (cells, ...) of a part's (triangles, ...) each."""
        found = np.empty((len(self.number), *values[0].shape[1:]))
        for number, of_part in enumerate(values):
            here = self.part == number
            found[here] = of_part[self.triangle[here]]
        return found


def read_parts(material: bpy.types.Material, context: bpy.types.Context) -> tuple[Part, ...]:
    """Read the meshes that show a material.

    Raises
    ------
    SurfaceError
        There are none; the message says what to do.
    """
    uv_map = nca_of(material).uv_map
    owners = owners_of(material, context)
    parts = [part for owner in owners if (part := _read(owner, material, uv_map, context)) is not None]
    if not parts:
        raise SurfaceError(f"No face of this scene shows {material.name}: assign it to some in Edit Mode.")
    return tuple(parts)


def digest_of(parts: tuple[Part, ...]) -> str:
    """A hash of what meshes are and where they stand, to a ten-thousandth of their size."""
    summed = hashlib.sha256()
    size = max(np.abs(part.positions).max(initial=0.0) for part in parts) or 1.0
    for part in parts:
        for array in (np.rint(part.positions / size * 1e4) + 0.0, part.triangles, part.slots, part.uvs):
            summed.update(np.ascontiguousarray(array).tobytes())
    return summed.hexdigest()[:32]


def lay_cells(material: bpy.types.Material, parts: tuple[Part, ...]) -> Cells:
    """Find where the cells of a material's growth lie on its meshes.

    Raises
    ------
    SurfaceError
        On no face; the message says what to do.
    """
    nca = nca_of(material)
    starts = np.cumsum([0, *(len(part.positions) for part in parts)])
    positions = np.concatenate([part.positions for part in parts])
    triangles = np.concatenate(
        [part.triangles[part.shown] + start for part, start in zip(parts, starts[:-1], strict=True)]
    )
    number = np.concatenate([part.shown for part in parts])
    of_part = np.repeat(np.arange(len(parts)), [len(part.shown) for part in parts])
    uvs = np.concatenate([part.uvs[part.shown] for part in parts]).astype(np.float64)
    if nca.over == "PICTURE":
        uvs = _mapped(nca, uvs)
        if nca.wrap:
            uvs, copied = _repeat(uvs)
            triangles, number, of_part = triangles[copied], number[copied], of_part[copied]
    mesh = Mesh(positions, triangles, uvs, nca.height, nca.width)
    owner = fill(mesh)[0].reshape(-1)
    cells = np.flatnonzero(owner >= 0)
    if not len(cells):
        raise SurfaceError(
            f"No cell lies on a face that shows {material.name}: unwrap it inside the UV square, in Edit Mode with U."
        )
    found = owner[cells]
    return Cells(
        nca.height,
        nca.width,
        cells,
        of_part[found],
        number[found],
        _weights(mesh, found, cells),
        mesh.island[found],
        parts,
    )


def _weights(mesh: Mesh, triangle: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """How much each corner of its triangle counts at the centre of a cell: shape (cells, 3), one together."""
    y, x = np.divmod(cells, mesh.width)
    corner = mesh.corners[triangle]
    away = np.stack([x + 0.5, y + 0.5], 1) - corner[:, 0]
    along, down = corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]
    area = along[:, 0] * down[:, 1] - along[:, 1] * down[:, 0]
    two = (away[:, 0] * down[:, 1] - away[:, 1] * down[:, 0]) / area
    three = (along[:, 0] * away[:, 1] - along[:, 1] * away[:, 0]) / area
    weights = np.stack([1 - two - three, two, three], 1).clip(0, 1)
    return weights / weights.sum(1, keepdims=True)


def _read(
    owner: bpy.types.Object, material: bpy.types.Material, uv_map: str, context: bpy.types.Context
) -> Part | None:
    """The mesh of an object as it is shown; None where none of its faces has the material."""
    mesh = shown_mesh(owner, context)
    layers = mesh.uv_layers
    layer = next((one for one in layers if (one.name == uv_map if uv_map else one.active_render)), None)
    if layer is None:
        wanted = f"no UV map “{uv_map}”" if uv_map else "no UV map"
        raise SurfaceError(
            f"{owner.name} has {wanted}: unwrap it in Edit Mode with U, or choose another one."
        )
    mesh.calc_loop_triangles()
    count = len(mesh.loop_triangles)
    vertices, corners, slots, polygons = (np.empty(size * count, np.int32) for size in (3, 3, 1, 1))
    mesh.loop_triangles.foreach_get("vertices", vertices)
    mesh.loop_triangles.foreach_get("loops", corners)
    mesh.loop_triangles.foreach_get("material_index", slots)
    mesh.loop_triangles.foreach_get("polygon_index", polygons)
    slots = slots.clip(0, max(0, len(owner.material_slots) - 1))
    numbers = [number for number, slot in enumerate(owner.material_slots) if slot.material == material]
    shown = np.flatnonzero(np.isin(slots, numbers))
    if not len(shown):
        return None
    positions = np.empty(3 * len(mesh.vertices), np.float32)
    mesh.vertices.foreach_get("co", positions)
    normals, uvs = np.empty(3 * len(mesh.loops), np.float32), np.empty(2 * len(mesh.loops), np.float32)
    mesh.corner_normals.foreach_get("vector", normals)
    layer.uv.foreach_get("vector", uvs)
    matrix = np.array(owner.matrix_world)
    # normals stand on the surface also where an object is scaled more along one axis than along another
    upright = np.linalg.pinv(matrix[:3, :3])
    corners = corners.reshape(-1, 3)
    return Part(
        owner.name,
        positions.reshape(-1, 3).astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3],
        vertices.reshape(-1, 3).astype(np.int64),
        corners,
        polygons,
        slots,
        unit(normals.reshape(-1, 3)[corners].astype(np.float64) @ upright),
        uvs.reshape(-1, 2)[corners],
        shown,
    )


def make_tree(positions: np.ndarray, triangles: np.ndarray) -> BVHTree:
    """Triangles (triangles, 3) between points (points, 3), to look for what is near."""
    tree: BVHTree = BVHTree.FromPolygons(  # type: ignore[assignment]  # the stubs say that it returns nothing
        positions.tolist(), triangles.tolist(), all_triangles=True
    )
    return tree


def shown_mesh(owner: bpy.types.Object, context: bpy.types.Context) -> bpy.types.Mesh:
    """The mesh of an object as its modifiers make it; while it is edited, as it is edited."""
    mesh = owner.data
    assert isinstance(mesh, bpy.types.Mesh)
    if owner.mode == "EDIT":
        owner.update_from_editmode()
        return mesh
    shown = owner.evaluated_get(context.evaluated_depsgraph_get()).data
    return shown if isinstance(shown, bpy.types.Mesh) and len(shown.uv_layers) else mesh


def mapping_matrix(nca: NCA_PG_growth) -> np.ndarray | None:
    """What the growth's Mapping node does to its UV map, of shape (4, 4); None where that is nothing, as on a mesh."""
    matrix = picture_matrix(nca)
    return None if np.array_equal(matrix, np.eye(4)) else matrix


def _mapped(nca: NCA_PG_growth, uvs: np.ndarray) -> np.ndarray:
    """UV coordinates where the Mapping node has taken them."""
    matrix = mapping_matrix(nca)
    if matrix is None:
        return uvs
    return uvs @ matrix[:2, :2].T + matrix[:2, 3]


def _repeat(uvs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lay triangles into the picture as often as it repeats under them: their UVs, and the number of each."""
    low = np.floor(uvs.min(1) + 1e-6).astype(np.int64)
    high = np.maximum(np.ceil(uvs.max(1) - 1e-6).astype(np.int64), low + 1)
    counts = (high - low).clip(1)
    tiles = counts.prod(1)
    tiles[tiles > MOST_TILES] = 0
    copied = np.repeat(np.arange(len(uvs)), tiles)
    step = np.arange(len(copied)) - (np.cumsum(tiles) - tiles)[copied]
    tile = low[copied] + np.stack([step % counts[copied, 0], step // counts[copied, 0]], 1)
    return uvs[copied] - tile[:, None], copied


def unit(vectors: np.ndarray) -> np.ndarray:
    """Vectors (..., 3) of length one, the same way; zero stays zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
