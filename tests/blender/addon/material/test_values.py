# SPDX-License-Identifier: GPL-3.0-or-later
"""Values: at each frame a growth grows with what Blender shows there, wherever it comes from."""

from __future__ import annotations

import bpy
import pytest

PATHS = ("nca.blend", "nca.steps_per_frame")
FRAMES = range(1, 61)
HAS_SLOTS = bpy.app.version >= (4, 4, 0)


def key(material, path, *keys):
    name = path.rsplit(".", 1)[1]
    for frame, value in keys:
        setattr(material.nca, name, value)
        assert material.keyframe_insert(path, frame=frame)


def push_down(material):
    """Push the active action down to the NLA."""
    animation = material.animation_data
    strip = animation.nla_tracks.new().strips.new("Keys", 1, animation.action)
    if HAS_SLOTS:
        strip.action_slot = animation.action_slot
    animation.action = None
    return strip


def drive(material, path, expression, **variables):
    """Drive a property; a variable is (kind of data-block, data-block, path)."""
    driver = material.driver_add(path).driver
    for name, (kind, owner, read) in variables.items():
        variable = driver.variables.new()
        variable.name = name
        variable.targets[0].id_type, variable.targets[0].id = kind, owner
        variable.targets[0].data_path = read
    driver.type, driver.expression = "SCRIPTED", expression
    return driver


def keyed_empty():
    empty = bpy.data.objects.new("Control", None)
    bpy.context.scene.collection.objects.link(empty)
    for frame, x in ((1, 0.0), (40, 1.0)):
        empty.location.x = x
        empty.keyframe_insert("location", frame=frame)
    return empty


def follows_blender(growing, material):
    """Compare the whole growth, described from one frame, with what Blender shows at each."""
    scene = bpy.context.scene
    scene.frame_set(7)
    described = growing.module("addon.material.growth").growth_of(material, FRAMES[-1] - 1)
    assert scene.frame_current == 7
    grown, shown = [], []
    for frame in FRAMES:
        scene.frame_set(frame)
        shown.append(tuple(material.path_resolve(path) for path in PATHS))
        f = frame - 1
        grown.append(
            (described.genotypes[0].weights_at(f)[1], described.steps[min(f, len(described.steps) - 1)])
        )
    assert grown == [pytest.approx(row, abs=1e-5) for row in shown]
    assert len(set(shown)) > 5, "something is animated"
    return shown


@pytest.fixture
def material(growing):
    return growing.material()


def test_keyframes_under_time_remapping(growing, material):
    key(material, "nca.blend", (1, 0.0), (20, 1.0))
    key(material, "nca.steps_per_frame", (5, 1.0), (13, 3.0))
    render = bpy.context.scene.render
    render.frame_map_old, render.frame_map_new = 100, 250
    shown = follows_blender(growing, material)
    assert shown[19][0] < 0.5 and shown[49][0] == 1, "remapped, 20 is reached at frame 50"


def test_muted_keyframes_and_generated_ones(growing, material):
    key(material, "nca.blend", (1, 0.0), (20, 1.0))
    key(material, "nca.steps_per_frame", (1, 1.0))
    blend, steps = growing.module("addon.host.keyframes").fcurves_of(material)
    steps.modifiers.new("NOISE").strength = 3
    follows_blender(growing, material)
    blend.mute = True
    material.nca.blend = 0.25
    assert {row[0] for row in follows_blender(growing, material)} == {0.25}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"scale": 2.0, "repeat": 1.5},
        {"blend_type": "ADD", "influence": 0.5},
        {"use_reverse": True, "extrapolation": "NOTHING"},
        {"frame_start": 15.0, "extrapolation": "HOLD_FORWARD"},
    ],
)
def test_strips_of_the_nla(growing, material, changes):
    key(material, "nca.blend", (1, 0.0), (20, 1.0))
    key(material, "nca.steps_per_frame", (1, 1.0), (30, 4.0))
    strip = push_down(material)
    for name, value in changes.items():
        setattr(strip, name, value)
    follows_blender(growing, material)


