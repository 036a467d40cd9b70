# SPDX-License-Identifier: GPL-3.0-or-later
"""An artist breeds species: takes offspring, goes back, and loses nothing."""

from __future__ import annotations

import time

import bpy
import pytest

from blender_nca.genetics.arithmetic import analogy, average
from blender_nca.genetics.dna import hamming_distance
from tests.blender.addon.conftest import DNA


def test_offspring_are_taken_bred_on_kept_in_the_file_and_undone(growing, tmp_path):
    material = growing.material()
    nca = material.nca
    nca.breed_locked, nca.breed_rate = "1-3", 0.4
    bpy.ops.ed.undo_push(message="before")
    assert bpy.ops.nca.breed(random_seed=5) == {"FINISHED"}
    sheet = [one.dna for one in nca.offspring]
    assert len({*sheet, DNA["Ash"]}) == 10, "nine, each another"
    assert {dna[:3] for dna in sheet} == {DNA["Ash"][:3]}, "what is locked stays"
    bpy.ops.ed.undo_push(message="bred")
    assert bpy.ops.nca.take_offspring(index=3) == {"FINISHED"}
    assert (nca.a.dna, nca.a.species, nca.a.label) == (sheet[3], "Ash 4", "Ash 4")
    shown = bpy.types.UILayout.enum_item_name(nca.a, "picture", nca.a.picture)
    assert shown == "Ash 4", "it is in no library, and yet not missing"
    bpy.ops.ed.undo_push(message="taken")
    bpy.ops.ed.undo()
    nca = bpy.data.materials["Wood"].nca
    assert nca.a.dna == DNA["Ash"] and not nca.ancestry and len(nca.offspring) == 9

    bpy.ops.nca.take_offspring(index=3)
    nca.breed_from = "CROSSING"
    bpy.ops.nca.breed(random_seed=5)
    letters = set(zip(range(8), sheet[3], strict=True)) | set(zip(range(8), DNA["Birch"], strict=True))
    assert all(set(enumerate(one.dna)) <= letters for one in nca.offspring)
    bpy.ops.nca.take_offspring(index=0)
    child = nca.a.species
    assert child == "Ash x Birch 10"
    lines = [(one.species, one.first, one.second) for one in nca.ancestry]
    assert lines == [("Ash", -1, -1), ("Ash 4", 0, -1), ("Birch", -1, -1), (child, 1, 2)]

    path = str(tmp_path / "bred.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.open_mainfile(filepath=path)
    nca = bpy.data.materials["Wood"].nca
    assert nca.a.species == child and len(nca.ancestry) == 4 and len(nca.offspring) > 1
    assert bpy.ops.nca.take_ancestor(material="Wood") == {"FINISHED"} and nca.a.species == "Ash 4"
    assert bpy.ops.nca.take_ancestor(material="Wood") == {"FINISHED"} and nca.a.dna == DNA["Ash"]
    with pytest.raises(RuntimeError, match="Ash has no parents here"):
        bpy.ops.nca.take_ancestor(material="Wood")
    nca.a.text = DNA["Cedar"]
    assert bpy.ops.nca.take_ancestor(material="Wood") == {"FINISHED"}, "an edit by hand"
    assert nca.a.dna == DNA["Ash"]
    assert bpy.ops.nca.take_ancestor(material="Wood", index=3) == {"FINISHED"} and nca.a.species == child


def test_species_are_averaged_added_and_subtracted_by_name(growing):
    material = growing.material()
    nca = material.nca
    bpy.ops.nca.combine_species(first="ash", second="Birch", more=" Cedar, ")
    assert nca.a.dna == average(list(DNA.values())) and nca.a.species == "Ash x Birch 1"
    bpy.ops.nca.combine_species(how="ANALOGY", first="Cedar", second="Birch", third="Ash x Birch 1")
    assert nca.a.dna == analogy(DNA["Cedar"], DNA["Birch"], average(list(DNA.values())))
    before = nca.a.dna
    for values, said in (
        ({"first": "Ash"}, "two species or more"),
        ({"first": "Ash", "second": "Oak"}, "no species “Oak”"),
        ({"how": "ANALOGY", "first": "Ash", "second": "Birch"}, "Name three"),
    ):
        with pytest.raises(RuntimeError, match=said):
            bpy.ops.nca.combine_species(**values)
    assert nca.a.dna == before
    nca.a.species = nca.a.manifold = nca.a.dna = ""  # a file that was made without any model
    assert growing.module("addon.breeding.family").parent_of(nca) is None
    with pytest.raises(RuntimeError, match="no species"):
        bpy.ops.nca.breed()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"breed_rate": 0.0}, "rate of 0 nothing changes"),
        ({"breed_locked": "1-8"}, "All letters are locked"),
        ({"breed_locked": "4-20"}, "numbered from 1 to 8"),
        ({"breed_locked": "left"}, "such as 1-8, 20"),
        ({"breed_locked": "1-7", "breed_from": "CROSSING", "a": "ACGTACGG"}, "differ in too few"),
    ],
)
def test_what_cannot_be_bred_is_told_and_the_sheet_stays(growing, values, said):
    nca = growing.material().nca
    bpy.ops.nca.breed(random_seed=1)
    before = [one.dna for one in nca.offspring]
    if "a" in values:
        nca.a.dna = values.pop("a")
    for name, value in values.items():
        setattr(nca, name, value)
    with pytest.raises(RuntimeError, match=said):
        bpy.ops.nca.breed()
    with pytest.raises(RuntimeError, match="no number 10"):
        bpy.ops.nca.take_offspring(index=9)
    assert [one.dna for one in nca.offspring] == before


