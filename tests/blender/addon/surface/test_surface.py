# SPDX-License-Identifier: GPL-3.0-or-later
"""Surface: a growth lives on the mesh, over its seams, from where one clicks, and its picture is the same again."""

from __future__ import annotations

import bpy
import mathutils
import numpy as np
import pytest

CELLS = 48
COVERED = 40
"""Frames after which the tiny model has run over the whole cube."""


@pytest.fixture
def cube(growing):
    """A material that grows over a cube with six islands, from the middle of each shell."""
    material = growing.material(width=CELLS, height=CELLS, pixels_per_cell=1, wrap=False)
    bpy.data.objects.remove(bpy.context.object)
    return on_cube(material, "Cube")


def on_cube(material, name, x=0.0):
    """Show a material by a cube whose faces lie apart in its UV map."""
    bpy.ops.mesh.primitive_cube_add(location=(x, 0, 0))
    owner = bpy.context.object
    owner.name = owner.data.name = name
    for number, polygon in enumerate(owner.data.polygons):
        corner = np.array([number % 3, number // 3]) / 3 + 0.04
        for loop, at in zip(polygon.loop_indices, ((0, 0), (1, 0), (1, 1), (0, 1)), strict=True):
            owner.data.uv_layers.active.uv[loop].vector = corner + 0.25 * np.array(at)
    owner.data.materials.append(material)
    return material


def living(growing, material, frame=COVERED):
    """Which pixels of a frame are covered: bool, row 0 at the bottom."""
    bpy.context.scene.frame_set(frame)
    return growing.pixels(material)[0][..., 3] > 0.1


def ray(material_or_none, growing, origin, towards):
    places = growing.module("addon.surface.places")
    return places.place_along(bpy.context, mathutils.Vector(origin), mathutils.Vector(towards))


def test_a_growth_from_one_click_runs_over_every_seam(growing, cube):
    nca = cube.nca
    nca.over = "MESH"
    found = ray(cube, growing, (0, 0, 5), (0, 0, -1))
    assert found.material == cube
    assert bpy.ops.nca.plant_seed(at=found.at) == {"FINISHED"}
    seeding = growing.module("addon.surface.seeding")
    np.testing.assert_allclose(seeding.places_in_world(cube, bpy.context), [(0, 0, 1)], atol=1e-5)
    picture = growing.module("addon.playback.picture").picture_of(cube)
    first, last = living(growing, cube, 3), living(growing, cube)
    assert picture.problem == ""
    parts = [(slice(CELLS // 3 * row, CELLS // 3 * (row + 1)), slice(CELLS // 3 * column, CELLS // 3 * (column + 1)))
             for row in range(2) for column in range(3)]  # fmt: skip
    assert sum(first[part].any() for part in parts) == 1
    assert all(last[part].sum() > 100 for part in parts)
    nca.over = "PICTURE"  # where it ends at the seams, cells between the islands grow as well
    assert living(growing, cube)[2 * CELLS // 3 :].any()


def test_the_same_picture_after_saving(growing, cube, tmp_path):
    cube.nca.over = "MESH"
    bpy.context.scene.frame_set(9)
    before = growing.pixels(cube)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "mesh.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "mesh.blend"), load_ui=False)
    material = bpy.data.materials["Wood"]
    np.testing.assert_array_equal(growing.pixels(material), before)


def test_a_changed_mesh_is_told_and_taken_with_one_click(growing, cube):
    outdated = growing.module("addon.surface.outdated")
    cube.nca.over = "MESH"
    owner = bpy.context.object
    owner.location.x = 3  # it is the same mesh there, and larger
    owner.scale = (2, 2, 2)
    bpy.context.view_layer.update()
    outdated.look_again()
    assert not outdated.is_outdated(cube, bpy.context)
    before = cube.nca.surface
    for polygon in owner.data.polygons[:1]:
        for loop in polygon.loop_indices:
            owner.data.uv_layers.active.uv[loop].vector.x += 0.01
    owner.data.update()
    owner.data.vertices[0].co.x -= 0.5
    owner.data.update()
    bpy.context.view_layer.update()
    assert outdated.is_outdated(cube, bpy.context)
    assert cube.nca.surface == before
    assert bpy.ops.nca.update_surface() == {"FINISHED"}
    assert not outdated.is_outdated(cube, bpy.context)
    assert cube.nca.surface != before


def test_another_grid_is_another_surface_by_itself(growing, cube):
    cube.nca.over = "MESH"
    cube.nca.width = 64
    bpy.context.scene.frame_set(4)
    assert growing.pixels(cube).shape == (2, CELLS, 64, 4)


def test_each_object_that_shows_the_material_grows_and_touching_ones_grow_together(growing, cube):
    on_cube(cube, "Other", x=5.0)
    other = bpy.context.object
    for each in other.data.uv_layers.active.uv:
        each.vector = each.vector * 0.9 + mathutils.Vector((0, 0.32))  # the free part of the square
    cube.nca.over = "MESH"
    surface = growing.module("addon.material.kept_surface")
    apart = surface.read_surface(cube.nca)
    assert len(set(apart.shell.tolist())) == 2
    linked = other.copy()
    bpy.context.collection.objects.link(linked)  # the same mesh again
    faces = growing.module("addon.surface.faces")
    assert len(faces.owners_of(cube, bpy.context)) == 2


@pytest.mark.parametrize("fault", ["no UV map", "no object", "no face", "UV map gone"])
def test_what_cannot_be_grown_over_is_said_and_nothing_is_lost(growing, cube, fault):
    owner = bpy.context.object
    if fault == "no UV map":
        owner.data.uv_layers.remove(owner.data.uv_layers[0])
    elif fault == "no object":
        bpy.data.objects.remove(owner)
    elif fault == "no face":
        owner.data.materials.append(bpy.data.materials.new("Stone"))
        for polygon in owner.data.polygons:
            polygon.material_index = 1
    else:
        cube.nca.uv_map = "Gone"
    cube.nca.over = "MESH"
    with pytest.raises(growing.module("automaton.growth").GrowthError) as told:
        growing.module("addon.material.growth").growth_of(cube, 3)
    wanted = {
        "no UV map": "Cube has no UV map: press Growth UV",
        "no object": "No object of this scene",
        "no face": "No face of Cube has Wood",
        "UV map gone": "no UV map “Gone”",
    }
    assert wanted[fault] in str(told.value)
    with pytest.raises(RuntimeError, match=wanted[fault].split(":")[0]):
        bpy.ops.nca.update_surface(material="Wood")
    cube.nca.over, cube.nca.uv_map = "PICTURE", ""
    bpy.context.scene.frame_set(4)
    assert growing.shows(cube, 4)


def test_clicks_beside_a_growth_say_what_is_there(growing, cube):
    assert "Nothing is there" in ray(None, growing, (5, 5, 5), (0, 0, 1))
    bpy.ops.mesh.primitive_plane_add(location=(0, 0, 3))
    assert "Nothing grows" in ray(None, growing, (0, 0, 5), (0, 0, -1))
