# SPDX-License-Identifier: GPL-3.0-or-later
"""Recording: what cells meet is read of images and of the scene once, and kept. Growing asks nothing else."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import bpy
import numpy as np

from ...automaton.environment import MaskTrack
from ...automaton.growth import Mask
from ...automaton.growth_error import GrowthError
from ...automaton.surface_error import SurfaceError
from ..host.silence import silent
from ..host.window import is_playing
from ..material import events
from ..material.clock import frame_of
from ..material.properties import NCA_PG_growth, nca_of
from ..material.updates import material_of
from ..surface.digest import digest_of, rounded
from ..surface.meshes import as_shown, owners_of, read_coordinates
from . import fields, pictures
from .cells import Cells, Part, describe, lay_cells, mapping_matrix, read_parts
from .conditions import IN_MOTION, IN_SCENE
from .grid import fill, on_grid, sample
from .kept import keep
from .noise import noise
from .properties import NCA_PG_condition, all_conditions

_FEW, _MOST = 4, 48
"""Grids of cells and fields that are held, so that a slider need not measure them again."""

_parts: dict[int, tuple[tuple[Part, ...], str] | SurfaceError] = {}
"""Session uid of a material -> its meshes and their digest, or why there are none, until the scene changes."""
_cells: dict[tuple[object, ...], Cells] = {}
"""What cells were laid for -> where they lie."""
_measured: dict[tuple[object, ...], np.ndarray] = {}
"""What was measured of which mesh -> the field."""
_outdated: dict[int, bool] = {}
"""Session uid of a material -> whether the scene is another one than its conditions were recorded of."""

_waits = False
"""Whether settings are being changed together."""


@contextlib.contextmanager
def at_once() -> Iterator[None]:
    """Settings of conditions are being changed together: whoever does that records them."""
    global _waits
    before, _waits = _waits, True
    try:
        yield
    finally:
        _waits = before


@contextlib.contextmanager
def together(nca: NCA_PG_growth) -> Iterator[None]:
    """Conditions of a growth are being set together: each is recorded once, as that ends."""
    with at_once():
        yield
    for condition in all_conditions(material_of(nca)):
        record(condition, bpy.context)


def on_set(condition: NCA_PG_condition) -> None:
    """A setting of a condition is another."""
    if not _waits:
        record(condition, bpy.context)
        events.changed(material_of(condition))


def record(condition: NCA_PG_condition, context: bpy.types.Context) -> None:
    """Record a condition as it is now. Where it cannot be, it says why, and the growth meets what it met before.

    Of what moves this is the first picture, or the frame that is shown, where nothing was recorded of it yet;
    `record_moving` records all of them.
    """
    try:
        if not moves(condition):
            _keep(condition, MaskTrack.still(_values_of(condition, context)), context)
            return
        if has_pictures(condition):
            pictures.count_pictures(condition.image)  # are they there?
        if not condition.kept_digest:
            _keep(condition, MaskTrack.still(_values_of(condition, context)), context)
        condition.made_of, condition.problem = _shape_of(condition), ""  # out of date
        _outdated.pop(material_of(condition).session_uid, None)
    except (GrowthError, SurfaceError) as error:
        condition.problem = str(error)


def record_moving(condition: NCA_PG_condition, context: bpy.types.Context) -> Iterator[tuple[int, int]]:
    """Record all pictures of a sequence or a movie, or all frames of the scene, one each time it is asked: how many
    are, and of how many.

    What is kept changes with the last one. Raises `GrowthError` or `SurfaceError` where one cannot be read.
    """
    look = _look_at_pictures if has_pictures(condition) else _look_at_frames
    found: dict[int, Mask] = {}  # a growth begins with frame 0: of what is before, the last one counts
    for frame, mask, number, count in look(condition, context):
        found[max(0, frame)] = mask
        yield number, count
    frames = sorted(found)
    if not frames:
        raise GrowthError("The growth begins after the scene's last frame: let it begin sooner, in Time.")
    kept = [frame for at, frame in enumerate(frames) if not at or found[frame] != found[frames[at - 1]]]
    _keep(condition, MaskTrack(tuple(kept), tuple(found[frame] for frame in kept)), context)


def _look_at_pictures(
    condition: NCA_PG_condition, context: bpy.types.Context
) -> Iterator[tuple[int, Mask, int, int]]:
    """Frame of the growth, mask, number and how many there are, of each picture."""
    image = condition.image
    count = pictures.count_pictures(image)
    opened = pictures.open_again(image) if image.source == "MOVIE" else None
    try:
        for number in range(count):
            grey = pictures.read_picture(opened or image, number, condition.channel)
            mask = _mask(condition, _laid(condition, grey, context), context)
            yield condition.first_frame + number, mask, number + 1, count
    finally:
        if opened is not None:
            bpy.data.images.remove(opened)


def _look_at_frames(
    condition: NCA_PG_condition, context: bpy.types.Context
) -> Iterator[tuple[int, Mask, int, int]]:
    """The same of the scene's frames, which is left in the one in which it was."""
    material, scene = material_of(condition), context.scene
    before, first, last = scene.frame_current, scene.frame_start, scene.frame_end
    try:
        for scene_frame in range(first, last + 1):
            with silent():
                scene.frame_set(scene_frame)
            look_again()
            mask = _mask(condition, _measure(condition, context), context)
            is_before = nca_of(material).clock == "TIMELINE" and scene_frame < nca_of(material).start_frame
            frame = 0 if is_before else frame_of(material, scene_frame)
            yield frame, mask, scene_frame - first + 1, last - first + 1
    finally:
        scene.frame_set(before)
        look_again()


