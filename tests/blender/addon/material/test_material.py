# SPDX-License-Identifier: GPL-3.0-or-later
"""The material: a growth lies over it, and taking it away gives the material back as it was."""

from __future__ import annotations

import bpy
import numpy as np
import pytest

from blender_nca.maps.channels import MAPS, SHOWN_MAPS

from ..materials import FED, check_that_it_glows, describe, forget_emission


def test_remove_gives_the_material_back_as_it_was(growing, rich):
    before = describe(rich.node_tree)
    assert bpy.ops.nca.new() == {"FINISHED"}
    assert describe(rich.node_tree) != before
    rich.nca.blend = 0.5
    rich.keyframe_insert("nca.blend", frame=1)
    assert bpy.ops.nca.remove() == {"FINISHED"}
    assert describe(rich.node_tree) == before
    assert not rich.nca.growing and rich.nca.tree is None and rich.nca.blend == 0
    assert not bpy.data.node_groups
    assert not any("Rock" in image.name for image in bpy.data.images)
    assert not list(growing.module("addon.host.keyframes").fcurves_of(rich))


def test_remove_leaves_the_keyframes_of_a_duplicate(growing, rich):
    """A duplicate shares its original's action."""
    bpy.ops.nca.new()
    for frame, blend in ((1, 0.0), (9, 1.0)):
        rich.nca.blend = blend
        rich.keyframe_insert("nca.blend", frame=frame)
        rich.roughness = blend
        rich.keyframe_insert("roughness", frame=frame)
    copy = rich.copy()
    assert copy.animation_data.action == rich.animation_data.action
    bpy.ops.nca.remove(material=rich.name)
    scene, fcurves_of = bpy.context.scene, growing.module("addon.host.keyframes").fcurves_of
    assert [curve.data_path for curve in fcurves_of(copy)] == ["nca.blend", "roughness"]
    assert "roughness" in [curve.data_path for curve in fcurves_of(rich)], "its own go on"
    assert growing.module("addon.material.growth").growth_of(copy, 8).genotypes[0].weights_at(8) == (0, 1)
    bpy.ops.nca.remove(material=copy.name)
    scene.frame_set(9)
    assert rich.roughness == 1


def test_remove_lets_go_of_an_action_that_another_growth_goes_on_with(growing, rich):
    bpy.ops.nca.new()
    rich.nca.blend = 0.5
    rich.keyframe_insert("nca.blend", frame=1)
    copy = rich.copy()
    bpy.ops.nca.remove(material=rich.name)
    fcurves_of = growing.module("addon.host.keyframes").fcurves_of
    assert not list(fcurves_of(rich)) and len(list(fcurves_of(copy))) == 1


def test_remove_takes_drivers_and_strips_of_the_growth_alone(growing, rich):
    bpy.ops.nca.new()
    rich.driver_add("nca.steps_per_frame").driver.expression = "frame"
    rich.driver_add("roughness").driver.expression = "frame / 10"
    for frame, blend in ((1, 0.0), (9, 1.0)):
        rich.nca.blend = rich.metallic = blend
        rich.keyframe_insert("nca.blend", frame=frame)
        rich.keyframe_insert("metallic", frame=frame)
    animation = rich.animation_data
    strip = animation.nla_tracks.new().strips.new("Keys", 1, animation.action)
    if bpy.app.version >= (4, 4, 0):
        strip.action_slot = animation.action_slot
    animation.action = None
    bpy.ops.nca.remove()
    assert [driver.data_path for driver in animation.drivers] == ["roughness"]
    slot = getattr(strip, "action_slot", None)
    curves = growing.module("addon.host.keyframes").curves_in(strip.action, slot)
    assert [curve.data_path for curve in curves] == ["metallic"]


