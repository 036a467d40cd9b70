# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties: the layers that a growing material keeps, beside the rest in `Material.nca`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

from ...automaton.growth_limits import MOST_BORDER, MOST_GENOTYPES
from ..habitat import presets
from ..habitat.conditions import KINDS
from ..habitat.properties import NCA_PG_condition
from ..material import events
from ..material.properties import NCA_PG_growth, NCA_PG_parent, nca_of
from ..material.updates import material_of, tell_changed

if TYPE_CHECKING:

    class Layered(NCA_PG_growth):
        """A growth with the properties that `register` adds."""

        layers: bpy.types.bpy_prop_collection_idprop[NCA_PG_layer]
        layer_index: int
        base_weight: float
        meeting: str


MOST = MOST_GENOTYPES - 1
"""Beside the two species of the first screen."""
EVERYWHERE = "EVERYWHERE"


def _placed(self: NCA_PG_layer, context: bpy.types.Context) -> None:
    from ..habitat import recording

    material = material_of(self)
    if self.place not in {EVERYWHERE, self.region.kind}:
        presets.put(self.region, presets.begin(self.place, material, context), context)
    elif self.place != EVERYWHERE:
        recording.record(self.region, context)
    events.changed(material)


def _get_name(self: NCA_PG_layer) -> str:
    return self.called or self.parent.species or "Layer"


def _set_name(self: NCA_PG_layer, name: str) -> None:
    self.called = "" if name == self.parent.species else name


class NCA_PG_layer(bpy.types.PropertyGroup):
    """A species that grows beside the two of the first screen."""

    called: StringProperty(name="Called", options={"HIDDEN"})
    on: BoolProperty(
        name="On", description="Whether the layer grows", default=True, options=set(), update=tell_changed
    )
    parent: PointerProperty(type=NCA_PG_parent)
    name: StringProperty(
        name="Name",
        description="How it is called in this list. Until it is given a name, it has that of its species",
        get=_get_name,
        set=_set_name,
        options=set(),
    )
    weight: FloatProperty(
        name="Weight",
        description="How much of the layer is in its region: less of it lets more of what is below through. "
        "Where the stronger one takes over, how strong it is. With keyframes it comes and goes",
        default=1.0,
        min=0.0,
        max=1.0,
        subtype="FACTOR",
        update=tell_changed,
    )
    place: EnumProperty(
        name="Region",
        description="Where the layer grows",
        items=(
            (EVERYWHERE, "Everywhere", "Wherever no layer with a region does", "WORLD", 0),
            *(
                (key, one.name, one.description, one.icon, number)
                for number, (key, one) in enumerate(KINDS.items(), 1)
            ),
        ),
        options=set(),
        update=_placed,
    )
    region: PointerProperty(type=NCA_PG_condition)
    border: FloatProperty(
        name="Border",
        description="Over how many cells the layer and what grows beside it fade into each other",
        default=6.0,
        min=0.0,
        max=MOST_BORDER,
        precision=1,
        options=set(),
        update=tell_changed,
    )


PROPERTIES = {
    "layers": CollectionProperty(type=NCA_PG_layer, name="Layers"),
    "layer_index": IntProperty(name="Layer", min=0, options={"HIDDEN", "SKIP_SAVE"}),
    "base_weight": FloatProperty(
        name="Base Weight",
        description="How much of the two species of the first screen is among layers that grow everywhere. "
        "Where the stronger one takes over, how strong they are",
        default=1.0,
        min=0.0,
        max=1.0,
        subtype="FACTOR",
        update=tell_changed,
    ),
    "meeting": EnumProperty(
        name="Fronts",
        description="What happens where layers without a region meet",
        items=(
            ("MIX", "Mix", "All of them grow everywhere, mixed by their weights", "MOD_FLUID", 0),
            (
                "NEAREST",
                "First Stays",
                "Each grows from its own seeds, and stays where it was first",
                "STICKY_UVS_LOC",
                1,
            ),
            (
                "STRONGER",
                "Stronger Takes Over",
                "Each grows from its own seeds, and the one of more weight overgrows the others",
                "FORCE_FORCE",
                2,
            ),
            (
                "NONE",
                "Gap",
                "Each grows from its own seeds, and all stop before they touch",
                "SNAP_OFF",
                3,
            ),
        ),
        options=set(),
        update=tell_changed,
    ),
}
classes = (NCA_PG_layer,)


def layered(material: bpy.types.Material) -> Layered:
    """What a material keeps of its growth, with its layers."""
    return nca_of(material)  # type: ignore[return-value]  # it has those properties from `register` on


def chosen(material: bpy.types.Material) -> NCA_PG_layer | None:
    """The layer that is chosen in the list."""
    nca = layered(material)
    return nca.layers[nca.layer_index] if 0 <= nca.layer_index < len(nca.layers) else None


def regions_of(material: bpy.types.Material) -> list[NCA_PG_condition]:
    """The conditions that say where layers grow."""
    return [layer.region for layer in layered(material).layers if layer.place != EVERYWHERE]


def register() -> None:
    """Add them to what a growing material keeps."""
    for name, declared in PROPERTIES.items():
        setattr(NCA_PG_growth, name, declared)


def unregister() -> None:
    """Take them away; files keep what they hold."""
    for name in PROPERTIES:
        delattr(NCA_PG_growth, name)
