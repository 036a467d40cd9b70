# SPDX-License-Identifier: GPL-3.0-or-later
"""Directions: a growth on a mesh points where its object, curve, attribute or comb says, and stays without them."""

from __future__ import annotations

import math

import bpy
import mathutils
import numpy as np
import pytest

CELLS = 48


@pytest.fixture
def plane(growing):
    """A material that grows over a plane of 16 x 16 faces from -1 to 1, along UV, and its object."""
    material = growing.material(width=CELLS, height=CELLS, pixels_per_cell=1, wrap=False)
    bpy.data.objects.remove(bpy.context.object)
    bpy.ops.mesh.primitive_grid_add(x_subdivisions=16, y_subdivisions=16, size=2)
    owner = bpy.context.object
    owner.data.materials.append(material)
    material.nca.direction = "UV"
    material.nca.over = "MESH"
    return material, owner


class Directions:
    """What a growth on a mesh shows of its directions."""

    def __init__(self, growing):
        self.growing = growing

    def ways(self, material):
        """Where the cells lie and their ups, in the world."""
        faces = self.growing.module("addon.surface.faces").faces_of(material, "", bpy.context)
        surface = self.growing.module("addon.material.kept_surface").read_surface(material.nca)
        found = self.growing.module("automaton.surface_ways").find_ways(
            surface, faces.positions, faces.triangles, faces.uvs
        )
        return found.places, found.ups

    def error(self, material, wanted) -> float:
        """Degrees between the ups and those that a function of the places says: the largest away from its poles."""
        places, ups = self.ways(material)
        said = np.broadcast_to(np.asarray(wanted(places), float), places.shape)
        length = np.linalg.norm(said, axis=1)
        cosine = (said * ups).sum(1)[length > 0.3] / length[length > 0.3]
        return float(np.degrees(np.arccos(cosine.clip(-1, 1))).max())

    def why(self, material) -> str:
        bpy.context.view_layer.update()
        outdated = self.growing.module("addon.surface.outdated")
        outdated.look_again()
        return outdated.why_outdated(material, bpy.context)


@pytest.fixture
def directions(growing):
    return Directions(growing)


def put_empty(at, **how):
    empty = bpy.data.objects.new("Guide", None)
    empty.location = at
    for name, value in how.items():
        setattr(empty, name, value)
    bpy.context.collection.objects.link(empty)
    bpy.context.view_layer.update()
    return empty


def test_a_growth_points_along_axes_and_to_and_around_objects_and_follows_them(plane, directions):
    material, owner = plane
    nca = material.nca
    owner.rotation_euler.z = math.radians(30)
    bpy.context.view_layer.update()
    nca.direction = "Y"
    assert directions.error(material, lambda p: (0, 1, 0)) < 1
    nca.direction_space = "OBJECT"
    own = np.array([-math.sin(math.radians(30)), math.cos(math.radians(30)), 0])
    assert directions.error(material, lambda p: own) < 1
    nca.direction_angle = math.radians(90)
    assert directions.error(material, lambda p: np.cross((0, 0, 1), own)) < 1
    nca.direction_angle = 0.0
    owner.rotation_euler.z = 0.0
    assert directions.why(material) == ""  # it turns with the object
    empty = put_empty((0.3, 0.4, 0.5), rotation_euler=(0, math.radians(90), 0))
    nca.direction_object = empty
    nca.direction = "TOWARD"
    assert directions.error(material, lambda p: (0.3, 0.4, 0) - p) < 10
    nca.direction_axis = "X"
    nca.direction = "AROUND"  # its X points down
    assert directions.error(material, lambda p: np.cross((0, 0, -1), p - (0.3, 0.4, 0))) < 10
    assert directions.why(material) == ""
    empty.location.x = -0.3
    assert directions.why(material) == "What the growth points along was changed since."
    assert bpy.ops.nca.update_surface() == {"FINISHED"}
    assert directions.error(material, lambda p: np.cross((0, 0, -1), p - (-0.3, 0.4, 0))) < 10


@pytest.mark.parametrize("kind", ["BEZIER", "NURBS", "thick", "filled"])
def test_a_growth_runs_along_a_curve(plane, directions, kind):
    material, _ = plane
    curve = bpy.data.curves.new("Guide", "CURVE")
    curve.dimensions = "2D" if kind == "filled" else "3D"
    ring = np.array([(math.cos(a), math.sin(a), 0) for a in np.linspace(0, math.tau, 8, endpoint=False)])
    spline = curve.splines.new("NURBS" if kind == "NURBS" else "BEZIER")
    if kind == "NURBS":
        spline.points.add(7)
        spline.points.foreach_set("co", np.c_[ring * 0.8, np.ones(8)].reshape(-1))
        spline.order_u = 4
    else:
        spline.bezier_points.add(7)
        spline.bezier_points.foreach_set("co", (ring * 0.8).reshape(-1))
        for point in spline.bezier_points:
            point.handle_left_type = point.handle_right_type = "AUTO"
    spline.use_cyclic_u = True
    if kind == "thick":
        curve.bevel_depth = 0.1
    guide = bpy.data.objects.new("Guide", curve)
    bpy.context.collection.objects.link(guide)
    bpy.context.view_layer.update()
    held = len(bpy.data.objects), len(bpy.data.curves)
    material.nca.direction_curve = guide
    material.nca.direction = "CURVE"
    assert directions.error(material, lambda p: np.cross((0, 0, 1), p)) < 10
    assert (len(bpy.data.objects), len(bpy.data.curves)) == held
    assert directions.why(material) == ""
    guide.data.transform(mathutils.Matrix.Scale(0.5, 4, (1, 0, 0)))
    guide.data.update_tag()
    assert "points along was changed" in directions.why(material)


