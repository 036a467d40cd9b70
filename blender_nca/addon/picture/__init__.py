# SPDX-License-Identifier: GPL-3.0-or-later
"""Picture: species from a picture: read at once, refined for a minute, or learned as a new one."""

from __future__ import annotations

from .. import engine
from ..host.additions import Additions
from ..library import choices
from ..material import panel as first_screen
from . import handlers, lessons, operators, panel, plane, properties, shown, sources, study

_additions = Additions(
    (*properties.classes, *sources.classes, *plane.classes, *operators.classes, *panel.classes),
    handlers=handlers.HANDLERS,
    hooks=(
        (engine.ending, study.stop_all),
        (engine.ending, lessons.leave),
        (choices.unlisted, panel.icon_of),
        (first_screen.remedies, panel.draw_remedy),
    ),
    timers=(lessons.attend, shown.attend),
)


def register() -> None:
    """Let species be made of pictures."""
    _additions.add()
    properties.register()


def unregister() -> None:
    """Take that away. A lesson that goes on rests; materials keep what was found, out of sight."""
    lessons.leave()
    study.stop_all()
    properties.unregister()
    _additions.remove()
    shown.release()