def test_a_surprise_has_only_what_lives_and_covers(growing, monkeypatch):
    nca = growing.material().nca
    pictures = growing.module("addon.breeding.pictures")
    for name, value in {"CELLS": 8, "STEPS": 20, "AT_ONCE": 10}.items():
        monkeypatch.setattr(pictures, name, value)
    monkeypatch.setattr(growing.module("addon.breeding.surprise"), "MOST_GROWN", 18)
    seen = {}

    def thrives(key, small):
        seen[key.dna] = small
        return hamming_distance(key.dna, DNA["Ash"]) > 2 and small.living > 0

    monkeypatch.setattr(pictures, "thrives", thrives)
    assert bpy.ops.nca.surprise_me(random_seed=3) == {"FINISHED"}
    taken = {one.dna for one in nca.offspring}
    assert taken and taken == {dna for dna, small in seen.items() if hamming_distance(dna, DNA["Ash"]) > 2}
    assert len(seen) > len(taken), "some were thrown away"
    before = [one.dna for one in nca.offspring]
    monkeypatch.setattr(pictures, "thrives", lambda key, small: False)
    with pytest.raises(RuntimeError, match="none lived and covered"):
        bpy.ops.nca.surprise_me()
    assert [one.dna for one in nca.offspring] == before


def test_pictures_come_in_turn_after_live_ones_and_what_is_not_seen_is_not_grown(growing, monkeypatch):
    pictures = growing.module("addon.breeding.pictures")
    awaited = growing.module("addon.engine").awaited
    for name, value in {"CELLS": 8, "STEPS": 20, "AT_ONCE": 10, "has_window": lambda: True}.items():
        monkeypatch.setattr(pictures, name, value)
    version = growing.material().nca.model_version
    pictures.forget()
    first, second, third = (pictures.Key("tiny", version, dna) for dna in DNA.values())

    def is_live() -> bool:
        return True

    assert [pictures.icon_of(key) for key in (first, second, third)] == [0, 0, 0]
    awaited.add(is_live)
    assert pictures.attend() == pictures.WHILE_LIVE, "a live picture is awaited"
    awaited.remove(is_live)
    while pictures.attend() is not None:
        time.sleep(0.01)
    # nobody drew again after the first had come: the second was asked for by then
    assert pictures.result(first).living > 0 and pictures.result(second) and not pictures.result(third)
    preview = pictures._previews[str(first)]  # without a window it has no number
    assert tuple(preview.image_size) == (16, 16) and max(preview.image_pixels_float) > 0
    assert pictures.icon_of(pictures.Key("gone", "", "ACGT")) == 0
    while pictures.attend() is not None:
        time.sleep(0.01)
    assert "'gone' is not there" in pictures.problem()
    pictures.forget()
    assert not pictures.problem()


def test_breeding_is_no_part_of_a_preset(growing):
    material = growing.material()
    bpy.ops.nca.breed()
    bpy.ops.nca.take_offspring()
    kept = growing.module("addon.presets.preset").describe(material.nca)["growth"]
    assert kept["a"]["dna"] == material.nca.a.dna
    assert not {
        name for name in kept if "bre" in name or name in {"offspring", "ancestry", "active_ancestor"}
    }
