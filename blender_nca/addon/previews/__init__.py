# SPDX-License-Identifier: GPL-3.0-or-later
"""Previews: the pictures of species, as icons in the lists that they are chosen from."""

from __future__ import annotations

from ..host.additions import Additions
from ..library import catalogue, choices
from . import icons

_additions = Additions(
    hooks=(
        (choices.icons, icons.icon_of),
        (choices.pictures, icons.icon_at),
        (choices.redrawn, icons.forget_one),
        (catalogue.forgotten, icons.forget),
    ),
)


def register() -> None:
    """Give the library's lists their pictures; each is read when it is first shown."""
    _additions.add()
    choices.forget_pictures()


def unregister() -> None:
    """Take them away."""
    _additions.remove()
    icons.release()
