# SPDX-License-Identifier: GPL-3.0-or-later
"""Picture: species from a picture: read at once, refined for a minute, or learned as a new one."""

from __future__ import annotations

from .. import engine
from ..host.additions import Additions
from ..host.late import late
from ..library import choices
from ..material import panel as first_screen
from . import handlers, operators, panel, plane, properties, sources

_late = late(__package__)
_additions = Additions(
    (*properties.classes, *sources.classes, *plane.classes, *operators.classes, *panel.classes),
    handlers=handlers.HANDLERS,
    hooks=(
        (engine.ending, _late("study.stop_all")),
        (engine.ending, _late("lessons.leave")),
        (choices.unlisted, panel.icon_of),
        (first_screen.remedies, panel.draw_remedy),
    ),
    timers=(_late("lessons.attend"), _late("shown.attend")),
    endings=(_late("lessons.leave"), _late("study.stop_all"), _late("shown.release")),
)


def register() -> None:
    """Let species be made of pictures."""
    _additions.add()
    properties.register()


def unregister() -> None:
    """Take that away. A lesson that goes on rests; materials keep what was found, out of sight."""
    properties.unregister()
    _additions.remove()
