# SPDX-License-Identifier: GPL-3.0-or-later
"""Geometry: pieces that come up where and when a growth reaches them, by geometry nodes."""

from __future__ import annotations

import bpy

from ..host.additions import Additions
from ..host.late import late
from ..material import duplicates, events, look
from ..material.properties import nca_of
from . import operators, panel


def _changed(material: bpy.types.Material) -> None:
    from . import maps

    if maps.maps_of(material) is not None:
        duplicates.separate()  # its images may have to be made
        maps.bring_up_to_date(material)


def _replaced() -> None:
    for material in bpy.data.materials:
        if nca_of(material).growing:
            from . import maps

            maps.bring_up_to_date(material)


_late = late(__package__)
_additions = Additions(
    (*operators.classes, *panel.classes),
    hooks=(
        (events.changed, _changed),
        (events.frozen, _late("maps.bring_up_to_date")),
        (events.replaced, _replaced),
        (look.switched, _late("maps.make_again")),
    ),
)


def register() -> None:
    """Let growths drive geometry."""
    _additions.add()


def unregister() -> None:
    """Take that away; modifiers stay, and go on with what the growth shows."""
    _additions.remove()