def moves(condition: NCA_PG_condition) -> bool:
    """Whether it is another one from frame to frame, which is recorded in a pass of its own."""
    return has_pictures(condition) or (condition.over_frames and condition.kind in IN_MOTION)


def has_pictures(condition: NCA_PG_condition) -> bool:
    """Whether it is about a sequence or a movie."""
    return condition.kind == "IMAGE" and pictures.moves(condition.image)


def is_outdated(material: bpy.types.Material, context: bpy.types.Context) -> bool:
    """Whether the scene has changed since conditions were recorded of it.

    Nobody looks while it plays, nor at what is animated: that is as it was in the frame in which it was recorded.
    """
    uid = material.session_uid
    if uid not in _outdated:
        if is_playing():
            return False
        owners = owners_of(material, context)
        _outdated[uid] = any(
            one.on
            and not one.problem
            and (
                has_pictures(one) or not any(map(_is_animated, (*owners, one.target))) or _is_unrecorded(one)
            )
            and one.made_of != _made_of(one, context)
            for one in all_conditions(material)
        )
    return _outdated[uid]


def why_outdated(*conditions: NCA_PG_condition) -> str:
    """What to say where `is_outdated` of conditions of a growth."""
    if any(moves(one) for one in conditions):
        return "The scene was changed since, or frames are not recorded yet."
    return "The scene was changed since."


def _is_unrecorded(condition: NCA_PG_condition) -> bool:
    """Whether its frames were not gone through since its settings were changed."""
    return moves(condition) and condition.made_of == _shape_of(condition)


def is_reshaped(condition: NCA_PG_condition) -> bool:
    """Whether a condition was recorded for another grid than the growth has."""
    return not condition.made_of.startswith(_shape_of(condition))


def look_again() -> None:
    """Something in the scene may be another."""
    _parts.clear()
    _outdated.clear()


def forget() -> None:
    """Another file is open."""
    look_again()
    _cells.clear()
    _measured.clear()


def find_cells(material: bpy.types.Material, context: bpy.types.Context) -> Cells:
    """Where the cells of a growth lie. Raises as `read_parts` and `lay_cells` do."""
    parts, digest = _find_parts(material, context)
    nca = nca_of(material)
    key = (digest, nca.height, nca.width, nca.over, nca.wrap, str(mapping_matrix(nca)))
    if key not in _cells:
        _cells[key] = lay_cells(material, parts)
        while len(_cells) > _FEW:
            del _cells[next(iter(_cells))]
    return _cells[key]


