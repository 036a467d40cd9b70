# SPDX-License-Identifier: GPL-3.0-or-later
"""Handlers: a saved file keeps its looks where it is opened without the add-on."""

from __future__ import annotations

from bpy.app.handlers import persistent

from . import drivers


@persistent
def on_save(*_: object) -> None:
    """The file may be opened where the add-on is not."""
    drivers.note_values()


HANDLERS = {"save_pre": on_save}
