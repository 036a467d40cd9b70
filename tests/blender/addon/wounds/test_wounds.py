# SPDX-License-Identifier: GPL-3.0-or-later
"""Wounds: cells die in the frames in which something touches them, there alone, and what was recorded stays."""

from __future__ import annotations

from types import SimpleNamespace

import bpy
import mathutils
import numpy as np
import pytest

from ..surface.test_surface import CELLS, on_cube


@pytest.fixture
def cube(growing):
    """A material that grows over a cube of 2 m in the middle of the world, over ten frames."""
    material = growing.material(width=CELLS, height=CELLS, pixels_per_cell=1, wrap=False, seeds="SCATTERED")
    bpy.data.objects.remove(bpy.context.object)
    on_cube(material, "Cube")
    material.nca.over = "MESH"
    bpy.context.scene.frame_end = 10
    return material


def seen(growing, material):
    """Number and place in space of each cell that is seen."""
    [part] = growing.module("addon.wounds.cells").cells_of(material, bpy.context).parts
    return part.layout.number, part.places()


def wounds(growing, material):
    """Frame of the growth -> numbers of the cells that die in it."""
    environment = growing.module("addon.material.growth").growth_of(material, 5).environment
    track = environment and environment.wounds
    if not track:
        return {}
    return {f: np.flatnonzero(track.at(f).unpack(CELLS, CELLS) > 0.5).tolist() for f in track.frames}


def numbers_where(growing, material, is_touched):
    number, at = seen(growing, material)
    return np.unique(number[is_touched(at)]).tolist()


def states(growing, material):
    """What the panel says of each source."""
    recording = growing.module("addon.wounds.recording")
    recording.look_again()
    sources = material.nca.wound_sources
    return [recording.state_of(source, material, bpy.context) for source in sources]


def moving_ball(growing):
    """A solid ball that is halfway in the cube's top in frame 5 alone."""
    bpy.ops.mesh.primitive_uv_sphere_add(radius=0.5, location=(0, 0, 3), segments=64, ring_count=32)
    ball = bpy.context.object
    ball.name = "Ball"
    for frame, z in ((1, 3.0), (5, 1.0), (6, 9.0)):
        ball.location.z = z
        ball.keyframe_insert("location", frame=frame)
    for curve in growing.module("addon.host.keyframes").fcurves_of(ball):
        for point in curve.keyframe_points:
            point.interpolation = "CONSTANT"
    return ball


def test_the_brush_wounds_what_is_near_in_space_over_every_seam_in_its_frame(growing, cube):
    bpy.context.scene.frame_set(8)
    assert bpy.ops.nca.wound_here(at=(1, 1, 1), radius=0.6) == {"FINISHED"}  # the corner of three islands
    near = numbers_where(growing, cube, lambda at: np.linalg.norm(at - 1, axis=1) <= 0.6)
    assert wounds(growing, cube) == {7: near}
    surface = growing.module("addon.material.kept_surface").read_surface(cube.nca)
    assert len(set(surface.island.reshape(-1)[near].tolist())) == 3
    assert cube.nca.wounds[0].share == pytest.approx(len(near) / surface.on.sum())
    bpy.context.scene.frame_set(8)
    assert growing.shows(cube, 8)
    shown = growing.pixels(cube)[0][::-1, :, 3].reshape(-1)
    assert not (shown[near] > 0.5).any()
    cube.nca.wounds[0].at = 4  # of the scene
    assert wounds(growing, cube) == {3: near}
    bpy.ops.nca.wound_here(at=(-1, -1, -1), radius=0.6)
    assert bpy.ops.nca.remove_wound(index=0) == {"FINISHED"} and list(wounds(growing, cube)) == [7]
    cube.nca.wounds_heal = False
    growth = growing.module("addon.material.growth").growth_of(cube, 9)
    assert (growth.habitat(9) == 0).sum() == len(wounds(growing, cube)[7])
    cube.nca.width = 64  # another grid has the same wound
    assert (growing.module("addon.material.growth").growth_of(cube, 9).habitat(9) == 0).any()
    assert bpy.ops.nca.remove_wounds() == {"FINISHED"} and not wounds(growing, cube)


