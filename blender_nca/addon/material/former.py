# SPDX-License-Identifier: GPL-3.0-or-later
"""Former: what is left of a growth in a file from before Blender 5."""

from __future__ import annotations

import bpy

from .node_group import group_nodes
from .properties import nca_of

_FORMER = "nca"
"""Custom property in which Blender 5 keeps a second copy of what a material of an older file has as `Material.nca`."""


def drop_former(material: bpy.types.Material) -> None:
    """Take away the copy of a growth that is left of a file from before Blender 5.

    There properties of add-ons were custom properties, too. Blender 5 has them apart and reads older files into both
    places, so the copy would stay as it was then, and go on using the node group and the images that it names.
    """
    if bpy.app.version < (5, 0, 0):
        return
    former = material.get(_FORMER)
    # an artist's own property of that name is no group of these
    if not hasattr(former, "keys") or "growing" not in former:
        return
    if nca_of(material).growing or not group_nodes(material, former.get("tree")):
        del material[_FORMER]
