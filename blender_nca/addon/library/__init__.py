# SPDX-License-Identifier: GPL-3.0-or-later
"""Library: the models and species that an artist can choose from."""

from __future__ import annotations

from ..host.additions import Additions
from ..settings import preferences
from ..settings.panel import boxes
from . import catalogue, choices, operators, panel, versions
from .catalogue import forget, models, species

__all__ = ["forget", "models", "register", "species", "unregister"]

_additions = Additions(
    operators.classes,
    hooks=(
        (catalogue.forgotten, versions.forget),
        (preferences.changed, catalogue.reload),
        (boxes, panel.draw_models),
    ),
)


def register() -> None:
    """Add the library; it is read when it is first asked for."""
    _additions.add()


def unregister() -> None:
    """Take it away, and forget what was read."""
    _additions.remove()
    forget()
    versions.forget()
    choices.release()
