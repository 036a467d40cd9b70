# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties: what is looked for among the species. The window's manager has them, so no file keeps them."""

from __future__ import annotations

import bpy
from bpy.props import EnumProperty, IntProperty, PointerProperty, StringProperty

from ..host.text import CONTEXT
from ..library import catalogue
from .browsing import families

ALL = "ALL"
_items: list[tuple[str, str, str]] = []
"""The families last given to Blender: it keeps no reference to their texts."""


def _families(self: NCA_PG_browsing, context: bpy.types.Context | None) -> list[tuple[str, str, str]]:
    _items[:] = [(ALL, "All Families", "Species of every family")]
    _items.extend(
        (name, name.capitalize(), f"Species with the tag {name}")
        for name in families(catalogue.species().species)
    )
    return _items


def _to_first(self: NCA_PG_browsing, context: bpy.types.Context) -> None:
    self.page = 1


class NCA_PG_browsing(bpy.types.PropertyGroup):
    search: StringProperty(
        name="Search",
        description="Words that stand in a species' name, tags or author",
        options={"TEXTEDIT_UPDATE", "SKIP_SAVE"},
        update=_to_first,
    )
    shelf: EnumProperty(
        name="Show",
        translation_context=CONTEXT,
        description="Which species are shown",
        items=(
            ("ALL", "All", "All species of the model"),
            ("FAVOURITES", "Favorites", "Those with a star"),
            ("RECENT", "Recent", "Those that were chosen lately, the last one first"),
            ("OWN", "Yours", "Those that you saved, pasted or imported"),
        ),
        options={"SKIP_SAVE"},
        update=_to_first,
    )
    family: EnumProperty(
        name="Family",
        description="Species of one family, by their tags",
        items=_families,
        options={"SKIP_SAVE"},
        update=_to_first,
    )
    page: IntProperty(
        name="Page", description="Which page of the species", default=1, min=1, options={"SKIP_SAVE"}
    )


def browsing_of(context: bpy.types.Context) -> NCA_PG_browsing:
    """What is looked for now."""
    return context.window_manager.nca_browsing  # `register` gives it


def register() -> None:
    """Give the window's manager what is looked for."""
    bpy.types.WindowManager.nca_browsing = PointerProperty(type=NCA_PG_browsing)


def unregister() -> None:
    """Take it away."""
    del bpy.types.WindowManager.nca_browsing


classes = (NCA_PG_browsing,)
