# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties: what a growing material keeps of its strip, beside the rest in `Material.nca`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy
from bpy.props import IntProperty

from ..material.properties import NCA_PG_growth, nca_of

if TYPE_CHECKING:

    class Timed(NCA_PG_growth):
        """A growth with the properties that `register` adds."""

        strip_count: int


PROPERTIES = {
    "strip_count": IntProperty(
        name="Pictures",
        description="How many pictures the strip has, from the first to the last frame of the scene, or of its preview "
        "range. They are drawn in the background, while the strip is seen",
        default=8,
        min=2,
        max=48,
        soft_max=24,
        options={"HIDDEN"},  # from presets of growths: it is no part of what grows
    ),
}


def timed(material: bpy.types.Material) -> Timed:
    """What a material keeps of its growth, with what it keeps of its strip."""
    return nca_of(material)  # type: ignore[return-value]  # it has those properties from `register` on


def register() -> None:
    """Add them to what a growing material keeps."""
    for name, declared in PROPERTIES.items():
        setattr(NCA_PG_growth, name, declared)


def unregister() -> None:
    """Take them away; files keep what they hold."""
    for name in PROPERTIES:
        delattr(NCA_PG_growth, name)
