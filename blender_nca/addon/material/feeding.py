# SPDX-License-Identifier: GPL-3.0-or-later
"""Feeding: further sockets of a Principled BSDF that a growth feeds for a while, beside those that it always does."""

from __future__ import annotations

from collections.abc import Iterable

import bpy

from ..host.nodes import tree_of
from .node_group import group_nodes
from .sockets import GROUND, WEIGHTS, input_of, note_sockets, output_of
from .wiring import fed_of, hand_over, is_used, note_ground, put_before


def feed_more(material: bpy.types.Material, tree: bpy.types.NodeTree, names: Iterable[str]) -> None:
    """Feed further sockets, which the group of a growth gives by now, of each Principled BSDF that it feeds."""
    for group in group_nodes(material, tree):
        note_sockets(group)
        own = tree_of(group)
        nodes = [target.node for output in group.outputs for target in fed_of(output) if target.node]
        for principled in {one.name: one for one in nodes if one.type == "BSDF_PRINCIPLED"}.values():
            for name in names:
                if not fed_of(output_of(group, name)):
                    put_before(own, group, principled, name)
        note_ground(group)


def feed_less(material: bpy.types.Material, tree: bpy.types.NodeTree, names: Iterable[str]) -> None:
    """Give such sockets back what lay under the growth, but where that has to give way to it."""
    for group in group_nodes(material, tree):
        own = tree_of(group)
        for name in names:
            source = input_of(group, GROUND[name].name)
            for target in fed_of(output_of(group, name)):
                if source is None or target.node is None:
                    continue
                hand_over(own, source, target)
                if (
                    name in WEIGHTS
                    and target.node.type == "BSDF_PRINCIPLED"
                    and is_used(own, target.node, name)
                ):
                    put_before(own, group, target.node, name)
        note_ground(group)
