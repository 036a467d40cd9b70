# SPDX-License-Identifier: GPL-3.0-or-later
"""Pasted: where nodes of a growth were pasted into another material, the growth comes along."""

from __future__ import annotations

import bpy

from ..host.keyframes import fcurves_of, remove_curves
from . import events
from .node_group import group_nodes, places_of, remove_group
from .properties import NCA_PG_growth, nca_of
from .shaders import tree_at
from .sockets import is_noted
from .status import is_own

_LAST = ("tree", "growing")
"""What a growth is given at the end: before it has them, no change of a value wires it or asks for pictures."""

_users: dict[int, tuple[int, ...]] = {}
"""Session uid of a growth's group -> how many users it and the groups around it had, when it was last looked at."""


def bring_growths(growing: list[bpy.types.Material]) -> list[bpy.types.Material]:
    """Let materials that show another one's growth, by nodes that were pasted, have the like themselves.

    A group that was added by hand shows the other's growth, and goes on to. Group and images are the other's after
    this: `duplicates.separate` gives the material its own.

    Parameters
    ----------
    growing : list of Material
        All that grow, also linked ones.

    Returns
    -------
    list of Material
        Those that have come to grow it.
    """
    brought: list[bpy.types.Material] = []
    for owner in growing:
        tree = nca_of(owner).tree
        if tree is None or not _is_used_elsewhere(owner, tree):
            continue
        for material in bpy.data.materials:
            if material != owner and is_own(material) and _shows_only(material, tree):
                _bring(owner, material)
                brought.append(material)
    return brought


def forget_users() -> None:
    """Every data-block may be another one."""
    _users.clear()


def _is_used_elsewhere(owner: bpy.types.Material, tree: bpy.types.NodeTree) -> bool:
    """Whether other materials may have come to use a growth's group, or a group that it stands in, since last asked."""
    places = places_of(owner, tree)
    around = [
        tree_at(owner.node_tree, groups) for groups, _ in places if groups and owner.node_tree is not None
    ]
    users = tree.users, *(one.users for one in around if one is not None)
    if _users.get(tree.session_uid) == users:
        return False
    _users[tree.session_uid] = users
    return users[0] > 1 + len(places) or any(number > 1 for number in users[1:])


def _shows_only(material: bpy.types.Material, tree: bpy.types.NodeTree) -> bool:
    """Whether a material shows a growth that is not its own by nodes of it, and does not show its own."""
    nca = nca_of(material)
    if nca.growing and (nca.tree == tree or group_nodes(material, nca.tree)):
        return False
    return any(is_noted(node) for node in group_nodes(material, tree))


def _bring(owner: bpy.types.Material, material: bpy.types.Material) -> None:
    """Give a material the settings of another one's growth, and the keyframes of its action."""
    from .live_images import remove_live

    nca = nca_of(material)
    if nca.growing:
        events.ending(material)
        former, nca.tree = nca.tree, None
        remove_group(former)
        remove_live(nca)
        remove_curves(material, "nca.")
    material.property_unset("nca")  # which frees what `nca` is
    _copy_values(nca_of(owner), nca_of(material))
    source = owner.animation_data
    if source is not None and source.action is not None and not any(fcurves_of(material)):
        animation = material.animation_data_create()
        animation.action = source.action
        if hasattr(source, "action_slot"):  # from 4.4 on
            animation.action_slot = source.action_slot


def _copy_values(model: NCA_PG_growth | bpy.types.PropertyGroup, other: bpy.types.PropertyGroup) -> None:
    """Give a property group in which nothing is set all that another one keeps in the file."""
    stored = set(model.keys())
    kept = [each.identifier for each in model.bl_rna.properties if each.identifier in stored]
    for name in sorted(kept, key=lambda name: _LAST.index(name) if name in _LAST else -1):
        value = getattr(model, name)
        if isinstance(value, bpy.types.PropertyGroup):
            _copy_values(value, getattr(other, name))
        elif isinstance(value, bpy.types.bpy_prop_collection):
            items = getattr(other, name)
            items.clear()
            for item in value:
                _copy_values(item, items.add())
        else:
            setattr(other, name, value)
