# SPDX-License-Identifier: GPL-3.0-or-later
"""Species: those of the artist's own, saved and given away, and a popover in which all are looked through."""

from __future__ import annotations

from .. import engine
from ..host.additions import Additions
from ..host.late import late
from ..material import panel as first_screen
from . import files, operators, panel, properties

_late = late(__package__)
_additions = Additions(
    (*properties.classes, *operators.classes, *files.classes, *panel.classes),
    hooks=((first_screen.names, panel.draw_name), (engine.ending, _late("portraits.leave"))),
    timers=(_late("portraits.attend"),),
    endings=(_late("portraits.leave"),),
)


def register() -> None:
    """Let species be kept and looked through."""
    _additions.add()
    properties.register()


def unregister() -> None:
    """Take that away; the artist's own species stay where they are."""
    properties.unregister()
    _additions.remove()
