# SPDX-License-Identifier: GPL-3.0-or-later
"""Wounds: cells of a growth die where a brush, an object, an image or an attribute says, by frame."""

from __future__ import annotations

from ..host.additions import Additions
from ..host.late import late
from ..material import growth
from ..material import panel as first_screen
from . import brush, handlers, operators, panel, properties, tool

_late = late(__package__)
_additions = Additions(
    (*brush.classes, *operators.classes, *panel.classes),
    handlers=handlers.HANDLERS,
    hooks=(
        (growth.environments, _late("kept.environment_of")),
        (first_screen.problems, panel.problems_of),
    ),
)


def register() -> None:
    """Let growths be wounded."""
    properties.register()
    _additions.add()
    tool.register()


def unregister() -> None:
    """Take that away; files keep the wounds that they hold."""
    tool.unregister()
    _additions.remove()
    properties.unregister()
