# SPDX-License-Identifier: GPL-3.0-or-later
"""Timing: a growth over time as a strip of small pictures to go through, and how its speed changes."""

from __future__ import annotations

from .. import engine
from ..host.additions import Additions
from ..library import catalogue
from ..material import events, subpanels
from . import operators, panel, properties, strip

_additions = Additions(
    (*operators.classes, *panel.classes),
    hooks=(
        (engine.ending, strip.icons.leave),
        (catalogue.forgotten, strip.icons.forget),
        (events.replaced, strip.icons.forget_places),
        (subpanels.time_lines, panel.draw_speed),
    ),
    timers=(strip.icons.timer,),
)


def register() -> None:
    """Let artists see and shape a growth in time."""
    _additions.add()
    properties.register()


def unregister() -> None:
    """Take that away; keyframes stay."""
    properties.unregister()
    _additions.remove()
    strip.icons.release()
