# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties: what a growing material keeps of the translucency of both its species, beside the rest in `Material.nca`.

A species that is chosen brings its hint along. From then on the numbers are the artist's: they stay until another
species is chosen, also where the library has no such species any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import bpy
from bpy.props import BoolProperty, FloatProperty, FloatVectorProperty, PointerProperty, StringProperty

from ...genetics.dna import DNAError
from ...genetics.species import Species
from ...genetics.translucency import Translucency, mix
from ..host.animation import is_animated
from ..library import catalogue
from ..material.properties import NCA_PG_growth, NCA_PG_parent, nca_of
from ..material.sockets import given
from ..material.suggestions import showing
from ..material.updates import material_of

if TYPE_CHECKING:

    class Translucent(NCA_PG_growth):
        """A growth with the properties that `register` adds."""

        translucent: bool
        translucency_a: NCA_PG_translucency
        translucency_b: NCA_PG_translucency


_swapping: set[int] = set()
"""Materials whose species are changing places, by their session uid."""
DIGITS = 4
"""Of what a species keeps."""
USUAL_SIZE = 2.0
"""Metres: of Blender's own cube, where nothing shows the material yet."""


def _changed(self: bpy.types.PropertyGroup, context: bpy.types.Context) -> None:
    bring_up_to_date(material_of(self))


class NCA_PG_translucency(bpy.types.PropertyGroup):
    """What light does below the surface of one species."""

    subsurface: FloatProperty(
        name="Subsurface",
        description="Share of the light that goes in and comes out elsewhere: wax, snow, leaves. 0 keeps it at the "
        "surface, as stone and metal do",
        default=0.0,
        min=0.0,
        max=1.0,
        subtype="FACTOR",
        update=_changed,
    )
    radius: FloatVectorProperty(
        name="Subsurface Radius",
        description="How far red, green and blue light go, as shares of the scale: what goes farthest is seen where "
        "light comes through",
        default=(1.0, 0.2, 0.1),
        min=0.0,
        max=1.0,
        size=3,
        subtype="COLOR",
        update=_changed,
    )
    scale: FloatProperty(
        name="Subsurface Scale",
        description="The farthest that light goes below the surface. A species brings a share of the size of the "
        "object that shows it",
        default=0.05,
        min=0.0,
        max=1e3,
        soft_max=1.0,
        subtype="DISTANCE",
        update=_changed,
    )
    transmission: FloatProperty(
        name="Transmission",
        description="Share of the light that goes through as through glass, by the roughness of the growth",
        default=0.0,
        min=0.0,
        max=1.0,
        subtype="FACTOR",
        update=_changed,
    )
    ior: FloatProperty(
        name="IOR",
        description="Index of refraction, where light goes through: 1.31 is ice, 1.5 glass, 1.54 quartz",
        default=1.5,
        min=1.0,
        max=4.0,
        update=_changed,
    )
    dna: StringProperty(options={"HIDDEN"})  # whose hint it was

    def take(self, hint: Translucency, size: float) -> None:
        """Be as a species hints, on something of a size in metres."""
        self.subsurface, self.transmission = hint.subsurface, hint.transmission
        self.radius, self.scale, self.ior = hint.radius, hint.scale * size, hint.ior

    def to_hint(self, size: float = USUAL_SIZE) -> Translucency:
        """The other way round."""
        radius = (self.radius[0], self.radius[1], self.radius[2])
        return Translucency(self.subsurface, radius, self.scale / size, self.transmission, self.ior)


def translucent_of(material: bpy.types.Material) -> Translucent:
    """What a material keeps of its growth, with what is kept of its translucency."""
    return nca_of(material)  # type: ignore[return-value]  # it has those properties from `register` on


def translucency_of(material: bpy.types.Material) -> tuple[Translucency, float] | None:
    """The translucency of a growth in the frame that is shown, and the size in metres by which its scale counts; None
    where no light goes in."""
    nca = translucent_of(material)
    if not nca.translucent:
        return None
    size = size_of(material)
    hints = nca.translucency_a.to_hint(size), nca.translucency_b.to_hint(size)
    mixed = mix(hints, (1 - nca.blend, nca.blend))
    return None if mixed.is_opaque else (mixed, size)


def hint_of(parent: NCA_PG_parent) -> Translucency | None:
    """What a species of a growth is to hint at, as the artist has set it; None where no light goes in."""
    material = material_of(parent)
    nca = translucent_of(material)
    kept = {nca.a.path_from_id(): nca.translucency_a, nca.b.path_from_id(): nca.translucency_b}.get(
        parent.path_from_id()
    )
    if kept is None or not nca.translucent:
        return None
    hint = kept.to_hint(size_of(material))
    rounded = {
        name: round(getattr(hint, name), DIGITS) for name in ("subsurface", "scale", "transmission", "ior")
    }
    red, green, blue = (round(part, DIGITS) for part in hint.radius)
    return None if hint.is_opaque else Translucency(**rounded, radius=(red, green, blue))


