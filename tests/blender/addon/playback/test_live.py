# SPDX-License-Identifier: GPL-3.0-or-later
"""Live growth: the images follow the scene's frame, whatever the artist does."""

from __future__ import annotations

import itertools
import sys

import bpy
import numpy as np
import pytest

from blender_nca.automaton.rollout import Rollout
from blender_nca.manifold.backend import open_automaton
from blender_nca.manifold.manifold import Manifold
from blender_nca.maps.packing import pack_live


@pytest.fixture(autouse=True)
def _undo_is_on():
    bpy.context.preferences.edit.use_global_undo = True


def test_frame_change_shows_the_growth(growing, models):
    material = growing.material()
    growths = growing.module("addon.material.growth")
    reference = Rollout(open_automaton(Manifold.open(models / "tiny"), "numpy"))
    pictures = []
    for frame in (1, 2, 9, 20):
        bpy.context.scene.frame_set(frame)
        assert growing.shows(material, frame)
        pictures.append(growing.pixels(material))
        # not only what the engine says: the reference of the automaton grows it too
        growth = growths.growth_of(material, frame - 1)
        from blender_nca.automaton.growth import Growth

        expected = pack_live(reference.maps(Growth.from_json(growth.to_json()), frame - 1))
        np.testing.assert_allclose(pictures[-1], expected, atol=2e-3)
    assert material.nca.image_colour.size[:] == (32, 16)
    assert all(not np.array_equal(a, b) for a, b in itertools.pairwise(pictures))


def test_jumps_and_reverse_playback_show_the_same(growing):
    material = growing.material()
    scene = bpy.context.scene
    in_order = {}
    for frame in range(1, 13):
        scene.frame_set(frame)
        in_order[frame] = growing.pixels(material)
    for frame in (12, 11, 10, 3, 8, 1, 12, 5, 5):
        scene.frame_set(frame)
        assert np.array_equal(growing.pixels(material), in_order[frame]), frame


def test_before_its_start_a_growth_is_its_seeds(growing):
    material = growing.material(start_frame=10)
    scene = bpy.context.scene
    scene.frame_set(10)
    seeds = growing.pixels(material)
    for frame in (1, -5, 9):
        scene.frame_set(frame)
        assert np.array_equal(growing.pixels(material), seeds)
    scene.frame_set(11)
    assert not np.array_equal(growing.pixels(material), seeds)


def test_a_changed_property_shows_with_the_next_frame(growing):
    material = growing.material()
    scene = bpy.context.scene
    scene.frame_set(9)
    before = growing.pixels(material)
    material.nca.blend = 0.5
    scene.frame_set(9)
    assert not np.array_equal(growing.pixels(material), before)
    assert growing.shows(material, 9)
    material.nca.width, material.nca.pixels_per_cell = 24, 1
    scene.frame_set(9)
    assert material.nca.image_data.size[:] == (24, 8)
    assert growing.shows(material, 9)


def test_every_choice_changes_the_growth(growing):
    """No slider or menu of the panel is dead."""
    material = growing.material()
    nca = material.nca
    growths = growing.module("addon.material.growth")
    mask = bpy.data.images.new("Mask", 4, 4, float_buffer=True)
    mask.pixels.foreach_set(np.tile(np.float32([1, 1, 1, 1]), 16))
    seen = {repr(growths.growth_of(material, 5).to_json())}
    cedar = growing.module("addon.library").species().find("tiny", "Cedar")
    changes = {
        "blend": 0.3,
        "width": 32,
        "height": 24,
        "pixels_per_cell": 3,
        "wrap": False,
        "quality": "DRAFT",
        "seeds": "SCATTERED",
        "seed_count": 3,
        "random_seed": 7,
        "steps_per_frame": 0.5,
    }
    for name, value in changes.items():
        setattr(nca, name, value)
        seen.add(repr(growths.growth_of(material, 5).to_json()))
    for kind in ("POINTS", "MASK"):
        nca.mask = mask
        nca.seeds = kind
        seen.add(repr(growths.growth_of(material, 5).to_json()))
    nca.b.choose(cedar)
    seen.add(repr(growths.growth_of(material, 5).to_json()))
    assert len(seen) == 1 + len(changes) + 2 + 1


