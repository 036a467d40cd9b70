# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators: choose a species, and keep, change and delete those of the artist's own."""

from __future__ import annotations

import bpy
from bpy.props import BoolProperty, EnumProperty, IntProperty, StringProperty

from ...genetics.species import Species, SpeciesError
from ..host.stubs import OperatorMixin, Result
from ..host.text import fill
from ..host.window import redraw_panels
from ..library import catalogue, choices, own, shelf
from ..material import layering
from ..material.operators import PARENT
from ..material.properties import NCA_PG_parent, nca_of
from ..material.target import OnOpenGrowth, material_of
from ..translucency.properties import hint_of
from .browsing import free_name, words_in

ABOUT = {
    "name": dict(name="Name", description="What the species is called in the library"),
    "tags": dict(
        name="Tags",
        description="Words by which it is found, with commas between them. Those that several species share "
        "are families",
    ),
    "author": dict(name="Author", description="Who made it; may be empty"),
    "licence": dict(
        name="License", description="By which others may use it, such as CC0 or CC BY 4.0; may be empty"
    ),
}


class OnListed(OperatorMixin):
    """For operators on a species of the library."""

    manifold: StringProperty(
        name="Model", description="Name of the species' model", options={"HIDDEN", "SKIP_SAVE"}
    )
    species: StringProperty(
        name="Species",
        description="Name of the species in the library; that of A of the active growth if empty",
        options={"HIDDEN", "SKIP_SAVE"},
    )

    def find(self, context: bpy.types.Context) -> Species | None:
        """The species, or None after a report of what is wrong."""
        manifold, name = self.manifold, self.species
        material = material_of(context)
        if material is not None and nca_of(material).growing:
            manifold, name = manifold or nca_of(material).a.manifold, name or nca_of(material).a.species
        one = catalogue.species().find(manifold, name)
        if one is None:
            what = f"no species “{name}” of the model “{manifold}”" if name else "no species named"
            self.report({"ERROR"}, f"There is {what} in the library: reload it, or choose another one.")
        return one

    def execute(self, context: bpy.types.Context) -> Result:
        one = self.find(context)
        try:
            return {"CANCELLED"} if one is None else self.act(context, one)
        except SpeciesError as error:
            return refuse(self, error)

    def act(self, context: bpy.types.Context, one: Species) -> Result:
        """Do what the operator is for, with this species."""
        raise NotImplementedError


def refuse(operator: bpy.types.Operator, error: Exception) -> Result:
    """Report what was not done, and why."""
    text = str(error)
    operator.report({"ERROR"}, text if text.endswith(".") else f"{text}.")
    return {"CANCELLED"}


def tell_missing(operator: bpy.types.Operator, one: Species) -> None:
    """Say so where a species that is kept has no model here."""
    if one.manifold not in catalogue.models():
        operator.report(
            {"WARNING"},
            f"“{one.name}” is kept, but its model “{one.manifold}” is not here: name the folder that holds it in the "
            "add-on's preferences.",
        )


