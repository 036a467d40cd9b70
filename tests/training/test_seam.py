# SPDX-License-Identifier: GPL-3.0-or-later
"""A tile must not show where it was cut: fronts of one seed meet there, and training has to see the line they leave."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from blender_nca.learning.pool import Pool  # noqa: E402
from blender_nca.learning.textures import seam  # noqa: E402
from blender_nca.manifold.renderer import interpolation  # noqa: E402
from blender_nca.training.config import TrainingConfig  # noqa: E402
from blender_nca.training.evaluation import seams  # noqa: E402
from blender_nca.training.materials import Materials  # noqa: E402

CELLS, PIXELS = 16, 4
CONFIG = TrainingConfig("one", ("zebra",), sisters=1, exemplar_pixels=64, cells=CELLS, pixels_per_cell=PIXELS)


@pytest.fixture
def tiles() -> torch.Tensor:
    """Two tiles of noise, the second with a crack along its border."""
    noise = torch.rand(1, 8, CELLS, CELLS, generator=torch.Generator().manual_seed(0)).expand(2, -1, -1, -1)
    maps = noise.repeat_interleave(PIXELS, 2).repeat_interleave(PIXELS, 3).clone()
    maps[1, :, 0] = maps[1, :, :, 0] = 0
    maps[1, :, -1] = maps[1, :, :, -1] = 1
    return maps


def test_training_sees_a_seam(tiles):
    judged = seam(tiles, PIXELS)
    assert judged[1] > 1.5 * judged[0]
    assert float(judged[0]) == pytest.approx(1, abs=0.2)


def test_the_evaluation_finds_a_seam_where_it_is_and_nowhere_else(tiles, monkeypatch):
    class Tiles:
        """What stands where a grids would grow."""

        def __init__(self, *_):
            pass

        def grow(self, steps):
            return self

        def paint(self, pixels):
            return tiles.numpy()

    monkeypatch.setattr(seams, "ParallelGrowths", Tiles)
    monkeypatch.setattr(seams, "CELLS", (CELLS, CELLS))
    here, elsewhere = seams.measure_seams(SimpleNamespace(card={"pixels_per_cell": PIXELS}), ["A", "C"], 3)
    assert here == pytest.approx(seam(tiles, PIXELS).tolist(), rel=0.01)
    assert here[1] > 1.5 * max(here[0], *elsewhere)


def test_a_seam_costs_where_fronts_met_and_nowhere_else(tiles):
    subject = Materials(CONFIG, torch.device("cpu"), None)
    state = torch.ones(2, CELLS, CELLS, 16)
    fine = torch.from_numpy(interpolation(CELLS, PIXELS))
    first, share = torch.zeros(2, dtype=torch.long), torch.zeros(2)

    def loss(single):
        random = np.random.default_rng(0)
        return subject.judge(state, tiles, fine, first, first, share, torch.tensor(single), random).loss

    assert loss([False, True]) > loss([True, False])


def test_a_pool_knows_which_grids_grew_from_one_seed_in_the_middle():
    subject = Materials(CONFIG, torch.device("cpu"), None)
    pool = Pool(4, 8, 0.25, lambda random: subject.sow(CELLS, 16, random), 0)
    random = np.random.default_rng(1)
    for place in range(0, len(pool), 2):
        pool.states[place] = pool.renew(place, random)
    alive = pool.states[..., -1] > 0
    middle = (alive.sum((1, 2)) == 1) & alive[:, CELLS // 2, CELLS // 2]
    assert torch.equal(pool.single, middle) and 0 < int(middle.sum()) < len(pool)