def test_keyframes_on_blend_and_speed(growing):
    material = growing.material()
    nca, scene = material.nca, bpy.context.scene
    scene.frame_set(4)
    for value, frame in ((0.0, 1), (1.0, 11)):
        nca.blend = value
        material.keyframe_insert("nca.blend", frame=frame)
    for value, frame in ((1.0, 1), (3.0, 6)):
        nca.steps_per_frame = value
        material.keyframe_insert("nca.steps_per_frame", frame=frame)
    growths = growing.module("addon.material.growth")
    growth = growths.growth_of(material, 30)
    assert scene.frame_current == 4, "reading keyframes must leave the scene's frame alone"
    blends = [weights[1] for weights in growth.genotypes[0].weights]
    assert blends[0] == 0 and blends[10] == 1 and 0.3 < blends[5] < 0.7
    assert growth.steps[0] == 1 and growth.steps[5] == 3
    assert growth.genotypes[0].weights_at(30) == (0, 1) and len(blends) == 11
    for frame in (3, 8, 15):
        scene.frame_set(frame)
        assert growing.shows(material, frame)


def test_cyclic_keyframes_go_on(growing):
    material = growing.material()
    for value, frame in ((0.0, 1), (4.0, 3)):
        material.nca.steps_per_frame = value
        material.keyframe_insert("nca.steps_per_frame", frame=frame)
    (curve,) = growing.module("addon.host.keyframes").fcurves_of(material)
    curve.modifiers.new("CYCLES")
    steps = growing.module("addon.material.growth").growth_of(material, 8).steps
    assert len(steps) == 9 and steps[1] == pytest.approx(steps[3]) == pytest.approx(steps[7])


def test_playing_faster_than_it_grows_with_cyclic_keyframes_gets_on(growing):
    """Each frame has a description of its own there: what is growing is on the way all the same."""
    material = growing.material()
    for value, frame in ((90.0, 1), (100.0, 3)):
        material.nca.steps_per_frame = value
        material.keyframe_insert("nca.steps_per_frame", frame=frame)
    (curve,) = growing.module("addon.host.keyframes").fcurves_of(material)
    curve.modifiers.new("CYCLES")
    bpy.context.scene.frame_set(1)
    show = growing.module("addon.playback.frames").show
    picture = growing.module("addon.playback.picture").picture_of(material)
    show([material], 400, 0.0)
    job = picture.job
    show([material], 401, 0.0)
    assert picture.job is job and picture.later[1] == 400 and not job.cancelled
    material.nca.random_seed = 9
    show([material], 402, 0.0)
    assert picture.job is not job and job.cancelled, "another growth is asked for at once"


def test_undo_brings_the_pictures_back(growing):
    material = growing.material()
    scene = bpy.context.scene
    scene.frame_set(8)
    bpy.ops.ed.undo_push(message="grown")
    material.nca.random_seed = 99
    bpy.ops.ed.undo_push(message="another individual")
    bpy.ops.ed.undo()
    material = bpy.data.materials["Wood"]
    assert material.nca.random_seed == 0
    bpy.context.scene.frame_set(8)
    assert growing.shows(material, 8)
    bpy.ops.ed.redo()
    material = bpy.data.materials["Wood"]
    assert material.nca.random_seed == 99
    bpy.context.scene.frame_set(8)
    assert growing.shows(material, 8)


def test_a_saved_file_grows_again(growing, tmp_path):
    growing.material(blend=0.25)
    bpy.context.scene.frame_set(7)
    before = growing.pixels(bpy.data.materials["Wood"])
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "growth.blend"))
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "growth.blend"))
    bpy.context.scene.frame_set(bpy.context.scene.frame_current)
    material = bpy.data.materials["Wood"]
    assert material.nca.blend == 0.25
    assert np.array_equal(growing.pixels(material), before)


def test_two_materials_grow_at_once(growing):
    first = growing.material("First")
    second = growing.material("Second", random_seed=5, width=24, start_frame=3)
    for frame in (1, 6, 4):
        bpy.context.scene.frame_set(frame)
        assert growing.shows(first, frame) and growing.shows(second, frame)
    assert first.nca.image_colour != second.nca.image_colour