def size_of(material: bpy.types.Material) -> float:
    """The largest side of what shows a material, in metres."""
    context = bpy.context
    owners = showing(material, context) if context.view_layer is not None else []
    sizes = [max(owner.dimensions.x, owner.dimensions.y, owner.dimensions.z) for owner in owners]
    return next((float(size) for size in sizes if size > 0), USUAL_SIZE)


def begin(material: bpy.types.Material) -> None:
    """Let light into a growth that begins: those of files from before stay as they look."""
    translucent_of(material).translucent = True
    follow_species(material)


@contextmanager
def exchanging(material: bpy.types.Material) -> Iterator[None]:
    """Let both species take their translucency along as they change places."""
    nca = translucent_of(material)
    _swapping.add(material.session_uid)
    try:
        yield
    finally:
        _swapping.discard(material.session_uid)
    for name in (*Translucency.__dataclass_fields__, "dna"):
        mine, other = (getattr(one, name) for one in (nca.translucency_a, nca.translucency_b))
        # copies: of a vector Blender gives itself, which changes with it
        mine, other = (tuple(one) if name == "radius" else one for one in (mine, other))
        setattr(nca.translucency_a, name, other)
        setattr(nca.translucency_b, name, mine)
    bring_up_to_date(material)


def follow_species(material: bpy.types.Material) -> None:
    """Take the hints of species that were chosen since; a DNA edited near its species changes nothing."""
    nca = translucent_of(material)
    if material.session_uid in _swapping:
        return
    for parent, kept in ((nca.a, nca.translucency_a), (nca.b, nca.translucency_b)):
        if not parent.dna or kept.dna == parent.dna:
            continue
        before, now = _nearest(parent.manifold, kept.dna), _nearest(parent.manifold, parent.dna)
        kept.dna = parent.dna
        if before is None or before != now:
            hint = now.translucency if now is not None else None
            kept.take(hint or Translucency(), size_of(material))
    bring_up_to_date(material)


def bring_up_to_date(material: bpy.types.Material) -> None:
    """Give a material's group the nodes that its translucency needs; one through which no light ever goes gets none.

    A weight that is fed costs a renderer what it says is there.
    """
    from ..material.feeding import feed_less, feed_more
    from . import nodes

    nca = translucent_of(material)
    if nca.tree is None or not nca.growing or not nca.tree.is_editable or not material.is_editable:
        return
    wanted = [
        name
        for weight, sockets in (("subsurface", nodes.SCATTERING), ("transmission", nodes.REFRACTING))
        if nca.translucent and _may_be(material, weight)
        for name in sockets
    ]
    former = nodes.remove(nca.tree, [name for name in nodes.VALUES if name not in wanted])
    if former:
        feed_less(material, nca.tree, former)
    fresh = nodes.lay(nca.tree, wanted)
    if fresh:
        feed_more(material, nca.tree, fresh)
    if _is_moving(material):
        nodes.drive(material, nca.tree)
        material.update_tag()  # of what a script sets Blender tells the drivers only so
    elif given(nca.tree):
        found = translucency_of(material)
        hint, size = found or (Translucency(), USUAL_SIZE)
        nodes.hold(nca.tree, {**asdict(hint), "scale": hint.scale * size})


def look_again() -> None:
    """Keyframes may be there that were not, after undo; and what nodes follow may have been out of reach until now."""
    for material in bpy.data.materials:
        bring_up_to_date(material)


def _is_moving(material: bpy.types.Material) -> bool:
    """Whether the translucency changes over the frames."""
    from . import nodes

    paths = [
        f"nca.{species}.{value.property}" for species in (nodes.A, nodes.B) for value in nodes.VALUES.values()
    ]
    return any(is_animated(material, path) for path in ("nca.blend", *paths))


def _may_be(material: bpy.types.Material, weight: str) -> bool:
    """Whether a weight of the growth is above zero in any frame."""
    from . import nodes

    nca = translucent_of(material)
    blends = is_animated(material, "nca.blend")
    for name, share in ((nodes.A, 1 - nca.blend), (nodes.B, nca.blend)):
        is_there = getattr(getattr(nca, name), weight) > 0 or is_animated(material, f"nca.{name}.{weight}")
        if is_there and (share > 0 or blends):
            return True
    return False


def _nearest(manifold: str, dna: str) -> Species | None:
    try:
        return catalogue.species().nearest(manifold, dna) if dna else None
    except DNAError:  # set by a script
        return None


PROPERTIES = {
    "translucent": BoolProperty(
        name="Translucency",
        description="Light goes into the growth where its species let it in: ice, wax, leaves, snow. "
        "Growths of files from before have it off",
        options=set(),
        update=_changed,
    ),
    "translucency_a": PointerProperty(type=NCA_PG_translucency),
    "translucency_b": PointerProperty(type=NCA_PG_translucency),
}
classes = (NCA_PG_translucency,)


def register() -> None:
    """Add them to what a growing material keeps."""
    for name, declared in PROPERTIES.items():
        setattr(NCA_PG_growth, name, declared)


def unregister() -> None:
    """Take them away; files keep what they hold."""
    for name in PROPERTIES:
        delattr(NCA_PG_growth, name)
