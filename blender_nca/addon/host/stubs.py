# SPDX-License-Identifier: GPL-3.0-or-later
"""Stubs: names for what only the stubs of Blender's modules have, and only a checker of types reads.

While Blender runs, the names stand for plain types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import bpy
    from bpy.stub_internal.rna_enums import IconItems as Icon
    from bpy.stub_internal.rna_enums import OperatorReturnItems, PropertyFlagItems

    Result = set[OperatorReturnItems]
    PropertyFlags = set[PropertyFlagItems]
    OperatorMixin = bpy.types.Operator

    class PanelMixin(bpy.types.Panel):
        @property
        def layout(self) -> bpy.types.UILayout:
            """There is always one while a panel is drawn."""

else:
    Icon, Result, PropertyFlags = str, set, set
    # No class of Blender's: where a mixin is one, Blender does not register the properties that it declares.
    OperatorMixin, PanelMixin = object, object

__all__ = ["Icon", "OperatorMixin", "PanelMixin", "PropertyFlags", "Result"]
