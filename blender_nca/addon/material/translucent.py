# SPDX-License-Identifier: GPL-3.0-or-later
"""Translucent: how far light goes into a growth, as far as a higher capability has a say in it."""

from __future__ import annotations

import bpy

from ...genetics.translucency import Translucency
from ..host.hook import Hook

seen = Hook()
"""Asked with a material: the translucency of its growth in the frame that is shown, and the metres that its scale is a
share of; or None."""


def translucency_of(material: bpy.types.Material) -> tuple[Translucency, float] | None:
    """How far light goes into a growth in the frame that is shown, and the metres that its scale is a share of; None
    where it stays at the surface."""
    return next((found for found in seen(material) if found is not None), None)
