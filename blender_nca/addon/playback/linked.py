# SPDX-License-Identifier: GPL-3.0-or-later
"""Linked growths: live ones of another .blend file, which is not open. Nobody grows them here, and the log says so."""

from __future__ import annotations

import sys

import bpy

from ..material.properties import nca_of


def tell_in_background() -> None:
    """Say which linked materials would grow live; in the window their panel does."""
    if not bpy.app.background:
        return
    for material in bpy.data.materials:
        nca = nca_of(material)
        if material.library is not None and nca.growing and not nca.baked:
            print(
                f"Neural Growth: {material.name} is left out: it is linked from {material.library.filepath}, where it "
                "grows live. Bake it there, or make it local here.",
                file=sys.stderr,
            )