def test_remove_gives_every_socket_that_the_growth_fed_the_ground(growing, rich):
    """Also those that the artist linked: the second of two, and one of another kind."""
    assert bpy.ops.nca.new() == {"FINISHED"}
    nodes, links = rich.node_tree.nodes, rich.node_tree.links
    group, light, mix = nodes["Neural Growth"], nodes.new("ShaderNodeEmission"), nodes.new("ShaderNodeMath")
    links.new(group.outputs["Base Color"], light.inputs["Color"])
    links.new(group.outputs["Alpha"], nodes.new("ShaderNodeGamma").inputs["Color"])
    links.new(group.outputs["Roughness"], mix.inputs[0])
    assert bpy.ops.nca.remove() == {"FINISHED"}
    fed = (nodes["Principled BSDF"].inputs["Base Color"], light.inputs["Color"], mix.inputs[0])
    assert [socket.links[0].from_node.name for socket in fed] == ["Noise Texture"] * 3
    assert nodes["Principled BSDF"].inputs["Alpha"].default_value == 0.5
    assert not rich.nca.growing and "Neural Growth" not in nodes


def test_what_was_there_becomes_the_ground(growing, rich):
    bpy.ops.nca.new()
    group = rich.node_tree.nodes["Neural Growth"]
    principled = rich.node_tree.nodes["Principled BSDF"]
    assert group.inputs["Ground Metallic"].default_value == 0.75
    assert group.inputs["Ground Alpha"].default_value == 0.5
    assert group.inputs["Ground Emission Strength"].default_value == 4.0
    assert group.inputs["Ground Emission Colour"].links[0].from_node.name == "Noise Texture"
    assert group.inputs["Ground Roughness"].links[0].from_node.name == "Noise Texture"
    assert group.inputs["Ground Colour"].links[0].from_node.name == "Noise Texture"
    assert group.inputs["Ground Normal"].links[0].from_node.name == "Bump"
    for name in FED:
        (link,) = principled.inputs[name].links
        assert (link.from_node, link.from_socket.name) == (group, name)


def test_an_object_without_a_material_gets_one(growing):
    bpy.ops.mesh.primitive_plane_add()
    plane = bpy.context.object
    assert bpy.ops.nca.new() == {"FINISHED"}
    assert plane.active_material.nca.growing
    assert plane.active_material.node_tree.nodes["Principled BSDF"].inputs["Base Color"].is_linked


def test_an_object_without_a_surface_gets_a_reason(growing):
    bpy.ops.object.empty_add()
    with pytest.raises(RuntimeError, match="no surface"):
        bpy.ops.nca.new()
    assert "no surface" in growing.module("addon.material.suitability").why_no_growth(bpy.context)


def test_a_material_without_principled_is_not_spoilt(growing):
    bpy.ops.mesh.primitive_plane_add()
    material = bpy.data.materials.new("Glow")
    if bpy.app.version < (5, 0, 0):
        material.use_nodes = True
    bpy.context.object.data.materials.append(material)
    nodes, links = material.node_tree.nodes, material.node_tree.links
    nodes.remove(nodes["Principled BSDF"])
    glow = nodes.new("ShaderNodeEmission")
    links.new(glow.outputs[0], nodes["Material Output"].inputs["Surface"])
    before = describe(material.node_tree)
    assert bpy.ops.nca.new() == {"FINISHED"}
    mix = nodes["Material Output"].inputs["Surface"].links[0].from_node
    assert mix.type == "MIX_SHADER" and mix.inputs[1].links[0].from_node == glow
    assert growing.module("addon.material.node_group").group_nodes(material, material.nca.tree)
    bpy.ops.nca.remove()
    assert describe(material.node_tree) == before


def test_an_empty_material_gets_a_surface(growing):
    bpy.ops.mesh.primitive_plane_add()
    material = bpy.data.materials.new("Empty")
    if bpy.app.version < (5, 0, 0):
        material.use_nodes = True
    material.node_tree.nodes.clear()
    bpy.context.object.data.materials.append(material)
    assert bpy.ops.nca.new() == {"FINISHED"}
    output = material.node_tree.get_output_node("ALL")
    assert output.inputs["Surface"].links[0].from_node.type == "BSDF_PRINCIPLED"


def test_a_deleted_node_is_wired_again(growing, rich):
    bpy.ops.nca.new()
    rich.node_tree.nodes.remove(rich.node_tree.nodes["Neural Growth"])
    assert bpy.ops.nca.wire() == {"FINISHED"}
    (group,) = growing.module("addon.material.node_group").group_nodes(rich, rich.nca.tree)
    assert group.outputs["Base Color"].links[0].to_node.name == "Principled BSDF"


