# SPDX-License-Identifier: GPL-3.0-or-later
"""Surface: growths on a mesh, over its seams, along directions, from seeds where one clicks or the scene says."""

from __future__ import annotations

from ..host.additions import Additions
from ..material import events, kept_surface, sowing, subpanels
from ..material import panel as first_screen
from . import (
    arrows,
    dots,
    handlers,
    making,
    operators,
    outdated,
    panel,
    properties,
    recorded,
    seed_operators,
    seed_panel,
    seed_properties,
    seeding,
    tool,
)
from .faces import corners_on

_additions = Additions(
    (*properties.classes, *operators.classes, *seed_operators.classes, *panel.classes),
    handlers=handlers.HANDLERS,
    hooks=(
        (events.reshaped, making.make_where_wanted),
        (events.reshaped, seeding.replace_seeds),
        (events.changed, seeding.follow),
        (events.needed, making.finish),
        (events.replaced, outdated.forget),
        (events.replaced, making.go_on),
        (events.replaced, arrows.forget),
        (events.replaced, seeding.note_all),
        (kept_surface.corners, corners_on),
        (making.made, outdated.settle),
        (sowing.recorded, recorded.sown),
        (first_screen.remedies, panel.draw_remedy),
        (subpanels.seed_lines, seed_panel.draw),
    ),
    timers=(making.attend, outdated.look_at_rest),
)


def register() -> None:
    """Let growths live on meshes."""
    seed_properties.register()
    _additions.add()
    properties.register()
    tool.register()
    dots.register()
    arrows.register()


def unregister() -> None:
    """Take that away; growths keep the surfaces that they have."""
    arrows.unregister()
    dots.unregister()
    tool.unregister()
    making.stop()
    properties.unregister()
    _additions.remove()
    seed_properties.unregister()
