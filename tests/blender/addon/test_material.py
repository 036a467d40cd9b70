# SPDX-License-Identifier: GPL-3.0-or-later
"""The material: a growth lies over it, and taking it away gives the material back as it was."""

from __future__ import annotations

import bpy
import numpy as np
import pytest

FED = ("Base Color", "Metallic", "Roughness", "Alpha", "Normal", "Emission Color", "Emission Strength")
"""Sockets of the Principled BSDF that a growth feeds."""


def describe(tree: bpy.types.NodeTree) -> tuple:
    """All that makes a node tree: nodes and where they are, links, values."""
    links = sorted(
        (link.from_node.name, link.from_socket.identifier, link.to_node.name, link.to_socket.identifier)
        for link in tree.links
    )
    values = {}
    for node in tree.nodes:
        for socket in node.inputs:
            if hasattr(socket, "default_value"):
                value = socket.default_value
                values[node.name, socket.identifier] = (
                    tuple(value) if hasattr(value, "__len__") and not isinstance(value, str) else value
                )
    return sorted((node.name, *node.location) for node in tree.nodes), links, values


@pytest.fixture
def rich() -> bpy.types.Material:
    """A material with links and values of its own."""
    bpy.ops.mesh.primitive_plane_add()
    material = bpy.data.materials.new("Rock")
    if bpy.app.version < (5, 0, 0):
        material.use_nodes = True
    bpy.context.object.data.materials.append(material)
    nodes, links = material.node_tree.nodes, material.node_tree.links
    principled = nodes["Principled BSDF"]
    noise = nodes.new("ShaderNodeTexNoise")
    bump = nodes.new("ShaderNodeBump")
    noise.location, bump.location = (-600, 100), (-300, -100)
    links.new(noise.outputs[0], principled.inputs["Roughness"])
    links.new(noise.outputs[0], bump.inputs["Height"])
    links.new(noise.outputs[1], principled.inputs["Base Color"])
    links.new(bump.outputs[0], principled.inputs["Normal"])
    principled.inputs["Metallic"].default_value = 0.75
    principled.inputs["Alpha"].default_value = 0.5
    principled.inputs["Base Color"].default_value = (0.1, 0.2, 0.3, 1.0)
    principled.inputs["Emission Strength"].default_value = 4.0
    links.new(noise.outputs[1], principled.inputs["Emission Color"])
    return material


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
    assert not list(growing.module("addon.compat").fcurves_of(rich))


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


def test_a_removed_bake_leaves_no_data(growing, rich, tmp_path):
    before = describe(rich.node_tree)
    bpy.ops.nca.new()
    nca = rich.nca
    library = growing.module("addon.library").species()
    nca.b.choose(library.find("tiny", "Ash"))
    nca.a.choose(library.find("tiny", "Ash"))
    nca.width = nca.height = 8
    nca.bake_folder, nca.bake_start, nca.bake_end = str(tmp_path), 1, 2
    assert bpy.ops.nca.bake() == {"FINISHED"}
    assert bpy.ops.nca.remove() == {"FINISHED"}
    assert describe(rich.node_tree) == before
    assert not any(image.source == "SEQUENCE" for image in bpy.data.images)


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
    assert "no surface" in growing.module("addon.active").why_no_growth(bpy.context)


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
    assert nodes["Material Output"].inputs["Surface"].links[0].from_node == glow
    assert growing.module("addon.materials").group_nodes(material, material.nca.tree)
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
    (group,) = growing.module("addon.materials").group_nodes(rich, rich.nca.tree)
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
    assert (
        colour.colorspace_settings.name == "Linear Rec.709" and data.colorspace_settings.name == "Non-Color"
    )
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


@pytest.mark.parametrize("is_baked", [False, True])
def test_a_growth_of_a_file_from_before_emission_glows(growing, rich, tmp_path, is_baked):
    before = describe(rich.node_tree)
    bpy.ops.nca.new()
    if is_baked:
        rich.nca.bake_folder, rich.nca.bake_start, rich.nca.bake_end = str(tmp_path), 1, 2
        rich.nca.width = rich.nca.height = 8
        assert bpy.ops.nca.bake() == {"FINISHED"}
    _forget_emission(rich)
    growing.module("addon.versions").migrate()
    (group,) = growing.module("addon.materials").group_nodes(rich, rich.nca.tree)
    principled = rich.node_tree.nodes["Principled BSDF"]
    assert rich.nca.version == growing.module("addon.versions").VERSION
    for name in FED:
        (link,) = principled.inputs[name].links
        assert (link.from_node, link.from_socket.name) == (group, name)
    assert group.inputs["Ground Emission Strength"].default_value == 4.0
    assert group.inputs["Glow"].default_value == 1.0
    # the bake of then has no emission to show; the live growth has
    assert rich.nca.tree.nodes["Emission"].inputs[0].is_linked != is_baked
    assert rich.nca.tree.nodes["Colour"].inputs[0].is_linked
    assert bpy.ops.nca.remove() == {"FINISHED"}
    assert describe(rich.node_tree) == before


