# SPDX-License-Identifier: GPL-3.0-or-later
"""Relief: the switch that lets a growth move the surface."""

from __future__ import annotations

from bpy.props import BoolProperty

from . import displacement
from .properties import NCA_PG_growth
from .updates import material_of


def _get(self: NCA_PG_growth) -> bool:
    return displacement.is_on(material_of(self))


def _set(self: NCA_PG_growth, on: bool) -> None:
    if self.tree is not None and self.tree.is_editable:
        displacement.switch(material_of(self), self.tree, on)


DISPLACES = "displaces"


def register() -> None:
    """Add it to what a growing material keeps."""
    declared = BoolProperty(
        name="Displacement",
        description="The growth moves the surface by its relief, instead of only shading it so: the mesh needs enough "
        "vertices, or adaptive subdivision. What displaces the material already is added to it",
        get=_get,
        set=_set,
        options={"SKIP_SAVE"},
    )
    setattr(NCA_PG_growth, DISPLACES, declared)


def unregister() -> None:
    """Take it away; materials that are displaced stay so."""
    delattr(NCA_PG_growth, DISPLACES)
