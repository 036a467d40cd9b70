# SPDX-License-Identifier: GPL-3.0-or-later
"""Sources: where a scene says that growths begin, read as points of the world in the order in which they begin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import bpy
import numpy as np
from mathutils.kdtree import KDTree

from ...automaton.growth import Mask
from ...automaton.surface_error import SurfaceError
from . import curve
from .faces import Faces
from .meshes import as_read, read_edges, read_group, read_positions, transformed
from .places import picture_of

if TYPE_CHECKING:
    from .seed_properties import Sowing

MOST = 5000
"""Seeds that are read of a source."""
CANDIDATES = 8
"""Places among which each strewn seed takes the one that is farthest from those before."""
FINEST = 2048
"""Parts into which a side of a triangle is divided at most."""
BLOCK = 256
"""Of so many strewn seeds the distances are taken one by one."""
HEAVY = 0.5
"""A vertex is in a group from more than this weight on."""
MARKS = {
    "SEAM": ("use_seam",),
    "SHARP": ("use_edge_sharp",),
    "CREASE": ("crease_edge",),
    "BEVEL": ("bevel_weight_edge",),
    "FREESTYLE": ("freestyle_edge", "use_freestyle_mark"),
}
"""How edges are marked -> the attribute that says so, or the property of edges in Blenders that have no such
attribute."""


def read(nca: Sowing, faces: Faces, context: bpy.types.Context) -> np.ndarray:
    """Read the source of a growth's seeds.

    Parameters
    ----------
    nca : Sowing
    faces : Faces
        That show the material.
    context : Context

    Returns
    -------
    ndarray, float64, shape (points, 3)
        In the world; the growth begins beside each, in this order.

    Raises
    ------
    SurfaceError
        There are none, or too many; the message says what to do.
    """
    points = READERS[nca.seed_source](nca, faces, context)
    if len(points) > MOST:
        raise SurfaceError(f"Seeds at {len(points):,} places are too many: let there be {MOST:,} at most.")
    if not np.isfinite(points).all():
        raise SurfaceError("Some of these places are no numbers: look what moves them.")
    return points


def _read_objects(nca: Sowing, faces: Faces, context: bpy.types.Context) -> np.ndarray:
    collection = nca.seed_collection
    if collection is None:
        raise SurfaceError("Choose a collection: the growth begins beside each of its objects.")
    growing = {part.owner for part in faces.parts}
    owners = [one for one in collection.all_objects if one.name not in growing]
    if not owners:
        raise SurfaceError(
            f"The collection {collection.name} has no objects: put some into it, such as empties."
        )
    depsgraph = context.evaluated_depsgraph_get()
    owners.sort(key=lambda one: one.name)
    return np.array([one.evaluated_get(depsgraph).matrix_world.translation[:] for one in owners])


def _read_points(nca: Sowing, faces: Faces, context: bpy.types.Context) -> np.ndarray:
    """Of its particles where it has such, else of what it instances and of its points, else of its vertices."""
    owner = nca.seed_object
    if owner is None:
        raise SurfaceError("Choose an object: the growth begins beside its particles, instances or points.")
    depsgraph = context.evaluated_depsgraph_get()
    shown = owner.evaluated_get(depsgraph)
    parts = [_particles_of(shown, system) for system in shown.particle_systems]
    if not parts:
        parts = list(_pieces_of(owner, depsgraph))
    if not parts and isinstance(shown.data, bpy.types.Mesh | bpy.types.PointCloud):
        parts = [transformed(np.array(shown.matrix_world), read_positions(shown.data))]
    points = np.concatenate([np.zeros((0, 3)), *parts])
    if not len(points):
        raise SurfaceError(f"{owner.name} has no particles, instances or points in this frame.")
    return points


def _particles_of(shown: bpy.types.Object, system: bpy.types.ParticleSystem) -> np.ndarray:
    if system.settings.type == "HAIR":
        roots: list = [one.hair_keys[0].co[:] for one in system.particles if len(one.hair_keys)]
        return transformed(np.array(shown.matrix_world), np.array(roots).reshape(-1, 3))
    alive: list = [one.location[:] for one in system.particles if one.alive_state == "ALIVE"]
    return np.array(alive).reshape(-1, 3)


def _pieces_of(owner: bpy.types.Object, depsgraph: bpy.types.Depsgraph) -> Iterator[np.ndarray]:
    """Points of an object's point clouds, and where its instances stand."""
    for instance in depsgraph.object_instances:
        if not instance.is_instance or instance.parent is None or instance.parent.original != owner:
            continue
        matrix = np.array(instance.matrix_world)
        if instance.object is not None and isinstance(instance.object.data, bpy.types.PointCloud):
            yield transformed(matrix, read_positions(instance.object.data))
        else:
            yield matrix[None, :3, 3]


def _read_curve(nca: Sowing, faces: Faces, context: bpy.types.Context) -> np.ndarray:
    owner = _curve_of(nca)
    points = spread(*curve.wire_of(owner, context), nca.seed_count)
    if not len(points):
        raise SurfaceError(f"{owner.name} has no length: draw it longer, or choose another curve.")
    return points


