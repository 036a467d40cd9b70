# SPDX-License-Identifier: GPL-3.0-or-later
"""Timing: a growth over time as a strip of small pictures to go through, and how its speed changes."""

from __future__ import annotations

from .. import engine
from ..host.additions import Additions
from ..host.late import late
from ..library import catalogue
from ..material import events, subpanels
from . import operators, panel, properties

_late = late(__package__)
_additions = Additions(
    (*operators.classes, *panel.classes),
    hooks=(
        (engine.ending, _late("strip.icons.leave")),
        (catalogue.forgotten, _late("strip.icons.forget")),
        (events.replaced, _late("strip.icons.forget_places")),
        (subpanels.time_lines, panel.draw_speed),
    ),
    timers=(_late("strip.icons.timer"),),
    endings=(_late("strip.icons.release"),),
)


def register() -> None:
    """Let artists see and shape a growth in time."""
    _additions.add()
    properties.register()


def unregister() -> None:
    """Take that away; keyframes stay."""
    properties.unregister()
    _additions.remove()
