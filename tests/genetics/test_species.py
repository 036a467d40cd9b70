# SPDX-License-Identifier: GPL-3.0-or-later
"""A saved species comes back whole, and a bad file says what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blender_nca.genetics.dna import LETTERS
from blender_nca.genetics.species import Species, SpeciesError, read_species, write_species

MOSS = Species("Moss", "ACGTACGT", "starter", ("green", "soft"), "Ada")
GOOD = {"format": "neural growth species", "version": 1, "name": "Moss", "manifold": "starter", "dna": "ACGT"}

words = st.text(min_size=1, max_size=20).filter(
    lambda text: " ".join(text.split()).isprintable() and text.strip()
)
species = st.builds(
    Species,
    name=words,
    dna=st.text(LETTERS, min_size=1, max_size=32),
    manifold=words,
    tags=st.lists(words, max_size=3).map(tuple),
    author=st.just("") | words,
    licence=st.just("") | words,
)


@given(species)
def test_a_saved_species_comes_back_the_same(tmp_path_factory, species):
    path = tmp_path_factory.getbasetemp() / "round" / "species.json"
    write_species(path, species)
    assert read_species(path) == species


def test_folders_are_made_for_the_first_saved_species_and_no_part_stays(tmp_path):
    path = tmp_path / "starter" / "species" / "moss.json"
    write_species(path, MOSS)
    assert [one.name for one in path.parent.iterdir()] == ["moss.json"]


def test_the_file_is_plain_json_that_a_person_can_mend(tmp_path):
    write_species(tmp_path / "moss.json", Species("Möss", "acgt tgca", "starter"))
    text = (tmp_path / "moss.json").read_text(encoding="utf-8")
    assert "Möss" in text
    assert json.loads(text) == {**GOOD, "name": "Möss", "dna": "ACGTTGCA", "tags": [], "author": ""}


def test_the_picture_beside_is_found_and_a_missing_one_is_none(tmp_path):
    path = tmp_path / "moss.json"
    write_species(path, MOSS)
    assert read_species(path).picture is None
    (tmp_path / "moss.png").touch()
    assert read_species(path).picture == tmp_path / "moss.png"


def test_a_file_typed_by_hand_needs_neither_tags_nor_author_nor_tidy_dna(tmp_path):
    path = tmp_path / "moss.json"
    path.write_text(
        "\ufeff" + json.dumps({**GOOD, "name": " Wet\n moss ", "dna": "acgt\nTTTT"}), encoding="utf-8"
    )
    assert read_species(path) == Species("Wet moss", "ACGTTTTT", "starter")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "broken JSON at line 1"),
        (b'{"name": ', "broken JSON at line 1, column 10"),
        (b"\xff\xfe\x00", "not a text file in UTF-8"),
        (b"[1, 2]", "not a species"),
        (b'{"name": "Moss"}', "not a species"),
        (b"[" * 100_000, "not a species"),
        (b"9" * 10_000, "not a species"),
        (json.dumps({**GOOD, "version": 2}).encode(), "of version 2, newer .* update Neural Growth"),
        (json.dumps({**GOOD, "version": 0}).encode(), '"version" is 0'),
        (json.dumps({**GOOD, "version": "1"}).encode(), "\"version\" is '1'"),
        (json.dumps({**GOOD, "version": True}).encode(), '"version" is True'),
        (json.dumps({"format": GOOD["format"], "version": 1}).encode(), 'without "name", "manifold", "dna"'),
        (json.dumps({**GOOD, "name": ""}).encode(), "name is blank"),
        (json.dumps({**GOOD, "name": 7}).encode(), "name is text, not 7"),
        (json.dumps({**GOOD, "name": "a\ud800"}).encode(), "characters that cannot be shown"),
        (json.dumps({**GOOD, "manifold": " "}).encode(), "manifold is blank"),
        (json.dumps({**GOOD, "dna": "ACGN"}).encode(), "DNA letter 4 is 'N'"),
        (json.dumps({**GOOD, "dna": ""}).encode(), "DNA is empty"),
        (json.dumps({**GOOD, "dna": ["A"]}).encode(), "DNA is text"),
        (json.dumps({**GOOD, "tags": "green"}).encode(), "tags are a list of words"),
        (json.dumps({**GOOD, "tags": [1]}).encode(), "tag is text"),
        (json.dumps({**GOOD, "author": None}).encode(), "author is text"),
    ],
)
def test_a_bad_file_is_named_and_its_fault_told(tmp_path, content, message):
    path = tmp_path / "moss.json"
    path.write_bytes(content)
    with pytest.raises(SpeciesError, match=message) as error:
        read_species(path)
    assert str(error.value).startswith(f"{path}: ")


def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_species(tmp_path / "none.json")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_keeps_the_species_from_before(tmp_path):
    path = tmp_path / "moss.json"
    write_species(path, MOSS)
    (tmp_path / "moss.json.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        write_species(path, Species("Rust", "TTTTTTTT", "starter"))
    assert read_species(path) == MOSS
    assert [one.name for one in tmp_path.iterdir()] == ["moss.json"]
