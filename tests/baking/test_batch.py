# SPDX-License-Identifier: GPL-3.0-or-later
"""A batch is what was named: species, blends of them, and sheets of blends."""

from __future__ import annotations

import pytest

from blender_nca.baking.batch import members_of
from blender_nca.baking.command_line import ArgumentError
from blender_nca.genetics import Species, write_species


@pytest.fixture
def named(tmp_path):
    for name, dna in {"Ash": "ACGT", "Birch": "TTGA", "Cedar": "GGAT", "Salt + Pepper": "CCCC"}.items():
        write_species(tmp_path / "tiny" / "species" / f"{name.lower()}.json", Species(name, dna, "tiny"))
    return lambda species="", blends="", steps=3: members_of(species, blends, steps, "tiny", [tmp_path])


def test_species_and_blends_are_grown_as_they_are_written(named):
    ash, blend, salt = named("Ash, 1 Ash + 3 Birch, Salt + Pepper")
    assert (ash.name, ash.genotype.dnas) == ("Ash", ("ACGT",))
    assert (blend.name, blend.genotype.weights) == ("0.25 Ash + 0.75 Birch", ((0.25, 0.75),))
    assert salt.genotype.dnas == ("CCCC",)
    assert named() == []


def test_a_sheet_of_blends_leads_from_corner_to_corner(named):
    row = named(blends="Ash, Birch")
    assert [one.name for one in row] == ["Ash", "0.5 Ash + 0.5 Birch", "Birch"]
    sheet = named(blends="Ash, Birch, Cedar, Salt + Pepper")
    assert [sheet[place].name for place in (0, 2, 6, 8)] == ["Ash", "Birch", "Cedar", "Salt + Pepper"]
    assert len(sheet) == 9 and sheet[4].genotype.weights == ((0.25,) * 4,)


def test_a_species_that_was_learned_is_grown_by_what_comes_with_the_model(named, tmp_path):
    key = "5" * 64
    write_species(tmp_path / "tiny" / "species" / "fir.json", Species("Fir", "TTTT", "tiny", learned=(key,)))
    with pytest.raises(ArgumentError, match="Fir was learned from a picture"):
        named("Ash, Fir")
    (tmp_path / "tiny" / "learned").mkdir()
    (tmp_path / "tiny" / "learned" / f"{key}.safetensors").touch()
    ash, blend = named("Ash, 1 Ash + 1 Fir")
    assert (ash.learned, blend.learned) == ((), (key,))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"species": "Ivy"}, "has no species 'Ivy': choose among Ash, Birch, Cedar"),
        ({"species": "0 Ash"}, "no weight above 0"),
        ({"species": "Ash, Ash"}, "name each species once"),
        ({"blends": "Ash"}, "name two, or four"),
        ({"blends": "Ash, Birch", "steps": 1}, "choose 2 to"),
    ],
)
def test_a_batch_that_cannot_be_is_told(named, arguments, said):
    with pytest.raises(ArgumentError, match=said):
        named(**arguments)
