# SPDX-License-Identifier: GPL-3.0-or-later
"""What took long to grow must be there when Blender is opened again, and never fill a disk or cost a growth."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from blender_nca.automaton.kept_states import SUFFIX
from blender_nca.engine import state_cache
from blender_nca.engine.cache_folder import MARK, clear, shrink, size_of_cache
from blender_nca.engine.devices import NUMPY
from blender_nca.engine.grower import Grower
from blender_nca.engine.limits import Limits
from tests.engine.tiny import growth


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Every frame that grew at all is kept."""
    monkeypatch.setattr(state_cache, "SECONDS", 1e-9)


def never() -> bool:
    return False


def grown(models: Path, limits: Limits, frame: int) -> tuple[np.ndarray, int]:
    """A picture of a grower that was just opened, and how many steps it took."""
    grower, steps = Grower([models], NUMPY, lambda news: None), []
    grower.limits = limits
    picture, _ = grower.grow(
        growth(),
        frame,
        lambda: bool(steps.append(1)),
        lambda rollout, *given: rollout.maps(*given),
    )
    grower.run_ahead(never)
    return picture, len(steps)


def test_another_blender_goes_on_from_what_was_kept_bit_for_bit(models, tmp_path):
    limits = Limits(cache=tmp_path / "cache", cache_bytes=2**30)
    plain, all_steps = grown(models, Limits(), 20)
    assert all_steps == growth().steps_until(20) and not (tmp_path / "cache").exists()
    assert grown(models, limits, 12)[1] == growth().steps_until(12)
    again, steps = grown(models, limits, 20)
    np.testing.assert_array_equal(again, plain)
    assert steps == growth().steps_until(20) - growth().steps_until(12)
    assert grown(models, limits, 20)[1] == 0
    for path in (tmp_path / "cache").glob(f"*{SUFFIX}"):
        path.write_bytes(path.read_bytes()[:-9])
    picture, steps = grown(models, limits, 20)
    np.testing.assert_array_equal(picture, plain, "a damaged state is grown again")
    assert steps == all_steps


def test_what_was_not_used_for_longest_goes_and_only_states_do(tmp_path):
    (tmp_path / "my picture.png").write_bytes(bytes(500))
    for number in range(4):
        path = tmp_path / f"{number}{SUFFIX}"
        path.write_bytes(bytes(100))
        os.utime(path, (1000 + number, 1000 + number))
    os.utime(tmp_path / f"0{SUFFIX}")
    assert size_of_cache(tmp_path) == 400 and shrink(tmp_path, 250) == 200
    assert sorted(path.name for path in tmp_path.glob(f"*{SUFFIX}")) == [f"0{SUFFIX}", f"3{SUFFIX}"]
    assert clear(tmp_path) == 200 and size_of_cache(tmp_path) == 0
    assert (tmp_path / "my picture.png").exists() and clear(tmp_path / "nowhere") == 0


def test_a_folder_that_cannot_be_written_to_costs_no_growth(models, tmp_path, caplog):
    taken = tmp_path / "taken"
    taken.write_text("a file")
    picture, _ = grown(models, Limits(cache=taken, cache_bytes=2**30), 8)
    np.testing.assert_array_equal(picture, grown(models, Limits(), 8)[0])
    assert [record.levelname for record in caplog.records] == ["WARNING"] and str(taken) in caplog.text
    assert MARK not in os.listdir(tmp_path)
