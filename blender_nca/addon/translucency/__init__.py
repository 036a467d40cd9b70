# SPDX-License-Identifier: GPL-3.0-or-later
"""Translucency: how far light goes into a growth, as its species hint at, in its nodes and in what is exported."""

from __future__ import annotations

from ..host.additions import Additions
from ..material import drivers, events, translucent
from . import panel, properties

_additions = Additions(
    (*properties.classes, *panel.classes),
    hooks=(
        (events.begun, properties.begin),
        (events.swapping, properties.exchanging),
        (events.changed, properties.follow_species),
        (events.regrouped, properties.bring_up_to_date),
        (events.replaced, properties.look_again),
        (translucent.seen, properties.translucency_of),
    ),
)


def register() -> None:
    """Let light go into growths."""
    _additions.add()
    properties.register()


def unregister() -> None:
    """Take that away; nodes that are there stay as they are."""
    drivers.note_values()
    properties.unregister()
    _additions.remove()
