# SPDX-License-Identifier: GPL-3.0-or-later
"""Pieces come up where the growth gets to, and a bake shows the same ones."""

from __future__ import annotations

import bpy
import numpy as np
import pytest

KINDS = ("MOSS", "CRYSTALS", "BARNACLES", "FLAKES")


def pieces(frame: int) -> np.ndarray:
    """Where pieces are at a frame of the scene, and how large: (pieces, 4, 4), by their places."""
    bpy.context.scene.frame_set(frame)
    found = [
        np.array(one.matrix_world)
        for one in bpy.context.evaluated_depsgraph_get().object_instances
        if one.is_instance
    ]
    return np.array(sorted(found, key=lambda one: tuple(one[:3, 3]))).reshape(-1, 4, 4)


def sizes(placed: np.ndarray) -> np.ndarray:
    return np.linalg.norm(placed[:, :3, 0], axis=1)


@pytest.fixture
def grown(growing, tmp_path) -> bpy.types.Material:
    """A growth that begins in the middle, on a plane with all kinds of pieces."""
    bpy.context.scene.frame_end = 20
    material = growing.material(
        width=32, height=32, front=4.0, bake_start=1, bake_end=12, bake_folder=str(tmp_path / "baked")
    )
    for kind in KINDS:
        assert bpy.ops.nca.add_geometry(kind=kind) == {"FINISHED"}
    return material


def test_pieces_come_up_as_the_growth_reaches_them_and_a_bake_has_the_same(grown, tmp_path):
    early, late = pieces(4), pieces(12)
    assert 0 < len(early) < len(late)
    away = [np.abs(placed[:, :2, 3]).max() for placed in (early, late)]
    assert away[0] < away[1] and away[0] < 0.9, "they begin where it does"
    # the oldest have come up whole, those at the front have not
    at = np.linalg.norm(late[:, :2, 3], axis=1)
    assert sizes(late)[at < 0.3].mean() > sizes(late)[at > np.quantile(at, 0.9)].mean()
    assert bpy.ops.nca.bake() == {"FINISHED"} and grown.nca.baked
    np.testing.assert_allclose(pieces(12), late, atol=1e-4)
    np.testing.assert_allclose(pieces(4), early, atol=1e-4)
    assert bpy.ops.nca.free_bake() == {"FINISHED"}
    np.testing.assert_allclose(pieces(12), late, atol=1e-6)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "grown.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "grown.blend"))
    np.testing.assert_allclose(pieces(12), late, atol=1e-6, err_msg="opened again")


def test_what_cannot_bear_pieces_says_so(growing):
    material = growing.material()
    bpy.ops.object.empty_add()
    with pytest.raises(RuntimeError, match="select an object with a mesh"):
        bpy.ops.nca.add_geometry(kind="MOSS", material=material.name)
    bpy.ops.mesh.primitive_plane_add(calc_uvs=False)
    bpy.context.object.data.materials.append(material)
    with pytest.raises(RuntimeError, match="unwrap it first"):
        bpy.ops.nca.add_geometry(kind="MOSS")


def test_pieces_have_the_colours_of_the_growth_s_look(growing, tmp_path):
    """In the colours that its material shows, live and of a bake, and again as it grew."""
    material = growing.material(
        seeds="SCATTERED", bake_start=1, bake_end=5, bake_folder=str(tmp_path / "baked"), wrap=False
    )
    plane, nca = bpy.context.object, material.nca
    building = growing.module("addon.geometry.building")
    tree = growing.module("addon.geometry.maps").ensure(material, "UVMap")
    shape = {"Geometry": "NodeSocketGeometry"}
    built = building.Building("Colours", {"Geometry": building.Input("NodeSocketGeometry")}, shape)
    fine = built.add("GeometryNodeSubdivideMesh", built.inputs["Geometry"], 3)
    colour = built.inner(tree).outputs["Colour"]
    built.give_out(Geometry=built.store(fine, "colour", colour, "FLOAT_COLOR", "CORNER"))
    plane.modifiers.new("Colours", "NODES").node_group = built.tree

    def colours() -> np.ndarray:
        bpy.context.scene.frame_set(5)
        data = plane.evaluated_get(bpy.context.evaluated_depsgraph_get()).data.attributes["colour"].data
        found = np.empty(4 * len(data), np.float32)
        data.foreach_get("color", found)
        return found.reshape(-1, 4)[:, :3]

    plain = colours()
    nca.looks = True
    nca.look_hue, nca.look_saturation, nca.look_value, nca.look_contrast = -2.0, 0.7, 1.3, 1.4
    (look,) = growing.module("addon.material.look").looks_seen(material, [5])
    wanted = look.recolour(plain)
    assert abs(wanted - plain).max() > 0.1
    np.testing.assert_allclose(colours(), wanted, atol=1e-4)
    assert bpy.ops.nca.bake() == {"FINISHED"}
    baked, filtered = colours(), 0.05  # files are changed before they are filtered
    assert np.quantile(abs(baked - wanted), 0.8) < filtered and not np.allclose(baked, plain, atol=0.1)
    assert bpy.ops.nca.free_bake() == {"FINISHED"}
    nca.looks = False
    np.testing.assert_array_equal(colours(), plain)
    assert len(tree.animation_data.drivers) == 0, "no driver is left of the nodes that went"


def test_pieces_on_a_baked_loop_come_again_with_it(grown):
    grown.nca.course, grown.nca.full_frames, grown.nca.loop_frames, grown.nca.loop_fade = "LOOP", 6, 4, 1
    live = {frame: pieces(frame) for frame in (7, 10)}
    assert not np.array_equal(live[7], live[10])
    assert bpy.ops.nca.bake() == {"FINISHED"} and grown.nca.baked_loop
    for frame, shown in ((7, 7), (10, 10), (11, 7), (2, 10)):
        np.testing.assert_allclose(pieces(frame), live[shown], atol=1e-4, err_msg=str(frame))
