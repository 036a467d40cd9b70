# SPDX-License-Identifier: GPL-3.0-or-later
"""Linked growths: live ones of another .blend file, which is not open. Nobody grows them here, and the log says so."""

from __future__ import annotations

import logging

import bpy

from ..material.properties import nca_of
from ..material.status import is_own, why_not_editable

_log = logging.getLogger(__name__)


def tell_in_background() -> None:
    """Say which materials would grow live where they come from; in the window their panel does."""
    for material in bpy.data.materials if bpy.app.background else ():
        nca = nca_of(material)
        if nca.growing and not nca.baked and not is_own(material):
            problem = why_not_editable(material)
            _log.warning("%s is left out: %s", material.name, problem)
