# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions: what a growth in an older file needs to be one of today."""

from __future__ import annotations

import bpy

from . import materials

VERSION = 2
"""Of what a growing material keeps in its file. Up to 1 its node group had no emission."""


def migrate() -> None:
    """Bring the growths of the open file up to `VERSION`. A newer file's are left as they are."""
    for material in bpy.data.materials:
        if material.nca.growing and material.library is None and material.nca.version < VERSION:
            if material.nca.version < 2:
                materials.renew_group(material)
            material.nca.version = VERSION
