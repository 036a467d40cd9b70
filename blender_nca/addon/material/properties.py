# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties: what a growing material keeps in the .blend file, as `Material.nca`.

A higher capability that keeps something more adds its properties to `NCA_PG_growth` when it is registered.
"""

from __future__ import annotations

from collections.abc import Callable

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

from ...automaton.growth_limits import LARGEST_GRID, MOST_PIXELS_PER_CELL, SMALLEST_GRID
from ...genetics.dna import DNAError, format_dna, parse_dna
from ...genetics.species import Species
from ..host.nodes import value_of
from ..library import catalogue, choices, learned, versions
from . import coordinates, events, fitting
from .node_group import group_nodes
from .pace import Pace
from .point import NCA_PG_point
from .sockets import GLOW, RELIEF, input_of, put_value
from .suggestions import matching, showing
from .updates import material_of, tell_changed, tell_reshaped
from .wiring import unwire, wire


def nca_of(material: bpy.types.Material) -> NCA_PG_growth:
    """What a material keeps of its growth; it is there as well while nothing grows."""
    return material.nca  # type: ignore[attr-defined]  # `register` gives it to materials


def _wrap_changed(self: NCA_PG_growth, context: bpy.types.Context) -> None:
    from . import picture_nodes

    if self.tree is not None:
        picture_nodes.set_extension(self.tree, self.wrap)
    tell_changed(self, context)


def _ground_changed(self: NCA_PG_growth, context: bpy.types.Context) -> None:
    material = material_of(self)
    if self.tree is not None and material.library is None:
        unwire(material, self.tree)
        wire(material, self.tree, shown=self.ground == "OVER")


def _getter(name: str) -> Callable[[NCA_PG_growth], float]:
    """Read a value that all nodes of a growth's group have, from the first of them."""

    def get(self: NCA_PG_growth) -> float:
        nodes = group_nodes(material_of(self), self.tree)
        socket = input_of(nodes[0], name) if nodes else None
        return float(value_of(socket)) if socket is not None else 0.0

    return get


def _setter(name: str) -> Callable[[NCA_PG_growth, float], None]:
    """Give a value to all nodes of a growth's group."""

    def set_all(self: NCA_PG_growth, value: float) -> None:
        for node in group_nodes(material_of(self), self.tree):
            put_value(node, name, value)

    return set_all


def _get_uv_map(self: NCA_PG_growth) -> str:
    return coordinates.uv_map_of(self.tree)


def _set_uv_map(self: NCA_PG_growth, name: str) -> None:
    from . import picture_nodes

    if self.tree is not None and self.tree.is_editable:
        coordinates.choose_uv_map(self.tree, name, picture_nodes.pictures_of(self.tree))
        if self.over == "MESH":
            events.reshaped(material_of(self))
            events.changed(material_of(self))


def _find_uv_maps(self: NCA_PG_growth, context: bpy.types.Context, typed: str) -> list[str]:
    """Those of all objects that show the material, the active one's first."""
    material = material_of(self)
    active = context.object
    others = [owner for owner in showing(material, context) if owner != active]
    names = [
        name
        for owner in ([active] if active else []) + others
        for name in coordinates.uv_maps(owner, context) or []
    ]
    return matching(names, typed)


def _seeds_changed(self: NCA_PG_growth, context: bpy.types.Context) -> None:
    if self.seeds == "POINTS" and not self.points:
        self.points.add()
    tell_changed(self, context)


def is_other_picture(self: bpy.types.PropertyGroup, image: bpy.types.Image) -> bool:
    """Whether an image may decide how a growth goes on: a growth's own picture would change with every frame."""
    return not any(
        image in {nca.image_colour, nca.image_data, nca.image_order}
        for nca in (nca_of(material) for material in bpy.data.materials)
        if nca.growing
    )


