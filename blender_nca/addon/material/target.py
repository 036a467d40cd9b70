# SPDX-License-Identifier: GPL-3.0-or-later
"""Target: the object and the material that panels and operators are about."""

from __future__ import annotations

import bpy
from bpy.props import StringProperty

from ..host.stubs import OperatorMixin, Result
from .properties import nca_of
from .status import is_open, why_not_editable, why_not_open


def object_of(context: bpy.types.Context) -> bpy.types.Object | None:
    return getattr(context, "object", None) or getattr(context, "active_object", None)


def material_of(context: bpy.types.Context, name: str = "") -> bpy.types.Material | None:
    """The material named by a script, else the one that the properties editor shows, else the active object's."""
    if name:
        return bpy.data.materials.get(name)
    pinned = getattr(context, "material", None)
    if pinned is not None:
        return pinned
    owner = object_of(context)
    return owner.active_material if owner else None


class OnMaterial(OperatorMixin):
    """For operators on the active material, or on one that a script names."""

    material: StringProperty(
        name="Material",
        description="Name of the material; the active one if empty",
        options={"HIDDEN", "SKIP_SAVE"},
    )

    def find(self, context: bpy.types.Context) -> bpy.types.Material | None:
        """The material, or None after a report of what is wrong."""
        material = material_of(context, self.material)
        if material is None:
            wanted = (
                f"There is no material named “{self.material}”."
                if self.material
                else "There is no active material."
            )
            self.report({"ERROR"}, wanted)
        return material


class OnGrowth(OnMaterial):
    """For operators on a material that grows and may be changed."""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        # Any material, not only the active one: a script may name it.
        if any(nca_of(material).growing for material in bpy.data.materials):
            return True
        cls.poll_message_set("No material grows: press New Growth first.")
        return False

    def find(self, context: bpy.types.Context) -> bpy.types.Material | None:
        material = super().find(context)
        if material is not None:
            problem = why_not_editable(material)
            if not nca_of(material).growing:
                problem = f"{material.name} has no growth: press New Growth first."
            if problem:
                self.report({"ERROR"}, problem)
                return None
        return material

    def execute(self, context: bpy.types.Context) -> Result:
        material = self.find(context)
        return {"CANCELLED"} if material is None else self.act(context, material)

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        """Do what the operator is for, with the growth of this material."""
        raise NotImplementedError


class OnOpenGrowth(OnGrowth):
    """For operators on a growth that is neither baked nor being baked."""

    to_do = "to change it"
    """What one frees its bake for."""

    def find(self, context: bpy.types.Context) -> bpy.types.Material | None:
        material = super().find(context)
        if material is not None and not is_open(material):
            self.report({"ERROR"}, why_not_open(material, self.to_do))
            return None
        return material
