# SPDX-License-Identifier: GPL-3.0-or-later
"""A model of a thousand species lists them in one file, and one bad entry does not hide the others."""

from __future__ import annotations

import json

import pytest

from blender_nca.genetics.library import read_library
from blender_nca.genetics.species import Species, SpeciesError, write_species
from blender_nca.genetics.species_list import (
    FORMAT,
    MOST,
    MOST_BYTES,
    read_species_list,
    unpack_species_list,
    write_species_list,
)
from blender_nca.genetics.translucency import Translucency

ICE = Species("Ice", "ACGT", "marks", ("cold", "U+2603"), "Ada", translucency=Translucency(subsurface=0.5))
FIRE = Species("Fire", "TTTT", "marks")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "models" / "marks" / "species.json"


def listed(*entries: object) -> bytes:
    return json.dumps({"format": FORMAT, "version": 1, "species": entries}).encode()


def test_what_is_written_is_read_with_the_pictures_that_are_there(path):
    write_species_list(path, [(ICE, "ice.png"), (FIRE, "fire.png")])
    (path.parent / "species").mkdir()
    (path.parent / "species" / "ice.png").write_bytes(b"")
    (ice, fire), problems = read_species_list(path)
    assert (ice.name, ice.dna, ice.tags, ice.author) == (ICE.name, ICE.dna, ICE.tags, ICE.author)
    assert ice.translucency == ICE.translucency and not problems
    assert ice.picture == path.parent / "species" / "ice.png" and fire.picture is None


def test_the_library_lists_them_beside_species_in_files_of_their_own(path):
    write_species_list(path, [(ICE, ""), (FIRE, "")])
    write_species(path.parent / "species" / "moss.json", Species("Moss", "AAAA", "marks"))
    write_species(path.parent / "species" / "fire.json", Species("Fire", "GGGG", "marks"))
    library = read_library([path.parent.parent])
    assert [one.name for one in library.of("marks")] == ["Fire", "Ice", "Moss"]
    (problem,) = library.problems
    assert "Fire is also in" in problem


def test_a_species_of_ones_own_that_is_called_species_is_still_one(tmp_path):
    write_species(tmp_path / "species" / "species.json", Species("Species", "AAAA", "marks"))
    library = read_library([tmp_path])
    assert [one.name for one in library.species] == ["Species"] and not library.problems


def test_a_bad_entry_is_told_and_hides_no_other(path):
    good = {"name": "Ice", "manifold": "marks", "dna": "ACGT", "picture": "../../ice.png"}
    path.parent.mkdir(parents=True)
    path.write_bytes(listed({**good, "dna": "ACGN"}, 7, good, {"name": "Fire"}))
    (ice,), problems = read_species_list(path)
    assert ice.name == "Ice" and ice.picture is None, "pictures lie in the folder for them"
    assert [problem.split(": ")[1] for problem in problems] == [
        f"species {number} of the list" for number in (1, 2, 4)
    ]
    assert all(problem.startswith(f"{path}: ") for problem in problems)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "broken JSON"),
        (b"[1]", "not a list of species"),
        (json.dumps({"format": FORMAT, "version": 2}).encode(), "of version 2, newer .* update"),
        (json.dumps({"format": FORMAT, "version": 1}).encode(), 'without "species"'),
        (b" " * (MOST_BYTES + 1), "far too large"),
        (listed(*range(MOST + 1)), "keep 10000 of them"),
    ],
)
def test_a_bad_list_is_named_and_its_fault_told(path, content, message):
    with pytest.raises(SpeciesError, match=message):
        unpack_species_list(content)
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    (problem,) = read_library([path.parent.parent]).problems
    assert problem.startswith(f"{path}: ")