@pytest.mark.parametrize("domain", ["POINT", "FACE", "CORNER"])
def test_attributes_of_any_domain_say_vectors_and_angles(plane, directions, domain):
    material, owner = plane
    vectors = owner.data.attributes.new("Way", "FLOAT_VECTOR", domain)
    vectors.data.foreach_set("vector", np.tile((0.6, 0.8, 0.0), len(vectors.data)))
    angles = owner.data.attributes.new("Angle", "FLOAT", domain)
    angles.data.foreach_set("value", np.full(len(angles.data), 0.5))
    material.nca.direction_attribute = "Way"
    material.nca.direction = "ATTRIBUTE"
    assert directions.error(material, lambda p: (0.6, 0.8, 0)) < 1
    bpy.ops.object.mode_set(mode="EDIT")
    material.nca.direction_attribute = "Angle"
    assert directions.error(material, lambda p: (-math.sin(0.5), math.cos(0.5), 0)) < 1
    bpy.ops.object.mode_set(mode="OBJECT")
    angles = owner.data.attributes["Angle"]
    angles.data.foreach_set("value", np.full(len(angles.data), -0.5))
    owner.data.update()
    assert "points along was changed" in directions.why(material)


def test_what_is_combed_begins_as_it_was_is_kept_and_turns_where_the_comb_went(
    plane, directions, growing, tmp_path
):
    material, owner = plane
    nca = material.nca
    nca.direction_angle = 0.5
    before = nca.surface
    nca.direction = "COMBED"
    assert nca.direction_angle == 0.0
    assert directions.error(material, lambda p: (-math.sin(0.5), math.cos(0.5), 0)) < 1
    stroke = growing.module("addon.surface.stroke").Stroke(owner, np.array(owner.matrix_world))
    for x in np.arange(-0.6, 0.6, 0.075):
        stroke.comb(np.array([x, 0, 0]), np.array([1.0, 0, 0.3]), np.array([0, 0, 1.0]), 0.3, 1.0)
    stroke.keep()
    assert "points along was changed" in directions.why(material)
    assert bpy.ops.nca.update_surface() == {"FINISHED"}
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "combed.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "combed.blend"), load_ui=False)
    material = bpy.data.materials["Wood"]
    assert directions.why(material) == ""
    places, ups = directions.ways(material)
    inside = (np.abs(places[:, 0]) < 0.4) & (np.abs(places[:, 1]) < 0.05)
    far = np.abs(places[:, 1]) > 0.5
    assert (ups[inside] @ (1, 0, 0)).min() > math.cos(math.radians(10))
    assert (ups[far] @ (-math.sin(0.5), math.cos(0.5), 0)).min() > math.cos(math.radians(3))
    assert material.nca.surface != before


@pytest.mark.parametrize(
    "fault", ["no object", "object deleted", "no curve", "attribute gone", "wrong attribute"]
)
def test_what_is_missing_is_said_and_the_last_surface_stays(plane, directions, growing, fault):
    material, owner = plane
    nca = material.nca
    if fault in {"no object", "object deleted"}:
        nca.direction_object = put_empty((1, 2, 3))
        nca.direction = "TOWARD"
        before = nca.surface
        if fault == "no object":
            nca.direction_object = None
        else:
            bpy.ops.object.select_all(action="DESELECT")
            nca.direction_object.select_set(True)
            bpy.ops.object.delete()
    else:
        nca.direction_attribute = "Way"
        owner.data.attributes.new("Way", "FLOAT_VECTOR", "POINT").data.foreach_set(
            "vector", np.tile((0.6, 0.8, 0.0), len(owner.data.vertices))
        )
        nca.direction = "ATTRIBUTE"
        before = nca.surface
        if fault == "no curve":
            nca.direction = "CURVE"
        else:
            owner.data.attributes.remove(owner.data.attributes["Way"])
            if fault == "wrong attribute":
                owner.data.attributes.new("Way", "INT", "POINT")
    wanted = {
        "no object": "No object is chosen toward which",
        "object deleted": "Guide, toward which the growth points, is not in this scene",
        "no curve": "No curve is chosen along which",
        "attribute gone": "has no attribute “Way”: make it",
        "wrong attribute": "has no attribute “Way” of vectors or of numbers on points",
    }[fault]
    assert wanted in directions.why(material)
    with pytest.raises(RuntimeError, match=wanted.split(":")[0]):
        bpy.ops.nca.update_surface(material=material.name)
    assert nca.surface == before
    bpy.context.scene.frame_set(4)
    assert growing.shows(material, 4)
