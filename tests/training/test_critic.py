# SPDX-License-Identifier: GPL-3.0-or-later
"""What no distance made by hand sees must be learned from, or artists get beads for cracks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from blender_nca.automaton.update_rule import LIFE  # noqa: E402
from blender_nca.manifold.architecture import Architecture  # noqa: E402
from blender_nca.training.config import ConfigError, TrainingConfig  # noqa: E402
from blender_nca.training.critic import Critic  # noqa: E402
from blender_nca.training.evaluation.materials import draw_variety  # noqa: E402
from blender_nca.training.evaluation.patches import (  # noqa: E402
    colour_signature,
    patch_distance,
    rank_gaussian,
    scramble_phases,
)
from blender_nca.training.trainer import Trainer  # noqa: E402

CRITICISED = TrainingConfig(
    "criticised",
    ("zebra",),
    architecture=Architecture(8, 8, 12, 6, 8, 8, 4),
    sisters=1,
    exemplar_pixels=64,
    cells=18,
    iterations=24,
    batch=2,
    steps=(2, 4),
    pool=2,
    warm_up=3,
    critic=1.5,
)


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("exemplars") / "exemplars.npz"


def train(trainer: Trainer, iterations: int) -> Trainer:
    for _ in range(iterations):
        trainer.train()
    return trainer


def cover(trainer: Trainer) -> Trainer:
    """Let all grids be covered, so that there is something to criticise."""
    trainer.pool.states[:] = torch.rand(trainer.pool.states.shape, generator=torch.Generator().manual_seed(1))
    trainer.pool.states[..., LIFE] = 1
    return trainer


def test_a_resumed_training_has_the_same_critic(tmp_path, cache):
    unbroken = train(cover(Trainer(CRITICISED, cache=cache)), 9)
    assert not unbroken.recent.isnan().all(), "no grid was covered: nothing was criticised"
    train(first := cover(Trainer(CRITICISED, cache=cache)), 4)
    first.save(tmp_path / "checkpoint.pt")
    second = Trainer(CRITICISED, cache=cache)
    second.resume(tmp_path / "checkpoint.pt")
    train(second, 5)
    for name, weight in unbroken.weights.items():
        assert torch.equal(weight, second.weights[name]), name


def test_a_critic_may_join_a_run(tmp_path, cache):
    alone = cover(Trainer(replace(CRITICISED, critic=0.0), cache=cache))
    train(alone, 2).save(tmp_path / "checkpoint.pt")
    joined = Trainer(CRITICISED, cache=cache)
    joined.resume(tmp_path / "checkpoint.pt")
    train(alone, 1), train(joined, 1)
    assert any(not torch.equal(weight, joined.weights[name]) for name, weight in alone.weights.items())


def test_a_critic_pulls_pictures_to_where_exemplars_are():
    """Pixels alone, pulled by nothing else: from scrambled phases, which are all that a spectrum knows, to stripes."""
    exemplar = draw_variety("zebra", "Zebra")[:, :96, :96].copy()
    scrambled = 0.5 + 0.25 * scramble_phases(rank_gaussian(exemplar))
    picture = torch.from_numpy(np.broadcast_to(scrambled, exemplar.shape).copy())[None]
    wanted = colour_signature(exemplar)

    def measure():
        return patch_distance(colour_signature(picture[0].detach().clip(0, 1).numpy()), wanted)

    before = measure()
    critic, random = Critic(1, torch.device("cpu"), 0), np.random.default_rng(0)
    picture.requires_grad_()
    steps = torch.optim.Adam([picture], 0.02)
    for _ in range(120):
        picture.grad = critic.criticise(
            picture, torch.from_numpy(exemplar)[None], torch.zeros(1).long(), random
        )
        steps.step()
    assert measure() < before / 2


def test_figures_have_no_critic(tmp_path):
    path = tmp_path / "training.toml"
    path.write_text('name = "x"\natlas = "atlas.png"\ncritic = 1.0\n')
    with pytest.raises(ConfigError, match="critic is for materials"):
        TrainingConfig.read(path)
