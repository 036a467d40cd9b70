# SPDX-License-Identifier: GPL-3.0-or-later
"""A species bred for the worse would be lost for every artist who picks it."""

from __future__ import annotations

import importlib
import json
import pickle
import sys
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from blender_nca.genetics.dna import hamming_distance
from blender_nca.genetics.library import read_library
from blender_nca.genetics.species import Species
from blender_nca.kernels.threads import THREADS
from blender_nca.manifold import model_file
from blender_nca.manifold.architecture import Architecture
from blender_nca.manifold.backend import open_automaton
from blender_nca.training import selection
from blender_nca.training.evaluation import seams
from blender_nca.training.publication import write_with_portrait
from blender_nca.training.selection import Selection, change_one_letter, cross_mutants, fall_short

OWN, IDEAL = "ACGTACGTACGTACGT", "ACGTTCGTACGAACGT"
GOOD = np.array([[0.002, 0.4], [0.002, 0.4], [0.002, 0.4]])


class Landscape(Selection):
    """Where DNA falls short by the letters that it is away from one of two ideals; a short look sees one alone."""

    def __init__(self, ideal, seen=None):
        self.ideal, self.seen, self.manifold = ideal, seen or ideal, None

    def _screen(self, number, dna):
        return hamming_distance(dna, self.seen)

    def _live(self, number, dna, random_seed):
        return GOOD * (1 + hamming_distance(dna, self.ideal))


@pytest.fixture
def no_seams(monkeypatch):
    monkeypatch.setattr(selection, "measure_seams", lambda manifold, dnas, growths: ([1.0] * len(dnas), None))


def test_two_letters_that_help_are_found_and_put_together(no_seams):
    choice = Landscape(IDEAL).choose(0, OWN)
    assert choice.dna == IDEAL and choice.shortfall < choice.own_shortfall


def test_a_species_keeps_its_dna_where_nothing_around_it_is_better(no_seams):
    choice = Landscape(OWN).choose(0, OWN)
    assert choice.dna == OWN and choice.shortfall == choice.own_shortfall


def test_what_only_looked_good_for_a_moment_is_not_kept(no_seams):
    assert Landscape(OWN, seen=IDEAL).choose(0, OWN).dna == OWN


def test_every_letter_is_tried_and_crosses_carry_both_changes():
    mutants = change_one_letter(OWN)
    assert len(set(mutants)) == 3 * len(OWN) and {hamming_distance(OWN, one) for one in mutants} == {1}
    first, same_place, second = "C" + OWN[1:], "G" + OWN[1:], OWN[:-1] + "A"
    assert cross_mutants(OWN, [first, same_place, second]) == ["C" + OWN[1:-1] + "A", "G" + OWN[1:-1] + "A"]


def test_a_material_that_fades_with_age_does_not_heal_or_bursts_falls_short():
    good = fall_short(GOOD)
    for age in range(3):
        faded = GOOD.copy()
        faded[age] *= 1.5
        assert fall_short(faded) > good
    assert fall_short(GOOD * 1.5) == fall_short(faded), (
        "what is poor from the beginning is no better for lasting"
    )
    assert fall_short(GOOD, seam=1.2) > good == fall_short(GOOD, seam=1.04)
    assert fall_short(np.where(GOOD < 0.1, np.nan, GOOD)) == float("inf")


class OneProcess:
    """In place of a pool of processes: does at once, in this one, what it is given as another would get it."""

    def __init__(self, processes, context, initializer, initargs):
        assert processes == 1
        initializer(*pickle.loads(pickle.dumps(initargs)))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def submit(self, work, *given) -> Future:
        done: Future = Future()
        done.set_result(work(*given))
        return done


def test_breeding_writes_the_species_it_was_asked_for_and_no_other(tmp_path, monkeypatch, capsys):
    lives = {"SCREEN_CELLS": (40, 48), "CELLS": (48, 40), "STEPS": 16, "LATE_STEPS": 24, "HEALING_STEPS": 4}
    for name, value in {**lives, "BEST": 3, "CROSSED": 2, "FINALISTS": 2, "LIVES": 1, "SEAMS": 2}.items():
        monkeypatch.setattr(selection, name, value)
    monkeypatch.setattr(seams, "CELLS", (40, 40))
    monkeypatch.setattr(seams, "STEPS", 12)
    sizes = Architecture(4, 16, 16, 6, 8, 8, 4)
    card = {"name": "tiny", "kind": "materials", "pixels_per_cell": 1, "cells": 40, "boundary": "wrap"}
    folder = tmp_path / "models" / "tiny"
    model_file.write(folder, card, sizes, sizes.initial_weights(3))
    (folder / "species").mkdir()
    automaton = open_automaton(selection.Manifold.open(folder), "cpu")
    before = {name: Species(name, dna, "tiny") for name, dna in (("Zebra", "ACGT"), ("Lava", "TTTT"))}
    for species in before.values():
        write_with_portrait(folder, species, automaton, card)

    root = Path(__file__).parents[2]
    monkeypatch.syspath_prepend(str(root / "scripts"))
    script = importlib.import_module("breed")
    monkeypatch.setattr(script.virtual_environment, "enter", lambda: None)
    monkeypatch.setattr(script, "ProcessPoolExecutor", OneProcess)
    for name in ("OMP_NUM_THREADS", THREADS):
        monkeypatch.setenv(name, "1")  # as the script sets them

    def breed(model: Path, name: str) -> None:
        monkeypatch.setattr(sys, "argv", ["breed.py", str(model), "--processes", "1", "--species", name])
        script.main()

    for model, name, reason in (
        (folder, "Unicorn", "no species Unicorn"),
        (root / "models" / "emoji", "Goose", "no materials"),
    ):
        with pytest.raises(SystemExit) as refused:
            breed(model, name)
        assert refused.value.code == 2 and reason in capsys.readouterr().err
    breed(folder, "Zebra")
    after = {one.name: one for one in read_library([tmp_path / "models"]).of("tiny")}
    noted = json.loads((folder / "card.json").read_text())["bred"]
    assert list(noted) == ["Zebra"] and noted["Zebra"]["from"] == "ACGT"
    assert after["Zebra"].dna == noted["Zebra"]["to"] and after["Zebra"].picture.exists()
    assert noted["Zebra"]["shortfall_to"] <= noted["Zebra"]["shortfall_from"]
    assert after["Lava"].dna == before["Lava"].dna
