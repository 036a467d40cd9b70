# SPDX-License-Identifier: GPL-3.0-or-later
"""Library: what an artist chooses species and models from."""

from __future__ import annotations


def test_another_model_brings_two_of_its_own_species(growing, monkeypatch):
    material, catalogue = growing.material(), growing.module("addon.library.catalogue")
    choices = growing.module("addon.library.choices")
    new, library = growing.module("genetics.species").Species, growing.module("genetics.library").Library
    read = catalogue.species()
    strange = tuple(new(name, "ACGTACGT", "strange") for name in ("Rowan", "Yew"))
    monkeypatch.setattr(catalogue, "_library", library((*strange, *read.species), ()))
    monkeypatch.setattr(
        catalogue, "_models", {**catalogue.models(), "strange": {"title": "Strange Trees", "kind": "figures"}}
    )
    titles = [item[1] for item in choices.model_choices()]
    assert titles.index("tiny") < titles.index("Strange Trees"), "figures come after materials"
    assert material.nca.model == "tiny"
    material.nca.model = "strange"
    assert [parent.species for parent in (material.nca.a, material.nca.b)] == ["Rowan", "Yew"]
    assert [item[1] for item in choices.species_choices("A", "strange")] == ["Rowan", "Yew"]
    material.nca.a.manifold = "lost"
    assert material.nca.model == "lost" and choices.model_choices("lost")[-1][1] == "lost (missing)"


def test_choices_keep_their_numbers_when_the_library_grows(growing):
    catalogue, choices = growing.module("addon.library.catalogue"), growing.module("addon.library.choices")
    before = {item[0]: item[4] for item in choices.species_choices("A")}
    new, library = growing.module("genetics.species").Species, growing.module("genetics.library").Library
    read = catalogue.species()
    catalogue._library = library((new("Aaa", "ACGTACGT", "tiny"), *read.species), ())
    after = {item[0]: item[4] for item in choices.species_choices("A")}
    assert {name: after[name] for name in before} == before and len(after) == len(before) + 1


def test_species_are_chosen_by_picture(growing):
    material = growing.material()
    material.nca.a.picture = "tiny/Cedar"
    assert (material.nca.a.species, material.nca.a.dna) == ("Cedar", "GGATTACA")
    assert material.nca.a.picture == "tiny/Cedar"
    assert material.nca.b.picture == "tiny/Birch"
