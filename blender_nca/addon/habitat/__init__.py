# SPDX-License-Identifier: GPL-3.0-or-later
"""Habitat: what the cells of a growth meet, where they may live and how fast, as a list of conditions."""

from __future__ import annotations

from ..host.additions import Additions
from ..host.late import late
from ..material import events, growth
from ..material import panel as first_screen
from ..presets import preset
from . import handlers, operators, panel, properties

_late = late(__package__)
_additions = Additions(
    (*properties.classes, *operators.classes, *panel.classes),
    handlers=handlers.HANDLERS,
    hooks=(
        (growth.environments, _late("kept.environment_of")),
        (events.reshaped, _late("following.follow_shape")),
        (properties.set_anew, _late("recording.on_set")),
        (preset.together, _late("recording.together")),
        (first_screen.problems, panel.problems_of),
        (first_screen.remedies, panel.draw_remedy),
    ),
    timers=(_late("following.record_wanted"),),
    endings=(_late("recording.forget"), _late("kept.forget")),
)


def register() -> None:
    """Let growths meet what is around them."""
    _additions.add()
    properties.register()


def unregister() -> None:
    """Take that away; growths live everywhere then, and files keep what they hold."""
    properties.unregister()
    _additions.remove()
