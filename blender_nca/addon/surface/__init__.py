# SPDX-License-Identifier: GPL-3.0-or-later
"""Surface: growths that live on a mesh, over its seams, along directions, and from seeds where one clicks."""

from __future__ import annotations

from ..host.additions import Additions
from ..material import events, kept_surface
from ..material import panel as first_screen
from . import arrows, dots, handlers, making, operators, outdated, panel, properties, tool
from .faces import corners_on

_additions = Additions(
    (*properties.classes, *operators.classes, *panel.classes),
    handlers=handlers.HANDLERS,
    hooks=(
        (events.reshaped, making.make_where_wanted),
        (events.needed, making.finish),
        (events.replaced, outdated.forget),
        (events.replaced, making.go_on),
        (events.replaced, arrows.forget),
        (kept_surface.corners, corners_on),
        (making.made, outdated.settle),
        (first_screen.remedies, panel.draw_remedy),
    ),
    timers=(making.attend, outdated.look_at_rest),
)


def register() -> None:
    """Let growths live on meshes."""
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
