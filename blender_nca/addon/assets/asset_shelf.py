# SPDX-License-Identifier: GPL-3.0-or-later
"""Asset shelf: the species of asset libraries by their pictures, along the edge of the 3D view (View > Asset Shelf).

A click grows one on the active object, and Blender drops what is dragged from it as from the asset browser.
"""

from __future__ import annotations

import bpy

from .mark import MARK


class VIEW3D_AST_nca_species(bpy.types.AssetShelf):
    bl_space_type = "VIEW_3D"
    bl_activate_operator = "NCA_OT_grow_asset"  # from Blender 4.3 on; before, species are dragged
    filter_material = True

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return context.mode == "OBJECT"

    @classmethod
    def asset_poll(cls, asset: bpy.types.AssetRepresentation | None) -> bool:
        return asset is not None and asset.id_type == "MATERIAL" and asset.metadata.get(MARK) is not None


classes = (VIEW3D_AST_nca_species,)