def test_a_stroke_while_it_plays_wounds_each_frame_apart_and_escape_takes_it_back(growing, cube):
    bpy.ops.nca.wound_here(at=(0, 0, -1), radius=0.4)
    kept, stroke = growing.module("addon.wounds.kept"), growing.module("addon.wounds.stroke")
    before = kept.painted(cube)
    brush = stroke.Stroke(cube)
    found = stroke.hit_along(bpy.context, mathutils.Vector((0.5, 0, 5)), mathutils.Vector((0, 0, -1)))
    assert found.material == cube and np.allclose(found.at, (0.5, 0, 1), atol=1e-5)
    cells = growing.module("addon.wounds.cells").cells_of(cube, bpy.context)
    for frame, x in ((3, 0.5), (4, -0.5)):
        brush.wound(frame, cells.within(np.array((x, 0, 1)), 0.3, found.owner, found.data, found.matrix))
    brush.keep(cube)
    expected = {
        frame: numbers_where(growing, cube, lambda at, x=x: np.linalg.norm(at - (x, 0, 1), axis=1) <= 0.3)
        for frame, x in ((3, 0.5), (4, -0.5))
    }
    assert {f: n for f, n in wounds(growing, cube).items() if f} == expected
    brush.take_back(cube)
    assert kept.painted(cube) == before
    # what is dragged in the picture reaches over seams as in space
    view = SimpleNamespace(region_to_view=lambda x, y: (x, y))
    editor = SimpleNamespace(region=SimpleNamespace(view2d=view))
    [part] = cells.parts
    edge = int(np.argmin(np.linalg.norm(part.places() - (1, 0, 1), axis=1)))
    row, column = divmod(int(part.layout.number[edge]), CELLS)
    touched = stroke.OnPicture(cube, bpy.context).touch(
        editor, (column + 0.5) / CELLS, 1 - (row + 0.5) / CELLS, 3 / CELLS
    )
    surface = growing.module("addon.material.kept_surface").read_surface(cube.nca)
    assert len(set(surface.island[touched & surface.on].tolist())) == 2
    cube.nca.over, cube.nca.wrap = "PICTURE", True
    corner = stroke.OnPicture(cube, bpy.context).touch(editor, 0.0, 1.0, 2 / CELLS)
    assert corner[[0, 0, -1, -1], [0, -1, 0, -1]].all() and corner.sum() == 12


