# SPDX-License-Identifier: GPL-3.0-or-later
"""Target: growths whose wounds may be changed."""

from __future__ import annotations

import bpy

from ..material.status import is_open, why_not_editable
from ..material.target import OnGrowth


def why_not_open(material: bpy.types.Material) -> str:
    """Why the wounds of a growth cannot be changed, and what to do; empty if they can."""
    problem = why_not_editable(material)
    if not problem and not is_open(material):
        problem = f"{material.name} is baked, or being baked: press Free Bake to change its wounds."
    return problem


class OnWounds(OnGrowth):
    """For operators that change the wounds of a growth."""

    def find(self, context: bpy.types.Context) -> bpy.types.Material | None:
        material = super().find(context)
        if material is not None and not is_open(material):
            self.report({"ERROR"}, why_not_open(material))
            return None
        return material
