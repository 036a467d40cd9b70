# SPDX-License-Identifier: GPL-3.0-or-later
"""Migration: what a growth in an older file needs to be one of today."""

from __future__ import annotations

import bpy

from ..host.nodes import tree_of
from . import coordinates, picture_nodes, training
from .former import drop_former
from .live_images import images_of
from .node_group import group_nodes
from .overlay import lay_ground, lay_outputs
from .properties import nca_of
from .sockets import GLOW, SHOWN, WEIGHTS, make_sockets, note_sockets, put_value, set_value
from .wiring import is_used, put_before

VERSION = 4
"""Of what a growing material keeps in its file. Up to 1 its node group had no emission; up to 2 it had no coordinates,
and the transmission of the ground and the like did not give way to what grows over them; up to 3 it gave out neither
coverage, growth order, front nor displacement."""


def bring_up_to_date(material: bpy.types.Material) -> None:
    """Bring the growth of a material, whose node group is its own, up to `VERSION`. A newer one is left as it is."""
    nca = nca_of(material)
    if not nca.model_version:
        training.note(nca)
    if nca.version < VERSION:
        if nca.version < 2:
            _add_emission(material)
        if nca.version < 3:
            _add_weights(material)
            if nca.tree is not None:
                coordinates.locate(nca.tree, picture_nodes.pictures_of(nca.tree))
        if nca.version < 4 and nca.tree is not None:
            make_sockets(nca.tree)
            lay_outputs(nca.tree)
            for group in group_nodes(material, nca.tree):
                note_sockets(group)
        nca.version = VERSION
    drop_former(material)


def why_newer(material: bpy.types.Material) -> str:
    """That the growth of a material knows more than is known here; empty if it does not."""
    if nca_of(material).version <= VERSION:
        return ""
    return "A newer Neural Growth made this growth, and what is new in it is not seen here: update Neural Growth."


def _add_emission(material: bpy.types.Material) -> None:
    """Give a group of the first version emission; what it shows stays."""
    nca = nca_of(material)
    if nca.tree is None:
        return
    make_sockets(nca.tree)
    for group in group_nodes(material, nca.tree):
        # a node that was there before the socket has not taken its default
        set_value(group.inputs[GLOW], 1.0)
        for principled in {link.to_node for link in group.outputs["Base Color"].links}:
            if (
                isinstance(principled, bpy.types.ShaderNodeBsdfPrincipled)
                and not group.outputs["Emission Color"].is_linked
            ):
                for name in ("Emission Color", "Emission Strength"):
                    put_before(tree_of(group), group, principled, name)
    if not nca.baked:
        picture_nodes.read_live(nca.tree, images_of(nca), nca.wrap)
    elif picture_nodes.shows_sequences(nca.tree):
        picture_nodes.feed_sequences(nca.tree)


def _add_weights(material: bpy.types.Material) -> None:
    """Let transmission, subsurface, coat and sheen of the ground give way; what else the group does stays."""
    nca = nca_of(material)
    if nca.tree is None:
        return
    make_sockets(nca.tree)
    lay_ground(nca.tree)
    for group in group_nodes(material, nca.tree):
        note_sockets(group)
        # a node that was there before the socket has not taken its default
        put_value(group, SHOWN, 1.0)
        own = tree_of(group)
        for principled in {link.to_node for link in group.outputs["Base Color"].links}:
            if isinstance(principled, bpy.types.ShaderNodeBsdfPrincipled):
                for name in WEIGHTS:
                    if is_used(own, principled, name):
                        put_before(own, group, principled, name)