class NCA_PG_parent(bpy.types.PropertyGroup):
    """One of the two that a growth grows from. The DNA is kept itself, so that it outlives library and model."""

    species: StringProperty(name="Species", options=set())
    manifold: StringProperty(name="Model", options=set())
    dna: StringProperty(name="DNA", options=set(), update=tell_changed)
    learned: StringProperty(name="Learned", options=set())  # keys of the units that it grows by
    draft: StringProperty(options={"HIDDEN"})
    draft_problem: StringProperty(options={"HIDDEN"})

    def choose(self, one: Species) -> None:
        """Take a species of the library."""
        nca = nca_of(material_of(self))
        is_other = self == nca.a and self.manifold != one.manifold
        if is_other:
            fitting.fit(nca, self.manifold, one.manifold)
        self.species, self.manifold, self.draft, self.draft_problem = one.name, one.manifold, "", ""
        if is_other:
            nca.take_model()
        self.learned = learned.text_of(one.learned)
        self.dna = one.dna

    @property
    def label(self) -> str:
        """The species' name, with a word where its DNA was changed."""
        listed = catalogue.species().find(self.manifold, self.species)
        return f"{self.species} (edited)" if listed is not None and listed.dna != self.dna else self.species

    def _is_b(self) -> bool:
        return self == nca_of(material_of(self)).b

    def _items(self, context: bpy.types.Context | None) -> list[choices.Item]:
        missing = icon = None
        if self.species and catalogue.species().find(self.manifold, self.species) is None:
            missing = (self.manifold, self.species)
            icon = next((known for known in choices.unlisted(self) if known is not None), None)
        # only species of one model blend: both are chosen among those of A's
        manifold = nca_of(material_of(self)).a.manifold
        known = manifold if catalogue.species().of(manifold) else ""
        return choices.species_choices(self.path_from_id(), known, missing, icon)

    def _get_picture(self) -> int:
        return choices.number_of(self._items(None), self.manifold, self.species)

    def _set_picture(self, number: int) -> None:
        identifier = next((item[0] for item in self._items(None) if item[4] == number), "")
        one = catalogue.species().find(*identifier.split("/", 1)) if identifier else None
        if one is None:
            return
        other = nca_of(material_of(self)).b
        if not self._is_b() and other.manifold != one.manifold:
            other.choose(one)  # only species of one model blend
        self.choose(one)

    def _get_text(self) -> str:
        return self.draft or format_dna(self.dna)

    def _set_text(self, text: str) -> None:
        try:
            dna = parse_dna(text, catalogue.dna_length(self.manifold) or len(self.dna) or None)
        except DNAError as error:
            self.draft, self.draft_problem = text, str(error)
        else:
            self.draft = self.draft_problem = ""
            self.dna = dna

    picture: EnumProperty(
        name="Species",
        description="What grows. Choose it by its picture",
        items=_items,
        get=_get_picture,
        set=_set_picture,
        options={"SKIP_SAVE"},
    )
    text: StringProperty(
        name="DNA",
        description="The letters that this species grows from, each A, C, G or T. Each changes the pattern a little",
        get=_get_text,
        set=_set_text,
        options={"SKIP_SAVE"},
    )


def _models(self: NCA_PG_growth, context: bpy.types.Context | None) -> list[choices.Item]:
    return choices.model_choices(self.a.manifold)


def _get_model(self: NCA_PG_growth) -> int:
    return next((item[4] for item in _models(self, None) if item[0] == self.a.manifold), 0)


def _set_model(self: NCA_PG_growth, number: int) -> None:
    name = next((item[0] for item in _models(self, None) if item[4] == number), "")
    first, second = catalogue.default_species(name)
    if name != self.a.manifold and first is not None:
        self.a.choose(first)
        self.b.choose(second)


