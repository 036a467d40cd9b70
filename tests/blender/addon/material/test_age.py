# SPDX-License-Identifier: GPL-3.0-or-later
"""Age: a growth is as old as its slider says, wherever that comes from."""

from __future__ import annotations

import bpy
import numpy as np
import pytest

from .test_values import drive, key, keyed_empty, push_down


@pytest.fixture
def aged(growing):
    """A growth that is full after 10 frames and half grown now."""
    return growing.material(clock="AGE", age=0.5, full_frames=10)


def keyed(material):
    """Grow, be held, and go back."""
    key(material, "nca.age", (1, 0.0), (3, 0.8), (4, 0.8), (6, 0.2))


def strips(material):
    keyed(material)
    push_down(material)


def driven_by_time(material):
    drive(material, "nca.age", "min(1, frame / 20)")


def driven_by_an_object(material):
    drive(material, "nca.age", "20 * x", x=("OBJECT", keyed_empty(), "location.x"))


def test_a_held_growth_stays_where_it_is_while_frames_pass(growing, aged):
    def shown(age):
        aged.nca.age = age
        bpy.context.scene.frame_set(bpy.context.scene.frame_current + 3)
        return growing.pixels(aged)

    half = shown(0.5)
    assert not np.array_equal(shown(1.0), half)
    np.testing.assert_array_equal(shown(0.5), half)
    aged.nca.clock = "TIMELINE"
    bpy.context.scene.frame_set(6)  # as many frames after its start
    np.testing.assert_array_equal(growing.pixels(aged), half)


@pytest.mark.parametrize(
    ("course", "shown"),
    [
        ("ON", [0, 0, 1, 2, 3, 4, 5, 6, 7]),
        ("HOLD", [0, 0, 1, 2, 3, 3, 3, 3, 3]),
        ("BACK", [3, 3, 2, 1, 0, 0, 0, 0, 0]),
        ("SWING", [0, 0, 1, 2, 3, 2, 1, 0, 1]),
        ("LOOP", [0, 0, 1, 2, 3, 4, 3, 4, 3]),
    ],
)
def test_a_growth_takes_the_course_that_it_is_given(growing, course, shown):
    material = growing.material(course=course, full_frames=3, loop_frames=2, loop_fade=2)
    clock = growing.module("addon.material.clock")
    start = material.nca.start_frame
    assert [clock.frame_of(material, frame) for frame in range(start - 1, start + 8)] == shown


def test_ages_beyond_the_full_growth_go_round_its_loop(growing, aged):
    clock, nca = growing.module("addon.material.clock"), aged.nca
    nca.full_frames, nca.loop_frames, nca.loop_fade = 10, 4, 4

    def shown(*ages):
        found = []
        for nca.age in ages:
            found.append(clock.frame_of(aged, 3))
        return found

    assert shown(0.5, 1, 1.5, 7) == [5, 10, 10, 10], "without a loop it stays full"
    nca.age_loops = True
    assert shown(0.5, 1, 1.25, 1.5, 1.75, 2, 2.25, 7) == [5, 10, 11, 12, 13, 10, 11, 10]
    pictures = []
    for nca.age in (1.0, 1.75, 3.0):
        bpy.context.scene.frame_set(bpy.context.scene.frame_current + 3)
        pictures.append(growing.pixels(aged))
    assert not np.array_equal(pictures[0], pictures[1])
    np.testing.assert_array_equal(pictures[0], pictures[2])
    baking = growing.module("addon.bake.properties")
    assert not baking.has_loop(aged.nca), "keyframes of the age say which frames of the scene a bake writes"


@pytest.mark.parametrize("animated", [keyed, strips, driven_by_time, driven_by_an_object])
def test_each_frame_is_as_old_as_blender_shows_it(growing, aged, animated):
    animated(aged)
    scene, clock = bpy.context.scene, growing.module("addon.material.clock")
    scene.frame_set(5)
    ages = {}
    foreseen = {frame: clock.frame_of(aged, frame) for frame in range(-2, 7)}  # all from frame 5
    for frame in range(-2, 7):
        scene.frame_set(frame)
        ages[frame] = int(aged.nca.age * 10 + 0.5)
        assert growing.shows(aged, frame)
    assert foreseen == ages
    assert len(set(ages.values())) > 1
    assert clock.is_animated(aged)


def test_an_age_that_nobody_can_know_ahead_is_refused(growing, aged):
    drive(aged, "nca.age", "frame * depsgraph.scene.frame_end")
    with pytest.raises(growing.module("automaton.growth").GrowthError, match="driver of Age"):
        growing.module("addon.material.clock").frame_of(aged, 3)


def test_a_driver_that_reads_what_was_changed_by_hand_follows(growing, aged):
    empty = bpy.data.objects.new("Control", None)
    bpy.context.scene.collection.objects.link(empty)
    empty["age"] = 0.2
    drive(aged, "nca.age", "x", x=("OBJECT", empty, '["age"]'))
    scene, clock = bpy.context.scene, growing.module("addon.material.clock")
    scene.frame_set(2)
    assert clock.frame_of(aged, 2) == 2
    empty["age"] = 0.9
    empty.update_tag()
    scene.frame_set(3)
    assert clock.frame_of(aged, 3) == 9 == round(aged.nca.age * 10)
    assert growing.shows(aged, 3)
