# SPDX-License-Identifier: GPL-3.0-or-later
"""A learned species changes no other, and its file says what is wrong with it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from blender_nca.automaton.growth import Genotype, Growth
from blender_nca.automaton.growth_error import GrowthError
from blender_nca.automaton.rollout import Rollout
from blender_nca.genetics.learned import read_learned_header
from blender_nca.genetics.relaxed import relax
from blender_nca.genetics.species import Species, SpeciesError, read_species, write_species
from blender_nca.manifold import learned_file, own_unit, tensors
from blender_nca.manifold.architecture import Architecture
from blender_nca.manifold.learned_file import LearnedSpecies
from blender_nca.manifold.manifold import Manifold
from blender_nca.manifold.model_file import ManifoldError
from blender_nca.manifold.numpy_automaton import NumpyAutomaton
from blender_nca.manifold.own_unit import OwnUnit

SIZES = Architecture(8, 8, 12, 6, 8, 8, 4)
KNOWN, OWN = "AAAACCCC", "AAGGGGTT"


@pytest.fixture
def manifold() -> Manifold:
    random, weights = np.random.default_rng(0), SIZES.initial_weights(3)
    noisy = {
        name: value + 0.05 * random.standard_normal(value.shape, np.float32)
        for name, value in weights.items()
    }
    return Manifold({"name": "small"}, SIZES, noisy)


@pytest.fixture
def learned() -> LearnedSpecies:
    random = np.random.default_rng(1)
    added = {
        name: 0.1 * random.standard_normal(shape, np.float32)
        for name, shape in own_unit.shapes(SIZES).items()
    }
    unit, picture = OwnUnit(OWN, 0.5, added), random.integers(0, 255, (20, 30, 3)).astype(np.uint8)
    return LearnedSpecies(
        Species("Brick", OWN, "small"), unit, "a" * 64, picture, "CC0-1.0", {"seconds": 3.5}
    )


def frame(manifold: Manifold, *weights: float) -> np.ndarray:
    genotype = Genotype((KNOWN, OWN), (weights,))
    growth = Growth("small", (genotype,), 12, 12, 2, steps=(4.0,))
    return Rollout(NumpyAutomaton(manifold)).maps(growth, 3)


def test_every_other_species_grows_bit_for_bit_as_before(manifold, learned):
    taught = manifold.with_units((learned.unit,))
    np.testing.assert_array_equal(frame(taught, 1, 0), frame(manifold, 1, 0))
    assert np.abs(frame(taught, 0, 1) - frame(manifold, 0, 1)).max() > 1e-3


def test_a_blend_comes_to_the_learned_species_by_degrees(manifold, learned):
    taught = manifold.with_units((learned.unit,))
    added = []
    for share in (0.2, 0.5, 0.8, 1.0):
        relaxed = (1 - share) * relax(KNOWN) + share * relax(OWN)
        here, there = taught.transcribe(relaxed)[0], manifold.transcribe(relaxed)[0]
        added.append(
            float((here.into_hidden - there.into_hidden)[0, 0] / learned.unit.added["into_hidden"][0, 0])
        )
    # two of eight letters are the same from the beginning, and half of them are silent
    np.testing.assert_allclose(added, [0, 0.25, 0.7, 1], atol=1e-3)


def test_growths_without_learned_species_keep_their_keys_and_others_name_theirs(learned):
    growth = Growth("small", (Genotype((KNOWN,)),))
    assert "learned" not in growth.to_json()
    one = replace(growth, learned=(learned.unit.key, "b" * 64))
    assert Growth.from_json(json.loads(json.dumps(one.to_json()))) == one
    assert one.key != growth.key and one.moment(3).key != growth.moment(3).key
    assert one.key == replace(growth, learned=("b" * 64, learned.unit.key)).key
    with pytest.raises(GrowthError, match="choose it again"):
        replace(growth, learned=("../../elsewhere",))


def test_a_species_comes_back_from_its_file_with_all_that_belongs_to_it(tmp_path, learned):
    path = learned_file.keep(tmp_path / "kept", learned)
    assert path == learned_file.place(tmp_path / "kept", learned.unit.key)
    back = learned_file.read(path)
    assert back.unit.key == learned.unit.key and back.species == learned.species
    assert (back.manifold_version, back.licence, back.learned) == ("a" * 64, "CC0-1.0", {"seconds": 3.5})
    np.testing.assert_array_equal(back.picture, learned.picture)
    learned_file.check_fit(back, "small", "a" * 64, SIZES)
    for name, version, sizes in (
        ("other", "a" * 64, SIZES),
        ("small", "b" * 64, SIZES),
        ("small", "a" * 64, replace(SIZES, hidden=16)),
    ):
        with pytest.raises(ManifoldError, match="was learned on"):
            learned_file.check_fit(back, name, version, sizes)


def test_a_species_that_was_taught_further_says_so_and_an_older_version_does_not_take_it_for_another(
    tmp_path, learned
):
    taught = replace(learned, unit=replace(learned.unit, further=True))
    assert taught.unit.key != learned.unit.key
    back = learned_file.read(learned_file.keep(tmp_path, taught))
    assert back.unit.further and back.unit.key == taught.unit.key
    for one, version in ((taught, 3), (learned, 1)):
        content = learned_file.keep(tmp_path, one).read_bytes()
        assert json.loads(tensors.unpack(content)[0]["learned_species"])["version"] == version


@pytest.fixture
def finer(learned) -> LearnedSpecies:
    """One that shows what is finer than cells by itself."""
    random = np.random.default_rng(2)
    sizes = own_unit.fine_shapes(SIZES).items()
    fine = {name: 0.1 * random.standard_normal(shape, np.float32) for name, shape in sizes}
    return replace(learned, unit=replace(learned.unit, fine=fine))


def test_what_a_species_shows_finer_than_cells_comes_back_from_its_file(tmp_path, learned, finer):
    assert finer.unit.key != learned.unit.key
    for one in (finer, replace(finer, unit=finer.unit.rounded)):
        path = learned_file.keep(tmp_path, one)
        back = learned_file.read(path)
        assert (
            back.unit.key == one.unit.key == read_learned_header(path.read_bytes(), "wall").species.learned[0]
        )
        for name, array in one.unit.fine.items():
            np.testing.assert_array_equal(back.unit.fine[name], array)
        learned_file.check_fit(back, "small", "a" * 64, SIZES)
        with pytest.raises(ManifoldError, match="was learned on"):
            foreign = {**back.unit.fine, "bias_0": np.zeros((1, 3), np.float32)}
            of_another = replace(back, unit=replace(back.unit, fine=foreign))
            learned_file.check_fit(of_another, "small", "a" * 64, SIZES)
        metadata, arrays = tensors.unpack(path.read_bytes())
        assert json.loads(metadata["learned_species"])["version"] == 4, (
            "an older version does not grow half of it"
        )
        del arrays["fine.shown"]
        path.write_bytes(tensors.pack(metadata, arrays))
        with pytest.raises(ManifoldError, match="not whole"):
            learned_file.read(path)


def test_numbers_that_8_bits_hold_come_back_the_same_from_a_quarter_of_the_file(tmp_path, learned):
    rounded = replace(learned, unit=learned.unit.rounded)
    path = learned_file.keep(tmp_path, rounded)
    back = learned_file.read(path).unit
    assert back.key == rounded.unit.key == rounded.unit.rounded.key
    for name, array in learned.unit.added.items():
        step = np.abs(array).max(0) / 63
        assert (np.abs(back.added[name] - array) <= step / 2 + 1e-9).all(), name
    numbers = sum(array.size for array in learned.unit.added.values())
    assert path.stat().st_size < learned_file.keep(tmp_path, learned).stat().st_size - 2 * numbers
    header = read_learned_header(path.read_bytes(), "wall")
    assert header.species.learned == (back.key,)


def test_a_file_that_is_no_species_says_what_to_do(tmp_path, learned):
    whole = learned_file.keep(tmp_path, learned).read_bytes()
    metadata, arrays = tensors.unpack(whole)
    said = json.loads(metadata["learned_species"])

    def changed(**values) -> bytes:
        return tensors.pack({"learned_species": json.dumps({**said, **values})}, arrays)

    broken = dict(arrays, bias_0=np.full_like(arrays["bias_0"], np.nan))
    bare = dict(
        arrays, bias_0=np.ones(arrays["bias_0"].shape, np.int8)
    )  # what its numbers are multiples of is lost
    contents = {
        b"": "damaged",
        b"\x89PNG\r\n\x1a\n" + bytes(99): "damaged",
        whole[: len(whole) // 2]: "damaged",
        tensors.pack({}, arrays): "not a learned species",
        changed(format="recipe"): "not a learned species",
        changed(version=5): "newer than this Neural Growth",
        changed(dna="ACGX"): "damaged",
        changed(silent_below=0.1): "never silent",
        tensors.pack(metadata, broken): "not whole",
        tensors.pack(metadata, bare): "damaged",
        bytes(learned_file.MOST_LEARNED_BYTES + 1): "too large",
    }
    path = tmp_path / "given.safetensors"
    for content, words in contents.items():
        path.write_bytes(content)
        with pytest.raises(ManifoldError, match=words) as caught:
            learned_file.read(path)
        assert str(path) in str(caught.value)
    with pytest.raises(ManifoldError, match="choose the file again"):
        learned_file.read(tmp_path / "nowhere")


def test_what_a_file_says_of_its_species_is_read_without_its_unit(tmp_path, learned):
    content = learned_file.keep(tmp_path, learned).read_bytes()
    header = read_learned_header(content, "wall")
    assert header.species == replace(learned.species, learned=(learned.unit.key,))
    assert (header.manifold_version, header.licence, header.how) == ("a" * 64, "CC0-1.0", {"seconds": 3.5})
    np.testing.assert_array_equal(header.picture, learned.picture)
    metadata, arrays = tensors.unpack(content)
    said = json.loads(metadata["learned_species"])

    def changed(**values) -> bytes:
        return tensors.pack({"learned_species": json.dumps({**said, **values})}, arrays)

    for broken, words in (
        (b"", "damaged"),
        (content[:-1], "end is missing"),
        (changed(format="recipe"), "no learned species"),
        (changed(version=5), "newer than this Neural Growth"),
        (changed(key="../../elsewhere"), "names no unit"),
        (bytes(learned_file.MOST_LEARNED_BYTES + 1), "too large"),
    ):
        with pytest.raises(SpeciesError, match=words):
            read_learned_header(broken, "wall")
    path = tmp_path / "wall.json"
    write_species(path, header.species)
    assert read_species(path) == header.species
    with pytest.raises(SpeciesError, match="keys"):
        replace(header.species, learned=("x",))
