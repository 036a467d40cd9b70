# SPDX-License-Identifier: GPL-3.0-or-later
"""Plane: another material of the file as maps: Cycles bakes it on a square of its own, and nothing of it stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import bpy
from bpy.props import IntProperty, StringProperty

from ..host.nodes import new_node
from ..host.rendering import is_rendering
from ..host.stubs import Result
from ..host.versions import has_nodes_off
from ..material.properties import nca_of
from ..material.shaders import HOLES, shaders_of
from ..material.suggestions import matching
from ..material.target import OnOpenGrowth, material_of
from .pixels import PictureError
from .properties import pictured

SAMPLES, SIDE = 4, 512
"""Of Cycles for each pixel, and pixels a side."""


class Baked(NamedTuple):
    """A map that is baked of a Principled BSDF.

    Attributes
    ----------
    prop : str
        Of the picture's property that takes it.
    title : str
    socket : str
        Of the shader.
    strength : str
        Of the shader too, by which the value counts; none if empty.
    """

    prop: str
    title: str
    socket: str
    strength: str = ""


MAPS = (
    Baked("picture", "Base Color", "Base Color"),
    Baked("picture_roughness", "Roughness", "Roughness"),
    Baked("picture_metallic", "Metallic", "Metallic"),
    Baked("picture_emission", "Emission", "Emission Color", "Emission Strength"),
)


def _find_materials(self: NCA_OT_bake_picture, context: bpy.types.Context, typed: str) -> list[str]:
    own = material_of(context, self.material)
    return matching((one.name for one in bpy.data.materials if one != own), typed)


class NCA_OT_bake_picture(OnOpenGrowth, bpy.types.Operator):
    """Bake another material of this file to maps, and take them as the picture: also one of procedural nodes grows
    then. It takes a few seconds"""

    bl_idname = "nca.bake_picture"
    bl_label = "Picture of a Material"
    bl_options = {"REGISTER", "UNDO"}

    source: StringProperty(
        name="From",
        description="Name of the material that is baked",
        search=_find_materials,
        options={"SKIP_SAVE"},
    )
    side: IntProperty(
        name="Pixels", description="Of the maps, along one side", default=SIDE, min=64, max=2048
    )

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        self.material = material.name
        return context.window_manager.invoke_props_dialog(self)

    def draw(self, context: bpy.types.Context) -> None:
        """Only what counts."""
        if self.layout is not None:
            self.layout.use_property_split = True
            self.layout.prop(self, "source", icon="MATERIAL")
            self.layout.prop(self, "side")

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        try:
            found = bake(context, _source(self.source, material), self.side)
        except (PictureError, RuntimeError) as error:
            self.report({"ERROR"}, " ".join(str(error).split()).removeprefix("Error: "))
            return {"CANCELLED"}
        nca = pictured(material)
        for prop in (*(one.prop for one in MAPS), "picture_normal", "picture_height"):
            setattr(nca, prop, found.get(prop))
        nca.picture_crop = (0.0, 0.0, 1.0, 1.0)
        nca.picture_flips_green = False
        nca.picture_name = nca.picture_name or self.source
        return {"FINISHED"}


def bake(context: bpy.types.Context, source: bpy.types.Material, side: int) -> dict[str, bpy.types.Image]:
    """Bake a material's maps on a square.

    Returns
    -------
    dict of str to Image
        By the picture's property that takes it; packed, so that they are saved.

    Raises
    ------
    PictureError
        It has no surface that can be baked; the message says what to do.
    RuntimeError
        Blender's.
    """
    found: dict[str, bpy.types.Image] = {}
    try:
        _bake_into(found, context, source, side)
    except BaseException:
        for image in found.values():
            bpy.data.images.remove(image)
        raise
    return found


def _bake_into(
    found: dict[str, bpy.types.Image], context: bpy.types.Context, source: bpy.types.Material, side: int
) -> None:
    with _stage(source) as (scene, owner, material):
        tree: bpy.types.NodeTree = material.node_tree  # type: ignore[assignment]  # `_source` has seen it
        principled = _principled(tree, source)
        output = tree.get_output_node("CYCLES")  # type: ignore[attr-defined]  # a shader's tree
        picture = new_node(tree, bpy.types.ShaderNodeTexImage)
        tree.nodes.active = picture

        def into(prop: str, title: str, kind: str) -> None:
            image = bpy.data.images.new(f"{source.name} {title}", side, side, is_data=prop != "picture")
            found[prop] = picture.image = image
            objects: Any = {"object": owner, "active_object": owner, "selected_objects": [owner]}
            with context.temp_override(scene=scene, view_layer=scene.view_layers[0], **objects):
                bpy.ops.object.bake(type=kind, margin=0, use_clear=True)  # type: ignore[arg-type]
            image.pack()

        if any(node.type in {"BUMP", "NORMAL_MAP"} for node in _nodes_before(principled.inputs["Normal"])):
            into("picture_normal", "Normal", "NORMAL")
        emission = tree.nodes.new("ShaderNodeEmission")
        tree.links.new(emission.outputs[0], output.inputs["Surface"])
        for one in MAPS:
            strength = principled.inputs[one.strength] if one.strength else None
            if strength is not None and not strength.is_linked and not strength.default_value:  # type: ignore[attr-defined]
                continue
            for socket, end in ((principled.inputs[one.socket], 0), (strength, 1)):
                _feed(tree, socket, emission.inputs[end])
            into(one.prop, one.title, "EMIT")


def _source(name: str, own: bpy.types.Material) -> bpy.types.Material:
    """The material that is meant; raises `PictureError` where it cannot be baked."""
    source = bpy.data.materials.get(name)
    if source is None:
        raise PictureError(f"There is no material named “{name}”: choose one of this file.")
    if source == own or nca_of(source).growing:
        raise PictureError(f"{name} grows itself: choose a material without a growth.")
    if has_nodes_off(source) or source.node_tree is None:
        raise PictureError(f"{name} has no nodes: switch Use Nodes on, or choose another material.")
    if is_rendering():
        raise PictureError("Wait until the render is done.")
    return source


def _principled(tree: bpy.types.NodeTree, source: bpy.types.Material) -> bpy.types.Node:
    """The one shader of a surface."""
    shaders = [one for one in shaders_of(tree) if one.kind not in HOLES]  # type: ignore[arg-type]
    if len(shaders) != 1 or shaders[0].kind != "BSDF_PRINCIPLED" or shaders[0].groups:
        raise PictureError(
            f"{source.name} is not made of one Principled BSDF alone: choose another material, or bake it to images "
            "and open those."
        )
    return tree.nodes[shaders[0].node]


@contextmanager
def _stage(
    source: bpy.types.Material,
) -> Iterator[tuple[bpy.types.Scene, bpy.types.Object, bpy.types.Material]]:
    """A scene with a square that shows a copy of a material, as long as it is needed."""
    scene, mesh = bpy.data.scenes.new("Neural Growth"), bpy.data.meshes.new("Neural Growth")
    material = source.copy()
    owner = bpy.data.objects.new("Neural Growth", mesh)
    try:
        mesh.from_pydata([(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)], [], [(0, 1, 2, 3)])
        mesh.uv_layers.new(name="UVMap").uv.foreach_set("vector", [0, 0, 1, 0, 1, 1, 0, 1])
        mesh.materials.append(material)
        scene.collection.objects.link(owner)
        try:
            scene.render.engine = "CYCLES"  # type: ignore[assignment]
        except TypeError as error:
            raise PictureError("Cycles bakes materials: enable its add-on in the preferences.") from error
        scene.cycles.samples, scene.cycles.use_denoising = SAMPLES, False
        yield scene, owner, material
    finally:
        bpy.data.objects.remove(owner)
        bpy.data.meshes.remove(mesh)
        bpy.data.materials.remove(material)
        bpy.data.scenes.remove(scene)


def _feed(tree: bpy.types.NodeTree, socket: bpy.types.NodeSocket | None, end: bpy.types.NodeSocket) -> None:
    """Let an input have what another one has: its link, or its value; 1 where there is no other one."""
    for link in list(end.links or ()):
        tree.links.remove(link)
    if socket is None:
        end.default_value = 1.0  # type: ignore[attr-defined]
    elif socket.links and socket.links[0].from_socket is not None:
        tree.links.new(socket.links[0].from_socket, end)
    else:
        value = socket.default_value  # type: ignore[attr-defined]
        is_grey = isinstance(value, float) and end.type == "RGBA"
        end.default_value = (value, value, value, 1.0) if is_grey else value  # type: ignore[attr-defined]


def _nodes_before(socket: bpy.types.NodeSocket) -> list[bpy.types.Node]:
    """The nodes that an input comes from, through reroutes."""
    found = [link.from_node for link in socket.links or () if link.from_node is not None]
    return [
        each
        for node in found
        for each in ([node] if node.type != "REROUTE" else _nodes_before(node.inputs[0]))
    ]


classes = (NCA_OT_bake_picture,)
