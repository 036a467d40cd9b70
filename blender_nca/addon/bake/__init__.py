# SPDX-License-Identifier: GPL-3.0-or-later
"""Bake: growths as image sequences on disk, which materials then show without the add-on."""

from __future__ import annotations

from .. import engine
from ..host.additions import Additions
from ..material import events, status
from ..material import panel as first_screen
from . import (
    all_growing,
    bake,
    command,
    farm,
    growth_export,
    kept,
    missing,
    operators,
    outlook,
    panel,
    preset_operators,
    properties,
    video_operators,
)

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
        (engine.in_use, bake.is_any_running),
        (status.occupied, bake.is_running),
        (status.kept_maps, kept.read_maps),
        (events.ending, bake.cancel),
        (events.replaced, missing.tell_in_background),
        (first_screen.buttons, panel.draw_button),
        (first_screen.states, panel.draw_state),
        (first_screen.problems, panel.problems_of),
        (first_screen.remedies, panel.draw_remedy),
    ),
    commands=((command.NAME, command.run), (farm.NAME, farm.run)),
)


def register() -> None:
    """Let growths be baked."""
    properties.register()
    _additions.add()


def unregister() -> None:
    """Take that away. Bakes that run are ended; their finished frames stay."""
    bake.stop_all()
    outlook.forget_all()
    _additions.remove()
    properties.unregister()
