# SPDX-License-Identifier: GPL-3.0-or-later
"""What no distance made by hand sees must be learned from, or artists get beads for cracks."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from blender_nca.learning.critic import Critic  # noqa: E402
from blender_nca.learning.patches import (  # noqa: E402
    colour_signature,
    patch_distance,
    rank_gaussian,
    scramble_phases,
)
from blender_nca.learning.textures import Textures  # noqa: E402
from blender_nca.training.exemplars import draw_variety  # noqa: E402


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


def test_a_photograph_smaller_than_what_grows_is_learned_from():
    """Pieces of it lie within it, those of a texture that tiles go on beyond its borders."""
    random, species = np.random.default_rng(0), torch.zeros(2).long()
    picture = torch.from_numpy(random.integers(0, 256, (1, 8, 96, 128), np.uint8))
    photograph, tile = (Textures(picture, tiles=tiles) for tiles in (False, True))
    assert photograph.cut(species, 80, random).shape == (2, 8, 80, 80)
    assert tile.cut(species, 144, random).shape == (2, 8, 144, 144)
    pieces = photograph.cut(species, 144, random)
    assert pieces.shape == (2, 8, 96, 128)
    torch.testing.assert_close(pieces[0], picture[0, :, :, :].float() / 255)

    grown = torch.rand(2, 8, 144, 144, requires_grad=True)
    critic = Critic(1, torch.device("cpu"), 0)
    painted = grown * 1.0
    critic.pull(painted, torch.tensor([1]), pieces[:1], species[:1], 0.5, random)
    painted.mean().backward()
    plain, pulled = grown.grad.flatten(1).norm(dim=1)
    assert 0.5 * plain <= pulled <= 1.5 * plain and pulled != plain
