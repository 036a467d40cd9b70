# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties: what a growing material keeps of its look, beside the rest in `Material.nca`.

Values stand here, where they are keyframed like all else of a growth; the nodes follow them by drivers. Curves stand in
their nodes, where Blender draws them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import bpy
from bpy.props import BoolProperty, FloatProperty, StringProperty

from ..material.look import switched
from ..material.properties import NCA_PG_growth, nca_of
from ..material.updates import material_of

if TYPE_CHECKING:

    class Looks(NCA_PG_growth):
        """A growth with the properties that `register` adds."""

        looks: bool
        bakes_looks: bool
        looks_in_files: bool
        look_hue: float
        look_saturation: float
        look_value: float
        look_contrast: float


COLOUR = ("look_hue", "look_saturation", "look_value", "look_contrast")
"""What changes the colours."""
LABELS = {"roughness": "Roughness", "metallic": "Metallic", "height": "Height", "emission": "Glow"}
"""Map whose values a look changes -> what an artist knows it as."""


def name_of(map: str, part: str) -> str:
    """The property that says a part of how a map is changed: multiply, offset, curved or points."""
    return f"look_{map}_{part}"


VALUES = (*COLOUR, *(name_of(map, part) for map in LABELS for part in ("multiply", "offset")))
"""What can be keyframed."""


def _changed(self: NCA_PG_growth, context: bpy.types.Context) -> None:
    bring_up_to_date(material_of(self))


def _adjusted(self: NCA_PG_growth, context: bpy.types.Context) -> None:
    """Have the nodes' drivers look again: of what a script sets Blender tells them only so."""
    material_of(self).update_tag()


def _get_points(map: str) -> Callable[[NCA_PG_growth], str]:
    from . import curves, nodes

    def get(self: NCA_PG_growth) -> str:
        curve = nodes.curve_of(self.tree, map)
        return "" if curve is None else curves.describe(curve)

    return get


def _set_points(map: str) -> Callable[[NCA_PG_growth, str], None]:
    from . import curves, nodes

    def set_points(self: NCA_PG_growth, text: str) -> None:
        points = curves.read(text)
        if self.tree is None or not self.tree.is_editable or not points:
            return
        if nodes.curve_of(self.tree, map) is None:
            nodes.lay(material_of(self), self.tree)
            bring_up_to_date(material_of(self))
        curve = nodes.curve_of(self.tree, map)
        if curve is not None:
            curves.put(curve, points)

    return set_points


PROPERTIES = {
    "looks": BoolProperty(
        name="Looks",
        description="Change the growth's colors and surface after it is painted. Switched off, it is seen as it grows",
        options=set(),
        update=_changed,
    ),
    "bakes_looks": BoolProperty(
        name="Bake Looks",
        description="Bakes write the growth as it looks here, for other programs, too. Without it the files hold the "
        "growth as it grows, and this material goes on changing its look: it can be tuned after the bake",
        default=True,
        options=set(),
    ),
    "looks_in_files": BoolProperty(options={"HIDDEN"}),
    "look_hue": FloatProperty(
        name="Hue",
        description="How far all colors go round the color circle: at 120 degrees red becomes green",
        default=0.0,
        soft_min=-math.pi,
        soft_max=math.pi,
        subtype="ANGLE",
        update=_adjusted,
    ),
    "look_saturation": FloatProperty(
        name="Saturation",
        description="How colorful the growth is: 0 is gray, 1 as it grows",
        default=1.0,
        min=0.0,
        max=2.0,
        subtype="FACTOR",
        update=_adjusted,
    ),
    "look_value": FloatProperty(
        name="Value",
        description="How bright the colors are: 0 is black, 1 as they grow",
        default=1.0,
        min=0.0,
        max=2.0,
        subtype="FACTOR",
        update=_adjusted,
    ),
    "look_contrast": FloatProperty(
        name="Contrast",
        description="How far colors lie apart from middle gray: 1 is as they grow, above it dark parts are darker and "
        "bright ones brighter",
        default=1.0,
        min=0.1,
        max=10.0,
        soft_min=0.1,
        soft_max=1.9,
        subtype="FACTOR",
        update=_adjusted,
    ),
}
for map, label in LABELS.items():
    PROPERTIES |= {
        name_of(map, "multiply"): FloatProperty(
            name=f"{label} Multiply",
            description=f"What the {label.lower()} of each place is multiplied by; 1 leaves it as it grows",
            default=1.0,
            min=-10.0,
            max=10.0,
            soft_min=0.0,
            soft_max=2.0,
            update=_adjusted,
        ),
        name_of(map, "offset"): FloatProperty(
            name=f"{label} Offset",
            description=f"What is added to the {label.lower()} of each place, which then lies between 0 and 1",
            default=0.0,
            min=-10.0,
            max=10.0,
            soft_min=-1.0,
            soft_max=1.0,
            update=_adjusted,
        ),
        name_of(map, "curved"): BoolProperty(
            name=f"{label} Curve",
            description=f"Change the {label.lower()} by a curve, before it is multiplied: from left to right what "
            "grows, from bottom to top what it becomes",
            options=set(),
            update=_changed,
        ),
        name_of(map, "points"): StringProperty(
            name=f"{label} Curve Points",
            description="The points of the curve as “x y” with commas between them, each from 0 to 1; after a point A, "
            "C or V for an automatic, clamped or vector handle",
            get=_get_points(map),
            set=_set_points(map),
            options=set(),
        ),
    }


def looks_of(material: bpy.types.Material) -> Looks:
    """What a material keeps of its growth, with what is kept of its look."""
    return nca_of(material)  # type: ignore[return-value]  # it has those properties from `register` on


def is_seen(nca: Looks) -> bool:
    """Whether nodes change what is seen; not where the files that are shown are changed already."""
    return nca.looks and not (nca.baked and nca.looks_in_files)


def bring_up_to_date(material: bpy.types.Material) -> None:
    """Let a material's nodes change what its look changes, and nothing where the files are changed already."""
    from . import nodes

    nca = looks_of(material)
    if nca.tree is None or not nca.growing or not nca.tree.is_editable:
        return
    is_on = is_seen(nca)
    if is_on:
        nodes.lay(material, nca.tree)
    curved = {map for map in LABELS if getattr(nca, name_of(map, "curved"))}
    if nodes.switch(nca.tree, is_on, curved):
        switched(material)


def register() -> None:
    """Add them to what a growing material keeps."""
    for name, declared in PROPERTIES.items():
        setattr(NCA_PG_growth, name, declared)


def unregister() -> None:
    """Take them away; files keep what they hold."""
    for name in PROPERTIES:
        delattr(NCA_PG_growth, name)
