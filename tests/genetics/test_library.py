# SPDX-License-Identifier: GPL-3.0-or-later
"""The library lists every species that can be used, and says what is wrong with the others."""

from __future__ import annotations

import pytest

from blender_nca.genetics.library import Library, read_library
from blender_nca.genetics.species import Species, write_species


def save(folder, file, name, manifold="starter", dna="ACGT"):
    path = folder / "species" / f"{file}.json"
    write_species(path, Species(name, dna, manifold))
    return path


@pytest.fixture
def bundled(tmp_path):
    return tmp_path / "bundled"


@pytest.fixture
def own(tmp_path):
    return tmp_path / "own"


def names(library):
    return [(one.manifold, one.name) for one in library.species]


def test_species_of_all_manifolds_and_folders_are_listed_in_order(bundled, own):
    save(bundled / "starter", "rust", "Rust")
    save(bundled / "starter", "moss", "moss")
    save(bundled / "emoji", "smile", "Smile", "emoji")
    save(own, "lichen", "Lichen")
    library = read_library([bundled, own])
    assert names(library) == [
        ("emoji", "Smile"),
        ("starter", "Lichen"),
        ("starter", "moss"),
        ("starter", "Rust"),
    ]
    assert library.problems == ()
    assert [one.name for one in library.of("starter")] == ["Lichen", "moss", "Rust"]
    assert library.find("emoji", "Smile").dna == "ACGT"
    assert library.find("emoji", "Rust") is None


def test_a_folder_that_is_not_there_yet_is_empty(own):
    assert read_library([own]) == Library()


def test_the_artists_own_copy_stands_in_for_the_bundled_species(bundled, own):
    save(bundled / "starter", "moss", "Moss", dna="AAAA")
    copy = save(own / "starter", "my_moss", "Moss", dna="CCCC")
    assert [one.dna for one in read_library([bundled, own]).species] == ["CCCC"]
    assert read_library([bundled, own]).problems == ()
    copy.unlink()
    assert [one.dna for one in read_library([bundled, own]).species] == ["AAAA"]


def test_one_name_twice_in_one_folder_is_reported_and_the_first_listed(own):
    first = save(own / "starter", "moss", "Moss", dna="AAAA")
    second = save(own / "starter", "moss_copy", "Moss", dna="CCCC")
    library = read_library([own])
    assert [one.dna for one in library.species] == ["AAAA"]
    assert library.problems == (f"{second}: Moss is also in {first}; give one of them another name",)


def test_one_name_in_two_manifolds_is_two_species(own):
    save(own / "starter", "moss", "Moss")
    save(own / "emoji", "moss", "Moss", "emoji")
    assert names(read_library([own])) == [("emoji", "Moss"), ("starter", "Moss")]


def test_broken_files_hide_no_others(bundled, own):
    save(bundled / "starter", "moss", "Moss")
    broken = bundled / "starter" / "species" / "a.json"
    broken.write_text("{")
    folder = bundled / "starter" / "species" / "b.json"
    folder.mkdir()
    save(own / "starter", "rust", "Rust")
    library = read_library([bundled, own])
    assert names(library) == [("starter", "Moss"), ("starter", "Rust")]
    assert len(library.problems) == 2
    assert library.problems[0].startswith(f"{broken}: broken JSON")
    assert library.problems[1].startswith(f"{folder}: cannot be read (")


def test_a_broken_own_copy_leaves_the_bundled_species(bundled, own):
    save(bundled / "starter", "moss", "Moss", dna="AAAA")
    save(own / "starter", "moss", "Moss").write_text("{")
    library = read_library([bundled, own])
    assert [one.dna for one in library.species] == ["AAAA"]
    assert len(library.problems) == 1


def test_what_other_programs_leave_beside_is_passed_over(own):
    path = save(own / "starter", "moss", "Moss")
    path.with_name("._moss.json").write_bytes(b"\0\5\x16\7")
    path.with_name("moss.json.part").write_text("{")
    (own / "starter" / "card.json").write_text("{}")
    library = read_library([own])
    assert names(library) == [("starter", "Moss")]
    assert library.problems == ()
