# SPDX-License-Identifier: GPL-3.0-or-later
"""A figure that praises everything would let a bad model through."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from blender_nca.automaton.growth import Genotype, Growth
from blender_nca.automaton.rollout import Rollout
from blender_nca.genetics.species import Species
from blender_nca.learning import patches
from blender_nca.learning.patches import (
    border_differences,
    colour_signature,
    patch_distance,
    rank_gaussian,
    structure_scale,
    structure_signature,
)
from blender_nca.manifold import model_file, own_unit
from blender_nca.manifold.backend import open_automaton
from blender_nca.manifold.manifold import Manifold
from blender_nca.manifold.own_unit import OwnUnit
from blender_nca.manifold.search import search_dna
from blender_nca.training import reading
from blender_nca.training.evaluation import ages, figures, learned, machines, materials, readings, seams
from blender_nca.training.evaluation.material_scores import UNSEEN, MaterialScores
from blender_nca.training.evaluation.parallel_growths import ParallelGrowths
from blender_nca.training.exemplars import draw_exemplar, draw_variety
from blender_nca.training.exemplars.emoji import is_held_out, read_atlas
from blender_nca.training.materials import trained_on
from tests.training.untrained import SIZES, draw_weights

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
from evaluation_progress import Progress

ATLAS = Path(__file__).with_name("few_emoji.png")
FAMILIES = ("giraffe", "zebra", "moss")
NAMES = ("Giraffe", "Zebra", "Cushion Moss", "Lava")
DNAS = ("ACGTACGT", "TTTTACGT", "ACGTGGGG", "CCCCACGT")


@pytest.fixture(autouse=True)
def few_projections(monkeypatch):
    """Distances by an eighth of the projections: what is far stays far."""
    monkeypatch.setattr(patches, "PROJECTIONS", patches.PROJECTIONS // 8)


@pytest.fixture(scope="module")
def manifold(tmp_path_factory) -> Manifold:
    """A manifold that was never trained, but moves."""
    card = {"name": "tiny", "kind": "materials", "pixels_per_cell": 2, "cells": 40, "boundary": "wrap"}
    folder = tmp_path_factory.mktemp("models") / "tiny"
    model_file.write(folder, card, SIZES, draw_weights())
    return Manifold.open(folder)


def structure_score(picture, exemplar, sister) -> float:
    distance = patch_distance(structure_signature(picture), structure_signature(exemplar))
    return distance / structure_scale(exemplar, sister)


def test_a_sister_of_the_exemplar_is_judged_good_and_noise_bad():
    random = np.random.default_rng(0)
    exemplars = {family: draw_exemplar(family) for family in FAMILIES}
    for family, exemplar in exemplars.items():
        sister = draw_exemplar(family, 5)
        noise = random.permutation(sister.reshape(8, -1), axis=1).reshape(8, 256, 256)
        judged = structure_score(sister, exemplar, draw_exemplar(family, 1))
        assert judged < 1 and structure_score(noise, exemplar, sister) > 5
        near = [patch_distance(colour_signature(sister), colour_signature(e)) for e in exemplars.values()]
        assert list(exemplars)[int(np.argmin(near))] == family


def test_each_species_is_held_against_its_own_exemplar():
    scores = MaterialScores(NAMES, [1, 3])
    lava, zebra = draw_variety("lava", "Lava"), draw_variety("zebra", "Zebra")
    colour, structure = scores.measure([zebra, lava])
    assert (colour == 0).tolist() == [[False, True, False, False], [False, False, False, True]]
    assert (structure == 0).all() and min(scores.measure_sisters([zebra, lava])) > 0
    assert max(scores.measure_sisters(scores.sisters)) == max(scores.measure_lines([zebra, lava])) == 0
    assert (scores.measure([lava, zebra])[1] > 1).all()


def test_structure_does_not_see_colours_and_contrast():
    picture = draw_exemplar("zebra")
    other = picture.copy()
    other[:3] = 0.2 + 0.4 * picture[:3]
    one, two = structure_signature(picture), structure_signature(other)
    assert patch_distance(one, two) < 1e-4 < patch_distance(one, structure_signature(draw_exemplar("moss")))
    assert rank_gaussian(picture).std() == pytest.approx(1, abs=0.01)


def test_a_seam_is_seen():
    def seam(picture) -> float:
        across, inside = border_differences(torch.from_numpy(picture.copy())[None], 1)
        return float(across / inside)

    picture = draw_exemplar("giraffe", 5)
    assert seam(picture) < 1.2 < seam(picture[:, :, :201])


@pytest.mark.parametrize("settling", [None, 8])
@pytest.mark.parametrize("kernels", [True, False])
def test_what_is_measured_is_what_an_artist_grows(manifold, settling, kernels):
    grids = ParallelGrowths(manifold, list(DNAS[:3]), (24, 40), random_seed=7, settles_after=settling)
    grids.grow(20, kernels).grow(10, kernels)
    for dna, maps in zip(DNAS, grids.paint(2), strict=False):
        growth = Growth(
            "tiny", (Genotype((dna,)),), 40, 24, 2, random_seed=7, steps=(30.0,), settling=settling
        )
        np.testing.assert_allclose(maps, Rollout(open_automaton(manifold, "cpu")).maps(growth, 1), atol=1e-4)


def test_a_species_that_differs_between_machines_is_found(monkeypatch):
    class Machine:
        """What stands where a grids would grow: the second species differs in a quarter of its pixels."""

        def __init__(self, *_):
            self.maps = np.full((2, 8, 16, 16), 0.5, np.float32)

        def grow(self, steps, kernels):
            self.maps[0, :, :8] += 0.01 * kernels
            self.maps[1, 3, :8, :8] += 0.1 * kernels
            return self

        def paint(self, pixels):
            return self.maps

    monkeypatch.setattr(machines, "ParallelGrowths", Machine)
    assert machines.compare_machines(SimpleNamespace(card={"pixels_per_cell": 4}), DNAS[:2]) == [0, 0.25]


def test_a_wound_takes_the_share_that_it_says(manifold):
    grids = ParallelGrowths(manifold, [DNAS[0]], (96, 160))
    grids.state += 1
    gone = float((grids.wound(0.3).state == 0).float().mean())
    assert 0.3 <= gone < 0.36


def test_a_model_that_cannot_read_is_not_said_to(manifold):
    species = [Species(name, dna, "tiny") for name, dna in zip(NAMES, DNAS, strict=True)]
    blind, of_families = readings.measure_readings(manifold, species, 3, {}, quick=True)
    assert blind["own"] == blind["own_learned"] == 0 and blind["family"] < 0.7
    assert {*of_families} <= {*FAMILIES, "lava"} and all(
        0 <= one["right"] <= 1 for one in of_families.values()
    )
    seen = reading.read_logits(manifold.weights, reading.draw_species(NAMES, [UNSEEN]))
    species[3] = replace(species[3], learned=("0" * 64,))
    told, _ = readings.measure_readings(manifold, species, 3, dict(zip(DNAS, seen, strict=True)), quick=True)
    assert told["own_learned"] == 1 and told["own_trained"] == 0, (
        "letters are all that trained ones are read by"
    )


def test_every_figure_of_the_table_is_measured_and_the_same_twice(manifold, monkeypatch, tmp_path):
    for name, value in (("LATE_STEPS", 20), ("LAST_STEPS", 30), ("HEALING_STEPS", 4), ("QUICK_GROWTHS", 2)):
        monkeypatch.setattr(ages, name, value)
    monkeypatch.setattr(materials, "BLEND_CELLS", (20, 20))
    monkeypatch.setattr(seams, "QUICK_GROWTHS", 1)
    kept = cache(lambda *given: MaterialScores(*given))  # exemplars take longer than growths so small
    for module in (materials, learned):
        monkeypatch.setattr(module, "MaterialScores", lambda *given: kept(*map(tuple, given)))
    for module in (ages, materials, seams, machines):
        monkeypatch.setattr(module, "CELLS", (20, 24))
        monkeypatch.setattr(module, "STEPS", 12)
    species = [Species(name, dna, "tiny") for name, dna in zip(NAMES, DNAS, strict=True)]
    progress = Progress(tmp_path / "progress.json")
    found, each = materials.measure_materials(manifold, species, quick=True, kept=progress)
    again, _ = materials.measure_materials(manifold, species, quick=True)
    assert found == again and len(each) == 4 and json.dumps(each)
    assert found["species"] == 4 and found["families"] == 4 and all(np.isfinite(list(found.values())))
    # nothing was learned, and the figures say so
    assert found["nearest_own"] <= 0.5 and found["shuffled_ratio"] < 3 and found["structure_median"] > 1
    with pytest.raises(ValueError, match="Unheard Of"):
        materials.measure_materials(manifold, [Species("Unheard Of", DNAS[0], "tiny")])

    # one species that is measured again leaves the others as they were, and is itself if it grows as before
    before = {**each, NAMES[3]: {**each[NAMES[3]], "structure": 9.0}}
    some, of_each = materials.measure_materials(manifold, species, quick=True, again=[NAMES[3]], known=before)
    assert tuple(of_each) == NAMES and all(of_each[name] == pytest.approx(each[name]) for name in NAMES)
    assert some == pytest.approx(found)

    # one that is interrupted goes on, and measures nothing twice
    unmeasured = SimpleNamespace(numbers=[0, 1, 2, 3])
    resumed = ages.measure_ages(manifold, unmeasured, DNAS, True, kept=Progress(tmp_path / "progress.json"))
    assert [one["healing"] for one in resumed.each] == [one["healing"] for one in each.values()]

    # what a species learned since is judged alone, by the same measures, and may not speak for another one
    added = {
        name: np.full(shape, 0.01, np.float32) for name, shape in own_unit.shapes(manifold.sizes).items()
    }
    unit = OwnUnit(species[3].dna, 0.7, added)
    of_its_own = replace(species[3], learned=(unit.key,))
    taught = manifold.with_units((unit,))
    told, alone = learned.measure_learned(taught, species[:3], [of_its_own], quick=True)
    assert list(alone) == [NAMES[3]] and told["species"] == 1 and told["loudness"] == 0
    assert alone[NAMES[3]]["structure"] != each[NAMES[3]]["structure"]
    known = {NAMES[2]: {**alone[NAMES[3]], "structure": 99.0}}
    of_both, beside = learned.measure_learned(
        taught, species[:2], [species[2], of_its_own], True, again=[NAMES[3]], known=known
    )
    assert of_both["structure_worst"] == 99.0 and of_both["species"] == 2
    assert beside == {**known, NAMES[3]: pytest.approx(alone[NAMES[3]])}
    by_nothing = manifold.with_units((replace(unit, added={key: 0 * value for key, value in added.items()}),))
    _, alone = learned.measure_learned(by_nothing, species[:3], [of_its_own], quick=True)
    assert alone[NAMES[3]]["structure"] == each[NAMES[3]]["structure"]


def test_species_that_were_taught_further_are_still_measured_as_those_of_the_training():
    library = [Species("Lava", "A" * 8, "m", learned=("a" * 64,)), Species("Zebra", "C" * 8, "m")]
    library.append(Species("Red Brick", "G" * 8, "m", learned=("b" * 64,)))
    card = {"training": {"config": {"families": ["lava", "zebra"]}}}
    assert [one.name for one in trained_on(card, library)] == ["Lava", "Zebra"]
    assert trained_on({"training": {"config": {"families": []}}}, library) == trained_on({}, library) == ()


def test_every_figure_of_the_emoji_is_measured(manifold, monkeypatch):
    for name, value in (("STEPS", 6), ("LATE_STEPS", 9), ("HEALING_STEPS", 3), ("QUICK_SEARCH", 2)):
        monkeypatch.setattr(figures, name, value)
    framed = replace(manifold, card={**manifold.card, "kind": "figures", "boundary": "edge"})
    characters, names, pictures = read_atlas(ATLAS)
    trained = [(name, c) for name, c in zip(names, characters, strict=True) if not is_held_out(c)]
    species = [
        Species(name, dna, "tiny", ("emoji", f"U+{ord(c):04X}"))
        for (name, c), dna in zip(trained, DNAS, strict=False)
    ]
    found, each = figures.measure_figures(framed, species, ATLAS, quick=True)
    assert found["held_out"] == 16 and found["trained"] == 4 and all(np.isfinite(list(found.values())))
    # a single cell is as good as no picture at all
    nothing = np.mean(
        [
            np.square(np.concatenate([p[:3] * p[3:], p[3:]])).mean()
            for (name, _), p in zip(trained[:4], pictures, strict=False)
        ]
    )
    assert found["mse_trained"] == pytest.approx(nothing, rel=0.3)
    assert sum("mse_searched" in one for one in each.values()) == figures.QUICK_HELD_OUT


def test_a_search_finds_dna_that_grows_nearer(manifold):
    """The DNA wanted is known: its own growth is the target, and the search starts elsewhere."""
    maps = next(ParallelGrowths(manifold, [DNAS[1]], (40, 40), random_seed=0).grow(56).paint(2))
    wanted = torch.from_numpy(maps)

    def distance(painted):
        return (painted - wanted).square().mean((1, 2, 3))

    start = torch.randn(1, 8, 4, generator=torch.Generator().manual_seed(1))
    first = search_dna(manifold, start, distance, iterations=0)
    last = search_dna(manifold, start, distance, iterations=25)
    assert all(letter in "ACGT" for letter in last[0]) and len(last[0]) == 8

    def reached(dna):
        grown = next(ParallelGrowths(manifold, dna, (40, 40), random_seed=0).grow(56).paint(2))
        return float(distance(torch.from_numpy(grown)[None]))

    assert reached(last) < reached(first)
