# SPDX-License-Identifier: GPL-3.0-or-later
"""Places: where in Blender a growth's panels are shown, and what they share."""

from __future__ import annotations

import bpy

from ..host.stubs import PanelMixin
from .properties import nca_of
from .status import is_open
from .target import material_of


class InMaterial(PanelMixin):
    """In the properties editor's material tab."""

    bl_space_type = "PROPERTIES"
    bl_region_type = "WINDOW"
    bl_context = "material"


class InSidebar(PanelMixin):
    """In the 3D view's sidebar."""

    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Neural Growth"


class OfGrowth(PanelMixin):
    """A closed panel below the main one, there while the material grows."""

    bl_options = {"DEFAULT_CLOSED"}
    # what is used most stands first: from 10 where and when it grows, from 20 of what and how it looks, from 30 what it
    # meets, from 40 on what and how finely, from 50 what becomes of it, from 60 what few need. Tens leave room
    bl_order = 60
    may_change = staticmethod(is_open)
    """Asked with a material whether what the panel shows may be changed now."""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        material = material_of(context)
        return material is not None and nca_of(material).growing

    def draw(self, context: bpy.types.Context) -> None:
        material = material_of(context)
        if material is None:
            return
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        layout.enabled = self.may_change(material)
        self.draw_growth(context, layout, material)

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        raise NotImplementedError


def in_both(of_growth: type, name: str, below: str = "growth") -> tuple[type, type]:
    """Make the two panels of a closed part of the first screen, one for each place.

    Parameters
    ----------
    of_growth : type
        A kind of `OfGrowth`.
    name : str
        In the panels' class names, such as NCA_PT_<name>_material.
    below : str
        The name of the panel that it stands in.
    """

    def panel(place: type, parent: str, ending: str) -> type:
        return type(f"NCA_PT_{name}_{ending}", (place, of_growth, bpy.types.Panel), {"bl_parent_id": parent})

    return (
        panel(InMaterial, f"NCA_PT_{below}_material", "material"),
        panel(InSidebar, f"NCA_PT_{below}_sidebar", "sidebar"),
    )
