# SPDX-License-Identifier: GPL-3.0-or-later
"""Duplicates: a duplicated material shares its original's images and node group until it gets its own here."""

from __future__ import annotations

import bpy

from ..host import colour_space
from ..host.versions import use_nodes
from .live_images import ATTRIBUTES, ensure_live, images_of, is_paintable
from .node_group import group_nodes, make_group, places_of
from .own_groups import make_own
from .picture_nodes import read_live
from .properties import nca_of
from .wiring import note_ground, unwire, wire

OWN = ("tree", *ATTRIBUTES)


def separate() -> None:
    """Give each growing material its own node group and images; the oldest keeps what several share.

    Also makes anew what the artist has deleted, or saved as a picture of his own. Makes data-blocks: for the main
    thread only.
    """
    taken = set()
    colour_space.look()
    growing = [m for m in bpy.data.materials if nca_of(m).growing and m.library is None and m.is_editable]
    for material in sorted(growing, key=lambda material: material.session_uid):
        nca = nca_of(material)
        lost = False
        for name in OWN:
            own = getattr(nca, name)
            if own is not None and own.session_uid not in taken and (name == "tree" or is_paintable(own)):
                taken.add(own.session_uid)
                if name == "tree":
                    for node in group_nodes(material, own):
                        note_ground(node)
                continue
            if name == "tree":
                _own_tree(material, own)
                lost = True
            elif not nca.baked:
                setattr(nca, name, None)
                lost = True
        if lost and not nca.baked:
            ensure_live(material)
            read_live(nca.tree, images_of(nca), nca.wrap)
            taken.update(getattr(nca, name).session_uid for name in OWN)


def _own_tree(material: bpy.types.Material, shared: bpy.types.NodeTree | None) -> None:
    nca = nca_of(material)
    if shared is None:
        nca.baked = False  # the pictures went with the group; live ones it can have at once
        unwire(material, None)
        nca.tree = make_group(material)
        wire(material, nca.tree, shown=nca.ground == "OVER")
        return
    nca.tree = shared.copy()
    nca.tree.name = f"{material.name} Growth"
    own = use_nodes(material)
    for groups, name in places_of(material, shared):
        node = make_own(own, groups).nodes[name]
        if isinstance(node, bpy.types.ShaderNodeGroup):
            node.node_tree = nca.tree
