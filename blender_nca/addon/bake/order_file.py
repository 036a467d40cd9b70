# SPDX-License-Identifier: GPL-3.0-or-later
"""Order file: a .blend file beside the textures of a growth order, with a material that plays it in any Blender.

Its node group says in nodes what `maps.materials.growth_shader` says in the languages of engines.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bpy

from ...baking.bake import Bake
from ...baking.texture_set import TextureSet
from ...maps.materials.growth_shader import plays
from ...maps.texture import Texture

_HALF_A_STEP, _STEP = 0.5 / 65535, 1 / 65535
_SOCKETS = {
    "base_colour": "Base Color",
    "roughness": "Roughness",
    "metallic": "Metallic",
    "emission": "Emission Color",
}
"""Map -> socket of the Principled BSDF."""


def write_order_files(bake: Bake) -> None:
    """Write one for each preset of a growth order whose program has no material of its own.

    Raises
    ------
    OSError
        It cannot be written.
    """
    if bake.plan.settings.layout == "ORDER":
        for one in bake.sets:
            _write(one, bake.plan.stem, bake.plan.last)


def _write(one: TextureSet, stem: str, frame: int) -> None:
    files = {texture: path for path, textures in one.files(frame).items() for texture in textures[:1]}
    if one.preset.material or len(files) < len(one.textures) or not any(map(plays, files)):
        return
    material = bpy.data.materials.new(f"{stem} Growth")
    made: list[bpy.types.ID] = [material]
    try:
        _build(material, files, made)
        path = one.folder / f"{stem}_growth.blend"
        try:
            bpy.data.libraries.write(str(path), {material}, path_remap="RELATIVE_ALL", fake_user=True)
        except RuntimeError as error:
            raise OSError(None, "Blender cannot write there", str(path)) from error
    finally:
        bpy.data.batch_remove(made)


def _build(material: bpy.types.Material, files: Mapping[Texture, Path], made: list[bpy.types.ID]) -> None:
    if bpy.app.version < (5, 0):  # from then on every material has nodes
        material.use_nodes = True
    tree = material.node_tree
    assert tree is not None
    nodes, links = tree.nodes, tree.links
    shader = next(node for node in nodes if node.type == "BSDF_PRINCIPLED")
    group: Any = nodes.new("ShaderNodeGroup")
    group.node_tree = growth_order_group()
    made.append(group.node_tree)
    group.location = -260, -420
    growth = nodes.new("ShaderNodeValue")
    growth.name = growth.label = "Growth"
    growth.location = -520, -560
    growth.outputs[0].default_value = 1.0  # type: ignore[attr-defined]
    links.new(growth.outputs[0], group.inputs["Growth"])
    links.new(group.outputs["Shown"], shader.inputs["Alpha"])
    used = [texture for texture in files if plays(texture) or texture.holds in (*_SOCKETS, "normal_opengl")]
    for row, texture in enumerate(used):
        node: Any = nodes.new("ShaderNodeTexImage")
        node.image = bpy.data.images.load(str(files[texture]))
        made.append(node.image)
        node.location = -900, 300 - 300 * row
        if texture.colour == "data":
            node.image.colorspace_settings.is_data = True
        # colours count as they are: the alpha of a growth order says when they appear
        node.image.alpha_mode = "CHANNEL_PACKED"
        if plays(texture):
            links.new(node.outputs["Color"], group.inputs["Order"])
        elif texture.holds == "normal_opengl":
            normal = nodes.new("ShaderNodeNormalMap")
            normal.location = -520, 300 - 300 * row
            links.new(node.outputs["Color"], normal.inputs["Color"])
            links.new(normal.outputs["Normal"], shader.inputs["Normal"])
        else:
            links.new(node.outputs["Color"], shader.inputs[_SOCKETS[texture.holds]])
            if texture.holds == "emission":
                shader.inputs["Emission Strength"].default_value = 1.0  # type: ignore[attr-defined]


def growth_order_group() -> bpy.types.NodeTree:
    """Make the node group that shows a growth order's texture as far as it has grown."""
    tree = bpy.data.node_groups.new("Growth Order", "ShaderNodeTree")
    new_socket = tree.interface.new_socket
    new_socket("Order", in_out="INPUT", socket_type="NodeSocketColor")
    for name, value, most in (("Growth", 1.0, 1.0), ("Softness", 1.0, 8.0)):
        socket: Any = new_socket(name, in_out="INPUT", socket_type="NodeSocketFloat")
        socket.default_value, socket.min_value, socket.max_value = value, 0.0, most
    new_socket("Shown", in_out="OUTPUT", socket_type="NodeSocketFloat")
    nodes, links = tree.nodes, tree.links
    given, result = nodes.new("NodeGroupInput"), nodes.new("NodeGroupOutput")
    given.location, result.location = (-1000, 0), (1400, 0)

    def compute(operation: str, *values: Any, clamp: bool = False) -> bpy.types.NodeSocket:
        node: Any = nodes.new("ShaderNodeMath")
        node.operation, node.use_clamp = operation, clamp
        node.location = -700 + 170 * (len(nodes) - 3), 0
        for socket, value in zip(node.inputs, values, strict=False):
            if isinstance(value, bpy.types.NodeSocket):
                links.new(value, socket)
            else:
                socket.default_value = value
        return node.outputs[0]

    apart: Any = nodes.new("ShaderNodeSeparateColor")
    apart.location = -800, -200
    links.new(given.outputs["Order"], apart.inputs[0])
    order, alpha, rise = apart.outputs
    late = compute("ADD", compute("SUBTRACT", given.outputs["Growth"], order), _HALF_A_STEP)
    ends = compute("MULTIPLY", compute("MINIMUM", order, compute("SUBTRACT", 1.0, order)), 2.0)
    soft = compute("MULTIPLY", rise, given.outputs["Softness"])
    width = compute("MAXIMUM", compute("MINIMUM", soft, ends), _STEP)
    ramp = compute("ADD", compute("DIVIDE", late, width), 0.5, clamp=True)
    links.new(compute("MINIMUM", alpha, ramp), result.inputs["Shown"])
    return tree