class NCA_OT_choose_species(OnOpenGrowth, bpy.types.Operator):
    """Grow this species"""

    bl_idname = "nca.choose_species"
    bl_label = "Choose Species"
    bl_options = {"REGISTER", "UNDO"}
    to_do = "to change its species"

    parent: EnumProperty(**PARENT)
    layer: IntProperty(
        name="Layer",
        description="Which layer of the growth is to grow it, from 1 on; 0 is the species that Parent names",
        min=0,
        options={"HIDDEN", "SKIP_SAVE"},
    )
    manifold: StringProperty(
        name="Model",
        description="Name of the species' model; that of the growth if empty",
        options={"HIDDEN", "SKIP_SAVE"},
    )
    species: StringProperty(
        name="Species", description="Name of the species in the library", options={"HIDDEN", "SKIP_SAVE"}
    )

    @classmethod
    def description(cls, context: bpy.types.Context, properties: bpy.types.OperatorProperties) -> str:
        one = catalogue.species().find(properties.manifold, properties.species)
        if one is None:
            return fill("Grow this species")
        place = properties.layer or properties.parent
        text = "Grow {name} as layer {place}" if properties.layer else "Grow {name} as species {place}"
        about = [fill(text, name=one.name, place=place)]
        about += [fill("Tags: {tags}", tags=", ".join(one.tags))] if one.tags else []
        about += [fill("By {author}", author=one.author)] if one.author else []
        about += [fill("License: {licence}", licence=one.licence)] if one.licence else []
        return ".\n".join(about)

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        nca = nca_of(material)
        manifold = self.manifold or nca.a.manifold
        chosen = layer_of(material, self.layer) if self.layer else parent_of(material, self.parent)
        one = catalogue.species().find(manifold, self.species)
        problem = ""
        if one is None:
            problem = f"There is no species “{self.species}” of the model “{manifold}” in the library."
        elif manifold not in catalogue.models():
            problem = (
                f"The model “{manifold}” of {one.name} is not here: name the folder that holds it in the "
                "add-on's preferences."
            )
        elif chosen is None:
            problem = f"This growth has no layer {self.layer}."
        elif chosen != nca.a and manifold != nca.a.manifold:
            problem = f"{one.name} is of another model than species A, and only those of one model blend."
        if one is None or chosen is None or problem:
            self.report({"ERROR"}, problem)
            return {"CANCELLED"}
        if chosen == nca.a and nca.b.manifold != one.manifold:
            nca.b.choose(one)
        chosen.choose(one)
        shelf.note(choices.identify(one.manifold, one.name))
        return {"FINISHED"}


class NCA_OT_mark_species(OnListed, bpy.types.Operator):
    """Make this species a favorite, or one no longer"""

    bl_idname = "nca.mark_species"
    bl_label = "Favorite Species"

    def act(self, context: bpy.types.Context, one: Species) -> Result:
        identifier = choices.identify(one.manifold, one.name)
        shelf.mark(identifier, identifier not in shelf.favourites())
        redraw_panels()
        return {"FINISHED"}


class NCA_OT_save_species(OnOpenGrowth, bpy.types.Operator):
    """Keep what grows here as a species of your own, for other materials and files. Its picture is drawn beside"""

    bl_idname = "nca.save_species"
    bl_label = "Save Species"
    bl_options = {"UNDO"}
    to_do = "to save its species"

    parent: EnumProperty(
        name="Species",
        description="Which of the two. What both are blended to is no species; a preset keeps it",
        items=(("A", "A", "The first species"), ("B", "B", "The second species")),
        options={"SKIP_SAVE"},
    )
    name: StringProperty(**ABOUT["name"], options={"SKIP_SAVE"})
    tags: StringProperty(**ABOUT["tags"], options={"SKIP_SAVE"})
    author: StringProperty(**ABOUT["author"])
    licence: StringProperty(**ABOUT["licence"])
    replace: BoolProperty(
        name="Replace",
        description="A species of yours that has this name goes for this one",
        options={"SKIP_SAVE"},
    )

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        parent = parent_of(material, self.parent)
        listed = catalogue.species().find(parent.manifold, parent.species)
        taken = {one.name for one in catalogue.species().of(parent.manifold)}
        self.name = self.name or free_name(parent.species or "Species", taken)
        self.tags = self.tags or ", ".join(listed.tags if listed else ())
        return context.window_manager.invoke_props_dialog(self, width=320, confirm_text="Save")

    def draw(self, context: bpy.types.Context) -> None:
        if self.layout is None:
            return
        self.layout.use_property_split = True
        self.layout.use_property_decorate = False
        material = material_of(context, self.material)
        if material is not None:
            parent = parent_of(material, self.parent)
            row = self.layout.row()
            row.label(text=fill("Species {parent}: {name}", parent=self.parent, name=parent.label))
            for name in ("name", "tags", "author", "licence"):
                self.layout.prop(self, name)
            if own.find(parent.manifold, self.name.strip()) is not None:
                self.layout.prop(self, "replace", text=fill("Replace Your “{name}”", name=self.name.strip()))

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import portraits

        parent = parent_of(material, self.parent)
        try:
            one = own.save(
                Species(
                    self.name,
                    parent.dna,
                    parent.manifold,
                    words_in(self.tags),
                    self.author,
                    learned=tuple(parent.learned.split()),
                    licence=self.licence,
                    translucency=hint_of(parent),
                ),
                may_replace=self.replace,
            )
        except SpeciesError as error:
            return refuse(self, error)
        parent.choose(one)
        shelf.note(choices.identify(one.manifold, one.name))
        problem = portraits.want(one) if one.picture is None else ""
        self.report({"INFO"}, fill("“{name}” is one of your species now.", name=one.name))
        if problem:
            self.report({"WARNING"}, f"It has no picture yet: {problem}")
        return {"FINISHED"}


