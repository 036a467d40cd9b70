# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks: what an artist sees of a recoloured growth is what is baked and exported, and neutral is as it grows."""

from __future__ import annotations

import math

import bpy
import numpy as np
import pytest

from ..exported import export, linear, picture
from ..stage import closest, over_ground, render, stage

COLOURS = {"look_hue": 2.0, "look_saturation": 1.3, "look_value": 1.2, "look_contrast": 1.4}
VALUES = {
    "look_roughness_multiply": 0.6,
    "look_roughness_offset": 0.3,
    "look_metallic_offset": 0.4,
    "look_emission_multiply": 1.5,
    "look_metallic_curved": True,
    "look_emission_curved": True,
}
"""The curves themselves are set after the nodes are there."""
CURVES = {"look_metallic_points": "0 0.9, 0.5 0.2 V, 1 0.6", "look_emission_points": "0 0, 0.3 0.7, 1 1"}


@pytest.fixture
def looking(growing, tmp_path):
    """A growth that is to be baked, without a look yet."""
    return growing.material(
        seeds="SCATTERED", bake_start=1, bake_end=6, bake_folder=str(tmp_path / "baked"), random_seed=3
    )


def put(material: bpy.types.Material, **values) -> None:
    """Switch a look on."""
    material.nca.looks = True
    for name, value in values.items():
        setattr(material.nca, name, value)


def expected(growing, material, frame: int, seen: str) -> np.ndarray:
    """The growth's picture over the ground of the stage, changed as the look is described."""
    colour, data = growing.grown(material, frame)
    (look,) = growing.module("addon.material.look").looks_to_bake(material, [frame])
    shown = look.recolour(colour[..., :3])
    roughness, metallic, _, emission = (
        look.change_values(name, data[..., place])
        for place, name in enumerate(("roughness", "metallic", "height", "emission"))
    )
    light = shown * emission[..., None]
    return over_ground(shown, roughness, metallic, colour[..., 3], light, seen)


@pytest.mark.parametrize("seen", ["colour", "data", "glow"])
def test_what_is_seen_is_what_is_baked(growing, looking, tmp_path, seen):
    stage(looking, seen)
    closest(looking)
    plain = render(tmp_path, 5)
    put(looking, **COLOURS, **VALUES, **CURVES)
    nca = looking.nca
    nca.keyframe_insert("look_hue", frame=1)
    nca.look_hue = -4.0
    nca.keyframe_insert("look_hue", frame=6)
    live = {frame: render(tmp_path, frame) for frame in (5, 2)}
    assert abs(live[5] - plain).max() > 0.1
    for frame, shown in live.items():
        np.testing.assert_allclose(shown, expected(growing, looking, frame, seen), atol=3e-3)
    assert bpy.ops.nca.bake() == {"FINISHED"}
    closest(looking)
    for frame, shown in live.items():
        np.testing.assert_allclose(render(tmp_path, frame), shown, atol=4e-3, err_msg=str(frame))
    bpy.ops.nca.free_bake()
    closest(looking)
    np.testing.assert_array_equal(render(tmp_path, 5), live[5])
    nca.looks = False
    np.testing.assert_array_equal(render(tmp_path, 5), plain, "switched off it is as it grows, bit for bit")


def test_without_a_look_nothing_is_written_anew_and_no_node_is_there(growing, looking, tmp_path):
    folder, nca = tmp_path / "baked", looking.nca
    before = {node.name for node in nca.tree.nodes}
    bpy.ops.nca.bake()
    files = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.glob("*.png")}
    bpy.ops.nca.free_bake()
    assert {node.name for node in nca.tree.nodes} == before
    put(looking)  # neutral
    bpy.ops.nca.bake()
    nca.bakes_looks = False
    put(looking, look_hue=1.0)
    assert not nca.looks_in_files and not nca.tree.nodes["Look Hue"].mute, "it is tuned after the bake"
    bpy.ops.nca.free_bake()
    bpy.ops.nca.bake()
    assert files == {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.glob("*.png")}
    nca.bakes_looks = True
    bpy.ops.nca.bake()
    assert nca.looks_in_files and nca.tree.nodes["Look Hue"].mute
    assert all(path.read_bytes() != files[path][0] for path in folder.glob("*base_colour_0004.png"))
    with pytest.raises(RuntimeError, match="Free Bake"):
        bpy.ops.nca.reset_looks(material=looking.name)
    bpy.ops.nca.free_bake()
    nca.keyframe_insert("look_hue", frame=1)
    assert bpy.ops.nca.reset_looks(material=looking.name) == {"FINISHED"}
    bpy.context.scene.frame_set(2)
    assert nca.look_hue == 0 and growing.module("addon.material.look").looks_to_bake(looking, [1]) == [None]


