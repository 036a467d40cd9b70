# SPDX-License-Identifier: GPL-3.0-or-later
"""Whichever products a processor is fastest with, an artist's growth is the same one."""

from __future__ import annotations

import ctypes
import platform
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from blender_nca.automaton import native_choice, native_step
from blender_nca.automaton.native_choice import CHANNELS, Choice
from blender_nca.automaton.update_rule import UpdateRule
from blender_nca.kernels import library

HERE = Path(__file__).parent
pytestmark = pytest.mark.skipif(library.open_library() is None, reason="no C compiler on this machine")


@pytest.fixture(autouse=True)
def as_it_was():
    """What the other tests grow with."""
    yield
    native_choice.choose_products.cache_clear()
    native_choice.choose_products()


def grow_some(hidden: int = 64, draft: int = 0) -> np.ndarray:
    random = np.random.default_rng(hidden)
    shapes = (4 * CHANNELS, hidden), (1, hidden), (hidden, CHANNELS)
    rule = UpdateRule(*(0.1 * random.standard_normal(shape) for shape in shapes))
    state = random.random((23, 31, CHANNELS), np.float32)
    return native_step.grow(state, [rule], [None], 3, 0, 4, draft=draft)


@pytest.mark.parametrize("hidden", [48, 128])
def test_tall_and_wide_products_grow_the_same_bits(hidden):
    grown = []
    for wide in (False, True):
        library.library().nca_widen(wide)
        grown.append(grow_some(hidden))
    assert np.array_equal(*grown)


def has_wide_registers() -> bool:
    flags = library._processor()
    return platform.system() == "Linux" and "avx512bw" in flags and bool(shutil.which("cc"))


@pytest.mark.skipif(not has_wide_registers(), reason="tiles by hand need AVX-512, and a C compiler")
def test_a_draft_by_tiles_is_the_draft_by_vectors(tmp_path, monkeypatch):
    """By what the manual says of the instructions: few processors have registers for tiles."""
    built = tmp_path / "by_hand.so"
    by_hand = ["-include", HERE / "tiles_on_a_processor.h", HERE.parents[1] / "blender_nca/kernels/step.c"]
    flags = ["-march=native", "-std=gnu11", "-O1", "-shared", "-fPIC", "-w"]
    subprocess.run(["cc", *flags, "-o", built, *by_hand], check=True)
    tiles = ctypes.CDLL(str(built))
    tiles.nca_take_part.argtypes = library._SIGNATURES["nca_take_part"]
    monkeypatch.setattr(native_step, "library", lambda: tiles)
    assert tiles.nca_drafts() == 2
    for hidden in (64, 48):  # vectors serve a width that tiles do not divide
        full, vectors, by_tiles = (grow_some(hidden, draft) for draft in range(3))
        assert np.array_equal(vectors, by_tiles) and not np.array_equal(full, vectors)
        np.testing.assert_allclose(full, vectors, atol=2e-2 * np.abs(full).max())


def test_what_was_measured_is_kept_and_a_draft_that_is_slower_grows_in_full(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    asked = []
    monkeypatch.setattr(native_choice, "measure_products", lambda: asked.append(1) or Choice(True, 0))
    for _ in range(2):
        native_choice.choose_products.cache_clear()
        assert native_choice.choose_products() == (True, 0)
    assert len(asked) == 1
    (kept,) = (tmp_path / "neural_growth").glob("products-*.json")
    kept.write_text("[1")  # a disk was full
    native_choice.choose_products.cache_clear()
    assert native_choice.choose_products() == (True, 0) and len(asked) == 2


def test_what_is_measured_is_among_what_there_is(monkeypatch):
    monkeypatch.setattr(native_choice, "ROUNDS", 1)
    measured = native_choice.measure_products()
    assert measured.draft <= library.library().nca_drafts() and isinstance(measured.wide, bool)