class NCA_OT_change_species(OnListed, bpy.types.Operator):
    """Give a species of your own another name, tags, author or license. Growths of it keep their DNA"""

    bl_idname = "nca.change_species"
    bl_label = "Edit Species"
    bl_options = {"UNDO"}

    name: StringProperty(**ABOUT["name"], options={"SKIP_SAVE"})
    tags: StringProperty(**ABOUT["tags"], options={"SKIP_SAVE"})
    author: StringProperty(**ABOUT["author"], options={"SKIP_SAVE"})
    licence: StringProperty(**ABOUT["licence"], options={"SKIP_SAVE"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        one = self.find(context)
        if one is None:
            return {"CANCELLED"}
        self.manifold, self.species = one.manifold, one.name
        self.name, self.tags, self.author, self.licence = (
            one.name,
            ", ".join(one.tags),
            one.author,
            one.licence,
        )
        return context.window_manager.invoke_props_dialog(self, width=320)

    def draw(self, context: bpy.types.Context) -> None:
        if self.layout is not None:
            self.layout.use_property_split = True
            self.layout.use_property_decorate = False
            for name in ("name", "tags", "author", "licence"):
                self.layout.prop(self, name)

    def act(self, context: bpy.types.Context, one: Species) -> Result:
        said: dict[str, object] = {
            name: words_in(self.tags) if name == "tags" else getattr(self, name)
            for name in ("name", "tags", "author", "licence")
            if self.properties.is_property_set(name)
        }
        other = own.change(one, **said)
        if other.name != one.name:
            shelf.rename(
                choices.identify(one.manifold, one.name), choices.identify(other.manifold, other.name)
            )
            _follow(one, other)
        redraw_panels()
        return {"FINISHED"}


class NCA_OT_delete_species(OnListed, bpy.types.Operator):
    """Delete a species of your own. What grows by it keeps its DNA. This cannot be undone"""

    bl_idname = "nca.delete_species"
    bl_label = "Delete Species"

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        one = self.find(context)
        if one is None:
            return {"CANCELLED"}
        self.manifold, self.species = one.manifold, one.name
        return context.window_manager.invoke_confirm(
            self,
            event,
            title=fill("Delete “{name}”?", name=one.name),
            message="Its file goes and undo does not bring it back. Growths keep the DNA.",
            confirm_text="Delete",
            icon="WARNING",
        )

    def act(self, context: bpy.types.Context, one: Species) -> Result:
        own.delete(one)
        shelf.rename(choices.identify(one.manifold, one.name), "")
        redraw_panels()
        self.report({"INFO"}, fill("“{name}” is deleted.", name=one.name))
        return {"FINISHED"}


def parent_of(material: bpy.types.Material, name: str) -> NCA_PG_parent:
    """Species A or B of a growth."""
    nca = nca_of(material)
    return nca.b if name == "B" else nca.a


def layer_of(material: bpy.types.Material, number: int) -> NCA_PG_parent | None:
    """What a layer of a growth is grown from, counted from 1; None where there is no such layer."""
    kept = layering.parents_of(material, also_off=True)[2:]
    return kept[number - 1] if 0 < number <= len(kept) else None


def _follow(one: Species, other: Species) -> None:
    """Growths of this file call a species by its new name."""
    for material in bpy.data.materials:
        nca = nca_of(material)
        if nca.growing and material.library is None:
            for parent in layering.parents_of(material, also_off=True):
                if (parent.manifold, parent.species) == (one.manifold, one.name):
                    parent.species = other.name


classes = (
    NCA_OT_choose_species,
    NCA_OT_mark_species,
    NCA_OT_save_species,
    NCA_OT_change_species,
    NCA_OT_delete_species,
)
