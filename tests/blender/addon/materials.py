# SPDX-License-Identifier: GPL-3.0-or-later
"""Materials that growths are laid over in tests, and what is compared of them."""

from __future__ import annotations

import bpy
import numpy as np

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


def live_pixels(material: bpy.types.Material) -> np.ndarray:
    """What the live images hold: (2, height, width, 4), row 0 at the bottom."""
    shown = []
    for image in (material.nca.image_colour, material.nca.image_data):
        values = np.empty(len(image.pixels), np.float32)
        image.pixels.foreach_get(values)
        shown.append(values.reshape(image.size[1], image.size[0], 4))
    return np.stack(shown)


def make_rich() -> bpy.types.Material:
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


def forget_emission(material: bpy.types.Material) -> None:
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
        if any(word in node.name for word in ("Emission", "Glow", "Light")):
            tree.nodes.remove(node)
    material.nca.version = 1


def check_that_it_glows(growing, material: bpy.types.Material, before: tuple, is_baked: bool) -> None:
    """Hold a growth of the first version, brought up to date, against one of today; then take it away."""
    growing.module("addon.material.duplicates").separate()
    (group,) = growing.module("addon.material.node_group").group_nodes(material, material.nca.tree)
    principled = material.node_tree.nodes["Principled BSDF"]
    assert material.nca.version == growing.module("addon.material.migration").VERSION
    for name in FED:
        (link,) = principled.inputs[name].links
        assert (link.from_node, link.from_socket.name) == (group, name)
    assert group.inputs["Ground Emission Strength"].default_value == 4.0
    assert group.inputs["Glow"].default_value == 1.0
    # the bake of then has no emission to show; the live growth has
    assert material.nca.tree.nodes["Emission"].inputs[0].is_linked != is_baked
    assert material.nca.tree.nodes["Colour"].inputs[0].is_linked
    assert bpy.ops.nca.remove() == {"FINISHED"}
    assert describe(material.node_tree) == before