def _find_parts(material: bpy.types.Material, context: bpy.types.Context) -> tuple[tuple[Part, ...], str]:
    context.evaluated_depsgraph_get()  # what has changed is told before it is looked at
    uid = material.session_uid
    if uid not in _parts:
        try:
            parts = read_parts(material, context)
            _parts[uid] = parts, describe(parts)
        except SurfaceError as error:
            _parts[uid] = error
    found = _parts[uid]
    if isinstance(found, SurfaceError):
        raise found
    return found


def _is_animated(owner: bpy.types.Object | None) -> bool:
    """Whether an object is another one, or elsewhere, as the scene's frames pass: it, what carries it, or its shape."""
    shape = getattr(owner.data, "shape_keys", None) if owner is not None else None
    if shape is not None and shape.animation_data is not None:
        return True
    while owner is not None:
        animation = owner.animation_data
        moves_itself = animation is not None and (animation.action or len(animation.drivers))
        if moves_itself or owner.find_armature() is not None:
            return True
        owner = owner.parent
    return False


def _values_of(condition: NCA_PG_condition, context: bpy.types.Context) -> Mask:
    if condition.kind != "IMAGE":
        return _mask(condition, _measure(condition, context), context)
    image = condition.image
    if image is None:
        raise GrowthError("Choose its image, or press Paint.")
    if not pictures.moves(image):
        return _mask(
            condition, _laid(condition, pictures.read_still(image, condition.channel), context), context
        )
    opened = pictures.open_again(image) if image.source == "MOVIE" else None
    try:
        grey = pictures.read_picture(opened or image, 0, condition.channel)
    finally:
        if opened is not None:
            bpy.data.images.remove(opened)
    return _mask(condition, _laid(condition, grey, context), context)


def _measure(condition: NCA_PG_condition, context: bpy.types.Context) -> np.ndarray:
    """What a condition of the scene is about: shape (height, width), not a number where no face is."""
    material = material_of(condition)
    cells, nca = find_cells(material, context), nca_of(material)
    # what is painted changes without a word in the digest of a mesh's shape
    is_lasting = condition.kind not in {"ATTRIBUTE", "GROUP"}
    key = (
        condition.kind,
        _settings(condition),
        _find_parts(material, context)[1],
        (nca.height, nca.width, nca.over, str(mapping_matrix(nca))),
        _digest_of_target(condition, context),
    )
    values = _measured.get(key) if is_lasting else None
    if values is None:
        values = fields.measure(condition, cells, context)
        if is_lasting:
            _measured[key] = values
            while len(_measured) > _MOST:
                del _measured[next(iter(_measured))]
    return on_grid(cells, values)


def _settings(condition: NCA_PG_condition) -> tuple[object, ...]:
    """What a field is measured by."""
    named = {
        "SLOT": ("slot",),
        "GRADIENT": ("axis",),
        "FACING": ("facing",),
        "CREVICES": ("reach",),
        "EDGES": ("reach",),
        "RUNS": ("run_count", "run_length", "run_width", "run_seed"),
    }
    return tuple(getattr(condition, name) for name in named.get(condition.kind, ()))


def _laid(condition: NCA_PG_condition, grey: np.ndarray, context: bpy.types.Context) -> np.ndarray:
    """A grey picture on the grid, as the UV map lays it: shape (height, width)."""
    material = material_of(condition)
    nca = nca_of(material)
    grey = np.nan_to_num(grey.astype(np.float64)).clip(0, 1)
    matrix = mapping_matrix(nca)
    if condition.uv_map:
        cells = find_cells(material, context)
        return on_grid(cells, sample(grey, cells.interpolate(_other_uvs(condition, cells, context))))
    if matrix is None:
        return Mask.pack(grey).unpack(nca.height, nca.width).astype(np.float64)
    if not np.linalg.det(matrix):
        raise GrowthError("The growth's picture has no size: see Scale in Coordinates.")
    y, x = np.divmod(np.arange(nca.height * nca.width), nca.width)
    at = np.stack([(x + 0.5) / nca.width, 1 - (y + 0.5) / nca.height], 1)
    back = np.linalg.inv(matrix)
    return sample(grey, at @ back[:2, :2].T + back[:2, 3]).reshape(nca.height, nca.width)