def test_wrap_repeats_and_its_absence_ends_at_the_border(growing):
    material = growing.material()
    pictures = [node for node in material.nca.tree.nodes if node.type == "TEX_IMAGE"]
    assert {node.extension for node in pictures} == {"REPEAT"}
    material.nca.wrap = False
    assert {node.extension for node in pictures} == {"CLIP"}


def test_live_images_are_data_that_a_save_keeps_as_it_is(growing):
    material = growing.material()
    bpy.context.scene.frame_set(2)
    colour, data = material.nca.image_colour, material.nca.image_data
    # before Blender 5 only data is saved as it is
    named = "Linear Rec.709" if bpy.app.version >= (5, 0, 0) else "Non-Color"
    assert colour.colorspace_settings.name == named and data.colorspace_settings.name == "Non-Color"
    for image in (colour, data):
        assert image.is_float and image.alpha_mode == "CHANNEL_PACKED"


def test_live_images_keep_their_values_in_a_file(growing, tmp_path):
    """Alpha is a map among the others in them, and must not scale these."""
    material = growing.material(seeds="SCATTERED")
    bpy.context.scene.frame_set(4)
    pixels = growing.pixels(material)
    assert (pixels[..., 3] == 0).any() or pixels[..., 3].min() < 0.5
    for image, values in zip((material.nca.image_colour, material.nca.image_data), pixels, strict=True):
        image.pack()
        image.reload()
        kept = np.empty(len(image.pixels), np.float32)
        image.pixels.foreach_get(kept)
        np.testing.assert_allclose(kept.reshape(values.shape), values, atol=1e-3)


def test_swap_exchanges_the_species(growing):
    material = growing.material()
    assert bpy.ops.nca.swap() == {"FINISHED"}
    assert (material.nca.a.species, material.nca.b.species) == ("Birch", "Ash")
    assert (material.nca.a.dna, material.nca.b.dna) == ("TTGACCAG", "ACGTACGT")


def test_the_random_seed_button_draws_another(growing):
    material = growing.material()
    bpy.ops.nca.randomise_seed()
    assert material.nca.random_seed != 0


def test_a_growth_of_a_file_from_before_emission_glows(growing, rich):
    before = describe(rich.node_tree)
    bpy.ops.nca.new()
    forget_emission(rich)
    check_that_it_glows(growing, rich, before, is_baked=False)


def test_a_new_map_has_its_place_in_the_material(growing):
    """A map of the renderer or of bakes that is added to the tables without being shown fails here."""
    overlay, picture_nodes = (
        growing.module(f"addon.material.{name}") for name in ("overlay", "picture_nodes")
    )
    assert set(overlay.FED) == set(MAPS)
    tree = growing.material().nca.tree
    image = bpy.data.images.new("Any", 4, 4)
    for show in (
        lambda: None,
        lambda: picture_nodes.read_sequences(tree, dict.fromkeys(SHOWN_MAPS, image), True, 1, 2, 1),
    ):
        show()
        assert all(tree.nodes[name].inputs[0].is_linked for name in overlay.FED.values())
        assert all(tree.nodes[name].outputs[0].is_linked for name in overlay.FED.values())
    pictures = [node for node in tree.nodes if node.type == "TEX_IMAGE"]
    assert len(pictures) == len(SHOWN_MAPS)
    assert all(any(output.is_linked for output in node.outputs) for node in pictures)


def test_a_new_growth_has_fine_detail_where_the_model_learned_it_and_shows_it(growing):
    material = growing.material(pixels_per_cell=6)
    nca, growth_of = material.nca, growing.module("addon.material.growth").growth_of
    assert nca.fine and growth_of(material, 3).fine
    species = growing.module("addon.library").species()
    nca.a.choose(species.find("materials", "Zebra"))
    nca.b.choose(species.find("materials", "Zebra"))
    finely = growing.grown(material, 12)
    nca.fine = False
    plainly = growing.grown(material, 12)
    assert finely.shape == plainly.shape and np.abs(finely - plainly).mean() > 1e-3
    nca.pixels_per_cell = 4
    without = growing.grown(material, 12)
    nca.fine = True
    assert np.array_equal(growing.grown(material, 12), without)
