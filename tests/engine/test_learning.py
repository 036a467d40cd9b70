# SPDX-License-Identifier: GPL-3.0-or-later
"""A species is learned beside playback, and neither a killed worker nor an impatient artist loses it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from blender_nca.engine.client import EngineError
from blender_nca.engine.devices import NUMPY
from blender_nca.engine.grower import Grower
from blender_nca.genetics.learned import LEARNED_FOLDER
from blender_nca.genetics.species import Species
from blender_nca.genetics.version import version_of
from blender_nca.manifold import learned_file, own_unit
from blender_nca.manifold.learned_file import LearnedSpecies
from blender_nca.manifold.manifold import Manifold
from blender_nca.manifold.model_file import CARD, WEIGHTS
from blender_nca.manifold.own_unit import OwnUnit
from tests.engine.tiny import NAME, growth, kill, needs_torch, wait_until

KNOWN = ["ACGTACGT", "AAAACCCC"]
PICTURE = {"base_colour": np.kron(np.random.default_rng(0).random((3, 16, 16)), np.ones((8, 8)))}


@pytest.fixture
def engine(models, make_engine, tmp_path):
    """An engine whose manifold paints textures, and that knows a folder of learned species."""
    path = models / NAME / CARD
    card = {**json.loads(path.read_text()), "pixels_per_cell": 4, "cells": 24, "boundary": "wrap"}
    path.write_text(json.dumps(card))
    return make_engine(learned_species=tmp_path / "learned")


@needs_torch
def test_a_species_is_learned_beside_playback_and_outlives_its_worker(engine, tmp_path):
    lesson = tmp_path / "blocks.lesson"
    before = engine.frame(growth(), 4, timeout=120)
    job = engine.learn(lesson, NAME, PICTURE, {"name": "Blocks"}, KNOWN, seconds=3600)
    wait_until(lambda: job.news or job.done(), 120)
    assert job.news.picture.shape == (256, 256, 3) and job.news.structure > 0
    assert engine.frame(growth(random_seed=9), 3, timeout=30).living > 0  # it does not wait for the lesson

    first = job.news
    kill(engine.learning_pid)
    wait_until(lambda: job.news is not first or job.done(), 120)
    job.finish()
    found = job.result(60)
    assert not found["done"] and found["learned"]["began_as"] in KNOWN

    kept = tmp_path / "learned" / f"{found['key']}.safetensors"
    kept.parent.mkdir()
    (tmp_path / "blocks.safetensors").rename(kept)
    learned = replace(growth(), learned=(found["key"],))
    np.testing.assert_array_equal(engine.frame(learned, 4, timeout=60).pixels, before.pixels)
    with pytest.raises(EngineError, match="import its file again"):
        engine.frame(replace(learned, learned=("0" * 64,)), 4, timeout=60)

    read = engine.read(PICTURE, NAME).result(120)
    assert read["learned"] == [found["key"]], "what was learned from a picture is what that is read as"
    assert read["structure"] == pytest.approx(found["learned"]["structure"], rel=0.05)

    refined = engine.refine(PICTURE, NAME, iterations=2).result(120)
    assert len(refined["dna"]) == 8 and refined["structure"] > 0 and refined["read"]["dna"]
    for maps, words in (
        ({"base_colour": np.zeros((3, 90, 90))}, "one color only"),
        (None, "learn from the picture"),
    ):
        with pytest.raises(EngineError, match=words):
            engine.learn(tmp_path / "other.lesson", NAME, maps).result(60)


def test_lessons_begin_as_all_that_was_learned_and_a_damaged_file_is_in_nobodys_way(models, tmp_path):
    version = version_of(models / NAME / WEIGHTS, Manifold.open(models / NAME).card)
    shapes, picture = own_unit.shapes(Manifold.open(models / NAME).sizes), np.zeros((4, 4, 3), np.uint8)
    units = [
        OwnUnit(dna, 0.5, {name: np.ones(shape, np.float32) for name, shape in shapes.items()})
        for dna in ("GTGTGTGT", "TTTTTTTT", "CCCCCCCC")
    ]
    own, bundled = tmp_path / "learned", models / NAME / LEARNED_FOLDER
    for place, unit, trained in zip((own, bundled, own), units, (version, version, "earlier"), strict=True):
        species = Species("Wall", unit.dna, NAME)
        learned_file.keep(place, LearnedSpecies(species, unit, trained, picture, "CC0-1.0", {}))
    (own / "damaged.safetensors").write_bytes(b"half a fi")
    grower = Grower([models], NUMPY, lambda news: None, learned=own)
    assert {unit.dna for unit in grower.known(NAME).units} == {"GTGTGTGT", "TTTTTTTT"}


def test_without_torch_learning_says_what_is_missing(models, preview, tmp_path):
    with pytest.raises(EngineError, match="needs torch"):
        preview.learn(tmp_path / "x.lesson", NAME, PICTURE).result(60)