def _other_uvs(condition: NCA_PG_condition, cells: Cells, context: bpy.types.Context) -> list[np.ndarray]:
    found: list[np.ndarray] = []
    uv_map = nca_of(material_of(condition)).uv_map
    for part in cells.parts:
        with as_shown(bpy.data.objects[part.owner], uv_map, context) as mesh:
            uvs = read_coordinates(mesh, condition.uv_map)
        if uvs is None:
            raise GrowthError(f"{part.owner} has no UV map “{condition.uv_map}”: choose another one.")
        found.append(uvs[part.mesh.corners])
    return found


def _mask(condition: NCA_PG_condition, values: np.ndarray, context: bpy.types.Context) -> Mask:
    """How far a condition holds, or how fast cells are by it, as what is kept."""
    material = material_of(condition)
    nca = nca_of(material)
    size, spots = 1.0, None
    if condition.kind != "IMAGE" or condition.ragged:
        try:
            cells = find_cells(material, context)
            size = cells.size
            spots = on_grid(cells, fields.spots_of(condition, cells)) if condition.ragged else None
        except SurfaceError:
            if condition.kind != "IMAGE":
                raise
            # without an object an image is met all the same, with spots in its plane
            y, x = np.divmod(np.arange(nca.height * nca.width), nca.width)
            places = np.stack([x / nca.width, y / nca.height, 0.0 * x], 1)
            spots = noise(places, condition.grain, condition.noise_seed).reshape(nca.height, nca.width)
    if spots is not None:
        spots = fill(spots)
    held = fields.hold(condition, fill(values), size, spots)
    if condition.acts == "SPEED":
        held = condition.least + (1 - condition.least) * held
    return Mask.pack(held)


def _keep(condition: NCA_PG_condition, track: MaskTrack, context: bpy.types.Context) -> None:
    keep(condition, track)
    made_of = _made_of(condition, context)
    if made_of != condition.made_of:
        condition.made_of = made_of
    if condition.problem:
        condition.problem = ""
    _outdated.pop(material_of(condition).session_uid, None)


def _shape_of(condition: NCA_PG_condition) -> str:
    nca = nca_of(material_of(condition))
    return f"{nca.width} {nca.height} {nca.over} {nca.uv_map} {condition.kind} "


def _made_of(condition: NCA_PG_condition, context: bpy.types.Context) -> str:
    """What of the scene a condition is recorded from, to be compared."""
    material = material_of(condition)
    said = _shape_of(condition)
    matrix = mapping_matrix(nca_of(material))
    if matrix is not None:
        said += f"{np.round(matrix, 5).tolist()} "
    if condition.kind in IN_SCENE or condition.uv_map or condition.ragged:
        try:
            said += _find_parts(material, context)[1]
        except SurfaceError:
            said += "nowhere"
    said += _digest_of_target(condition, context)
    if has_pictures(condition):
        image = condition.image
        try:
            said += f" {image.filepath} {condition.first_frame} {pictures.count_pictures(image)}"
        except GrowthError:
            said += " gone"
    return said


def _digest_of_target(condition: NCA_PG_condition, context: bpy.types.Context) -> str:
    target = condition.target
    looks = condition.kind == "DISTANCE" or (condition.kind == "FACING" and condition.facing == "OBJECT")
    if not looks or target is None:
        return ""
    if condition.kind == "FACING":
        return str(np.round(np.array(target.matrix_world)[:3, 3], 5).tolist())
    points, triangles, edges = fields.outline(target, context)
    return digest_of(rounded(points, 1.0), triangles, edges)