def _curve_of(nca: Sowing) -> bpy.types.Object:
    if nca.seed_curve is None or not isinstance(nca.seed_curve.data, bpy.types.Curve):
        raise SurfaceError("Choose a curve: the growth begins along it.")
    return nca.seed_curve


def control_points(nca: Sowing, context: bpy.types.Context) -> np.ndarray:
    """Points and handles that shape the curve of a growth's seeds, in the world: float64, shape (points, 3).

    Raises
    ------
    SurfaceError
        There is no curve.
    """
    return curve.control_points(_curve_of(nca), context)


def _read_edges(nca: Sowing, faces: Faces, context: bpy.types.Context) -> np.ndarray:
    if nca.seed_mark == "ATTRIBUTE" and not nca.seed_attribute:
        raise SurfaceError(
            "Choose an attribute of the mesh's edges: the growth begins along those for which it is true."
        )
    places, marked = [np.zeros((0, 3))], [np.zeros((0, 2), np.int64)]
    for part in faces.parts:
        with as_read(bpy.data.objects[part.owner], nca.uv_map, context) as mesh:
            is_marked = _marked(mesh, nca.seed_mark, nca.seed_attribute)
            edges = np.sort(read_edges(mesh).astype(np.int64), 1)[is_marked]
            positions = read_positions(mesh)
        sides = np.concatenate([part.vertices[:, pair] for pair in ([0, 1], [1, 2], [2, 0])])
        count = max(len(positions), 1)
        shown = np.isin(edges @ [count, 1], np.sort(sides, 1) @ [count, 1])
        marked.append(edges[shown] + sum(len(each) for each in places))
        places.append(transformed(part.matrix, positions))
    points = spread(np.concatenate(places), np.concatenate(marked), nca.seed_count)
    if not len(points):
        how = f"by the attribute “{nca.seed_attribute}”" if nca.seed_mark == "ATTRIBUTE" else "so"
        raise SurfaceError(
            f"No edge of {faces.parts[0].owner} is marked {how}: select some in Edit Mode, and mark them."
        )
    return points


def _marked(mesh: bpy.types.Mesh, mark: str, name: str) -> np.ndarray:
    """Which edges of a mesh are marked: bool, shape (edges,)."""
    for each in (name,) if mark == "ATTRIBUTE" else MARKS[mark]:
        attribute = mesh.attributes.get(each)
        if (
            attribute is not None
            and attribute.domain == "EDGE"
            and attribute.data_type in {"BOOLEAN", "FLOAT", "INT"}
        ):
            values = np.empty(len(mesh.edges), bool if attribute.data_type == "BOOLEAN" else np.float32)
            attribute.data.foreach_get("value", values)
            return values > 0
        if mark != "ATTRIBUTE" and each in bpy.types.MeshEdge.bl_rna.properties:
            values = np.empty(len(mesh.edges), bool)
            mesh.edges.foreach_get(each, values)
            return values
    return np.zeros(len(mesh.edges), bool)


def spread(places: np.ndarray, edges: np.ndarray, count: int) -> np.ndarray:
    """Spread points evenly along lines, one line after the other.

    Parameters
    ----------
    places : ndarray, float64, shape (vertices, 3)
    edges : ndarray of int, shape (edges, 2)
        Lines are where they go on from one to the next.
    count : int
        Of points, each in the middle of its share of the whole length.

    Returns
    -------
    ndarray, float64, shape (count, 3)
        None where there is no length.
    """
    way = chain(edges)
    starts, ends = places[way[:, 0]], places[way[:, 1]]
    until = np.cumsum(np.linalg.norm(ends - starts, axis=1))
    if not len(until) or not until[-1]:
        return np.zeros((0, 3))
    wanted = (np.arange(count) + 0.5) / count * until[-1]
    edge = np.searchsorted(until, wanted).clip(0, len(until) - 1)
    length = np.diff(until, prepend=0.0)[edge]
    share = ((wanted - until[edge] + length) / np.where(length > 0, length, 1.0))[:, None]
    return (1 - share) * starts[edge] + share * ends[edge]


def chain(edges: np.ndarray) -> np.ndarray:
    """Edges in the order in which one walks along them, from ends and forks on, each as one goes over it."""
    edges = np.asarray(edges, int).reshape(-1, 2)
    at: dict[int, list[int]] = {}
    for number, pair in enumerate(edges.tolist()):
        for vertex in pair:
            at.setdefault(vertex, []).append(number)
    walked, way = np.zeros(len(edges), bool), []
    # what is left after those are closed lines, which begin with any of their edges
    begins = [vertex for vertex in at if len(at[vertex]) != 2] + edges[:, 0].tolist()
    for begin in begins:
        for first in at[begin]:
            vertex, number = begin, first
            while number >= 0 and not walked[number]:
                walked[number] = True
                one, other = edges[number].tolist()
                following = other if one == vertex else one
                way.append((vertex, following))
                vertex = following
                is_end = len(at[vertex]) != 2
                number = -1 if is_end else next((each for each in at[vertex] if not walked[each]), -1)
    return np.array(way, int).reshape(-1, 2)


