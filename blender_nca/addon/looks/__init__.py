# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks: colours and surface of a growth, changed after it is painted, in its nodes and in what is written of it."""

from __future__ import annotations

import bpy

from ..host.additions import Additions
from ..host.late import late
from ..material import events
from ..material import look as told
from ..material.drivers import note_values
from . import operators, panel, properties


def _note_files(material: bpy.types.Material, has_look: bool) -> None:
    """The pictures of a material are those of files from now on, or live ones again."""
    properties.looks_of(material).looks_in_files = has_look
    properties.bring_up_to_date(material)


def _look_again() -> None:
    """What nodes follow may have been out of reach until now: the add-on was off."""
    for material in bpy.data.materials:
        tree = properties.looks_of(material).tree
        if tree is not None and tree.is_editable:
            from . import nodes

            nodes.drive(material, tree)


_late = late(__package__)
_additions = Additions(
    (*operators.classes, *panel.classes),
    hooks=(
        (told.seen, _late("look.looks_seen")),
        (told.to_bake, _late("look.looks_to_bake")),
        (told.written, _note_files),
        (told.recoloured, _late("field.recolour")),
        (events.regrouped, properties.bring_up_to_date),
        (events.replaced, _look_again),
    ),
)


def register() -> None:
    """Let growths have looks."""
    properties.register()
    _additions.add()


def unregister() -> None:
    """Take that away; nodes that change a growth stay as they are."""
    note_values()
    _additions.remove()
    properties.unregister()
