# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: the pieces that come up with a growth, a button for each kind."""

from __future__ import annotations

import bpy

from ..host.modifier_inputs import draw_input, input_named
from ..material.places import OfGrowth, in_both
from ..material.target import object_of

SHOWN = ("Size", "Density")
"""Inputs that the panel shows; all others are in the modifier's own panel."""


class Geometry(OfGrowth):
    bl_label = "Geometry"
    bl_order = 51
    may_change = staticmethod(lambda material: True)  # modifiers are the object's, whatever the growth is at

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        # two by two: side by side, the longer names would be cut in a narrow editor
        from .placing import placed
        from .strewing import KINDS

        grid = layout.grid_flow(row_major=True, columns=2, even_columns=True, align=True)
        for name, kind in KINDS.items():
            grid.operator("nca.add_geometry", text=kind.label).kind = name
        owner = object_of(context)
        for modifier in placed(owner) if owner is not None else ():
            column = layout.column(align=True)
            head = column.row(align=True)
            head.prop(modifier, "name", text="")
            head.prop(modifier, "show_viewport", text="")
            head.prop(modifier, "show_render", text="")
            for name in SHOWN:
                tree = modifier.node_group
                identifier = input_named(tree, name) if tree is not None else None
                if identifier is not None:
                    draw_input(column, modifier, identifier, name)


classes = in_both(Geometry, "geometry")
