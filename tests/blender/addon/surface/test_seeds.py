# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeds: each begins in its own frame and stays where it is on the mesh; the scene says where they are."""

from __future__ import annotations

import bpy
import mathutils
import numpy as np
import pytest

from .test_surface import CELLS, cube, living, on_cube, ray  # noqa: F401  # the fixture


@pytest.fixture
def seeded(growing, cube):  # noqa: F811
    """A growth over the cube, and what tests ask of its seeds."""
    cube.nca.over = "MESH"
    return Seeded(growing, cube)


class Seeded:
    def __init__(self, growing, material):
        self.growing, self.material, self.nca = growing, material, material.nca
        self.seeding = growing.module("addon.surface.seeding")
        self.owner = bpy.context.object

    def places(self):
        """Where the seeds are in the world, to four digits."""
        return self.seeding.places_in_world(self.material, bpy.context).round(4) + 0.0

    def starts(self):
        """(frame, places of the picture) of all seeds, by the frames in which they begin."""
        growth = self.growing.module("addon.material.growth").growth_of(self.material, 99)
        later = growth.environment.plantings if growth.environment else ()
        return [(0, growth.seeds), *later] if growth.seeds.kind != "none" else list(later)

    def read(self, source, **values):
        """Let the growth begin at a source."""
        for name, value in {"seed_source": source, "seeds": "SURFACE", **values}.items():
            setattr(self.nca, name, value)
        return self.places()

    def why(self):
        bpy.context.view_layer.update()
        return self.seeding.why_outdated(self.material, bpy.context)

    def lay_anew(self):
        """Let the islands change places in the UV map."""
        layer = self.owner.data.uv_layers.active
        for each in layer.uv:
            each.vector = mathutils.Vector((1 - each.vector.y, each.vector.x))
        self.owner.data.update()
        assert bpy.ops.nca.update_surface() == {"FINISHED"}


def empty(collection, name, at):
    one = bpy.data.objects.new(name, None)
    one.location = at
    collection.objects.link(one)
    return one


def test_a_seed_with_a_start_begins_in_that_frame_and_the_file_keeps_it(growing, seeded, tmp_path):
    above = ray(None, growing, (0, 0, 5), (0, 0, -1)).at
    below = ray(None, growing, (0, 0, -5), (0, 0, 1)).at
    bpy.ops.nca.plant_seed(at=above)
    bpy.ops.nca.plant_seed(at=below)
    seeded.nca.points[1].start = 4
    assert [frame for frame, _ in seeded.starts()] == [0, 4]
    x, y = (np.array(below) * CELLS).astype(int)
    assert not living(growing, seeded.material, 4)[y, x]  # frame 3 of the growth
    assert living(growing, seeded.material, 5)[y, x]
    bpy.ops.nca.stagger_seeds(first=2, delay=1.5)
    assert [point.start for point in seeded.nca.points] == [2, 4]
    assert not living(growing, seeded.material, 2).any()
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "seeds.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "seeds.blend"), load_ui=False)
    assert [point.start for point in bpy.data.materials["Wood"].nca.points] == [2, 4]


