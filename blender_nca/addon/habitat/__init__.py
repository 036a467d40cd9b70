# SPDX-License-Identifier: GPL-3.0-or-later
"""Habitat: what the cells of a growth meet, where they may live and how fast, as a list of conditions."""

from __future__ import annotations

from ..host.additions import Additions
from ..material import events, growth
from ..material import panel as first_screen
from ..presets import preset
from . import following, handlers, kept, operators, panel, properties, recording

_additions = Additions(
    (*properties.classes, *operators.classes, *panel.classes),
    handlers=handlers.HANDLERS,
    hooks=(
        (growth.environments, kept.environment_of),
        (events.reshaped, following.follow_shape),
        (properties.set_anew, recording.on_set),
        (preset.together, recording.together),
        (first_screen.problems, panel.problems_of),
        (first_screen.remedies, panel.draw_remedy),
    ),
    timers=(following.record_wanted,),
)


def register() -> None:
    """Let growths meet what is around them."""
    _additions.add()
    properties.register()


def unregister() -> None:
    """Take that away; growths live everywhere then, and files keep what they hold."""
    properties.unregister()
    _additions.remove()
    recording.forget()
    kept.forget()
