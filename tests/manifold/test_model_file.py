# SPDX-License-Identifier: GPL-3.0-or-later
"""A model that cannot be used says which file and what to do."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from blender_nca.genetics.version import version_of
from blender_nca.manifold import model_file
from blender_nca.manifold.architecture import Architecture
from blender_nca.manifold.manifold import Manifold
from blender_nca.manifold.model_file import CARD, ENCODER, WEIGHTS, ManifoldError

pytest.importorskip("safetensors")
SMALL = Architecture(8, 6, 10, 4, 8, 6, 4)
BUNDLED = sorted(path.parent for path in (Path(__file__).parents[2] / "models").glob(f"*/{CARD}"))


@pytest.fixture
def folder(tmp_path) -> Path:
    model_file.write(tmp_path / "small", {"name": "small"}, SMALL, SMALL.initial_weights(1))
    return tmp_path / "small"


def change_card(folder: Path, **changes) -> None:
    card = json.loads((folder / CARD).read_text())
    card.update(changes)
    (folder / CARD).write_text(json.dumps(card))


def test_a_model_comes_back_as_it_was_written(folder):
    manifold = Manifold.open(folder)
    assert manifold.name == "small" and manifold.dna_length == 8
    for name, weight in SMALL.initial_weights(1).items():
        np.testing.assert_array_equal(manifold.weights[name], weight)
    assert not list(folder.glob("*.part"))


def test_the_safetensors_library_reads_the_same(folder):
    from safetensors.numpy import load_file

    for name, weight in load_file(folder / WEIGHTS).items():
        np.testing.assert_array_equal(Manifold.open(folder).weights[name], weight)


@pytest.mark.parametrize("folder", BUNDLED, ids=lambda folder: folder.name)
def test_bundled_models_are_whole(folder):
    manifold = Manifold.open(folder)
    assert manifold.name == folder.name
    assert sum(weight.size for weight in manifold.weights.values()) > 100_000


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:7],
        lambda data: data[: len(data) // 2],
        lambda data: b"PK\x03\x04" + data,
        lambda data: (2**62).to_bytes(8, "little") + data[8:],
        lambda data: data[:20] + b"\xff" + data[21:],
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    ],
    ids=["empty", "stub", "truncated", "foreign", "huge header", "broken header", "one bit"],
)
@pytest.mark.parametrize("with_sum", [True, False])
def test_broken_weights_are_refused_by_name(folder, damage, with_sum):
    data = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(damage(data))
    if not with_sum:
        change_card(folder, sha256=None)
        if len(damage(data)) == len(data) and damage(data)[:-1] == data[:-1]:
            pytest.skip("without its sum nothing tells that one bit of the numbers changed")
    with pytest.raises(ManifoldError, match=r"manifold\.safetensors.*(again|lacks)"):
        Manifold.open(folder)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        (dict(format="pie"), "not the card"),
        (dict(version=99), "update"),
        (dict(version="new"), "newer"),
        (dict(maps=["red"]), "maps"),
        (dict(maps=7), "maps"),
        (dict(name=None), "name"),
        (dict(architecture={"channels": 16, "colour": 3}), "sizes"),
        (dict(architecture={"channels": -1}), "sizes"),
        (dict(architecture=None), "sizes"),
    ],
)
def test_a_foreign_or_newer_card_is_refused_with_what_to_do(folder, changes, word):
    change_card(folder, **changes)
    with pytest.raises(ManifoldError, match=rf"card\.json.*{word}"):
        Manifold.open(folder)


def test_a_manifold_from_before_emission_paints_as_it_did_and_glows_nowhere(folder):
    from safetensors.numpy import save

    now = Manifold.open(folder)
    earlier = dict(now.weights)
    for name in ("paint.2.weight", "paint.2.bias"):
        earlier[name] = np.ascontiguousarray(earlier[name][..., :7])
    (folder / WEIGHTS).write_bytes(save(earlier))
    maps = ["red", "green", "blue", "alpha", "height", "roughness", "metallic"]
    change_card(folder, maps=maps, sha256=None)
    then = Manifold.open(folder)
    for name, weight in now.weights.items():
        old = then.weights[name]
        if name.startswith("paint.2"):
            np.testing.assert_array_equal(old[..., :7], weight[..., :7])
            assert (old[..., 7] == 0).all() and old.shape == weight.shape
        else:
            np.testing.assert_array_equal(old, weight)
    model_file.write(folder, {"name": "small"}, SMALL, now.weights)
    change_card(folder, maps=maps)
    with pytest.raises(ManifoldError, match="its card says"):
        Manifold.open(folder)


@pytest.mark.parametrize("text", ["", "[" * 100_000, '{"version": ' + "9" * 5000 + "}", "\0\xff"])
def test_a_card_that_cannot_be_read_is_refused_by_name(folder, text):
    (folder / CARD).write_text(text, encoding="latin-1")
    with pytest.raises(ManifoldError, match=r"card\.json is damaged"):
        Manifold.open(folder)


def test_a_header_without_end_is_refused_by_name(folder):
    header = b"[" * 100_000
    (folder / WEIGHTS).write_bytes(len(header).to_bytes(8, "little") + header)
    change_card(folder, sha256=None)
    with pytest.raises(ManifoldError, match=r"manifold\.safetensors is damaged"):
        Manifold.open(folder)


def test_a_card_of_other_sizes_is_told_from_its_weights(folder):
    change_card(folder, architecture={**vars(SMALL), "hidden": 11})
    with pytest.raises(ManifoldError, match="its card says"):
        Manifold.open(folder)


def test_weights_that_are_no_numbers_are_refused(folder):
    weights = SMALL.initial_weights(1)
    weights["paint.0.bias"][0] = np.nan
    model_file.write(folder, {"name": "small"}, SMALL, weights)
    with pytest.raises(ManifoldError, match="not finite"):
        Manifold.open(folder)


def test_missing_files_are_named(folder):
    (folder / WEIGHTS).unlink()
    with pytest.raises(ManifoldError, match="install"):
        Manifold.open(folder)
    shutil.rmtree(folder)
    with pytest.raises(ManifoldError, match=r"card\.json"):
        Manifold.open(folder)


def test_an_encoder_that_learned_to_read_changes_nothing_that_grows(folder):
    before, learned = Manifold.open(folder), SMALL.initial_weights(2)
    model_file.write_encoder(folder, learned, {"pictures": 3})
    after = Manifold.open(folder)
    assert version_of(folder / WEIGHTS, after.card) == version_of(folder / WEIGHTS, before.card)
    assert after.card["encoder"]["pictures"] == 3
    for name, weight in after.weights.items():
        wanted = learned if name.startswith("encode") else before.weights
        np.testing.assert_array_equal(weight, wanted[name])


def test_a_broken_encoder_is_named(folder):
    model_file.write_encoder(folder, SMALL.initial_weights(2), {})
    (folder / ENCODER).write_bytes((folder / ENCODER).read_bytes()[:-4])
    with pytest.raises(ManifoldError, match=f"{ENCODER} is damaged"):
        Manifold.open(folder)
    (folder / ENCODER).unlink()
    with pytest.raises(ManifoldError, match=f"{ENCODER} cannot be read"):
        Manifold.open(folder)


def test_a_manifold_that_is_trained_anew_reads_by_its_own_encoder(folder):
    model_file.write_encoder(folder, SMALL.initial_weights(2), {})
    model_file.write(folder, {"name": "small"}, SMALL, SMALL.initial_weights(3))
    assert not (folder / ENCODER).exists()
    for name, weight in SMALL.initial_weights(3).items():
        np.testing.assert_array_equal(Manifold.open(folder).weights[name], weight)
