# SPDX-License-Identifier: GPL-3.0-or-later
"""Colours and shapes follow when each place came alive: it must be the same however a frame is reached."""

from __future__ import annotations

import numpy as np

from blender_nca.automaton.arrival import NEVER, date
from blender_nca.maps.order import Order
from tests.automaton.test_frames import GROWTH, rollout

ORDER = Order(end=40, front=6.0)


def test_the_order_of_a_frame_asked_alone_is_that_of_one_reached_in_any_order():
    played = rollout(memory=4 * 24 * 16 * 17 * 4)
    for frame in (9, 3, 12, 0, 9):
        assert (played.order(GROWTH, frame, ORDER) == rollout().order(GROWTH, frame, ORDER)).all()


def test_the_order_rises_from_the_seed_and_stays_where_it_was_grown():
    played = rollout()
    (early, front), (late, _) = (played.order(GROWTH, frame, ORDER) for frame in (4, 7))
    centre = np.unravel_index(early.argmin(), early.shape)
    assert np.abs(np.subtract(centre, (16, 24))).max() <= 2, "the seed is the oldest"
    assert early[early < 1].max() < 8.1 / 40 and late[late < 1].max() < 14.1 / 40
    inside = early < 4 / 40
    np.testing.assert_allclose(early[inside], late[inside], atol=0.02)
    assert (late < 1).sum() > (early < 1).sum() > 0, "what has not grown is 1"
    assert front[early == 1].max() == 0 and 0.5 < front.max() <= 1 and front[centre] == 0


def test_a_cell_that_dies_loses_its_arrival_and_one_that_lives_again_has_a_new_one():
    steps = [(0.0, 0.05, 1.0, 1.0), (0.2, 0.05, 0.05, 0.0), (0.2, 0.0, 0.3, 0.0), (0.2, 0.0, 0.3, 0.4)]
    arrival = None
    for step, life in enumerate(steps):
        arrival = date(arrival, np.array([life], np.float32), step)
    assert arrival.tolist() == [[1, NEVER, 0, 3]], "one that falters beside living ones keeps it"
