# SPDX-License-Identifier: GPL-3.0-or-later
"""Surface: growths that live on a mesh, over its seams, along directions, and from seeds where one clicks."""

from __future__ import annotations

from ..host.additions import Additions
from ..material import events
from . import arrows, dots, handlers, making, operators, panel, properties, tool

_additions = Additions(
    (*properties.classes, *operators.classes, *panel.classes),
    handlers=handlers.HANDLERS,
    hooks=(
        (events.reshaped, making.make_where_wanted),
        (events.replaced, making.look_again),
        (events.replaced, arrows.forget),
    ),
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
    properties.unregister()
    _additions.remove()
