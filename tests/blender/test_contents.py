# SPDX-License-Identifier: GPL-3.0-or-later
"""What tries the add-on on files of others sees each thing of a material that could be lost."""

from __future__ import annotations

from collections.abc import Callable

import bpy
import pytest

from scripts.contents import contents, difference


def make_material() -> bpy.types.Material:
    """A material with links, a group, a ramp, a driver and keyframes."""
    material = bpy.data.materials.new("Wall")
    if bpy.app.version < (5, 0, 0):
        material.use_nodes = True
    tree = material.node_tree
    group = bpy.data.node_groups.new("Look", "ShaderNodeTree")
    group.nodes.new("ShaderNodeValue").outputs[0].default_value = 0.25
    tree.nodes.new("ShaderNodeGroup").node_tree = group
    ramp, shader = tree.nodes.new("ShaderNodeValToRGB"), tree.nodes["Principled BSDF"]
    tree.links.new(ramp.outputs[0], shader.inputs["Base Color"])
    shader.inputs["Roughness"].driver_add("default_value").driver.expression = "frame"
    shader.inputs["Metallic"].keyframe_insert("default_value", frame=1)
    return material


def curves(action: bpy.types.Action) -> list[bpy.types.FCurve]:
    if bpy.app.version < (4, 4, 0):
        return list(action.fcurves)
    return list(action.layers[0].strips[0].channelbags[0].fcurves)


LOSSES: list[Callable[[bpy.types.Material], object]] = [
    lambda material: setattr(material.node_tree.links[0], "is_muted", True),
    lambda material: material.node_tree.links.remove(material.node_tree.links[0]),
    lambda material: setattr(material.node_tree.nodes["Principled BSDF"].inputs["IOR"], "default_value", 1.6),
    lambda material: setattr(material.node_tree.nodes["Principled BSDF"].inputs["IOR"], "hide", True),
    lambda material: setattr(material.node_tree.nodes["Color Ramp"], "mute", True),
    lambda material: setattr(material.node_tree.nodes["Color Ramp"].location, "x", 40.0),
    lambda material: setattr(material.node_tree.nodes["Color Ramp"].color_ramp.elements[0], "position", 0.1),
    lambda material: material.node_tree.nodes["Color Ramp"].__setitem__("left", 1),
    lambda material: setattr(material.node_tree.animation_data.drivers[0].driver, "expression", "0"),
    lambda material: setattr(
        curves(material.node_tree.animation_data.action)[0].keyframe_points[0].co, "y", 0.5
    ),
    lambda material: setattr(
        material.node_tree.nodes["Group"].node_tree.nodes["Value"].outputs[0], "default_value", 0.5
    ),
    lambda material: material.node_tree.nodes["Group"].node_tree.nodes.clear(),
    lambda material: setattr(material, "use_backface_culling", True),
]


@pytest.mark.usefixtures("clean_file")
def test_no_loss_of_a_material_is_overlooked():
    for number, lose in enumerate(LOSSES):
        material = make_material()
        before = contents(material)
        material.node_tree.nodes["Color Ramp"].select = True
        assert not difference(before, contents(material))
        lose(material)
        assert difference(before, contents(material)), f"loss {number}"
        bpy.data.batch_remove([*bpy.data.materials, *bpy.data.node_groups, *bpy.data.actions])
