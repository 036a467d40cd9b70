# SPDX-License-Identifier: GPL-3.0-or-later
"""Playback: live growths follow the scene's frame, the artist's changes, undo, and opened files."""

from __future__ import annotations

from .. import engine
from ..host.additions import Additions
from ..host.late import late
from ..library import catalogue
from ..material import events
from ..material import panel as first_screen
from . import escape, handlers, operators, panel

_late = late(__package__)
_additions = Additions(
    (*operators.classes, *escape.classes),
    handlers=handlers.HANDLERS,
    hooks=(
        (engine.ending, _late("picture.forget")),
        (engine.awaited, _late("picture.is_waiting")),
        (engine.renewed, _late("refreshing.refresh_all")),
        (catalogue.reloaded, _late("refreshing.start_anew")),
        (events.changed, _late("refreshing.refresh")),
        (events.changed, escape.look_out),
        (events.ending, _late("picture.forget")),
        (events.frozen, _late("picture.forget")),
        (events.replaced, _late("refreshing.start_anew")),
        (events.replaced, _late("linked.tell_in_background")),
        (events.replaced, escape.look_out),
        (first_screen.buttons, panel.draw_button),
        (first_screen.states, panel.draw_state),
        (first_screen.offers, panel.draw_offer),
        (first_screen.problems, panel.problems_of),
        (first_screen.remedies, panel.draw_remedy),
    ),
    timers=(
        _late("frames.poll"),
        escape.watch,
        _late("refreshing.refresh_all"),
        _late("settling.settle_at_rest"),
    ),
    endings=(escape.fall_silent, _late("picture.forget")),
)


def register() -> None:
    """Let growths be seen growing."""
    _additions.add()


def unregister() -> None:
    """Take that away; the live images stay as they are."""
    _additions.remove()
