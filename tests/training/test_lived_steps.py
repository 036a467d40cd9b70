# SPDX-License-Identifier: GPL-3.0-or-later
"""Grids that only have to stay as they are take few steps, and half of the time of training is saved."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

torch = pytest.importorskip("torch")

from blender_nca.automaton import through_time  # noqa: E402
from blender_nca.automaton.update_rule import LIFE  # noqa: E402
from blender_nca.training import trainer as trainer_room  # noqa: E402
from blender_nca.training.config import TrainingConfig  # noqa: E402
from blender_nca.training.trainer import Trainer  # noqa: E402
from tests.training.untrained import SIZES  # noqa: E402

CONFIG = TrainingConfig(
    "figures",
    atlas=str(Path(__file__).with_name("few_emoji.png")),
    architecture=SIZES,
    cells=34,
    pixels_per_cell=2,
    iterations=8,
    batch=4,
    steps=(14, 18),
    lived_steps=(2, 4),
    fresh=0.25,
    pool=1,
    blends=0.0,
    warm_up=0,
)


def test_every_fourth_batch_begins_anew_and_the_others_go_on(monkeypatch):
    trainer, seen = Trainer(CONFIG), []

    def grow(state, rule, seed, steps, *rest):
        seen.append((steps, int((state[..., LIFE].flatten(1).count_nonzero(1) == 1).sum())))
        return through_time.grow(state, rule, seed, steps, *rest)

    monkeypatch.setattr(trainer_room, "through_time", SimpleNamespace(grow=grow))
    for _ in range(8):
        trainer.train()
    for iteration, (steps, sown) in enumerate(seen):
        bounds = CONFIG.steps if iteration % 4 == 0 else CONFIG.lived_steps
        assert bounds[0] <= steps < bounds[1] and (sown == CONFIG.batch or iteration % 4), iteration
    assert trainer.pool.age.max() > CONFIG.steps[1], "grids go on"
    assert trainer.cell_steps == pytest.approx(4 * 34**2 * (0.25 * 15.5 + 0.75 * 2.5))


def test_a_configuration_may_name_them(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text('name = "x"\nfamilies = ["moss"]\nlived_steps = [8, 18]\n')
    assert TrainingConfig.read(path).lived_steps == (8, 18)
