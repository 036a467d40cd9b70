# SPDX-License-Identifier: GPL-3.0-or-later
"""Timing: an artist goes through a growth by its pictures, and shapes its speed by one click."""

from __future__ import annotations

from dataclasses import replace

import bpy
import numpy as np
import pytest


def told(call, **values) -> str:
    """What an operator refuses with."""
    with pytest.raises(RuntimeError) as error:
        call(**values)
    return str(error.value)


def grown_by(growing, material, until: int) -> int:
    growth = growing.module("addon.material.growth").growth_of(material, until)
    return growth.steps_until(until)


@pytest.mark.parametrize("preset", ["EASE_IN", "EASE_OUT", "EASE_IN_OUT", "SLOW_START", "BURSTS", "STEADY"])
def test_a_speed_lets_as_much_grow_as_before_in_its_own_way(growing, preset):
    material = growing.material(course="HOLD", full_frames=80, steps_per_frame=3.0)
    assert bpy.ops.nca.set_speed(preset=preset) == {"FINISHED"}
    half = {
        "EASE_IN": 60,
        "EASE_OUT": 180,
        "EASE_IN_OUT": 120,
        "SLOW_START": 12,
        "BURSTS": 120,
        "STEADY": 120,
    }
    assert grown_by(growing, material, 80) == pytest.approx(240, abs=1)
    assert grown_by(growing, material, 40) == pytest.approx(half[preset], abs=6)
    assert bpy.ops.nca.set_speed(preset="STEADY") == {"FINISHED"}
    assert material.nca.steps_per_frame == pytest.approx(3.0)
    assert growing.module("addon.material.track").curve_of(material, "nca.steps_per_frame") is None


def test_a_loop_goes_on_after_a_growth_that_comes_to_rest(growing):
    material = growing.material(course="LOOP", full_frames=40, loop_frames=10, steps_per_frame=3.0)
    assert bpy.ops.nca.set_speed(preset="EASE_OUT") == {"FINISHED"}
    assert grown_by(growing, material, 40) == 120
    assert grown_by(growing, material, 49) == 120 + 9 * 3


def test_a_speed_of_an_age_is_keyed_on_it_and_refused_where_a_driver_decides(growing):
    material = growing.material(clock="AGE", full_frames=100)
    clock = growing.module("addon.material.clock")
    assert bpy.ops.nca.set_speed(preset="EASE_IN_OUT", frames=40) == {"FINISHED"}
    for frames, grown in ((0, 0), (10, 12), (20, 50), (30, 88), (40, 100), (60, 100)):
        assert clock.frame_of(material, 1 + frames) == pytest.approx(grown, abs=1), frames
    assert bpy.ops.nca.set_speed(preset="STEADY", frames=40) == {"FINISHED"}
    assert clock.frame_of(material, 11) == 25
    material.driver_add("nca.age").driver.expression = "frame / 10"
    assert "driver" in told(bpy.ops.nca.set_speed, preset="EASE_IN")
    material.driver_remove("nca.age")
    material.nca.clock, material.nca.steps_per_frame = "TIMELINE", 0.0
    assert "above 0" in told(bpy.ops.nca.set_speed, preset="EASE_IN")
    material.nca.steps_per_frame = 900.0
    assert "more frames" in told(bpy.ops.nca.set_speed, preset="EASE_IN")


def test_the_strip_goes_to_each_of_its_moments(growing):
    material = growing.material(course="SWING", full_frames=10)
    scene, strip = bpy.context.scene, growing.module("addon.timing.strip")
    scene.frame_start, scene.frame_end = 1, 21
    moments = strip.moments_of(material, scene, 5)
    assert [(one.frame, one.grown) for one in moments] == [(1, 0), (6, 5), (11, 10), (16, 5), (21, 0)]
    assert bpy.ops.nca.show_moment(frame=moments[2].frame) == {"FINISHED"}
    assert scene.frame_current == 11 and growing.shows(material, 11)
    assert [strip.is_now(moments, number, material, scene) for number in range(5)] == [0, 0, 1, 0, 0]
    assert "Frames decide" in told(bpy.ops.nca.show_moment, age=0.5)
    material.nca.clock = "AGE"
    moments = strip.moments_of(material, scene, 5)
    assert [one.grown for one in moments] == [0, 2, 5, 8, 10]
    assert bpy.ops.nca.show_moment(age=moments[1].age) == {"FINISHED"}
    assert material.nca.age == pytest.approx(0.2)
    assert [strip.is_now(moments, number, material, scene) for number in range(5)] == [0, 1, 0, 0, 0]


def test_a_picture_of_the_strip_is_that_of_the_growth(growing, monkeypatch):
    material = growing.material()
    strip, grown = growing.module("addon.timing.strip"), growing.module("addon.material.grown_icons")
    growth = growing.module("addon.material.growth").growth_of(material, 3)
    kept = {}
    monkeypatch.setattr(strip.icons, "keep", lambda key, pixels: kept.update({key: pixels}))
    strip.icons._wanted[0] = growth, 3
    while strip.icons.timer() is not None:
        pass
    assert kept[0].shape == (16, 32, 4) and not strip.icons.problem_of(growth)
    np.testing.assert_array_equal(kept[0], growing.grown(material, 4)[0])
    assert grown.squared(kept[0]).shape == (32, 32, 4)
    wide = grown.reduced(np.tile(kept[0], (1, 20, 1)))
    assert wide.shape == (3, 128, 4)
    np.testing.assert_allclose(wide[0, 0], kept[0][:5, :5].mean((0, 1)), atol=1e-6)
    lost = replace(growth, manifold="gone")
    strip.icons._wanted[1] = lost, 3
    while strip.icons.timer() is not None:
        pass
    assert "“gone”" in strip.icons.problem_of(lost) or "'gone'" in strip.icons.problem_of(lost)
    assert not strip.icons.problem_of(growth), "it is told of that growth alone"
    strip.icons.leave()
