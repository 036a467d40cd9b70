# SPDX-License-Identifier: GPL-3.0-or-later
"""Presets: whole growths, bundled and the artist's own, in Blender's own folders of presets."""

from __future__ import annotations

from ..host.additions import Additions
from ..material import panel as first_screen
from . import operators, panel

_additions = Additions(
    (*operators.classes, *panel.classes),
    hooks=((first_screen.headers, panel.draw_header),),
)


def register() -> None:
    """Put the presets into the first screen's header."""
    _additions.add()
    panel.register()


def unregister() -> None:
    """Take them out; the artist's own stay where they are."""
    panel.unregister()
    _additions.remove()
