# SPDX-License-Identifier: GPL-3.0-or-later
"""Provenance: what the record of a source was made of, so that it can be told when that is another.

What is said is the same in each frame, and after reload: where things stand is read from keyframes, and from values
only where these have none.
"""

from __future__ import annotations

import hashlib
import os

import bpy
import numpy as np

from ..host.keyframes import curve_state, fcurves_of, simple_values
from ..host.nla import curves_of, nla_state
from ..material.clock import AGE
from ..material.properties import nca_of
from ..surface.meshes import owners_of
from .properties import NCA_PG_wound_source

_PLACE = (
    "location",
    "rotation_mode",
    "rotation_euler",
    "rotation_quaternion",
    "rotation_axis_angle",
    "scale",
    "hide_viewport",
    "instance_type",
    "empty_display_size",
    "empty_display_type",
)
_NOT_SAID = (
    "active",
    "is_active",
    "execution_time",
    "show_expanded",
    "is_valid",
    "is_override_data",
    "use_pin_to_last",
    "persistent_uid",
    "error_location",
    "error_rotation",
)
"""What modifiers and constraints have that no shape or place depends on."""


def objects_of(source: NCA_PG_wound_source) -> list[bpy.types.Object]:
    """The objects that a source is; none where it is no object."""
    if source.kind == "OBJECT":
        return [source.object] if source.object is not None else []
    if source.kind == "COLLECTION" and source.collection is not None:
        return sorted(source.collection.all_objects, key=lambda one: one.name)
    return []


def name_of(source: NCA_PG_wound_source) -> str:
    """What a source is called; empty where it is nothing."""
    if source.kind == "ATTRIBUTE":
        return source.attribute
    named = {"OBJECT": source.object, "COLLECTION": source.collection, "IMAGE": source.image}[source.kind]
    return "" if named is None else named.name


def digest_of(source: NCA_PG_wound_source, material: bpy.types.Material, context: bpy.types.Context) -> str:
    """A hash of what a record of a source depends on: its objects, their animation and shape, and those that grow."""
    nca, scene, seen = nca_of(material), context.scene, set[bpy.types.ID]()
    owners = owners_of(material, context)
    said: list[object] = [
        (source.kind, name_of(source), round(source.distance, 6)),
        (
            nca.width,
            nca.height,
            nca.over,
            nca.wrap,
            nca.uv_map,
            nca.clock,
            nca.course,
            nca.full_frames,
            nca.start_frame,
            *([] if nca.loop is None else [nca.loop]),
        ),
        (scene.frame_start, scene.frame_end),
    ]
    if nca.clock == "AGE":
        curves = [curve_state(curve) for curve in curves_of(material) if curve.data_path == AGE]
        said.append((nca.full_frames, *(curves or (round(nca.age, 6),))))
    if source.kind == "IMAGE":
        said.append(_image(source.image))
    else:
        said += [_object(one, seen) for one in (*owners, *objects_of(source))]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def _image(image: bpy.types.Image | None) -> tuple[object, ...]:
    if image is None:
        return ()
    path = bpy.path.abspath(image.filepath, library=image.library)
    changed = os.stat(path).st_mtime_ns if image.filepath and os.path.exists(path) else 0
    return image.source, image.filepath, changed


def _object(owner: bpy.types.Object, seen: set[bpy.types.ID]) -> tuple[object, ...]:
    if owner in seen:
        return (owner.name,)
    seen.add(owner)
    moving = {curve.data_path for curve in curves_of(owner)}
    if owner.animation_data is not None:
        moving |= {curve.data_path for curve in owner.animation_data.drivers}
    said: list[object] = [owner.name, owner.type]
    said += [_plain(getattr(owner, name)) for name in _PLACE if name not in moving]
    said += _animation(owner)
    for kind, parts in (("modifiers", owner.modifiers), ("constraints", owner.constraints)):
        for part in parts:
            path = f'{kind}["{part.name}"]'
            said.append((part.type, part.name))
            if not any(each.startswith(path) for each in moving):
                said.append(_rounded(simple_values(part, _NOT_SAID)))
            for target in ("object", "target"):
                other = getattr(part, target, None)
                if isinstance(other, bpy.types.Object):
                    said.append(_object(other, seen))
    if owner.rigid_body is not None:
        said.append(_rounded(simple_values(owner.rigid_body)))
    if owner.parent is not None:
        said.append((_rounded(np.array(owner.matrix_parent_inverse).tolist()), _object(owner.parent, seen)))
    if owner.instance_collection is not None and owner.type == "EMPTY":
        said += [_object(one, seen) for one in owner.instance_collection.all_objects]
    if isinstance(owner.data, bpy.types.Mesh):
        said.append(_shape(owner.data))
        if owner.data.shape_keys is not None:
            said += _animation(owner.data.shape_keys)
    elif owner.data is not None:
        said.append(owner.data.name)
    return tuple(said)


def _animation(owner: bpy.types.ID) -> list[object]:
    """Keyframes and drivers, by names: other marks are others after reload."""
    said: list[object] = [curve_state(curve) for curve in fcurves_of(owner)]
    animation = owner.animation_data  # type: ignore[attr-defined]  # objects and shape keys have it
    if animation is None:
        return said
    if len(animation.nla_tracks):
        said += [nla_state(owner), *(curve_state(curve) for curve in curves_of(owner))]
    for curve in animation.drivers:
        said.append((curve.data_path, curve.array_index, curve.driver.type, curve.driver.expression))
        for variable in curve.driver.variables:
            said += [(variable.name, one.id and one.id.name, one.data_path) for one in variable.targets]
    return said


def _shape(mesh: bpy.types.Mesh) -> str:
    positions = np.empty(3 * len(mesh.vertices), np.float32)
    mesh.vertices.foreach_get("co", positions)
    return hashlib.sha256(positions.tobytes() + bytes(str(len(mesh.polygons)), "ascii")).hexdigest()


def _plain(value: object) -> object:
    """A value of an object as text that is the same after reload."""
    return value if isinstance(value, str | int) else _rounded(value)


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 5)
    if isinstance(value, str | int | None):
        return value
    return tuple(_rounded(each) for each in value) if hasattr(value, "__iter__") else repr(type(value))
