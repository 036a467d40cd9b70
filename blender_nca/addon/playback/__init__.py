# SPDX-License-Identifier: GPL-3.0-or-later
"""Playback: live growths follow the scene's frame, the artist's changes, undo, and opened files."""

from __future__ import annotations

from .. import engine
from ..host.additions import Additions
from ..library import catalogue
from ..material import events
from ..material import panel as first_screen
from . import escape, frames, handlers, linked, operators, panel, picture, refreshing, settling

_additions = Additions(
    (*operators.classes, *escape.classes),
    handlers=handlers.HANDLERS,
    hooks=(
        (engine.ending, picture.forget),
        (engine.awaited, picture.is_waiting),
        (engine.renewed, refreshing.refresh_all),
        (catalogue.reloaded, refreshing.start_anew),
        (events.changed, refreshing.refresh),
        (events.changed, escape.look_out),
        (events.ending, picture.forget),
        (events.frozen, picture.forget),
        (events.replaced, refreshing.start_anew),
        (events.replaced, linked.tell_in_background),
        (events.replaced, escape.look_out),
        (first_screen.buttons, panel.draw_button),
        (first_screen.states, panel.draw_state),
        (first_screen.offers, panel.draw_offer),
        (first_screen.problems, panel.problems_of),
        (first_screen.remedies, panel.draw_remedy),
    ),
    timers=(frames.poll, escape.watch, refreshing.refresh_all, settling.settle_at_rest),
)


def register() -> None:
    """Let growths be seen growing."""
    _additions.add()


def unregister() -> None:
    """Take that away; the live images stay as they are."""
    _additions.remove()
    escape.fall_silent()
    picture.forget()
