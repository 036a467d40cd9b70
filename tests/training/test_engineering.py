# SPDX-License-Identifier: GPL-3.0-or-later
"""Who engineers DNA must get DNA, and figures and sheets that say what it does."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from PIL import Image

from blender_nca.genetics.dna import hamming_distance
from blender_nca.genetics.relaxed import nearest_dna, relax
from blender_nca.genetics.species import Species, write_species
from blender_nca.manifold import model_file
from blender_nca.manifold.manifold import Manifold
from blender_nca.training.evaluation import engineering
from blender_nca.training.evaluation.engineering import (
    Gallery,
    average,
    change_letters,
    combine,
    measure_crossover,
    measure_engineering,
    measure_locality,
    measure_random_dna,
)
from blender_nca.training.exemplars.emoji import is_held_out, read_atlas
from tests.training.untrained import SIZES, draw_weights

ROOT = Path(__file__).parents[2]
ATLAS = Path(__file__).with_name("few_emoji.png")
NAMES = ("Giraffe", "Zebra", "Cushion Moss", "Lava")
DNAS = ("ACGTACGT", "TTTTACGT", "ACGTGGGG", "CCCCACGT")
SPECIES = [Species(name, dna, "materials") for name, dna in zip(NAMES, DNAS, strict=True)]


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> Path:
    """Models that were never trained, but move: one of materials and one of figures."""
    folder = tmp_path_factory.mktemp("models")
    characters, names, _ = read_atlas(ATLAS)
    trained = [(n, c) for n, c in zip(names, characters, strict=True) if not is_held_out(c)]
    figures = [
        Species(name, dna, "emoji", ("emoji", f"U+{ord(character):04X}"))
        for (name, character), dna in zip(trained, DNAS, strict=False)
    ]
    for name, kind, boundary, species in (
        ("materials", "materials", "wrap", SPECIES),
        ("emoji", "figures", "edge", figures),
    ):
        card = {"name": name, "kind": kind, "pixels_per_cell": 2, "cells": 40, "boundary": boundary}
        model_file.write(folder / name, card, SIZES, draw_weights())
        for one in species:
            write_species(folder / name / "species" / f"{one.name.replace(' ', '_')}.json", one)
    (folder / "emoji" / "atlas.png").write_bytes(ATLAS.read_bytes())
    return folder


@pytest.fixture
def manifold(models, monkeypatch) -> Manifold:
    monkeypatch.setattr(engineering, "CELLS", (20, 20))
    monkeypatch.setattr(engineering, "STEPS", 24)
    return Manifold.open(models / "materials")


def test_arithmetic_and_averages_give_dna_that_can_be_grown():
    random = np.random.default_rng(4)
    blends = random.dirichlet(np.ones(4), (3, 8)).astype(np.float32)
    for found in (combine(*DNAS[:3]), combine(*blends), combine(DNAS[0], *blends[:2]), average(DNAS)):
        assert found.shape == (8, 4) and found.dtype == np.float32 and (found >= 0).all()
        np.testing.assert_allclose(found.sum(1), 1, atol=1e-6)


def test_what_is_taken_away_and_given_back_changes_nothing():
    a, b = DNAS[:2]
    np.testing.assert_array_equal(combine(a, b, b), relax(a))
    np.testing.assert_array_equal(combine(a, a, b), relax(b))
    np.testing.assert_array_equal(average([a]), relax(a))
    np.testing.assert_array_equal(average([a, b, a]), average([b, a, a]))
    assert nearest_dna(average([a, a, b])) == a
    with pytest.raises(ValueError, match="letters"):
        combine(a, b, "ACGT")


def test_so_many_letters_change_as_were_asked_for():
    for letters in range(9):
        changed = change_letters(DNAS[0], letters, np.random.default_rng(7))
        more = change_letters(DNAS[0], min(letters + 1, 8), np.random.default_rng(7))
        assert hamming_distance(changed, DNAS[0]) == letters
        assert hamming_distance(changed, more) == (letters < 8)


def test_dna_that_did_not_change_did_not_move(manifold):
    found = measure_locality(Gallery(manifold, SPECIES), (0, 8, 16), parents=3, draws=2)
    assert found["locality_0"] == pytest.approx(0, abs=1e-6) and found["locality_8"] > 1e-3
    assert "locality_16" not in found, "there are eight letters"


def test_growth_that_stands_still_or_runs_away_is_not_praised(manifold):
    gallery = Gallery(manifold, SPECIES)
    for value, lives in ((0.0, 1.0), (np.nan, 0.0)):  # the seed alone, forever; numbers that are none
        weights = {name: np.full_like(weight, value) for name, weight in manifold.weights.items()}
        gallery.manifold = replace(manifold, weights=weights)
        assert measure_random_dna(gallery, 3) == {"random_lives": lives, "random_covers": 0.0}


def test_a_child_like_a_parent_is_told_from_a_stranger(manifold):
    gallery = Gallery(manifold, SPECIES)
    assert [gallery.nearest(look) for look in gallery.looks] == [0, 1, 2, 3]
    found = measure_crossover(gallery, pairs=4)
    assert set(found) == {"crossover_one_point", "crossover_two_points"}
    # children that grow as a stranger does are found out
    gallery.look = lambda genotypes: [gallery.looks[3]] * len(genotypes)
    gallery.species = gallery.species[:3]
    assert set(measure_crossover(gallery, pairs=4).values()) == {0.0}


@pytest.mark.parametrize("model", ["materials", "emoji"])
def test_every_figure_is_measured_and_the_same_twice(manifold, models, model):
    manifold = Manifold.open(models / model)
    found = measure_engineering(manifold, SPECIES, quick=True)
    assert found == measure_engineering(manifold, SPECIES, quick=True)
    assert found["species"] == 4 and json.dumps(found) and all(np.isfinite(list(found.values())))
    bounded = "random_covers" if model == "materials" else "random_contained"
    assert {"locality_1", "locality_4", "random_lives", bounded, "crossover_one_point"} <= set(found)
    with pytest.raises(ValueError, match="three"):
        measure_engineering(manifold, SPECIES[:2], quick=True)


def test_all_sheets_of_a_model_can_be_looked_at(models, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import evaluation_sheets

    for name, value in (("CELLS", 12), ("EXEMPLAR_CELLS", 12), ("GROWTH", (2, 4)), ("HEALING", (0, 2))):
        monkeypatch.setattr(evaluation_sheets, name, value)
    monkeypatch.setattr(evaluation_sheets, "QUICK_SEARCH", {"figures": 1, "materials": 1})
    monkeypatch.setattr(evaluation_sheets, "STEPS", {"figures": 6, "materials": 6})
    characters, names, _ = read_atlas(ATLAS)
    known = next(n for n, c in zip(names, characters, strict=True) if is_held_out(c))
    found = {known: {"held_out": True, "dna_encoded": DNAS[0], "dna_searched": DNAS[1]}}
    said: list[str] = []
    written = evaluation_sheets.draw_sheets(
        ["materials", "emoji"], models, tmp_path / "sheets", quick=True, say=said.append, found=found
    )
    assert sorted(path.name for path in written) == sorted(
        f"{model}_{sheet}.webp"
        for model in ("materials", "emoji")
        for sheet in ("species", "growth", "healing", "blends", "engineering", "unseen")
    )
    for path in written:
        with Image.open(path) as picture:
            picture.load()
            assert picture.format == "WEBP" and min(picture.size) > 100
            assert np.asarray(picture).std() > 5, "not an empty paper"
    # what was searched already is not searched again
    assert sum("searching" in line for line in said) == 1
    for name in ("evaluation_sheets", "sheet"):
        del sys.modules[name]