def test_what_moves_is_recorded_by_frame_and_stays_when_it_is_gone(growing, cube, tmp_path):
    ball = moving_ball(growing)
    cube_object = bpy.data.objects["Cube"]
    bpy.context.view_layer.objects.active = cube_object
    assert bpy.ops.nca.add_wound_source(kind="OBJECT") == {"FINISHED"}
    [source] = cube.nca.wound_sources
    assert source.object == ball
    assert states(growing, cube) == ["Ball is not recorded yet: press Record."]
    bpy.context.scene.frame_set(7)
    assert bpy.ops.nca.record_wounds() == {"FINISHED"}
    assert bpy.context.scene.frame_current == 7
    within = numbers_where(growing, cube, lambda at: np.linalg.norm(at - (0, 0, 1), axis=1) <= 0.49)
    recorded = wounds(growing, cube)
    assert list(recorded) == [4] and set(within) <= set(recorded[4])
    assert len(recorded[4]) <= len(
        numbers_where(growing, cube, lambda at: np.linalg.norm(at - (0, 0, 1), axis=1) < 0.5)
    )
    path = str(tmp_path / "wounded.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.open_mainfile(filepath=path, load_ui=False)
    material = bpy.data.materials["Wood"]
    for frame in (7, 2, 5):  # the same in each frame, and after reload
        bpy.context.scene.frame_set(frame)
        assert states(growing, material) == [""]
    bpy.data.objects["Ball"].keyframe_insert("location", frame=3)
    assert "changed since" in states(growing, material)[0]
    bpy.data.objects.remove(bpy.data.objects["Ball"])
    assert states(growing, material) == [
        "The object “Ball” is gone: choose another one. What was recorded of it stays."
    ]
    assert wounds(growing, material) == recorded
    with pytest.raises(RuntimeError, match="is gone"):
        bpy.ops.nca.record_wounds(material="Wood")
    assert wounds(growing, material) == recorded
    assert growing.module("addon.wounds.panel").problems_of(material)[0].startswith("The object")


def test_each_kind_of_source_touches_what_it_says(growing, cube, tmp_path):
    """A bent and stretched mesh, an open one, an empty with keyframes, attributes, and an image sequence."""
    owner, scene = bpy.data.objects["Cube"], bpy.context.scene
    scene.frame_end = 3
    nca = cube.nca

    def record(**settings):
        nca.wound_sources.clear()
        source = nca.wound_sources.add()
        for name, value in settings.items():
            setattr(source, name, value)
        assert bpy.ops.nca.record_wounds(material="Wood") == {"FINISHED"}
        return wounds(growing, cube)

    bpy.ops.mesh.primitive_plane_add(size=1, location=(0, 0, 1.2))
    plane = bpy.context.object
    assert record(kind="OBJECT", object=plane) == {}
    assert "distance" in nca.wound_sources[0].record_note
    assert record(kind="OBJECT", object=plane, distance=0.21)[0]
    collection = bpy.data.collections.new("Eaters")
    scene.collection.children.link(collection)
    empty = bpy.data.objects.new("Empty", None)
    collection.objects.link(empty)
    empty.location, empty.scale = (0, 0, 1), (0.5, 1.0, 0.5)
    stretched = numbers_where(
        growing, cube, lambda at: np.linalg.norm((at - (0, 0, 1)) / (0.5, 1, 0.5), axis=1) <= 1
    )
    empty.keyframe_insert("hide_viewport", frame=1)
    empty.hide_viewport = True
    empty.keyframe_insert("hide_viewport", frame=2)
    assert record(kind="COLLECTION", collection=collection) == {0: stretched}
    # the growing mesh moves away in frame 2, by an armature's kind of change: a shape key
    owner.shape_key_add(name="Basis")
    key = owner.shape_key_add(name="Away")
    for point in key.data:
        point.co.x += 5
    for frame, value in ((1, 0.0), (2, 1.0)):
        key.value = value
        key.keyframe_insert("value", frame=frame)
    empty.animation_data_clear()
    empty.hide_viewport = False
    assert record(kind="COLLECTION", collection=collection) == {0: stretched}
    source = nca.wound_sources[0]
    source.effect = "BLOCK"
    environment = growing.module("addon.material.growth").growth_of(cube, 2).environment
    blocked = [
        np.flatnonzero(environment.habitable.at(f).unpack(CELLS, CELLS) < 0.5).tolist() for f in (0, 1, 9)
    ]
    assert blocked == [stretched, [], []]
    owner.shape_key_clear()
    attribute = owner.data.attributes.new("Sick", "FLOAT", "FACE")
    attribute.data[2].value = 1.0
    number, at = seen(growing, cube)
    group = owner.vertex_groups.new(name="Sore")
    group.add([0], 1.0, "REPLACE")
    sick, sore = record(kind="ATTRIBUTE", attribute="Sick"), record(kind="ATTRIBUTE", attribute="Sore")
    surface = growing.module("addon.material.kept_surface").read_surface(nca)
    assert len(set(surface.island.reshape(-1)[sick[0]].tolist())) == 1 and list(sick) == [0, 1, 2]
    corner = np.array(owner.data.vertices[0].co)
    far = np.linalg.norm(at[np.isin(number, sore[0])] - corner, axis=1)
    assert 0 < len(sore[0]) < len(sick[0]) and far.max() < 1.5
    for frame in (1, 2, 3):
        image = bpy.data.images.new(f"white {frame}", 32, 32)
        pixels = np.zeros((32, 32, 4), np.float32)
        pixels[..., 3], pixels[16:, : 8 * frame, :3] = 1, 1
        image.pixels.foreach_set(pixels.reshape(-1))
        image.filepath_raw, image.file_format = str(tmp_path / f"mask_{frame:04d}.png"), "PNG"
        image.save()
    film = bpy.data.images.load(str(tmp_path / "mask_0001.png"))
    film.source = "SEQUENCE"
    images = len(bpy.data.images)
    shown = record(kind="IMAGE", image=film)
    assert len(bpy.data.images) == images and list(shown) == [0, 1, 2]
    for frame, cells in shown.items():  # its upper left part, wider in each frame
        rows, columns = np.divmod(cells, CELLS)
        assert (rows.max(), columns.max()) == (CELLS // 2 - 1, CELLS // 4 * (frame + 1) - 1)
    nca.wound_sources.clear()
    scene.frame_set(2)
    scene.cursor.location = (0, 0, 1)
    assert bpy.ops.nca.add_wound_object(material="Wood", radius=0.5) == {"FINISHED"}
    assert bpy.ops.nca.record_wounds(material="Wood") == {"FINISHED"}
    near = numbers_where(growing, cube, lambda at: np.linalg.norm(at - (0, 0, 1), axis=1) <= 0.5)
    assert wounds(growing, cube) == {1: near}  # in the frame of its keyframe


def test_what_cannot_be_wounded_is_said(growing, cube):
    nca, here = cube.nca, bpy.ops.nca.wound_here
    with pytest.raises(RuntimeError, match="Nothing moves that wounds"):
        bpy.ops.nca.record_wounds()
    assert here(at=(0, 0, 9), radius=0.1) == {"FINISHED"} and not len(nca.wounds)
    growth_of = growing.module("addon.material.growth").growth_of
    nca.wounds.add().mask = "8 8 nonsense"
    with pytest.raises(ValueError, match="damaged: remove it in Wounds"):
        growth_of(cube, 3)
    assert bpy.ops.nca.remove_wound(index=0) == {"FINISHED"} and growth_of(cube, 3).environment is None
    with pytest.raises(RuntimeError, match="no such wound"):
        bpy.ops.nca.remove_wound(index=0)
    source = nca.wound_sources.add()
    with pytest.raises(RuntimeError, match="No object is chosen"):
        bpy.ops.nca.record_wounds()
    source.record = "{}"
    with pytest.raises(ValueError, match="damaged: press Record again"):
        growth_of(cube, 3)
    nca.baked = True
    with pytest.raises(RuntimeError, match="Free Bake"):
        here(at=(0, 0, 1), radius=1)
    nca.baked = False
    mesh = bpy.context.object.data
    mesh.uv_layers.remove(mesh.uv_layers[0])
    mesh.update_tag()
    with pytest.raises(RuntimeError, match="shows cells of Wood"):
        here(at=(0, 0, 1), radius=1)
