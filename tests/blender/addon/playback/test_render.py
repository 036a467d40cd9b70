# SPDX-License-Identifier: GPL-3.0-or-later
"""Render: every rendered frame has that frame's live maps, in any order, with and without Persistent Data."""

from __future__ import annotations

import bpy
import numpy as np
import pytest

from ..stage import SHUFFLED, closest, expected_live, light_by_itself, read, render, render_animation, stage


@pytest.mark.parametrize("seen", ["colour", "data", "glow"])
@pytest.mark.parametrize("persistent", [False, True])
def test_live_frames_render_as_they_are(growing, tmp_path, persistent, seen):
    if persistent and bpy.app.version < (5, 2, 0):
        pytest.skip("Cycles before 5.2 keeps old pixels with Persistent Data: the panel says so")
    material = growing.material(seeds="SCATTERED")
    stage(material, seen)
    closest(material)
    bpy.context.scene.render.use_persistent_data = persistent
    for frame in SHUFFLED:
        picture = render(tmp_path, frame)
        np.testing.assert_allclose(
            picture, expected_live(growing, material, frame, seen), atol=2e-3, err_msg=str(frame)
        )


def test_a_growth_glows_in_the_dark(growing, tmp_path):
    material = growing.material(seeds="SCATTERED")
    light_by_itself(material)
    closest(material)
    expected = expected_live(growing, material, 4, "glow")
    assert expected.max() > 0.5
    np.testing.assert_allclose(render(tmp_path, 4), expected, atol=5e-3)


def test_a_growth_that_does_not_glow_is_no_lamp(growing, tmp_path):
    """Cycles would spend samples on it: the same samples show the same noise as without any emission."""
    material = growing.material(seeds="SCATTERED")
    stage(material, "colour")
    nodes, links = material.node_tree.nodes, material.node_tree.links
    links.new(nodes["Principled BSDF"].outputs[0], nodes["Material Output"].inputs["Surface"])
    bpy.ops.object.light_add(type="AREA", location=(1, 0, 1))
    tree = material.nca.tree
    black = tree.nodes.new("ShaderNodeTexImage")
    black.image = bpy.data.images.new("Black", 4, 4)
    tree.links.new(black.outputs["Color"], tree.nodes["Emission"].inputs[0])
    pictures = []
    for glow in (0.0, 1.0):
        nodes["Neural Growth"].inputs["Glow"].default_value = glow
        pictures.append(render(tmp_path, 4))
    assert pictures[0].max() > 0.01
    np.testing.assert_array_equal(*pictures)


def test_an_animation_renders_each_frame(growing, tmp_path):
    material = growing.material(seeds="SCATTERED")
    stage(material, "colour")
    closest(material)
    for frame, picture in render_animation(tmp_path).items():
        expected = expected_live(growing, material, frame, "colour")
        np.testing.assert_allclose(picture, expected, atol=2e-3, err_msg=str(frame))


def test_a_change_in_a_script_is_in_the_next_render(growing, tmp_path):
    material = growing.material(seeds="SCATTERED")
    stage(material, "colour")
    closest(material)
    render(tmp_path, 4)
    material.nca.random_seed = 8
    bpy.context.scene.render.filepath = str(tmp_path / "again.exr")
    bpy.ops.render.render(write_still=True)
    np.testing.assert_allclose(
        read(tmp_path / "again.exr"), expected_live(growing, material, 4, "colour"), atol=2e-3
    )


@pytest.mark.parametrize("remapped", [100, 250])
def test_strips_and_drivers_that_were_just_made_render(growing, tmp_path, remapped):
    """They are evaluated during the render, for no frame was shown before."""
    material = growing.material(seeds="SCATTERED")
    stage(material, "colour")
    closest(material)
    for frame, blend in ((1, 0.0), (5, 1.0)):
        material.nca.blend = blend
        material.keyframe_insert("nca.blend", frame=frame)
    animation = material.animation_data
    strip = animation.nla_tracks.new().strips.new("Keys", 1, animation.action)
    if bpy.app.version >= (4, 4, 0):
        strip.action_slot = animation.action_slot
    animation.action = None
    material.driver_add("nca.steps_per_frame").driver.expression = "1 + frame / 2"
    bpy.context.scene.render.frame_map_new = remapped
    pictures = render_animation(tmp_path)
    assert len({picture.tobytes() for picture in pictures.values()}) == len(pictures)
    growths = growing.module("addon.material.growth")
    for frame, picture in pictures.items():
        # frame by frame from what Blender itself shows
        bpy.context.scene.frame_set(frame)
        growth = growths.growth_of(material, 5)
        assert growth.genotypes[0].weights_at(frame - 1)[1] == pytest.approx(material.nca.blend, abs=1e-6)
        assert growth.steps[frame - 1] == pytest.approx(material.nca.steps_per_frame, abs=1e-6)
        expected = expected_live(growing, material, frame, "colour")
        np.testing.assert_allclose(picture, expected, atol=2e-3, err_msg=str(frame))
