# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators: let pieces come up with a growth."""

from __future__ import annotations

import bpy
from bpy.props import EnumProperty

from ..host.stubs import Result
from ..host.text import fill
from ..material import duplicates
from ..material.order import ordered
from ..material.target import OnGrowth, object_of
from .strewing import KINDS

KIND = {
    "name": "Kind",
    "items": [
        (name, kind.label, f"{kind.about} that come up as the growth reaches them")
        for name, kind in KINDS.items()
    ],
    "options": {"SKIP_SAVE"},
}


class NCA_OT_add_geometry(OnGrowth, bpy.types.Operator):
    """Let pieces come up on the object wherever the growth gets to, as a modifier of geometry nodes"""

    bl_idname = "nca.add_geometry"
    bl_label = "Add Geometry"
    bl_options = {"REGISTER", "UNDO"}

    kind: EnumProperty(**KIND)

    @classmethod
    def description(cls, context: bpy.types.Context, properties: bpy.types.OperatorProperties) -> str:
        about = fill(KINDS[properties.kind].about)
        return fill("{kind} that come up on this object as the growth reaches them", kind=about)

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from .placing import place

        owner = object_of(context)
        problem = _why_not(owner, material)
        if owner is None or problem:
            self.report({"ERROR"}, problem)
            return {"CANCELLED"}
        nca = ordered(material)
        if not nca.order:
            if nca.baked:
                self.report(
                    {"WARNING"},
                    "This bake may have no growth order: pieces come up at once until you bake again.",
                )
            nca.order = True
        duplicates.separate()
        place(owner, material, self.kind)
        return {"FINISHED"}


def _why_not(owner: bpy.types.Object | None, material: bpy.types.Material) -> str:
    if owner is None or owner.type != "MESH":
        return "Pieces stand on meshes: select an object with a mesh that shows this material."
    if not any(slot.material == material for slot in owner.material_slots):
        return f"{owner.name} does not show {material.name}: select an object that does."
    if not owner.is_editable or owner.library is not None:
        return f"{owner.name} is linked from another file: make it local, or a library override."
    if not owner.data.uv_layers:
        return f"{owner.name} has no UV map, by which the growth lies on it: unwrap it first."
    return ""


classes = (NCA_OT_add_geometry,)
