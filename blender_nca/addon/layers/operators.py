# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators: layers are added, taken away, moved and painted."""

from __future__ import annotations

import bpy
from bpy.props import EnumProperty, IntProperty, StringProperty

from ...automaton.growth_error import GrowthError
from ..host.stubs import Result
from ..material import events
from ..material.properties import nca_of
from ..material.target import OnOpenGrowth
from .properties import MOST, chosen, layered


class OnLayers(OnOpenGrowth):
    """For operators that change a growth's layers."""

    to_do = "to change its layers"


class NCA_OT_add_layer(OnLayers, bpy.types.Operator):
    """Let another species grow beside those of the first screen"""

    bl_idname = "nca.add_layer"
    bl_label = "Add Layer"
    bl_options = {"REGISTER", "UNDO"}

    source: EnumProperty(
        name="Species",
        description="What grows in it",
        items=(
            (
                "NEW",
                "New Species",
                "One that the growth has not yet; choose another by its picture",
                "ADD",
                0,
            ),
            ("A", "Species A", "The first one of the first screen, with its DNA as it is now", "EVENT_A", 1),
            ("B", "Species B", "The second one of the first screen, with its DNA as it is now", "EVENT_B", 2),
        ),
        options={"SKIP_SAVE"},
    )
    species: StringProperty(
        name="Name",
        description="Name of a new species of the growth's model; empty for any that it has not yet",
        options={"SKIP_SAVE"},
    )

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import order

        if len(layered(material).layers) >= MOST:
            self.report({"ERROR"}, f"A growth has up to {MOST} layers: take one away first.")
            return {"CANCELLED"}
        parent = {"A": nca_of(material).a, "B": nca_of(material).b}.get(self.source)
        layer = order.add(material, self.species, parent)
        if parent is None and self.species and layer.parent.species != self.species:
            self.report({"WARNING"}, f"There is no species “{self.species}”: {layer.name} was taken.")
        events.changed(material)
        return {"FINISHED"}


class NCA_OT_remove_layer(OnLayers, bpy.types.Operator):
    """Take the chosen layer away, with its keyframes. Its seeds are of the first screen's species then"""

    bl_idname = "nca.remove_layer"
    bl_label = "Remove Layer"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import order

        if chosen(material) is None:
            return {"CANCELLED"}
        order.remove(material, layered(material).layer_index)
        events.changed(material)
        return {"FINISHED"}


class NCA_OT_move_layer(OnLayers, bpy.types.Operator):
    """Move the chosen layer in the list"""

    bl_idname = "nca.move_layer"
    bl_label = "Move Layer"
    bl_options = {"REGISTER", "UNDO"}

    step: IntProperty(
        name="Step", description="1 moves it down, -1 up", default=1, min=-1, max=1, options={"HIDDEN"}
    )

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import order

        nca = layered(material)
        to = nca.layer_index + self.step
        if not self.step or chosen(material) is None or not 0 <= to < len(nca.layers):
            return {"CANCELLED"}
        order.move(material, nca.layer_index, to)
        events.changed(material)
        return {"FINISHED"}


class NCA_OT_paint_layer(OnLayers, bpy.types.Operator):
    """Paint where the chosen layer grows, with Blender's own brushes: makes what is painted on, and enters the mode in
    which you do that. The growth follows each stroke"""

    bl_idname = "nca.paint_layer"
    bl_label = "Paint"
    bl_options = {"REGISTER", "UNDO"}

    kind: EnumProperty(
        name="Paint",
        description="On what it is painted",
        items=(
            ("AS_IS", "As It Is", "What its region is read from; an image, where that cannot be painted"),
            ("IMAGE", "Mask Image", "An image, in Texture Paint"),
            ("ATTRIBUTE", "Color Attribute", "A color attribute, in Vertex Paint"),
            ("GROUP", "Vertex Group", "A vertex group, in Weight Paint"),
        ),
        default="AS_IS",
        options={"SKIP_SAVE"},
    )

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from ..habitat import painting, recording

        layer = chosen(material)
        if layer is None:
            self.report({"ERROR"}, "There is no layer to paint: press Add Layer first.")
            return {"CANCELLED"}
        before, kind = layer.place, self.kind
        if kind == "AS_IS":
            kind = before if before in painting.MODES else "IMAGE"
        if before != kind:
            layer.place = kind
        layer.region.name = layer.name
        try:
            said = painting.begin(layer.region, context, ground=0.0)
        except (GrowthError, RuntimeError) as error:
            if before != kind:
                layer.place = before
            self.report({"ERROR"}, " ".join(str(error).split()).removeprefix("Error: "))
            return {"CANCELLED"}
        recording.look_again()
        recording.record(layer.region, context)
        self.report({"INFO"}, said)
        events.changed(material)
        return {"FINISHED"}


classes = (NCA_OT_add_layer, NCA_OT_remove_layer, NCA_OT_move_layer, NCA_OT_paint_layer)
