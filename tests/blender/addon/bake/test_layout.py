# SPDX-License-Identifier: GPL-3.0-or-later
"""Layout: pictures that are baked for another UV map than the one that the growth lives on."""

from __future__ import annotations

import bpy
import mathutils
import numpy as np
import pytest

from blender_nca.maps.sequence import frame_path
from tests.pictures import read_png


def uvs(owner, name):
    """Where the corners of a mesh lie on a UV map: shape (corners, 2)."""
    values = np.empty(2 * len(owner.data.loops), np.float32)
    owner.data.uv_layers[name].uv.foreach_get("vector", values)
    return values.reshape(-1, 2)


def test_a_bake_for_the_artists_uv_map_has_the_same_colours_on_the_surface(growing, tmp_path):
    material = growing.material(width=64, height=64, pixels_per_cell=4, wrap=False)
    bpy.data.objects.remove(bpy.context.object)
    bpy.ops.mesh.primitive_uv_sphere_add(segments=16, ring_count=8)
    owner, nca = bpy.context.object, material.nca
    owner.data.materials.append(material)
    for each in owner.data.uv_layers["UVMap"].uv:
        each.vector = each.vector * 0.9 + mathutils.Vector((0.05, 0.05))
    assert bpy.ops.nca.growth_uv() == {"FINISHED"}
    nca.seeds = "SCATTERED"
    nca.bake_start = nca.bake_end = 30
    bpy.context.scene.frame_set(30)
    live = growing.pixels(material)[0]
    nca.bake_folder, nca.bake_uv = str(tmp_path / "baked"), "UVMap"
    assert bpy.ops.nca.bake() == {"FINISHED"}
    assert nca.uv_map == "UVMap"
    baked = read_png(frame_path(tmp_path / "baked", "Wood", "linear_base_colour", 30))[::-1]
    random = np.random.default_rng(0)
    faces = owner.data.polygons
    pairs = []
    for face in random.choice(len(faces), 60):
        loops = list(faces[int(face)].loop_indices)
        weights = random.dirichlet(np.full(len(loops), 3.0))
        colours = [
            look_up(picture, weights @ uvs(owner, name)[loops])
            for picture, name in ((live, "Growth"), (baked, "UVMap"))
        ]
        pairs.append(colours)
    one, other = np.moveaxis(np.array(pairs), 1, 0)
    apart = np.median(np.abs(one - other).max(1)), np.median(np.abs(one - other[::-1]).max(1))
    assert apart[0] < 0.01 and apart[1] > 8 * apart[0], apart
    assert live[..., 3].max() > 0.5
    assert bpy.ops.nca.free_bake() == {"FINISHED"}
    assert (nca.uv_map, nca.is_laid_out) == ("Growth", False)
    for each in owner.data.uv_layers["UVMap"].uv:
        each.vector.x += 1
    with pytest.raises(RuntimeError, match="outside the square of “UVMap”"):
        bpy.ops.nca.bake()


def look_up(picture, uv):
    """A picture's values at a point of the UV square, row 0 at the bottom."""
    high, wide = picture.shape[:2]
    x, y = uv[0] * wide - 0.5, uv[1] * high - 0.5
    left, low = int(x), int(y)
    right, up = x - left, y - low
    return (1 - up) * ((1 - right) * picture[low, left] + right * picture[low, left + 1]) + up * (
        (1 - right) * picture[low + 1, left] + right * picture[low + 1, left + 1]
    )
