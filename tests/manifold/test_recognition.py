# SPDX-License-Identifier: GPL-3.0-or-later
"""A picture of what the model has learned is read as that, and never as what it does not show."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from blender_nca.genetics.library import read_library
from blender_nca.genetics.relaxed import nearest_dna
from blender_nca.manifold import recognition
from blender_nca.manifold.manifold import Manifold
from blender_nca.manifold.model_file import ManifoldError
from blender_nca.manifold.recognition import (
    READINGS,
    Reading,
    fingerprint,
    read_dna,
    read_readings,
    recognise,
    write_readings,
)

MODELS = Path(__file__).parents[2] / "models"
WALL, MOSS = np.random.default_rng(0).normal(0, 4, (2, 32, 4)).astype(np.float32)
KNOWN = {"A" * 32: WALL, "C" * 32: MOSS}


def test_only_a_learned_species_takes_the_place_of_the_letters():
    near, far = WALL + 0.3, 3 * WALL
    assert (
        recognise(near, KNOWN) == "A" * 32 and recognise(far, KNOWN) is None and recognise(near, {}) is None
    )
    assert read_dna(near, KNOWN, {"A" * 32}) == "A" * 32
    assert read_dna(near, KNOWN, {"C" * 32}) == read_dna(far, KNOWN, set(KNOWN)) == nearest_dna(WALL)


def test_readings_are_those_of_their_encoder_and_damage_is_told(tmp_path):
    weights = {"encode.0.weight": np.ones((2, 3), np.float32), "paint.0.bias": np.zeros(4, np.float32)}
    assert read_readings(tmp_path, weights) == {}, "a model without any"
    write_readings(tmp_path, weights, KNOWN)
    found = read_readings(tmp_path, weights)
    assert [*found] == [*KNOWN] and np.abs(found["A" * 32] - WALL).max() < 0.01
    assert read_readings(tmp_path, weights | {"encode.0.weight": np.ones((2, 3), np.float32) / 3}) == {}
    assert fingerprint(weights) == fingerprint(weights | {"paint.0.bias": np.ones(4, np.float32)})
    whole = (tmp_path / READINGS).read_bytes()
    for broken in (whole[:-8], b"{}", whole.replace(b"A" * 32 + b" ", b"A" * 33)):
        (tmp_path / READINGS).write_bytes(broken)
        with pytest.raises(ManifoldError, match=f"{READINGS} is damaged or not a safetensors file"):
            read_readings(tmp_path, weights)


def test_a_reading_travels_with_its_species_and_nonsense_is_refused():
    said = Reading("abc", WALL).to_json()
    again = Reading.from_json(said, 32)
    assert again.encoder == "abc" and np.abs(again.logits - WALL).max() <= 0.005
    for wrong in (
        {**said, "logits": [[1.0]]},
        {**said, "logits": "x"},
        {"encoder": "abc"},
        "no",
        {**said, "logits": None},
    ):
        with pytest.raises((LookupError, TypeError, ValueError)):
            Reading.from_json(wrong, 32)


def test_pictures_of_bundled_and_own_species_are_read_as_them(monkeypatch):
    """Samples that no lesson has shown, of species that are trained, learned since, and an artist's own."""
    pytest.importorskip("torch")
    from blender_nca.training import reading

    species = read_library([MODELS]).of("materials")
    weights = Manifold.open(MODELS / "materials").weights
    known, learned = read_readings(MODELS / "materials", weights), {one.dna for one in species if one.learned}
    assert {*known} == {one.dna for one in species}, "scripts/teach_reading.py --write notes them"
    names = ["Red Brick", "Walnut", "Golden Marble", "Fresh Snow", "Zebra", "Roof Slates", "Kintsugi"]
    dnas = [next(one.dna for one in species if one.name == name) for name in names]
    assert reading.read_pages(weights, reading.draw_species(names, [55]), known, learned) == dnas

    # the encoder knows their letters by now; those of an artist's own it cannot
    own = "ACGT" * 8
    exemplar, sample = (reading.draw_species(["Meadow Grass"], [number]) for number in (0, 55))
    (logits,) = reading.read_logits(weights, exemplar)
    with_own = known | {own: logits}, {*learned, own}
    assert reading.read_pages(weights, sample, *with_own) == [own]
    monkeypatch.setattr(recognition, "FAR", 0.0)
    assert reading.read_pages(weights, sample, *with_own) != [own]
