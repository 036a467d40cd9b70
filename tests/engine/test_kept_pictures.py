# SPDX-License-Identifier: GPL-3.0-or-later
"""Who looks through species and comes back to one sees it at once, and no memory fills up meanwhile."""

from __future__ import annotations

import numpy as np

from blender_nca.engine.devices import NUMPY
from blender_nca.engine.grower import Grower
from blender_nca.engine.kept_pictures import MOST_BYTES, KeptPictures
from blender_nca.engine.pixel_block import PixelBlock
from tests.engine.tiny import growth


def test_a_growth_that_was_left_is_shown_again_without_being_painted(models):
    grower = Grower([models], NUMPY, lambda news: None)

    def ask(frame: int, **changes) -> np.ndarray:
        with PixelBlock.create("nca-test", 4 * 2 * 32 * 48 * 4) as block:
            said = {
                "growth": growth(**changes).to_json(),
                "frame": frame,
                "slot": "moss",
                "block": block.name,
            }
            grower.frame(said, lambda: False)
            pixels = block.read((2, 32, 48, 4)).copy()
            block.unlink()
        return pixels

    first = [ask(frame) for frame in (3, 4)]
    other = ask(4, random_seed=9)
    grower._manifold = None  # nothing can be grown any more
    np.testing.assert_array_equal(ask(4), first[1])
    np.testing.assert_array_equal(ask(4, random_seed=9), other)


def test_pictures_that_were_left_take_bounded_memory():
    kept, images = KeptPictures(), np.zeros(MOST_BYTES // 3, np.uint8)
    kept.show("moss", "huge", ("huge",), (np.zeros(MOST_BYTES + 1, np.uint8), 1.0))
    for number in range(9):
        kept.show("moss", f"growth {number}", (number,), (images, 1.0))
    assert [kept.find((number,)) is not None for number in range(9)] == [False] * 5 + [True] * 3 + [False]
    assert kept.find(("huge",)) is None
