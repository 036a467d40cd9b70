# SPDX-License-Identifier: GPL-3.0-or-later
"""Breeding: offspring of a growth's species as pictures to choose from, and the ancestry of what was taken."""

from __future__ import annotations

from .. import engine
from ..host.additions import Additions
from ..host.late import late
from ..library import catalogue, choices
from . import operators, panel, properties, surprise

_late = late(__package__)
_additions = Additions(
    (*properties.classes, *operators.classes, *surprise.classes, *panel.classes),
    hooks=(
        (engine.ending, _late("pictures.leave")),
        (catalogue.forgotten, _late("pictures.forget")),
        (choices.unlisted, _late("family.icon_of")),
    ),
    timers=(_late("pictures.attend"),),
    endings=(_late("pictures.release"),),
)


def register() -> None:
    """Let species be bred."""
    _additions.add()
    properties.register()


def unregister() -> None:
    """Take that away; materials keep what was bred, out of sight."""
    properties.unregister()
    _additions.remove()
