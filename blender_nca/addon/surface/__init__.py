# SPDX-License-Identifier: GPL-3.0-or-later
"""Surface: growths that live on a mesh, over its seams, and seeds where one clicks."""

from __future__ import annotations

from ..host.additions import Additions
from ..material import events
from . import dots, handlers, making, operators, panel, tool

_additions = Additions(
    (*operators.classes, *panel.classes),
    handlers=handlers.HANDLERS,
    hooks=((events.reshaped, making.make_where_wanted), (events.replaced, making.look_again)),
)


def register() -> None:
    """Let growths live on meshes."""
    _additions.add()
    tool.register()
    dots.register()


def unregister() -> None:
    """Take that away; growths keep the surfaces that they have."""
    dots.unregister()
    tool.unregister()
    _additions.remove()
