# SPDX-License-Identifier: GPL-3.0-or-later
"""Point: a seed at a place of the growth's picture."""

from __future__ import annotations

import bpy
from bpy.props import BoolProperty, FloatVectorProperty, IntProperty

from ...automaton.growth_limits import MOST_GENOTYPES
from .updates import tell_changed


class NCA_PG_point(bpy.types.PropertyGroup):
    at: FloatVectorProperty(
        name="Point",
        description="Where a seed lies in the picture: 0, 0 is its lower left corner, 1, 1 its upper right one",
        size=2,
        default=(0.5, 0.5),
        min=0.0,
        max=1.0,
        options=set(),
        update=tell_changed,
    )
    start: IntProperty(
        name="Start",
        description="After how many frames of the growth this seed begins: 0 begins with it. "
        "Where something lives already by then, nothing begins",
        min=0,
        max=1_048_574,
        soft_max=1000,
        options=set(),
        update=tell_changed,
    )
    layer: IntProperty(
        name="Layer",
        description="Number of the layer whose species begins here; 0 is the two species of the first screen. "
        "It counts where layers do not mix",
        min=0,
        max=MOST_GENOTYPES - 1,
        options=set(),
        update=tell_changed,
    )
    lost: BoolProperty(
        name="Lost",
        description="The face that it lay on is gone: the growth goes on without it",
        options={"HIDDEN"},
    )