class NCA_PG_growth(Pace, bpy.types.PropertyGroup):
    growing: BoolProperty(name="Growing", options={"HIDDEN"})
    version: IntProperty(options={"HIDDEN"})
    model: EnumProperty(
        name="Model",
        description="Which manifold's species to choose among: materials, figures. Another one brings two of its own",
        items=_models,
        get=_get_model,
        set=_set_model,
        options={"SKIP_SAVE"},
    )
    model_version: StringProperty(options={"HIDDEN"})
    model_declined: StringProperty(options={"HIDDEN"})
    tree: PointerProperty(type=bpy.types.NodeTree, options={"HIDDEN"})
    image_colour: PointerProperty(type=bpy.types.Image, options={"HIDDEN"})
    image_data: PointerProperty(type=bpy.types.Image, options={"HIDDEN"})
    image_order: PointerProperty(type=bpy.types.Image, options={"HIDDEN"})

    a: PointerProperty(type=NCA_PG_parent)
    b: PointerProperty(type=NCA_PG_parent)
    blend: FloatProperty(
        name="Blend",
        description="How much of species B is in the growth: 0 grows A, 1 grows B, between them something of both. "
        "With keyframes the growth changes its kind while it grows",
        default=0.0,
        min=0.0,
        max=1.0,
        subtype="FACTOR",
        update=tell_changed,
    )

    ground: EnumProperty(
        name="Ground",
        description="What is seen where nothing grows",
        items=(
            ("OVER", "Over", "The growth lies over what the material was before"),
            (
                "INSTEAD",
                "Instead",
                "The growth alone is seen; where nothing grows, the material is transparent",
            ),
        ),
        options=set(),
        update=_ground_changed,
    )
    relief: FloatProperty(
        name=RELIEF,
        description="How far the highest part of the growth stands out of the surface; below 0 it is carved in",
        min=-10.0,
        max=10.0,
        subtype="DISTANCE",
        get=_getter(RELIEF),
        set=_setter(RELIEF),
        options={"SKIP_SAVE"},
    )
    glow: FloatProperty(
        name=GLOW,
        description="How brightly the parts of the growth that glow shine; 0 puts them out",
        min=0.0,
        soft_max=10.0,
        get=_getter(GLOW),
        set=_setter(GLOW),
        options={"SKIP_SAVE"},
    )

    width: IntProperty(
        name="Width",
        description="Cells across. More of them show more of the pattern, smaller on the surface, and take longer",
        default=128,
        min=SMALLEST_GRID,
        max=LARGEST_GRID,
        soft_max=512,
        options=set(),
        update=tell_reshaped,
    )
    height: IntProperty(
        name="Height",
        description="Cells down. More of them show more of the pattern, smaller on the surface, and take longer",
        default=128,
        min=SMALLEST_GRID,
        max=LARGEST_GRID,
        soft_max=512,
        options=set(),
        update=tell_reshaped,
    )
    pixels_per_cell: IntProperty(
        name="Pixels per Cell",
        description="How finely each cell is painted. The pattern stays; its edges become sharper",
        default=4,
        min=1,
        max=MOST_PIXELS_PER_CELL,
        soft_max=16,
        options=set(),
        update=tell_changed,
    )
    fine: BoolProperty(
        name="Fine Detail",
        description="Paint hairs, pores, fibers and scratches that are finer than cells, from 5 pixels a cell on, "
        "where the model has learned them. Without it edges become sharper and no more. What is learned from a "
        "picture has none of its own",
        default=False,  # as growths of before were; a new one is begun with it
        options=set(),
        update=tell_changed,
    )
    wrap: BoolProperty(
        name="Wrap",
        description="The growth goes on at the opposite side, so that its picture repeats without a seam. "
        "Without it, it ends at the border of the picture",
        default=True,
        options=set(),
        update=_wrap_changed,
    )

    over: EnumProperty(
        name="Grows over",
        description="What the growth lives on",
        items=(
            (
                "PICTURE",
                "Picture",
                "A rectangle, which lies on the surface as its UV map says. It ends at each seam",
            ),
            ("MESH", "Mesh", "The surface of the objects that show the material: it grows on over the seams"),
        ),
        options=set(),
        update=tell_reshaped,
    )
    surface: StringProperty(options={"HIDDEN"})
    surface_of: StringProperty(options={"HIDDEN"})
    surface_note: StringProperty(options={"HIDDEN"})
    surface_problem: StringProperty(options={"HIDDEN"})

    uv_map: StringProperty(
        name="UV Map",
        description="By which UV map the growth lies on the surface, also one made by geometry nodes. "
        "Empty: the one that renders by default",
        get=_get_uv_map,
        set=_set_uv_map,
        search=_find_uv_maps,
        search_options={"SUGGESTION"},
        options={"SKIP_SAVE"},
    )

    quality: EnumProperty(
        name="Quality",
        description="How exactly the cells grow. Bakes have it, too",
        items=(
            ("FULL", "Full", "The same pictures on every machine"),
            (
                "DRAFT",
                "Draft",
                "Sooner, on processors that multiply short numbers faster (others grow as in Full). "
                "The same pattern in another arrangement, which differs between machines",
            ),
        ),
        options=set(),
        update=tell_changed,
    )

    seeds: EnumProperty(
        name="Seeds",
        description="Where the growth begins",
        items=(
            ("CENTRE", "Center", "One cell in the middle"),
            ("SCATTERED", "Scattered", "Several cells, strewn by the random seed"),
            ("POINTS", "Points", "Cells at places that you name"),
            ("MASK", "Mask", "All cells where an image is brighter than middle gray"),
            (
                "SURFACE",
                "On the Surface",
                "At objects, points or curves of the scene, along marked edges, in a vertex group, or strewn evenly",
            ),
        ),
        options=set(),
        update=_seeds_changed,
    )
    seed_count: IntProperty(
        name="Count",
        description="How many cells the growth begins from: more of them cover the surface sooner",
        default=12,
        min=1,
        max=100_000,
        soft_max=200,
        options=set(),
        update=tell_changed,
    )
    points: CollectionProperty(type=NCA_PG_point)
    active_point: IntProperty(name="Point", min=0, options={"HIDDEN", "SKIP_SAVE"})
    mask: PointerProperty(
        type=bpy.types.Image,
        name="Mask",
        description="The growth begins where this image is brighter than middle gray",
        poll=is_other_picture,
        update=tell_changed,
    )
    random_seed: IntProperty(
        name="Random Seed",
        description="Another number grows another individual of the same species",
        default=0,
        min=0,
        max=2**31 - 1,
        options=set(),
        update=tell_changed,
    )

    baked: BoolProperty(options={"HIDDEN"})
    baked_first: IntProperty(options={"HIDDEN"})
    baked_last: IntProperty(options={"HIDDEN"})
    baked_loop: BoolProperty(options={"HIDDEN"})

    def take_model(self) -> None:
        """Grow by the training of the model that counts here."""
        self.model_version, self.model_declined = versions.present(self.a.manifold), ""
        versions.keep(self.a.manifold)


classes = (NCA_PG_point, NCA_PG_parent, NCA_PG_growth)


def register() -> None:
    """Let materials keep a growth."""
    # no stubs know what is given to Blender's classes
    bpy.types.Material.nca = PointerProperty(type=NCA_PG_growth, name="Neural Growth")  # type: ignore[attr-defined]


def unregister() -> None:
    """Materials of the open file keep what they hold, out of sight."""
    del bpy.types.Material.nca  # type: ignore[attr-defined]
