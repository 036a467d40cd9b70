# SPDX-License-Identifier: GPL-3.0-or-later
"""A few rounds of scripts/torture.py: a worker that is struck, jumps and undo cost no picture."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sees processes as Linux shows them")


@pytest.fixture
def stage(neural_growth, tmp_path, monkeypatch):
    """The stage of the script in the Blender of the tests."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    inside = importlib.import_module("torture_inside")
    neural_growth.module("addon.library").forget()
    configure = neural_growth.module("addon.engine").configure
    found = object.__new__(inside.Stage)
    found.folder, found._device = tmp_path, "numpy"
    monkeypatch.setattr(
        neural_growth.module("addon.engine"),
        "configure",
        lambda told, *rest: configure(told._replace(device="numpy"), *rest),
    )
    return found


@pytest.mark.parametrize(
    ("part", "times"), [("torture_worker:play", 1), ("torture_live:jump", 4), ("torture_leaks:add", 2)]
)
def test_strikes_jumps_and_undo_cost_no_picture(stage, part, times):
    module, _, name = part.partition(":")
    steps = getattr(importlib.import_module(module), name)(stage, times=times, seed=3)
    with pytest.raises(StopIteration) as end:
        while True:
            next(steps)
    assert end.value.value
