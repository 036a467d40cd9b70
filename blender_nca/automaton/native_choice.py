# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the kernels' products are fastest on this processor: measured once, and kept for the next start.

Full products have tall tiles of sums or wide ones, with the same sums. Those of a draft are of vectors or of tiles
(AMX), where there are any; a draft that would not be faster is grown in full.
"""

from __future__ import annotations

import contextlib
import json
import time
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ..kernels.library import identity, library, user_cache
from . import native_step
from .update_rule import UpdateRule

SIDE, CHANNELS, HIDDEN = 44, 16, 128
"""Cells across, few enough for one thread, and a rule as large as that of the bundled manifolds."""
STEPS, ROUNDS = 4, 9


class Choice(NamedTuple):
    """Products as `native_step` takes them."""

    wide: bool
    draft: int


@lru_cache(1)
def choose_products() -> Choice:
    """Use the fastest products from now on; the kernels must be there.

    Returns
    -------
    Choice
        `draft` is what `native_step.grow` takes for a draft: 0 where none is faster than the full growth.
    """
    path = user_cache() / f"products-{identity()}.json"
    try:
        wide, draft = json.loads(path.read_text("utf-8"))
        chosen = Choice(bool(wide), min(int(draft), library().nca_drafts()))
    except (OSError, ValueError, TypeError):
        chosen = measure_products()
        with contextlib.suppress(OSError):  # then it is measured at the next start too
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(chosen), "utf-8")
    library().nca_widen(chosen.wide)
    return chosen


def measure_products() -> Choice:
    """Let all products grow the same cells in turn, on one thread: of each the shortest time counts."""
    random = np.random.default_rng(0)
    rule = UpdateRule(
        *(
            (0.1 * random.standard_normal(shape)).astype(np.float32)
            for shape in ((4 * CHANNELS, HIDDEN), (1, HIDDEN), (HIDDEN, CHANNELS))
        )
    )
    state = np.full((SIDE, SIDE, CHANNELS), 0.5, np.float32)

    def seconds(wide: bool, draft: int) -> float:
        library().nca_widen(wide)
        begun = time.perf_counter()
        native_step.grow(state, [rule], [None], 0, 0, STEPS, draft=draft)
        return time.perf_counter() - begun

    shapes = (False, True) if library().nca_widen(False) else (False,)
    contenders = [Choice(wide, draft) for wide in shapes for draft in range(library().nca_drafts() + 1)]
    shortest = {each: min(seconds(*each) for _ in range(ROUNDS)) for each in contenders}
    wide = min(shapes, key=lambda shape: shortest[Choice(shape, 0)])
    return min((each for each in contenders if each.wide == wide), key=shortest.__getitem__)
