# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators: breed a sheet, take one of it, go back to an ancestor, and reckon with species."""

from __future__ import annotations

import random

import bpy
from bpy.props import EnumProperty, IntProperty, StringProperty

from ...automaton.growth_error import GrowthError
from ...genetics.dna import DNAError, format_differences
from ...genetics.species import Species
from ..host.stubs import Result
from ..host.text import fill
from ..material.growth import check_models
from ..material.properties import nca_of
from ..material.suggestions import matching
from ..material.target import OnOpenGrowth, material_of
from . import family
from .family import Child, FamilyError
from .properties import breeding_of

RANDOM_SEED = {
    "name": "Random Seed",
    "description": "The same number gives the same again; 0 draws one",
    "min": 0,
    "options": {"HIDDEN", "SKIP_SAVE"},
}


class OnSpecies(OnOpenGrowth):
    """For operators on the species of a growth that grows here."""

    bl_options = {"REGISTER", "UNDO"}
    to_do = "to change its species"

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        try:
            check_models(nca_of(material))
            return self.change(context, material)
        except (DNAError, GrowthError, FamilyError) as error:
            return self.refuse(error)

    def refuse(self, error: Exception) -> Result:
        """Report what was not done, and why."""
        text = str(error)
        self.report({"ERROR"}, text if text.endswith(".") else f"{text}.")
        return {"CANCELLED"}

    def change(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        """Do what the operator is for."""
        raise NotImplementedError


class NCA_OT_breed(OnSpecies, bpy.types.Operator):
    """Lay out nine offspring to choose from. What was on the sheet goes; what was taken stays"""

    bl_idname = "nca.breed"
    bl_label = "Breed"

    random_seed: IntProperty(**RANDOM_SEED)

    def change(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        import numpy as np

        from .offspring import crossings, mutants

        nca = breeding_of(material)
        rng = np.random.default_rng(self.random_seed or random.randrange(1, 2**31))
        first, second = family.species_of(nca.a), family.species_of(nca.b)
        if nca.breed_from == "MUTATION":
            parents: tuple[Species, ...] = (first,)
            dnas = mutants(first.dna, nca.breed_rate, nca.breed_locked, rng)
        else:
            parents = (first, second)
            dnas = crossings(first.dna, second.dna, nca.breed_locked, rng)
        family.offer(nca, [Child(dna, parents) for dna in dnas])
        return {"FINISHED"}


class NCA_OT_take_offspring(OnSpecies, bpy.types.Operator):
    """Make this one species A"""

    bl_idname = "nca.take_offspring"
    bl_label = "Take Offspring"

    index: IntProperty(
        name="Number", description="Which of the sheet, counted from 0", min=0, options={"SKIP_SAVE"}
    )

    @classmethod
    def description(cls, context: bpy.types.Context, properties: bpy.types.OperatorProperties) -> str:
        material, index = material_of(context), properties.index
        if material is None or index >= len(breeding_of(material).offspring):
            return fill("Make this one species A")
        one = breeding_of(material).offspring[index]
        differs = format_differences(one.dna, one.first_dna)
        return fill(
            "Make {name} species A. What differs from {parent}: {letters}",
            name=one.species,
            parent=one.first_species,
            letters=differs,
        )

    def change(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        one = family.take(breeding_of(material), self.index)
        self.report({"INFO"}, fill("{name} is species A now.", name=one.species))
        return {"FINISHED"}


class NCA_OT_take_ancestor(OnSpecies, bpy.types.Operator):
    """Make this one species A again"""

    bl_idname = "nca.take_ancestor"
    bl_label = "Take Ancestor"

    index: IntProperty(
        name="Number",
        description="Which of the ancestry, counted from 0; -1 is what species A came from",
        default=-1,
        min=-1,
        options={"SKIP_SAVE"},
    )

    def change(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        one = family.go_to(breeding_of(material), self.index)
        self.report({"INFO"}, fill("{name} is species A again.", name=one.species))
        return {"FINISHED"}


def _find_names(self: NCA_OT_combine_species, context: bpy.types.Context, typed: str) -> list[str]:
    material = material_of(context, self.material)
    found = [] if material is None else family.names(breeding_of(material))
    return matching(found, typed)


def _name(text: str, description: str) -> dict[str, object]:
    return {
        "name": text,
        "description": description,
        "search": _find_names,
        "search_options": {"SUGGESTION"},
    }


class NCA_OT_combine_species(OnSpecies, bpy.types.Operator):
    """Make species A of several: their average, or what makes one another put upon a third"""

    bl_idname = "nca.combine_species"
    bl_label = "Combine Species"

    how: EnumProperty(
        name="Combine",
        description="What is made of them",
        items=(
            ("AVERAGE", "Average", "At each place of the DNA the letter that most of them have"),
            (
                "ANALOGY",
                "First − Second + Third",
                "What makes the first another than the second, put upon the third",
            ),
        ),
    )
    first: StringProperty(**_name("First", "Name of a species of this model"))
    second: StringProperty(**_name("Second", "Name of a species of this model"))
    third: StringProperty(**_name("Third", "Name of a species of this model; of an average it may be empty"))
    more: StringProperty(name="More", description="Further names for an average, with commas between them")

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        material = material_of(context, self.material)
        if material is not None:
            nca = nca_of(material)
            self.first, self.second = self.first or nca.a.species, self.second or nca.b.species
        return context.window_manager.invoke_props_dialog(self)

    def draw(self, context: bpy.types.Context) -> None:
        """Only what counts."""
        if self.layout is None:
            return
        self.layout.use_property_split = True
        self.layout.row().prop(self, "how", expand=True)
        for name in ("first", "second", "third", *(("more",) if self.how == "AVERAGE" else ())):
            self.layout.prop(self, name)

    def change(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from ...genetics.arithmetic import analogy, average

        nca = breeding_of(material)
        named = [self.first, self.second, self.third]
        if self.how == "ANALOGY":
            if not all(name.strip() for name in named):
                raise FamilyError("Name three species: the first, the second, and the third.")
            found = [family.find(nca, name) for name in named]
            made = analogy(*(one.dna for one in found))
            parents = found[0], found[2]
        else:
            found = [family.find(nca, name) for name in [*named, *self.more.split(",")] if name.strip()]
            if len(found) < 2:
                raise FamilyError("Name two species or more: an average is made of several.")
            made = average([one.dna for one in found])
            parents = found[0], found[1]
        one = family.add(nca, Child(made, parents))
        self.report({"INFO"}, fill("{name} is species A now.", name=one.species))
        return {"FINISHED"}


classes = (NCA_OT_breed, NCA_OT_take_offspring, NCA_OT_take_ancestor, NCA_OT_combine_species)
