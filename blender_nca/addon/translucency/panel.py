# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: the closed part of the first screen that says how far light goes into a growth."""

from __future__ import annotations

import bpy

from ..material.places import OfGrowth, in_both
from ..material.status import why_not_editable
from ..material.target import material_of
from .properties import translucent_of

ROWS = {
    "subsurface": "Subsurface",
    "radius": "Radius",
    "scale": "Scale",
    "transmission": "Transmission",
    "ior": "IOR",
}
"""Property -> how it is called here, where the panel may be narrow."""


class TranslucencyPanel(OfGrowth):
    bl_label = "Translucency"
    bl_order = 21
    # a bake leaves free what the nodes themselves keep
    may_change = staticmethod(lambda material: not why_not_editable(material))

    def draw_header(self, context: bpy.types.Context) -> None:
        material = material_of(context)
        if material is not None:
            self.layout.enabled = self.may_change(material)
            self.layout.prop(translucent_of(material), "translucent", text="")

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        nca = translucent_of(material)
        changed = layout.column()
        changed.active = nca.translucent
        changed.use_property_decorate = True  # the dots that set keyframes
        for parent, kept, is_closed in (
            (nca.a, nca.translucency_a, False),
            (nca.b, nca.translucency_b, True),
        ):
            header, body = changed.panel(f"nca_{kept.path_from_id()}", default_closed=is_closed)
            header.label(text=parent.label, translate=False)
            if body is None:
                continue
            column = body.column()
            for name, text in ROWS.items():
                row = column.row()
                row.active = _counts(kept, name)
                row.prop(kept, name, text=text, slider=name in ("subsurface", "transmission"))


def _counts(kept: bpy.types.PropertyGroup, name: str) -> bool:
    """Whether a number changes anything."""
    weight = {"radius": "subsurface", "scale": "subsurface", "ior": "transmission"}.get(name)
    return weight is None or getattr(kept, weight) > 0


classes = in_both(TranslucencyPanel, "translucency")
