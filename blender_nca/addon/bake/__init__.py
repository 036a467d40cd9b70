# SPDX-License-Identifier: GPL-3.0-or-later
"""Bake: growths as image sequences on disk, which materials then show without the add-on."""

from __future__ import annotations

from .. import engine
from ..host.additions import Additions
from ..host.late import late
from ..material import events, status
from ..material import panel as first_screen
from . import (
    all_growing,
    command,
    farm,
    growth_export,
    operators,
    panel,
    preset_operators,
    properties,
    video_operators,
)

_late = late(__package__)
_additions = Additions(
    (
        *operators.classes,
        *preset_operators.classes,
        *all_growing.classes,
        *growth_export.classes,
        *video_operators.classes,
        *farm.classes,
        *panel.classes,
    ),
    hooks=(
        (engine.in_use, _late("bake.is_any_running")),
        (status.occupied, _late("bake.is_running")),
        (status.kept_maps, _late("kept.read_maps")),
        (events.ending, _late("bake.cancel")),
        (events.replaced, _late("missing.tell_in_background")),
        (first_screen.buttons, panel.draw_button),
        (first_screen.states, panel.draw_state),
        (first_screen.problems, panel.problems_of),
        (first_screen.remedies, panel.draw_remedy),
    ),
    endings=(_late("bake.stop_all"), _late("outlook.forget_all")),
    commands=((command.NAME, command.run), (farm.NAME, farm.run)),
)


def register() -> None:
    """Let growths be baked."""
    properties.register()
    _additions.add()


def unregister() -> None:
    """Take that away. Bakes that run are ended; their finished frames stay."""
    _additions.remove()
    properties.unregister()
