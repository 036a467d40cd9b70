# SPDX-License-Identifier: GPL-3.0-or-later
"""Handlers: a saved file keeps its looks where it is opened without the add-on."""

from __future__ import annotations

import bpy
from bpy.app.handlers import persistent

from . import nodes
from .properties import looks_of


@persistent
def note_values(*_: object) -> None:
    """Note all looks of the file in their nodes' drivers: as they are in the current frame."""
    for material in bpy.data.materials:
        nca = looks_of(material)
        if nca.tree is not None and nca.tree.is_editable:
            nodes.note_values(material, nca.tree)


HANDLERS = {"save_pre": note_values}
