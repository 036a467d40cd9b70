# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: the button that makes an asset library, in the preferences and in the popover of species."""

from __future__ import annotations

import bpy


def draw_foot(context: bpy.types.Context, layout: bpy.types.UILayout) -> None:
    """At the end of the preferences' part on models and species."""
    layout.operator("nca.make_asset_library", text="Make Asset Library…", icon="ASSET_MANAGER")


def draw_button(context: bpy.types.Context, row: bpy.types.UILayout) -> None:
    """At the end of the popover."""
    row.operator("nca.make_asset_library", text="", icon="ASSET_MANAGER")