def test_seeds_stay_in_space_through_another_unwrap_and_a_deleted_face_takes_its_own_alone(growing, seeded):
    for origin in ((0.3, 0.2, 5), (0.1, 5, 0.4), (5, 0.2, 0.1)):
        towards = -np.sign(origin) * (np.abs(origin) > 1)
        assert bpy.ops.nca.plant_seed(at=ray(None, growing, origin, towards).at) == {"FINISHED"}
    before, at = seeded.places(), [tuple(point.at) for point in seeded.nca.points]
    np.testing.assert_allclose(before, [(0.3, 0.2, 1), (0.1, 1, 0.4), (1, 0.2, 0.1)], atol=1e-4)
    seeded.lay_anew()
    np.testing.assert_allclose(seeded.places(), before, atol=1e-3)
    assert all(tuple(point.at) != old for point, old in zip(seeded.nca.points, at, strict=True))
    seeded.owner.data.vertices[0].co *= 1.3  # shaped otherwise: by the UV map they are where they were
    bpy.ops.nca.update_surface()
    at = [tuple(point.at) for point in seeded.nca.points]
    assert not seeded.seeding.lost_seeds(seeded.material)

    import bmesh

    shape = bmesh.new()
    shape.from_mesh(seeded.owner.data)
    bmesh.ops.delete(shape, geom=[max(shape.faces, key=lambda f: f.calc_center_median().z)], context="FACES")
    shape.to_mesh(seeded.owner.data)
    shape.free()
    assert bpy.ops.nca.update_surface() == {"FINISHED"}
    assert seeded.seeding.lost_seeds(seeded.material).startswith(
        "Seed 1 lay on a face that is gone: the others"
    )
    assert [tuple(point.at) for point in seeded.nca.points] == at
    assert len(seeded.starts()[0][1].points) == 2
    bpy.ops.nca.forget_lost_seeds()
    assert len(seeded.nca.points) == 2 and not seeded.seeding.lost_seeds(seeded.material)


def test_objects_say_where_a_growth_begins_once_and_one_after_another(growing, seeded, tmp_path):
    collection = bpy.data.collections.new("Starts")
    bpy.context.scene.collection.children.link(collection)
    for number, at in enumerate(((0, 0, 3), (3, 0.5, 0), (0, -3, 0.25))):
        empty(collection, f"Start {number}", at)
    copy = seeded.owner.copy()
    copy.location.x = 20
    bpy.context.scene.collection.objects.link(copy)
    empty(collection, "Start 3", (20.5, 0, -2))  # beside a copy of the object it counts for that
    bpy.context.view_layer.update()
    wanted = [(0, 0, 1), (1, 0.5, 0), (0, -1, 0.25), (0.5, 0, -1)]
    np.testing.assert_allclose(seeded.read("OBJECTS", seed_collection=collection), wanted, atol=1e-4)
    seeded.nca.seed_start, seeded.nca.seed_delay = 3, 2.5
    assert [frame for frame, _ in seeded.starts()] == [3, 6, 8, 11]
    assert seeded.why() == ""
    before = seeded.starts()
    collection.objects["Start 0"].location.y = 0.5
    assert seeded.why() == "What was read has changed since."
    bpy.context.scene.frame_set(5)
    assert seeded.starts() == before  # it is not read while growing
    seeded.lay_anew()
    np.testing.assert_allclose(seeded.places(), wanted, atol=1e-3)
    assert bpy.ops.nca.read_seeds() == {"FINISHED"}
    assert seeded.why() == "" and seeded.places()[0, 1] == pytest.approx(0.5, abs=1e-4)
    before = seeded.starts()
    bpy.data.collections.remove(collection)
    with pytest.raises(RuntimeError, match="Choose a collection"):
        bpy.ops.nca.read_seeds()
    assert seeded.starts() == before
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "seeds.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "seeds.blend"), load_ui=False)
    opened = Seeded(growing, bpy.data.materials["Wood"])
    assert opened.starts() == before
    assert bpy.ops.nca.free_seeds(material="Wood") == {"FINISHED"}
    assert opened.starts() == before and opened.nca.seeds == "POINTS"


