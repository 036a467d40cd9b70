# SPDX-License-Identifier: GPL-3.0-or-later
"""Reveal: an engine that lets the cutoff fall shows at each moment what had grown by then."""

from __future__ import annotations

import numpy as np

from blender_nca.maps.reveal import LEAST, cutoff_at, keys_of, latest_of, reveal


def test_each_cutoff_shows_what_has_arrived_and_the_last_one_all_of_it():
    random = np.random.default_rng(3)
    order = random.uniform(0, 0.8, (64, 64)).astype(np.float32)
    arrived = random.uniform(size=order.shape) < 0.7
    order[~arrived] = 1
    stored = np.round(reveal(order, arrived) * 255) / 255  # as in a PNG of 8 bits
    latest = latest_of(order, arrived)
    for share in (0.0, 0.1, 0.33, 0.7, 1.0):
        shown = stored >= cutoff_at(share, latest)
        wanted = arrived & (order <= share)
        assert (shown != wanted).mean() < LEAST, share
        assert not shown[~arrived].any()
    assert (stored >= cutoff_at(1.0, latest))[arrived].all()
    assert (stored >= cutoff_at(0.0, latest))[order == order.min()].all()


def test_keyframes_are_few_and_say_what_each_frame_says():
    values = [cutoff_at(min(1.0, 0.02 * frame), 0.9) for frame in range(20)]
    values += [values[-1]] * 10 + [values[-1] - 0.01 * frame**2 for frame in range(1, 10)]
    keys = keys_of(values)
    assert keys[0] == 0 and keys[-1] == len(values) - 1 and len(keys) < 15
    between = np.interp(np.arange(len(values)), keys, np.array(values)[keys])
    np.testing.assert_allclose(between, values, atol=LEAST / 8 + 1e-9)
    assert keys_of([0.5]) == [0]
