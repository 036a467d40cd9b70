# SPDX-License-Identifier: GPL-3.0-or-later
"""Background: without a window, every picture that is taken is the right one, or the growth is not in it."""

from __future__ import annotations

import bpy
import numpy as np
import pytest

from ..stage import HEIGHT, WIDTH, closest, expected_live, read, render, render_animation, stage


def bake_object(material):
    """Bake what the plane shows, as Blender does."""
    nodes = material.node_tree.nodes
    node = nodes.get("Target") or nodes.new("ShaderNodeTexImage")
    node.name = "Target"
    node.image = node.image or bpy.data.images.new("Target", WIDTH, HEIGHT, float_buffer=True, is_data=True)
    nodes.active = node
    plane = bpy.data.objects["Plane"]
    bpy.context.view_layer.objects.active = plane
    plane.select_set(True)
    assert bpy.ops.object.bake(type="EMIT", margin=0) == {"FINISHED"}
    return np.array(node.image.pixels).reshape(HEIGHT, WIDTH, 4)[..., :3]


def test_an_opened_file_shows_its_frame_also_to_a_bake_of_an_object(growing, tmp_path):
    material = growing.material(seeds="SCATTERED")
    stage(material, "colour")
    closest(material)
    bpy.context.scene.frame_set(5)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "grown.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "grown.blend"), load_ui=False)
    material = bpy.data.materials["Wood"]
    assert growing.shows(material, 5)
    for random_seed in (material.nca.random_seed, 8):  # what a script has just changed is baked
        material.nca.random_seed = random_seed
        expected = expected_live(growing, material, 5, "colour")
        np.testing.assert_allclose(bake_object(material), expected, atol=2e-3, err_msg=str(random_seed))


def test_a_render_has_no_other_frames_picture_where_growing_fails(growing, tmp_path, capfd):
    material = growing.material(seeds="SCATTERED")
    stage(material, "colour")
    closest(material)
    before = render(tmp_path, 4)
    assert before.std() > 0.01
    material.nca.a.manifold = material.nca.b.manifold = "gone"
    capfd.readouterr()
    for picture in render_animation(tmp_path).values():
        np.testing.assert_allclose(picture, 0.8, atol=1e-6)  # the ground alone
    told = [line for line in capfd.readouterr().err.splitlines() if line.startswith("Neural Growth")]
    assert len(told) == 1
    assert "Wood is left out" in told[0] and "gone" in told[0]
    material.nca.a.manifold = material.nca.b.manifold = "tiny"
    np.testing.assert_allclose(render(tmp_path, 4), before, atol=2e-3)


def test_a_render_that_never_begins_leaves_all_as_it_was(growing):
    material = growing.material(seeds="SCATTERED")
    stage(material, "colour")
    scene = bpy.context.scene
    settings = scene.render.image_settings
    if hasattr(settings, "media_type"):
        settings.media_type = "VIDEO"
    settings.file_format = "FFMPEG"
    scene.render.ffmpeg.format, scene.render.ffmpeg.codec = "MPEG4", "H264"
    scene.render.resolution_x = 33  # H.264 takes even widths
    with pytest.raises(RuntimeError, match="not divisible"):
        bpy.ops.render.render(animation=True)
    scene.frame_set(3)
    copy = material.copy()
    scene.frame_set(4)
    assert copy.nca.tree != material.nca.tree
    assert growing.shows(material, 4)
    assert growing.shows(copy, 4)


def test_a_scene_strip_shows_the_frames_of_its_scene(growing, tmp_path):
    material = growing.material(seeds="SCATTERED")
    stage(material, "colour")
    closest(material)
    cut = bpy.data.scenes.new("Cut")
    editor = cut.sequence_editor_create()
    strips = editor.strips if hasattr(editor, "strips") else editor.sequences
    strips.new_scene("Shot", bpy.context.scene, 1, 7)  # frame 1 of the shot is frame 7 of the cut
    shot = bpy.context.scene
    for name in ("resolution_x", "resolution_y", "resolution_percentage"):
        setattr(cut.render, name, getattr(shot.render, name))
    cut.view_settings.view_transform = "Raw"
    cut.sequencer_colorspace_settings.name = "Linear Rec.709"
    cut.render.image_settings.file_format, cut.render.image_settings.color_depth = "OPEN_EXR", "32"
    cut.frame_start, cut.frame_end, cut.render.filepath = 10, 12, str(tmp_path / "cut")
    bpy.ops.render.render(animation=True, scene="Cut")
    for frame in (10, 11, 12):
        np.testing.assert_allclose(
            read(tmp_path / f"cut{frame:04}.exr"),
            expected_live(growing, material, frame - 6, "colour"),
            atol=2e-3,
            err_msg=str(frame),
        )


def test_motion_blur_asks_for_no_frame_but_the_rendered_one(growing, tmp_path, monkeypatch):
    material = growing.material(seeds="SCATTERED")
    stage(material, "colour")
    closest(material)
    settings = bpy.context.scene.render
    settings.use_motion_blur, settings.motion_blur_position = True, "END"
    frames = growing.module("addon.playback.frames")
    asked = set()
    show = frames.show
    monkeypatch.setattr(frames, "show", lambda live, frame, wait: (asked.add(frame), show(live, frame, wait)))
    for frame in (5, 3):
        expected = expected_live(growing, material, frame, "colour")
        np.testing.assert_allclose(render(tmp_path, frame), expected, atol=2e-3, err_msg=str(frame))
    assert asked == {3, 5}


def test_a_linked_live_growth_is_told_of(growing, tmp_path, capfd):
    growing.material(seeds="SCATTERED")
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "asset.blend"))
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    with bpy.data.libraries.load(str(tmp_path / "asset.blend"), link=True) as (_, linked):
        linked.objects = ["Plane"]
    bpy.context.scene.collection.objects.link(linked.objects[0])
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "shot.blend"))
    capfd.readouterr()
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "shot.blend"), load_ui=False)
    assert "Wood is left out: This growth is linked from //asset.blend" in capfd.readouterr().err
