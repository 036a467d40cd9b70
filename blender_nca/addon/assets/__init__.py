# SPDX-License-Identifier: GPL-3.0-or-later
"""Assets: species as materials of Blender's own asset browser, which grow on what they are dropped on."""

from __future__ import annotations

from ..host.additions import Additions
from ..library.panel import feet
from ..species import panel as browser
from . import asset_shelf, command, handlers, operators, panel

_additions = Additions(
    (*operators.classes, *asset_shelf.classes),
    handlers=handlers.HANDLERS,
    timers=(handlers.localise,),
    hooks=((feet, panel.draw_foot), (browser.feet, panel.draw_button)),
    commands=((command.NAME, command.run),),
)


def register() -> None:
    """Let asset libraries be made, and see what is dropped from them."""
    _additions.add()


def unregister() -> None:
    """Take that away; libraries that were made stay."""
    _additions.remove()