def _forget_emission(material: bpy.types.Material) -> None:
    """Make of a growth what the first version would have made."""
    nodes, links, tree = material.node_tree.nodes, material.node_tree.links, material.nca.tree
    principled, group = nodes["Principled BSDF"], nodes["Neural Growth"]
    for link in [*principled.inputs["Emission Color"].links, *principled.inputs["Emission Strength"].links]:
        links.remove(link)
    principled.inputs["Emission Strength"].default_value = 4.0
    links.new(nodes["Noise Texture"].outputs[1], principled.inputs["Emission Color"])
    for link in list(group.inputs["Ground Emission Colour"].links):
        links.remove(link)
    for item in list(tree.interface.items_tree):
        if "Emission" in item.name or item.name == "Glow":
            tree.interface.remove(item)
    for node in list(tree.nodes):
        if "Emission" in node.name or "Light" in node.name:
            tree.nodes.remove(node)
    material.nca.version = 1


def test_swap_exchanges_the_species(growing):
    material = growing.material()
    assert bpy.ops.nca.swap() == {"FINISHED"}
    assert (material.nca.a.species, material.nca.b.species) == ("Birch", "Ash")
    assert (material.nca.a.dna, material.nca.b.dna) == ("TTGACCAG", "ACGTACGT")


def test_the_random_seed_button_draws_another(growing):
    material = growing.material()
    bpy.ops.nca.randomise_seed()
    assert material.nca.random_seed != 0


def test_species_are_chosen_by_picture(growing):
    material = growing.material()
    material.nca.a.picture = "tiny/Cedar"
    assert (material.nca.a.species, material.nca.a.dna) == ("Cedar", "GGATTACA")
    assert material.nca.a.picture == "tiny/Cedar"
    assert material.nca.b.picture == "tiny/Birch"


def test_another_model_brings_two_of_its_own_species(growing, monkeypatch):
    material, library = growing.material(), growing.module("addon.library")
    genetics = growing.module("genetics")
    read = library.species()
    strange = tuple(genetics.Species(name, "ACGTACGT", "strange") for name in ("Rowan", "Yew"))
    monkeypatch.setattr(library, "_library", genetics.Library((*strange, *read.species), ()))
    monkeypatch.setattr(
        library, "_models", {**library.models(), "strange": {"title": "Strange Trees", "kind": "figures"}}
    )
    titles = [item[1] for item in library.model_choices()]
    assert titles.index("tiny") < titles.index("Strange Trees"), "figures come after materials"
    assert material.nca.model == "tiny"
    material.nca.model = "strange"
    assert [parent.species for parent in (material.nca.a, material.nca.b)] == ["Rowan", "Yew"]
    assert [item[1] for item in library.choices("A", "strange")] == ["Rowan", "Yew"]
    material.nca.a.manifold = "lost"
    assert material.nca.model == "lost" and library.model_choices("lost")[-1][1] == "lost (missing)"


def test_choices_keep_their_numbers_when_the_library_grows(growing):
    library = growing.module("addon.library")
    before = {item[0]: item[4] for item in library.choices("A")}
    genetics = growing.module("genetics")
    read = library.species()
    library._library = genetics.Library((genetics.Species("Aaa", "ACGTACGT", "tiny"), *read.species), ())
    after = {item[0]: item[4] for item in library.choices("A")}
    assert {name: after[name] for name in before} == before and len(after) == len(before) + 1


def test_what_was_deleted_in_the_group_is_made_anew(growing, tmp_path):
    material = growing.material(bake_start=1, bake_end=2, bake_folder=str(tmp_path))
    material.nca.tree.nodes.clear()
    assert bpy.ops.nca.bake() == {"FINISHED"}
    assert bpy.ops.nca.free_bake() == {"FINISHED"}
    tree = material.nca.tree
    output = next(node for node in tree.nodes if node.type == "GROUP_OUTPUT")
    assert all(output.inputs[name].is_linked for name in FED)
    assert {node.image for node in tree.nodes if node.type == "TEX_IMAGE"} == {
        material.nca.image_colour,
        material.nca.image_data,
    }
