# SPDX-License-Identifier: GPL-3.0-or-later
"""Duplicates: a growing material gets its own of what it shares with another one, or with the file it came from."""

from __future__ import annotations

import bpy

from ..host.animation import own_actions
from ..host.versions import use_nodes
from . import events
from .node_group import group_nodes, make_group, places_of, remove_group, trees_of
from .node_names import keep_names
from .order import is_asked
from .own_groups import make_own
from .pasted import bring_growths
from .properties import nca_of
from .sockets import is_growth
from .status import is_own
from .wiring import note_ground, unwire, wire


def separate() -> None:
    """Give each growing material of this file its own node group, images and keyframes.

    Of what several share the oldest keeps it, and of what is linked from another file each gets a copy. Also makes anew
    what the artist has deleted, or saved as a picture of his own, brings growths along whose nodes were pasted, and up
    to date what came from an older file. Makes data-blocks: for the main thread only.
    """
    growing = [material for material in bpy.data.materials if nca_of(material).growing]
    if not growing:
        return
    from ..host import colour_space
    from .live_images import ATTRIBUTES, ORDER, ensure_live, images_of, is_paintable
    from .migration import bring_up_to_date
    from .picture_nodes import read_live

    taken: set[int] = set()
    colour_space.look()
    brought = bring_growths(growing)
    growing = [material for material in growing if is_own(material) and material not in brought]
    growing.sort(key=lambda material: material.session_uid)
    growing += brought
    for material in growing:
        nca = nca_of(material)
        nodes = group_nodes(material, nca.tree) or _take_shown_group(material, growing)
        is_lost = nca.tree is None or nca.tree.library is not None or nca.tree.session_uid in taken
        if is_lost:
            _own_tree(material, nca.tree)
        else:
            for node in nodes:
                note_ground(node)
        taken.add(nca.tree.session_uid)
        keep_names(nca.tree)
        bring_up_to_date(material)
        if nca.baked:
            _own_sequences(nca.tree)
            if is_lost:
                events.regrouped(material)
            continue
        is_lost |= is_asked(material) != (nca.image_order is not None)
        for name in (*ATTRIBUTES, *([ORDER] if nca.image_order is not None else ())):
            image = getattr(nca, name)
            if image is None or image.session_uid in taken or not is_paintable(image):
                setattr(nca, name, None)
                is_lost = True
        if is_lost:
            ensure_live(material, is_asked(material))
            read_live(nca.tree, images_of(nca), nca.wrap)
            events.regrouped(material)
        taken.update(image.session_uid for image in images_of(nca) if image is not None)


def _take_shown_group(
    material: bpy.types.Material, growing: list[bpy.types.Material]
) -> list[bpy.types.ShaderNodeGroup]:
    """Where the artist has made the group single-user at its node, that copy is the growth's from then on.

    Returns the nodes that show it, or nothing where there is none.
    """
    nca = nca_of(material)
    if nca.tree is None:
        return []
    others = [nca_of(one).tree for one in growing]
    shown = next((tree for tree in trees_of(material) if is_growth(tree) and tree not in others), None)
    if shown is not None:
        before, nca.tree = nca.tree, shown
        remove_group(before)
    return group_nodes(material, shown)


def _own_tree(material: bpy.types.Material, shared: bpy.types.NodeTree | None) -> None:
    from .migration import VERSION

    nca = nca_of(material)
    if shared is None:
        nca.baked = False  # the pictures went with the group; live ones it can have at once
        nca.version = VERSION
        unwire(material, None)
        nca.tree = make_group(material)
        wire(material, nca.tree, shown=nca.ground == "OVER")
        return
    nca.tree = shared.copy()
    nca.tree.name = f"{material.name} Growth"
    own = use_nodes(material)
    around: list[bpy.types.NodeTree] = [own]
    for groups, name in places_of(material, shared):
        inner = make_own(own, groups)
        node = inner.nodes[name]
        if isinstance(node, bpy.types.ShaderNodeGroup):
            node.node_tree = nca.tree
        around.append(inner)
    # those of nodes, too: they animate the ground, relief and glow, and where the pictures lie
    for animated in (material, nca.tree, *around):
        own_actions(animated)


def _own_sequences(tree: bpy.types.NodeTree) -> None:
    """Show copies of baked images that are linked: these follow the other file, and go with it."""
    from .picture_nodes import pictures_of

    for node in pictures_of(tree):
        if node.image is not None and node.image.library is not None:
            node.image = node.image.copy()