def test_a_strip_whose_influence_is_keyed_and_an_action_above_it(growing, material):
    key(material, "nca.blend", (1, 0.2), (20, 1.0))
    strip = push_down(material)
    strip.use_animated_influence = True
    for frame, influence in ((1, 1.0), (30, 0.0)):
        strip.influence = influence
        strip.keyframe_insert("influence", frame=frame)
    key(material, "nca.steps_per_frame", (1, 1.0), (50, 9.0))
    follows_blender(growing, material)
    evaluation = growing.module("addon.material.track").evaluate
    calls = []
    track = growing.module("addon.material.track")
    track.evaluate = lambda *arguments: calls.append(arguments) or evaluation(*arguments)
    try:
        for frame in (3, 9, 30):
            bpy.context.scene.frame_set(frame)
            assert growing.shows(material, frame)
    finally:
        track.evaluate = evaluation
    assert not calls, "playback evaluates nothing that has not changed"


def test_a_strip_that_is_changed_regrows(growing, material):
    key(material, "nca.blend", (1, 0.0), (20, 1.0))
    strip = push_down(material)
    before = follows_blender(growing, material)
    strip.scale = 2.5
    after = follows_blender(growing, material)
    growing.module("addon.host.keyframes")
    curves = list(
        growing.module("addon.host.keyframes").curves_in(strip.action, getattr(strip, "action_slot", None))
    )
    curves[0].keyframe_points[1].co.y = 0.5
    assert before != after != follows_blender(growing, material)


def test_drivers_of_time(growing, material):
    drive(material, "nca.blend", "sin(frame / 20) ** 2")
    scene = bpy.context.scene
    drive(material, "nca.steps_per_frame", "min(9, at / 10)", at=("SCENE", scene, "frame_current"))
    follows_blender(growing, material)


def test_drivers_of_the_active_scene(growing, material):
    scene = bpy.context.scene
    scene["mood"] = 0.5
    driver = material.driver_add("nca.steps_per_frame").driver
    for name, path in (("at", "frame_current"), ("mood", '["mood"]')):
        variable = driver.variables.new()
        variable.name, variable.type = name, "CONTEXT_PROP"
        variable.targets[0].context_property, variable.targets[0].data_path = "ACTIVE_SCENE", path
    driver.expression = "at / 10 + mood"
    shown = follows_blender(growing, material)
    assert shown[9][1] == pytest.approx(1.5)
    scene.keyframe_insert('["mood"]', frame=1)
    with pytest.raises(Exception, match="of the scene, which is animated"):
        growing.module("addon.material.growth").growth_of(material, 3)


def test_a_slider_beside_an_animated_one_still_does_something(growing, material):
    key(material, "nca.blend", (1, 0.0), (20, 1.0))
    push_down(material)
    growth_of = growing.module("addon.material.growth").growth_of
    assert growth_of(material, 9).steps == (2.0,)
    material.nca.steps_per_frame = 5.0
    assert growth_of(material, 9).steps == (5.0,)


def test_drivers_of_what_is_animated_elsewhere(growing, material):
    empty = keyed_empty()
    empty["speed"] = 0.0
    for frame, speed in ((1, 1.0), (25, 6.0)):
        empty["speed"] = speed
        empty.keyframe_insert('["speed"]', frame=frame)
    child = bpy.data.objects.new("Child", None)
    child.parent = empty
    bpy.context.scene.collection.objects.link(child)
    driver = drive(material, "nca.blend", "x")
    variable = driver.variables.new()
    variable.name, variable.type = "x", "TRANSFORMS"
    variable.targets[0].id, variable.targets[0].transform_type = child, "LOC_X"
    variable.targets[0].transform_space = "WORLD_SPACE"
    drive(material, "nca.steps_per_frame", "s", s=("OBJECT", empty, '["speed"]'))
    before = follows_blender(growing, material)
    curve = next(iter(growing.module("addon.host.keyframes").fcurves_of(empty)))
    curve.keyframe_points[1].co.y = 0.5
    curve.update()
    assert follows_blender(growing, material) != before, "another object's keyframes were changed"


@pytest.mark.skipif(not HAS_SLOTS, reason="no slots")
def test_slots_of_one_action(growing, material):
    other = growing.material("Other")
    key(material, "nca.blend", (1, 0.0), (20, 1.0))
    action = material.animation_data.action
    other.animation_data_create().action = action
    other.animation_data.action_slot = action.slots.new("MATERIAL", "Other")
    key(other, "nca.blend", (1, 1.0), (40, 0.0))
    assert follows_blender(growing, material) != follows_blender(growing, other)