def test_curves_marked_edges_points_and_groups_say_where_a_growth_begins(seeded):
    line = bpy.data.curves.new("Line", "CURVE")
    line.dimensions, line.bevel_depth = "3D", 0.2  # it counts as thin
    spline = line.splines.new("POLY")
    spline.points.add(1)
    spline.points[0].co, spline.points[1].co = (-0.8, 0, 2, 1), (0.8, 0, 2, 1)
    path = bpy.data.objects.new("Path", line)
    bpy.context.scene.collection.objects.link(path)
    found = seeded.read("CURVE", seed_curve=path, seed_count=4)
    np.testing.assert_allclose(found, [(x, 0, 1) for x in (-0.6, -0.2, 0.2, 0.6)], atol=1e-4)
    assert "Line" in bpy.data.curves and len(bpy.data.curves) == 1
    mesh = seeded.owner.data
    seeded.read("EDGES", seed_mark="SHARP")
    assert "No edge of Cube is marked" in seeded.why()
    assert len(seeded.places()) == 4  # those that it had
    ring = [edge.index for edge in mesh.edges if all(mesh.vertices[v].co.z > 0 for v in edge.vertices)]
    for index in ring:
        mesh.edges[index].use_edge_sharp = True
    bpy.ops.object.mode_set(mode="EDIT")  # where one marks them
    bpy.ops.nca.read_seeds()
    found = seeded.places()
    bpy.ops.object.mode_set(mode="OBJECT")
    assert (found[:, 2] == 1).all() and sorted(np.abs(found[:, :2]).max(1)) == [1] * 4
    steps = np.linalg.norm(np.roll(found, -1, 0) - found, axis=1)
    np.testing.assert_allclose(steps, np.sqrt(2), atol=1e-4)  # the middles of its sides, around
    for name in ("CREASE", "BEVEL", "ATTRIBUTE"):
        seeded.nca.seed_attribute = "lines"
        named = {"CREASE": "crease_edge", "BEVEL": "bevel_weight_edge", "ATTRIBUTE": "lines"}[name]
        attribute = mesh.attributes.new(named, "BOOLEAN" if name == "ATTRIBUTE" else "FLOAT", "EDGE")
        attribute.data[ring[0]].value = 1
        seeded.nca.seed_mark = name
        assert np.ptp(seeded.places(), axis=0).round(3).tolist().count(0) == 2, name
    group = seeded.owner.vertex_groups.new(name="Top")
    group.add([vertex.index for vertex in mesh.vertices if vertex.co.z > 0], 1.0, "REPLACE")
    seeded.read("GROUP", seed_group="Top", seed_start=2)
    ((frame, mask),) = seeded.starts()
    # all of the top, and the upper halves of the four sides
    assert frame == 2
    assert (mask.mask.unpack(CELLS, CELLS) > 0.5).sum() == pytest.approx(3 * (CELLS / 4) ** 2, rel=0.2)
    bpy.ops.mesh.primitive_plane_add(location=(0, 0, 2))
    owner = bpy.context.object
    found = seeded.read("POINTS", seed_object=owner)
    assert sorted(found.tolist()) == [[x, y, 1.0] for x in (-1.0, 1.0) for y in (-1.0, 1.0)]
    particles = owner.modifiers.new("Particles", "PARTICLE_SYSTEM").particle_system
    particles.settings.count, particles.settings.type = 3, "HAIR"
    bpy.ops.nca.read_seeds(material="Wood")
    assert len(seeded.places()) == 3


def test_strewn_seeds_follow_the_surface_not_its_uv_map_and_more_keep_those_that_were(seeded):
    layer = seeded.owner.data.uv_layers.active
    for loop in seeded.owner.data.polygons[0].loop_indices:
        layer.uv[loop].vector = layer.uv[loop].vector * 0.1  # a small island for as large a face
    few = seeded.read("DENSITY", seed_density=5.0)
    assert len(few) == 120
    sides = (np.abs(few) > 0.999).astype(int) * np.sign(few).astype(int)
    counts = np.unique(sides[np.abs(sides).sum(1) == 1], axis=0, return_counts=True)[1]
    assert len(counts) == 6 and counts.min() >= 12
    many = seeded.read("DENSITY", seed_density=20.0)
    np.testing.assert_array_equal(many[:120], few)
    away = np.linalg.norm(many[:, None] - many[None], axis=2) + 9 * np.eye(len(many))
    assert away.min() > 0.04  # by chance alone, some of so many lie within 0.01
    seeded.nca.seed_density = 1e6
    assert "choose a density of" in seeded.nca.seeds_problem and len(seeded.places()) == 480
    seeded.nca.over = "PICTURE"
    seeded.nca.random_seed, seeded.nca.seed_density = 1, 5.0
    assert len(seeded.places()) == 120 and not np.array_equal(seeded.places(), few)
