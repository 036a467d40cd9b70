# SPDX-License-Identifier: GPL-3.0-or-later
"""A growth that goes on from a state on disk is bit for bit the one that grew in one go."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from blender_nca.automaton.kept_states import KeptStates
from blender_nca.automaton.rollout import Rollout
from blender_nca.maps.order import Order
from tests.automaton.test_layers import BACKENDS, layered, rollout

ORDER = Order(80, 12.0)
GROWTH = replace(layered(), settling=2)  # also descent and when cells were woken are parts of its state


def steps_counted(some: Rollout) -> list[int]:
    grown, grow = [], some.automaton.grow
    some.automaton.grow = lambda *args, **named: grown.append(1) or grow(*args, **named)
    return grown


@pytest.mark.parametrize("backend", ["numpy", *BACKENDS])
def test_chunks_go_on_from_what_others_left(tmp_path, backend):
    states, whole = KeptStates(tmp_path / "new", backend), rollout(backend)
    maps, order = whole.maps(GROWTH, 12), whole.order(GROWTH, 12, ORDER)
    first = rollout(backend)
    first.maps(GROWTH, 7)
    first.keep(GROWTH, 7, states)
    (path,) = (tmp_path / "new").iterdir()
    second = rollout(backend)
    grown = steps_counted(second)
    second.recall(GROWTH, 12, states)
    np.testing.assert_array_equal(second.maps(GROWTH, 12), maps)
    np.testing.assert_array_equal(second.order(GROWTH, 12, ORDER), order)
    assert len(grown) == GROWTH.steps_until(12) - GROWTH.steps_until(7)
    if backend != "numpy":
        return
    # what is damaged, or another's, is not taken
    for damage in (path.read_bytes()[:-40], b"", bytes(len(path.read_bytes()))):
        path.write_bytes(damage)
        third = rollout(backend)
        third.recall(GROWTH, 12, states)
        assert not third._held and not third._landmarks
    first.keep(GROWTH, 7, KeptStates(tmp_path / "new", "another training"))
    assert states.read(GROWTH.moment(7).key) is None and len(list((tmp_path / "new").iterdir())) == 2
