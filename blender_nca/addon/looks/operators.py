# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators: a growth is seen as it grows again."""

from __future__ import annotations

import bpy

from ..host.keyframes import remove_curves
from ..host.stubs import Result
from ..material.target import OnGrowth
from .properties import COLOUR, LABELS, looks_of, name_of

STRAIGHT = "0 0, 1 1"


class NCA_OT_reset_looks(OnGrowth, bpy.types.Operator):
    """Let the growth look as it grows: all values neutral, without keyframes, and the curves straight"""

    bl_idname = "nca.reset_looks"
    bl_label = "Reset Looks"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        nca = looks_of(material)
        if nca.baked and nca.looks_in_files:
            self.report(
                {"ERROR"}, f"The look of {material.name} is in its baked files: press Free Bake first."
            )
            return {"CANCELLED"}
        remove_curves(material, "nca.look_")
        for map in LABELS:
            if getattr(nca, name_of(map, "points")):
                setattr(nca, name_of(map, "points"), STRAIGHT)
            setattr(nca, name_of(map, "curved"), False)
            for part in ("multiply", "offset"):
                nca.property_unset(name_of(map, part))
        for name in COLOUR:
            nca.property_unset(name)
        return {"FINISHED"}


classes = (NCA_OT_reset_looks,)
