# SPDX-License-Identifier: GPL-3.0-or-later
"""Target: the material that an operator works on."""

from __future__ import annotations

import bpy
from bpy.props import StringProperty

from .. import active


class OnMaterial:
    """For operators on the active material, or on one that a script names."""

    material: StringProperty(
        name="Material",
        description="Name of the material; the active one if empty",
        options={"HIDDEN", "SKIP_SAVE"},
    )

    def find(self, context: bpy.types.Context) -> bpy.types.Material | None:
        """The material, or None after a report of what is wrong."""
        material = active.material_of(context, self.material)
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
    def poll(cls, context):
        # Any material, not only the active one: a script may name it.
        if any(material.nca.growing for material in bpy.data.materials):
            return True
        cls.poll_message_set("No material grows: press New Growth first.")
        return False

    def find(self, context: bpy.types.Context) -> bpy.types.Material | None:
        material = super().find(context)
        if material is not None:
            problem = active.why_not_editable(material)
            if not material.nca.growing:
                problem = f"{material.name} has no growth: press New Growth first."
            if problem:
                self.report({"ERROR"}, problem)
                return None
        return material