def test_a_duplicate_grows_on_its_own(growing):
    original = growing.material()
    bpy.context.scene.frame_set(6)
    copy = original.copy()
    copy.nca.random_seed = 123
    bpy.context.scene.frame_set(7)
    for name in ("tree", "image_colour", "image_data"):
        assert getattr(original.nca, name) != getattr(copy.nca, name)
    assert growing.shows(original, 7) and growing.shows(copy, 7)
    assert not np.array_equal(growing.pixels(original), growing.pixels(copy))
    (group,) = growing.module("addon.material.node_group").group_nodes(copy, copy.nca.tree)
    pictures = {node.image for node in group.node_tree.nodes if node.type == "TEX_IMAGE"}
    assert pictures == {copy.nca.image_colour, copy.nca.image_data}
    (group,) = growing.module("addon.material.node_group").group_nodes(original, original.nca.tree)
    pictures = {node.image for node in group.node_tree.nodes if node.type == "TEX_IMAGE"}
    assert pictures == {original.nca.image_colour, original.nca.image_data}


def test_a_renamed_material_goes_on_growing(growing):
    material = growing.material()
    bpy.context.scene.frame_set(3)
    material.name = "Another name"
    bpy.context.scene.frame_set(6)
    assert growing.shows(material, 6)


def test_deleting_a_material_leaves_the_others_growing(growing):
    first, second = growing.material("First"), growing.material("Second")
    bpy.context.scene.frame_set(3)
    bpy.data.materials.remove(first)
    bpy.context.scene.frame_set(6)
    assert growing.shows(second, 6)


def test_deleted_images_and_group_come_back(growing):
    material = growing.material()
    bpy.context.scene.frame_set(3)
    bpy.data.images.remove(material.nca.image_colour)
    bpy.data.node_groups.remove(material.nca.tree)
    bpy.context.scene.frame_set(5)
    assert growing.shows(material, 5)
    assert any(
        node.type == "TEX_IMAGE" and node.image == material.nca.image_colour
        for node in material.nca.tree.nodes
    )


def test_an_appended_material_grows(growing, tmp_path):
    growing.material()
    path = tmp_path / "library.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(path))
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    with bpy.data.libraries.load(str(path)) as (_, wanted):
        wanted.materials = ["Wood"]
    bpy.context.scene.frame_set(6)
    assert growing.shows(bpy.data.materials["Wood"], 6)


def test_a_linked_material_is_left_alone(growing, tmp_path):
    growing.material()
    path = tmp_path / "library.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(path))
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    with bpy.data.libraries.load(str(path), link=True) as (_, wanted):
        wanted.materials = ["Wood"]
    bpy.context.scene.frame_set(6)
    material = bpy.data.materials["Wood"]
    assert not growing.module("addon.material.status").is_live(material)
    assert "linked" in growing.module("addon.material.status").why_not_editable(material)


def test_each_scene_shows_its_own_frame(growing):
    material = growing.material()
    other = bpy.data.scenes.new("Other")
    other.collection.objects.link(bpy.context.object)
    bpy.context.scene.frame_set(4)
    other.frame_set(9)
    assert growing.shows(material, 9)
    bpy.context.scene.frame_set(5)
    assert growing.shows(material, 5)


def test_a_change_while_rendering_is_shown_when_the_render_is_over(growing, monkeypatch):
    """The timer that shows it tries again."""
    material = growing.material()
    bpy.context.scene.frame_set(3)
    refreshing = growing.module("addon.playback.refreshing")
    material.nca.random_seed = 9
    with monkeypatch.context() as patch:
        patch.setattr(refreshing, "is_rendering", lambda: True)
        assert refreshing.refresh_all() > 0
        assert not growing.shows(material, 3)
    assert refreshing.refresh_all() is None
    assert growing.shows(material, 3)


def test_enabling_again_starts_nothing(growing, monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "torch"]:
        monkeypatch.delitem(sys.modules, name)  # other tests of this process import it
    engine = growing.module("addon.engine")
    engine.stop()
    growing.neural_growth.disable()
    assert not any("blender_nca" in handler.__module__ for handler in bpy.app.handlers.frame_change_post)
    growing.neural_growth.enable()
    handlers = [h for h in bpy.app.handlers.frame_change_post if "blender_nca" in h.__module__]
    assert len(handlers) == 1
    assert growing.module("addon.engine").state() == "stopped"
    assert "torch" not in sys.modules
