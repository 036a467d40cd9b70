# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeds of layers: one that is planted for another species than those of the first screen."""

from __future__ import annotations

import bpy

from ..material.properties import nca_of
from .order import add
from .properties import EVERYWHERE, layered


def give(material: bpy.types.Material, index: int, number: int) -> None:
    """Let a seed be of a layer: by its number from 1, or -1 for the chosen one, which is added where there is none.

    Seeds have species of their own where layers do not mix, so from now on the first one stays. In a region its layer
    grows, whatever seed began.
    """
    nca = layered(material)
    if not len(nca.layers):
        add(material)
    number = min(nca.layer_index + 1 if number < 0 else number, len(nca.layers))
    nca_of(material).points[index].layer = number
    if nca.meeting == "MIX" and nca.layers[number - 1].place == EVERYWHERE:
        nca.meeting = "NEAREST"