def _strew(nca: Sowing, faces: Faces, context: bpy.types.Context) -> np.ndarray:
    corners = faces.positions[faces.triangles]
    areas = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2
    count = round(float(areas.sum()) * nca.seed_density)
    if count > MOST:
        raise SurfaceError(
            f"{count:,} seeds are too many: choose a density of {MOST / areas.sum():.3g} or less."
        )
    if not count:
        raise SurfaceError(
            f"So there is no seed: choose a density of {1 / max(areas.sum(), 1e-12):.3g} or more."
        )
    return strew(corners, areas, count, nca.random_seed)


def strew(corners: np.ndarray, areas: np.ndarray, count: int, random_seed: int) -> np.ndarray:
    """Strew points over triangles, as evenly as chance lets; more of them keep those that were.

    Each is the one of a few by chance that lies farthest from those before (Mitchell 1991, "Spectrally optimal sampling
    for distribution ray tracing").

    Parameters
    ----------
    corners : ndarray, float64, shape (triangles, 3, 3)
    areas : ndarray, float64, shape (triangles,)
    count, random_seed : int

    Returns
    -------
    ndarray, float64, shape (count, 3)
    """
    chance = np.random.default_rng(random_seed).random((count, CANDIDATES, 3))
    until = np.cumsum(areas)
    triangle = np.searchsorted(until, chance[..., 0] * until[-1], "right").clip(0, len(areas) - 1)
    root = np.sqrt(chance[..., 1])
    weights = np.stack([1 - root, root * (1 - chance[..., 2]), root * chance[..., 2]], -1)
    candidates = np.einsum("scw,scwx->scx", weights, corners[triangle])
    taken, tree, fresh = np.empty((count, 3)), KDTree(0), 0
    tree.balance()
    for number, some in enumerate(candidates):
        if number - fresh == BLOCK:  # a tree takes no more points once it is balanced
            fresh, tree = number, KDTree(number)
            for index, point in enumerate(taken[:number].tolist()):
                tree.insert(point, index)
            tree.balance()
        # in an empty tree nothing is found
        found = [tree.find(point)[2] for point in some.tolist()]
        away = np.array([np.inf if each is None else each for each in found])
        last = np.linalg.norm(some[:, None] - taken[None, fresh:number], axis=-1).min(1, initial=np.inf)
        taken[number] = some[np.minimum(away, last).argmax()]
    return taken


def cells_of_group(nca: Sowing, faces: Faces, context: bpy.types.Context) -> Mask:
    """The cells of a growth where a vertex group is heavy, between vertices as well.

    Raises
    ------
    SurfaceError
        There are none; the message says what to do.
    """
    if not nca.seed_group:
        raise SurfaceError("Choose a vertex group: the growth begins wherever it is heavy.")
    weights = []
    for part in faces.parts:
        owner = bpy.data.objects[part.owner]
        with as_read(owner, nca.uv_map, context) as mesh:
            found = read_group(owner, mesh, nca.seed_group)
        weights.append(np.zeros(part.vertices.shape) if found is None else found[part.vertices])
    weight = np.concatenate(weights)
    heavy = weight.max(1) > HEAVY
    weight, uvs = weight[heavy], faces.uvs[heavy].astype(np.float64)
    # so many parts along a side that each cell has a point in it
    sides = np.linalg.norm((np.roll(uvs, -1, axis=1) - uvs) * (nca.width, nca.height), axis=2)
    fineness = np.ceil(sides.max(1, initial=0.0) * 1.5).astype(int).clip(1, FINEST)
    cells = np.zeros((nca.height, nca.width), bool)
    for fine in np.unique(fineness).tolist():
        one, two = np.meshgrid(np.arange(fine) + 1 / 3, np.arange(fine) + 1 / 3, indexing="ij")
        inside = one + two < fine
        shares = np.stack([fine - one - two, one, two], -1)[inside] / fine
        for those in np.array_split(np.flatnonzero(fineness == fine), 1 + fine):
            is_heavy = np.einsum("sc,tc->ts", shares, weight[those]) > HEAVY
            at = picture_of(nca, np.einsum("sc,tcx->tsx", shares, uvs[those])[is_heavy])
            x, y = (at[((at >= 0) & (at < 1)).all(1)] * (nca.width, nca.height)).astype(int).T
            cells[nca.height - 1 - y, x] = True
    if not cells.any():
        raise SurfaceError(
            f"Nowhere on {faces.parts[0].owner} is more than half the weight in the vertex group “{nca.seed_group}”: "
            "choose another one, or paint it."
        )
    return Mask.pack(cells)


READERS: dict[str, Callable[[Sowing, Faces, bpy.types.Context], np.ndarray]] = {
    "OBJECTS": _read_objects,
    "POINTS": _read_points,
    "CURVE": _read_curve,
    "EDGES": _read_edges,
    "DENSITY": _strew,
}
"""Kind of source -> what reads it."""