def test_nothing_of_the_artists_is_touched_by_evaluating(growing, material):
    key(material, "nca.blend", (1, 0.0), (20, 1.0))
    push_down(material)
    called = []
    for name in ("frame_change_pre", "frame_change_post", "depsgraph_update_post"):
        getattr(bpy.app.handlers, name).append(lambda scene, *_, name=name: called.append(name))

    def count():
        kinds = ("scenes", "objects", "meshes", "materials", "node_groups", "images", "actions")
        return {kind: len(getattr(bpy.data, kind)) for kind in kinds}

    before, images = count(), {image.name: image.users for image in bpy.data.images}
    bpy.context.scene.frame_current = 9
    called.clear()
    growing.module("addon.material.growth").growth_of(material, 3)
    assert count() == before and images == {image.name: image.users for image in bpy.data.images}
    assert not called and bpy.context.scene.frame_current == 9
    bpy.context.scene.frame_set(10)
    assert {"frame_change_pre", "frame_change_post"} <= set(called), "handlers are back"


def test_what_a_driver_reads_is_changed_by_hand(growing, material):
    """A slider on a control object is not animated, and is dragged."""
    empty = keyed_empty()
    empty["amount"] = 0.0
    drive(material, "nca.blend", "amount", amount=("OBJECT", empty, '["amount"]'))
    scene = bpy.context.scene
    scene.frame_set(8)
    assert growing.shows(material, 8)
    before = growing.pixels(material)
    empty["amount"] = 1.0
    empty.update_tag()
    scene.frame_set(9)
    growth = growing.module("addon.material.growth").growth_of(material, 8)
    assert growth.genotypes[0].weights == ((0.0, 1.0),)
    scene.frame_set(8)
    assert growing.shows(material, 8) and (growing.pixels(material) != before).any()


@pytest.mark.parametrize(
    ("expression", "word"),
    [
        ("bpy.context.scene.frame_current / 50", "bpy"),
        ("from_a_script(frame)", "from_a_script"),
        ("noise.random()", "random"),
    ],
)
def test_a_driver_that_cannot_be_read_ahead_is_refused(growing, material, expression, word):
    bpy.app.driver_namespace["from_a_script"] = lambda frame: frame / 50
    drive(material, "nca.blend", expression)
    with pytest.raises(Exception, match=f"driver of Blend.*{word}.*set keyframes on Blend"):
        growing.module("addon.material.growth").growth_of(material, 4)
    material.driver_remove("nca.blend")
    growing.module("addon.material.growth").growth_of(material, 4)


def test_a_driver_that_reads_another_one_of_the_scenes_frame_is_refused(growing, material):
    empty, scene = keyed_empty(), bpy.context.scene
    empty["at"] = 0.0
    driver = empty.driver_add('["at"]').driver
    variable = driver.variables.new()
    variable.name, variable.targets[0].id_type, variable.targets[0].id = "at", "SCENE", scene
    variable.targets[0].data_path = "frame_current"
    driver.expression = "at / 50"
    drive(material, "nca.blend", "at", at=("OBJECT", empty, '["at"]'))
    with pytest.raises(Exception, match="reads another driver"):
        growing.module("addon.material.growth").growth_of(material, 3)


def test_a_value_that_a_script_computes_for_each_frame_is_refused(growing, material):
    """Only the scene's own handlers know it: it is not grown with what it was at another frame."""
    empty = keyed_empty()
    empty["level"] = 0.0

    def compute(scene, *_):
        empty["level"] = scene.frame_current / 50
        empty.update_tag()

    drive(material, "nca.blend", "level", level=("OBJECT", empty, '["level"]'))
    bpy.app.handlers.frame_change_pre.append(compute)
    scene = bpy.context.scene
    for frame in (3, 4, 5, 6):
        scene.frame_set(frame)
    picture = growing.module("addon.playback.picture").picture_of(material)
    assert "driver of Blend" in picture.problem and "script" in picture.problem
    bpy.app.handlers.frame_change_pre.remove(compute)
    for frame in (7, 8):
        scene.frame_set(frame)
    assert growing.shows(material, 8), "it stands still now"


def test_late_frames_of_an_endless_animation_share_one_description(growing, material):
    key(material, "nca.steps_per_frame", (1, 1.0), (9, 4.0))
    (curve,) = growing.module("addon.host.keyframes").fcurves_of(material)
    curve.modifiers.new("CYCLES")
    growth_of = growing.module("addon.material.growth").growth_of
    described = [growth_of(material, frame) for frame in range(20_000, 20_200)]
    assert len({id(each) for each in described}) <= 2
    assert len(described[0].steps) < 20_000 * 1.2
    push_down(material)
    described = [growth_of(material, frame) for frame in range(2_000, 2_100)]
    assert len({id(each) for each in described}) <= 2