def test_a_look_is_each_material_s_own_and_is_kept(growing, looking, tmp_path):
    put(looking, look_saturation=0.5, look_height_curved=True, look_height_points="0 0.2, 1 1 C")
    hue = looking.nca.tree.nodes["Look Hue"]
    copy = looking.copy()
    bpy.context.object.data.materials.append(copy)
    bpy.context.scene.frame_set(2)
    copy.nca.look_saturation, copy.nca.look_height_points = 1.75, "0 1, 0.5 0.25, 1 0"
    bpy.context.view_layer.update()
    assert hue.inputs["Saturation"].default_value == pytest.approx(0.5)
    assert copy.nca.tree.nodes["Look Hue"].inputs["Saturation"].default_value == pytest.approx(1.75)
    assert looking.nca.look_height_points == "0 0.2, 1 1 C"
    presets = growing.module("addon.presets.preset")
    kept = presets.check(presets.describe(copy.nca))
    other = growing.material("Other")
    assert presets.apply(other.nca, kept) == []
    assert other.nca.looks and other.nca.look_height_curved and not other.nca.looks_in_files
    assert other.nca.look_height_points == "0 1, 0.5 0.25, 1 0"
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "kept.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "kept.blend"), load_ui=False)
    bpy.context.scene.frame_set(3)
    for name, value in (("Wood", 0.5), ("Wood.001", 1.75), ("Other", 1.75)):
        material = bpy.data.materials[name]
        assert material.nca.look_saturation == pytest.approx(value)
        held = material.nca.tree.nodes["Look Hue"].inputs["Saturation"]
        assert held.default_value == pytest.approx(value), name
        note = next(one for one in material.nca.tree.animation_data.drivers if "[1]" in one.data_path)
        assert note.driver.variables[0].targets[0].fallback_value == pytest.approx(value)
        held.default_value = 0.0  # whom it follows is seen as it comes back
        bpy.context.scene.frame_set(bpy.context.scene.frame_current + 1)
        bpy.context.view_layer.update()
        assert held.default_value == pytest.approx(value), name
    growing.neural_growth.disable()
    try:
        bpy.context.scene.frame_set(20)
        assert held.default_value == pytest.approx(1.75), "as it was, without the add-on"
    finally:
        growing.neural_growth.enable()
    growing.module("addon.material.handlers").on_enabled()
    bpy.data.materials["Other"].nca.look_saturation = 0.25
    bpy.context.scene.frame_set(21)
    assert held.default_value == pytest.approx(0.25), "it follows again"


def test_what_an_artist_deletes_of_a_look_comes_back_and_undo_takes_it_away(growing, looking):
    name = looking.name
    bpy.ops.ed.undo_push(message="before")
    put(looking, look_hue=math.pi)
    bpy.ops.ed.undo_push(message="look")
    bpy.ops.ed.undo()
    material = bpy.data.materials[name]
    assert not material.nca.looks and "Look Hue" not in material.nca.tree.nodes
    bpy.ops.ed.redo()
    material = bpy.data.materials[name]
    nodes = material.nca.tree.nodes
    ends = {(link.to_node.name, link.to_socket.name) for link in nodes["Look Colour"].outputs[2].links}
    assert {name for name, _ in ends} == {"Colour", "Growth Emission"}
    nodes.remove(nodes["Look Colour"])
    nodes.remove(nodes["Look Emission"])
    material.nca.looks = True
    assert ends == {
        (link.to_node.name, link.to_socket.name) for link in nodes["Look Colour"].outputs[2].links
    }
    assert [link.to_socket.name for link in nodes["Look Emission"].outputs[0].links] == ["Scale"]
    picture, own = nodes["Growth Data Channels"].outputs["Red"], nodes.new("ShaderNodeMath")
    material.nca.tree.links.new(picture, own.inputs[0])
    material.nca.looks = True
    assert own.inputs[0].links[0].from_node.name == "Growth Data Channels", "an artist's own link stays"
    for text in ("", "0 0", "0 0, 2 1", "a b, 1 1", "0 0, 0.5 0.5 Q, 1 1"):
        material.nca.look_height_points = text
        assert material.nca.look_height_points == "0 0, 1 1", "what is no curve changes nothing"


def test_a_look_is_exported(exporting, tmp_path):
    material = exporting.material(seeds="SCATTERED")
    put(material, look_hue=2.0, look_roughness_offset=0.3, look_metallic_multiply=0.5)
    bpy.context.scene.frame_set(5)
    colour, data = exporting.grown(material, 5)[:, ::-1]
    alpha = colour[..., 3:]
    (look,) = exporting.module("addon.material.look").looks_seen(material, [5])
    written, whole = export(tmp_path)
    pbr = written["pbrMetallicRoughness"]
    seen = linear(picture(tmp_path, whole, pbr["baseColorTexture"])[..., :3])
    wanted = alpha * look.recolour(colour[..., :3]) + (1 - alpha) * 0.8
    assert abs(look.recolour(colour[..., :3]) - colour[..., :3]).max() > 0.1
    np.testing.assert_allclose(seen, wanted, atol=0.01)
    packed = picture(tmp_path, whole, pbr["metallicRoughnessTexture"])
    alpha = alpha[..., 0]
    np.testing.assert_allclose(
        packed[..., 1], alpha * (data[..., 0] + 0.3).clip(0, 1) + (1 - alpha) * 0.5, atol=0.01
    )
    np.testing.assert_allclose(packed[..., 2], alpha * data[..., 1] * 0.5, atol=0.01)
