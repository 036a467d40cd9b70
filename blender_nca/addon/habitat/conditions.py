# SPDX-License-Identifier: GPL-3.0-or-later
"""Conditions: what kinds there are of what cells meet."""

from __future__ import annotations

from typing import NamedTuple

from ..host.stubs import Icon


class Kind(NamedTuple):
    """A kind of condition.

    Attributes
    ----------
    name, description : str
        As artists read them.
    icon : str
    low, high : float
        Where it begins to hold, and where it holds fully, in its own numbers from 0 to 1.
    settings : tuple of str
        The properties of `NCA_PG_condition` that say more.
    """

    name: str
    description: str
    icon: Icon
    low: float = 0.0
    high: float = 1.0
    settings: tuple[str, ...] = ()


RANGE = ("low", "high")
KINDS = {
    "IMAGE": Kind(
        "Image",
        "Where an image is bright; sequences and movies follow their frames",
        "IMAGE_DATA",
        settings=("channel", "uv_map", *RANGE),
    ),
    "ATTRIBUTE": Kind(
        "Attribute",
        "Where a color attribute, or one of numbers, is bright",
        "GROUP_VCOL",
        settings=("attribute", "channel", *RANGE),
    ),
    "GROUP": Kind(
        "Vertex Group", "Where vertices are in a group", "GROUP_VERTEX", settings=("group", *RANGE)
    ),
    "SLOT": Kind(
        "Material Slot",
        "On the faces of one of the object's slots, where several hold this material",
        "MATERIAL",
        settings=("slot",),
    ),
    "HEIGHT": Kind(
        "Height", "Between two heights in the world", "SORT_ASC", settings=("bottom", "top", "soft")
    ),
    "FACING": Kind(
        "Facing", "Where the surface faces one way", "ORIENTATION_NORMAL", 0.7, 0.85, ("facing", *RANGE)
    ),
    "CREVICES": Kind(
        "Crevices",
        "Where the surface is close to itself; From and To are shares of the surface",
        "MOD_THICKNESS",
        0.6,
        0.9,
        ("reach", *RANGE),
    ),
    "EDGES": Kind(
        "Edges",
        "Where the surface bends away, and wears first; From and To are shares of the surface",
        "MOD_BEVEL",
        0.7,
        0.95,
        ("reach", *RANGE),
    ),
    "DISTANCE": Kind(
        "Near an Object",
        "Around a mesh, a curve, or the origin of any other object",
        "PIVOT_CURSOR",
        settings=("target", "distance", "soft"),
    ),
    "RUNS": Kind(
        "Runs",
        "Along ways that water takes down the surface",
        "MOD_FLUIDSIM",
        0.35,
        0.65,
        ("run_count", "run_length", "run_width", "run_seed"),
    ),
    "GRADIENT": Kind(
        "Gradient",
        "Along an axis of the world; From and To are shares of the mesh's extent",
        "EMPTY_SINGLE_ARROW",
        0.4,
        0.6,
        ("axis", *RANGE),
    ),
}
"""Identifier -> what it is. Files keep their numbers in this order: a new one comes last."""
IN_SCENE = frozenset(KINDS) - {"IMAGE"}
"""Kinds that look at the mesh, or at other objects."""
IN_MOTION = frozenset({"ATTRIBUTE", "GROUP", "HEIGHT", "FACING", "DISTANCE"})
"""Those of them that may be others from frame to frame: by what is animated, and by what Dynamic Paint leaves."""
FACINGS = {
    "UP": ("Up", "The world's Z", (0.0, 0.0, 1.0)),
    "DOWN": ("Down", "Against the world's Z", (0.0, 0.0, -1.0)),
    "RIGHT": ("X", "The world's X", (1.0, 0.0, 0.0)),
    "LEFT": ("-X", "Against the world's X", (-1.0, 0.0, 0.0)),
    "BACK": ("Y", "The world's Y", (0.0, 1.0, 0.0)),
    "FRONT": ("-Y", "Against the world's Y: to the front", (0.0, -1.0, 0.0)),
}
"""Identifier -> name, description and direction of a side that surfaces face, beside where an object is."""
