# SPDX-License-Identifier: GPL-3.0-or-later
"""Breeding: offspring of a growth's species as pictures to choose from, and the ancestry of what was taken."""

from __future__ import annotations

from .. import engine
from ..host.additions import Additions
from ..library import catalogue, choices
from . import family, operators, panel, pictures, properties, surprise

_additions = Additions(
    (*properties.classes, *operators.classes, *surprise.classes, *panel.classes),
    hooks=(
        (engine.ending, pictures.leave),
        (catalogue.forgotten, pictures.forget),
        (choices.unlisted, family.icon_of),
    ),
    timers=(pictures.attend,),
)


def register() -> None:
    """Let species be bred."""
    _additions.add()
    properties.register()


def unregister() -> None:
    """Take that away; materials keep what was bred, out of sight."""
    properties.unregister()
    _additions.remove()
    pictures.release()
