# SPDX-License-Identifier: GPL-3.0-or-later
"""A species that comes with a model must be there for everybody, and change no other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch")

from blender_nca.automaton.growth import Genotype, Growth
from blender_nca.engine.devices import Device
from blender_nca.engine.grower import Grower
from blender_nca.genetics.library import read_library
from blender_nca.genetics.relaxed import relax
from blender_nca.genetics.species import Species, write_species
from blender_nca.genetics.version import version_of
from blender_nca.manifold import model_file, own_unit
from blender_nca.manifold.learned_file import LearnedSpecies, read, read_units
from blender_nca.manifold.manifold import Manifold
from blender_nca.manifold.model_file import ManifoldError
from blender_nca.manifold.own_unit import OwnUnit
from blender_nca.training.publication import publish_learned
from tests.training.untrained import SIZES, draw_weights

KNOWN, OWN = "ACGTACGT", "TTTTCAGT"
CARD = {
    "name": "tiny",
    "kind": "materials",
    "licence": "GPL-3.0-or-later",
    "pixels_per_cell": 2,
    "cells": 40,
    "boundary": "wrap",
}


def test_a_learned_species_comes_with_its_model_and_changes_no_other(tmp_path):
    folder = tmp_path / "tiny"
    model_file.write(folder, CARD, SIZES, draw_weights())
    write_species(folder / "species" / "moss.json", Species("Moss", KNOWN, "tiny"))
    random = np.random.default_rng(3)
    added = {name: 0.1 * random.standard_normal(s, np.float32) for name, s in own_unit.shapes(SIZES).items()}
    species, unit = Species("Ivy", OWN, "tiny", ("leaf",)), OwnUnit(OWN, 0.5, added)
    version = version_of(folder / model_file.WEIGHTS, model_file.read_card(folder)[0])
    learned = LearnedSpecies(species, unit, version, np.full((300, 200, 3), 90, np.uint8))

    grower = Grower([tmp_path], Device("numpy", "numpy"), lambda news: None)
    growth = Growth("tiny", (Genotype((KNOWN,)),), 12, 12, 2, steps=(4.0,))
    of_unit = replace(growth, genotypes=(Genotype((OWN,)),), learned=(unit.halved.key,))
    before = grower.rollout(growth).maps(growth, 2)
    with pytest.raises(ManifoldError, match="import its file again"):
        grower.rollout(of_unit)

    kept, unit = read(publish_learned(folder, learned)), unit.halved
    assert kept.unit.key == unit.key and kept.picture.shape == (23, 15, 3) and kept.licence == CARD["licence"]
    found = read_library([tmp_path]).find("tiny", "Ivy")
    assert (found.dna, found.learned, found.tags) == (OWN, (unit.key,), ("leaf",)) and found.picture.is_file()
    assert [one.key for one in read_units(folder)] == [unit.key]
    grown = grower.rollout(of_unit).maps(of_unit, 2)
    unlearned = replace(of_unit, learned=())
    assert np.abs(grown - grower.rollout(unlearned).maps(unlearned, 2)).max() > 1e-3
    beside = replace(growth, learned=(unit.key,))
    np.testing.assert_array_equal(grower.rollout(beside).maps(beside, 2), before)

    with pytest.raises(ValueError, match="has a species Ivy"):
        publish_learned(folder, learned)
    near = KNOWN[:6] + "AA"
    with pytest.raises(ValueError, match="too many letters"):
        fern = replace(species, name="Fern", dna=near)
        publish_learned(folder, replace(learned, species=fern, unit=replace(learned.unit, dna=near)))
    with pytest.raises(ManifoldError, match="another training"):
        publish_learned(folder, replace(learned, manifold_version="b" * 64))


def test_a_species_that_is_taught_further_is_the_better_one_and_growths_of_before_are_as_they_were(tmp_path):
    folder = tmp_path / "tiny"
    model_file.write(folder, CARD, SIZES, draw_weights())
    write_species(folder / "species" / "moss.json", Species("Moss", KNOWN, "tiny"))
    version = version_of(folder / model_file.WEIGHTS, model_file.read_card(folder)[0])
    grower = Grower([tmp_path], Device("numpy", "numpy"), lambda news: None)
    growth = Growth("tiny", (Genotype((KNOWN,)),), 12, 12, 2, steps=(4.0,))
    before, random, keys = grower.rollout(growth).maps(growth, 2), np.random.default_rng(5), []
    for further in (True, True, False):
        added = {
            name: 0.1 * random.standard_normal(s, np.float32) for name, s in own_unit.shapes(SIZES).items()
        }
        unit, picture = OwnUnit(KNOWN, 0.5, added, further), np.full((30, 20, 3), 90, np.uint8)
        learned = LearnedSpecies(Species("Moss", KNOWN, "tiny"), unit, version, picture)
        if not further:
            with pytest.raises(ValueError, match="has a species Moss"):
                publish_learned(folder, learned)
            break
        kept = read(publish_learned(folder, learned)).unit
        assert kept.further and kept.dna == KNOWN
        keys.append(kept.key)
        (found,) = read_library([tmp_path]).of("tiny")
        assert (found.name, found.dna, found.learned) == ("Moss", KNOWN, (kept.key,))
        better = replace(growth, learned=found.learned)
        assert np.abs(grower.rollout(better).maps(better, 2) - before).max() > 1e-3
        np.testing.assert_array_equal(grower.rollout(growth).maps(growth, 2), before)
    assert len({*keys}) == 2 and [one.key for one in read_units(folder)] == keys[1:]  # nor does one lie about
    assert read_units(folder, [found]) and not read_units(folder, [replace(found, learned=())])


def test_a_learned_species_within_hearing_of_another_comes_by_other_letters_and_grows_the_same(tmp_path):
    folder = tmp_path / "tiny"
    model_file.write(folder, CARD, SIZES, draw_weights())
    random, near = np.random.default_rng(4), OWN[:6] + KNOWN[6:]
    version = version_of(folder / model_file.WEIGHTS, model_file.read_card(folder)[0])
    bare, wanted = Manifold.open(folder), {}
    for name, dna in (("Ivy", OWN), ("Fern", near)):
        added = {
            key: 0.1 * random.standard_normal(shape, np.float32)
            for key, shape in own_unit.shapes(SIZES).items()
        }
        unit = OwnUnit(dna, 0.5, added)
        wanted[name] = bare.with_units((unit,)).transcribe(relax(dna))
        picture = np.full((30, 20, 3), 90, np.uint8)
        publish_learned(folder, LearnedSpecies(Species(name, dna, "tiny"), unit, version, picture))
    library, units = read_library([tmp_path]), read_units(folder)
    taught = bare.with_units(tuple(units))
    for name, parts in wanted.items():
        species = library.find("tiny", name)
        assert sum(each.loudness(relax(species.dna)) > 0 for each in units) == 1
        for ours, theirs in zip(taught.transcribe(relax(species.dna)), parts, strict=True):
            for key, value in vars(theirs).items():
                np.testing.assert_allclose(getattr(ours, key), value, atol=2e-3, err_msg=f"{name} {key}")
    assert library.find("tiny", "Fern").dna != near
