# SPDX-License-Identifier: GPL-3.0-or-later
"""A contest: contenders take turns at growing one living grid; each is shown to grow the same before it is timed."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

CHANNELS, HIDDEN = 16, 128
STEPS = 8
"""Steps in one timing."""


class Skipped(Exception):
    """Something that cannot be measured here; says why."""


def take_turns(contenders: dict[str, Callable[[], float | None]], rounds: int) -> dict[str, float]:
    """Median seconds of each contender: those that it returns, or those that the call took."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name, run in contenders.items():
            began = time.perf_counter()
            own = run()
            if number:  # the first is to warm up
                times[name].append(time.perf_counter() - began if own is None else own)
    return {name: median(each) for name, each in times.items()}


def living_grid(side: int):
    """A state of which every cell lives and goes on living, and a rule: ndarray (side, side, channels), UpdateRule."""
    import numpy as np

    from blender_nca.automaton.update_rule import LIFE, UpdateRule

    random = np.random.default_rng(0)
    state = (0.1 * random.standard_normal((side, side, CHANNELS))).astype(np.float32)
    state[..., LIFE] = 1
    shapes = (4 * CHANNELS, HIDDEN), (1, HIDDEN), (HIDDEN, CHANNELS)
    scales = 0.05, 0.05, 0.01
    return state, UpdateRule(
        *(
            (s * random.standard_normal(shape)).astype(np.float32)
            for s, shape in zip(scales, shapes, strict=True)
        )
    )


def grow(state, rule, steps: int, draft: int = 0):
    """Grow by this program's own step on a processor, with products of its choice: ndarray of the shape of `state`."""
    import torch

    from blender_nca.automaton import native_step, torch_step
    from blender_nca.automaton.chance import cell_numbers
    from blender_nca.automaton.native_choice import choose_products
    from blender_nca.automaton.update_rule import UpdateRule

    if native_step.suits(CHANNELS, rule.out_of_hidden.shape[-2]):
        choose_products()
        return native_step.grow(state, [rule], [None], 0, 0, steps, draft=draft)
    with torch.inference_mode():
        cells = torch.from_numpy(cell_numbers(*state.shape[:2]))
        weights = UpdateRule(*(torch.from_numpy(weight) for weight in vars(rule).values()))
        return torch_step.grow(torch.from_numpy(state)[None], [weights], [None], 0, 0, steps, cells)[
            0
        ].numpy()


def require_same(name: str, theirs, state, rule) -> None:
    """End where a contender's step, every cell firing, is not that of the reference (away from the border)."""
    import numpy as np

    from blender_nca.automaton import reference

    ours = reference.step(np.moveaxis(state, 2, 0), [rule], [None], 0, 0, fire_rate=1.0)
    difference = np.abs(np.moveaxis(ours, 0, 2) - theirs)[2:-2, 2:-2].max()
    if not difference < 1e-4:
        raise SystemExit(
            f"benchmark: {name} grows something else (difference {difference:.1e}): nothing was timed."
        )


def void(_) -> None:
    """Return None, so that `take_turns` measures the time: what a contender grew would be taken for seconds."""
