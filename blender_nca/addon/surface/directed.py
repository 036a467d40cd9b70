# SPDX-License-Identifier: GPL-3.0-or-later
"""Directed: what a growing material keeps, with which way it points on its mesh."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy

from ..material.properties import NCA_PG_growth, nca_of

if TYPE_CHECKING:

    class Directed(NCA_PG_growth):
        """A growth with the properties that `properties.register` adds."""

        direction: str
        direction_space: str
        direction_object: bpy.types.Object | None
        direction_axis: str
        direction_curve: bpy.types.Object | None
        direction_attribute: str
        direction_angle: float
        shows_directions: bool
        growth_uv: str
        surface_wanted: str
        surface_done: str


def directed(material: bpy.types.Material) -> Directed:
    """What a material keeps of its growth, with which way that points."""
    return nca_of(material)  # type: ignore[return-value]  # it has those properties while this capability is there
