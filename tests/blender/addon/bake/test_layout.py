# SPDX-License-Identifier: GPL-3.0-or-later
"""Layout: pictures that are baked for another UV map than the one that the growth lives on."""

from __future__ import annotations

from pathlib import Path

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
    baked = {1001: read_png(frame_path(tmp_path / "baked", "Wood", "linear_base_colour", 30))[::-1]}
    check_colours(owner, live, baked)
    assert live[..., 3].max() > 0.5
    assert bpy.ops.nca.free_bake() == {"FINISHED"}
    assert (nca.uv_map, nca.is_laid_out) == ("Growth", False)
    for face in owner.data.polygons:
        for loop in face.loop_indices:
            owner.data.uv_layers["UVMap"].uv[loop].vector.x += float(face.center.z > 0)
    check_udim_tiles(growing, material, owner, live)
    owner.data.uv_layers["UVMap"].uv[0].vector.x += 1
    with pytest.raises(RuntimeError, match="lie over the border"):
        bpy.ops.nca.bake()


def check_udim_tiles(growing, material, owner, live):
    """What lies on two UDIM tiles is baked to a file for each, which Blender shows, misses and finds as one picture."""
    nca = material.nca
    with pytest.raises(RuntimeError, match="Blender shows no sequences"):
        bpy.ops.nca.bake()
    nca.bake_layout, nca.bake_frame = "STILL", 30
    assert bpy.ops.nca.bake() == {"FINISHED"}
    folder = Path(nca.bake_folder)
    files = {tile: frame_path(folder, "Wood", "linear_base_colour", 30, tile) for tile in (1001, 1002)}
    assert files[1002].name == "Wood_linear_base_colour_0030.1002.png"
    check_colours(owner, live, {tile: read_png(path)[::-1] for tile, path in files.items()})
    (image,) = (one for one in bpy.data.images if "linear_base" in one.filepath)
    assert (image.source, [tile.number for tile in image.tiles]) == ("TILED", [1001, 1002])
    assert image.filepath.endswith("Wood_linear_base_colour_0030.<UDIM>.png")
    assert [tuple(tile.size) for tile in image.tiles] == 2 * [(256, 256)], "Blender reads both files"
    missing = growing.module("addon.bake.missing")
    assert missing.missing(material, is_new=True) is None
    assert set(files.values()) <= {path for paths in missing.files_of(material).values() for path in paths}
    assert growing.module("addon.bake.owners").Owners(material).here(folder, "Wood") == []
    files[1002].unlink()
    assert missing.missing(material, is_new=True).sentence.startswith("All baked frames")
    assert bpy.ops.nca.bake() == {"FINISHED"} and files[1002].is_file(), "it is baked again"
    assert bpy.ops.nca.free_bake() == {"FINISHED"}


def check_colours(owner, live, baked):
    """Points of the surface have the same colours by both UV maps; `baked` is tile -> its picture."""
    random = np.random.default_rng(0)
    faces = owner.data.polygons
    pairs = []
    for face in random.choice(len(faces), 60):
        loops = list(faces[int(face)].loop_indices)
        weights = random.dirichlet(np.full(len(loops), 3.0))
        place = weights @ uvs(owner, "UVMap")[loops]
        tile = 1001 + int(place[0])
        colours = look_up(baked[tile], place - [tile - 1001, 0])
        pairs.append([look_up(live, weights @ uvs(owner, "Growth")[loops]), colours])
    one, other = np.moveaxis(np.array(pairs), 1, 0)
    apart = np.median(np.abs(one - other).max(1)), np.median(np.abs(one - other[::-1]).max(1))
    assert apart[0] < 0.01 and apart[1] > 8 * apart[0], apart


def look_up(picture, uv):
    """A picture's values at a point of the UV square, row 0 at the bottom."""
    high, wide = picture.shape[:2]
    x, y = uv[0] * wide - 0.5, uv[1] * high - 0.5
    left, low = int(x), int(y)
    right, up = x - left, y - low
    return (1 - up) * ((1 - right) * picture[low, left] + right * picture[low, left + 1]) + up * (
        (1 - right) * picture[low + 1, left] + right * picture[low + 1, left + 1]
    )
