# SPDX-License-Identifier: GPL-3.0-or-later
"""A loop has no seam, and changes nothing of what the cells do."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from blender_nca.automaton.growth import Genotype, Growth, GrowthError, Loop
from blender_nca.automaton.rollout import Rollout
from blender_nca.genetics import read_library
from blender_nca.kernels.library import open_library
from blender_nca.manifold.backend import open_automaton
from blender_nca.manifold.manifold import Manifold
from blender_nca.maps.order import Order

MODELS = Path(__file__).parents[2] / "models"
MANIFOLD = Manifold.open(MODELS / "materials")
DNAS = [species.dna for species in read_library([MODELS]).by_dna_alone("materials")]
PLAIN = Growth("materials", (Genotype(DNAS[:2], ((1, 0), (0.8, 0.2), (0.5, 0.5))),), 24, 16, 2, steps=(4.0,))
LOOPED = replace(PLAIN, loop=Loop(20, 10, 5))
BACKENDS = ["numpy", *(["kernels"] if open_library() else [])]


def rollout(backend: str = "numpy") -> Rollout:
    return Rollout(open_automaton(MANIFOLD, backend))


def test_the_frame_after_the_last_is_the_first():
    played = rollout()
    for frame in (20, 24, 27, 29):
        assert (played.maps(LOOPED, frame) == played.maps(LOOPED, frame + 10)).all()
    shown = [played.maps(LOOPED, frame) for frame in range(19, 31)]
    steps = [float(np.abs(a - b).mean()) for a, b in pairwise(shown)]
    cut = float(np.abs(played.maps(PLAIN, 29) - played.maps(PLAIN, 20)).mean())
    assert steps[-1] < 2 * np.median(steps) < cut, "it goes over the joint as it does over other frames"


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_frame_of_a_loop_asked_alone_is_the_frame_reached_in_any_order(backend):
    played = rollout(backend)
    for frame in (29, 21, 47, 26):
        alone = rollout(backend)
        assert (played.live(LOOPED, frame) == alone.live(LOOPED, frame)).all()
        assert played.living(LOOPED, frame) == alone.living(LOOPED, frame) > 0


def test_a_loop_looks_the_same_on_every_backend():
    torch = pytest.importorskip("torch")
    from blender_nca.manifold.torch_automaton import TorchAutomaton

    assert torch
    plain = rollout().maps(LOOPED, 28)
    for fast in [Rollout(TorchAutomaton(MANIFOLD)), *(rollout(name) for name in BACKENDS[1:])]:
        assert np.abs(plain - fast.maps(LOOPED, 28)).max() < 1 / 255


def test_before_it_fades_a_loop_shows_the_growth_as_it_is():
    for frame in (0, 7, 20, 25):
        assert (rollout().maps(LOOPED, frame) == rollout().maps(PLAIN, frame)).all()
        assert LOOPED.moment(frame) == PLAIN.moment(frame), "the cells are the same, and grown once"


def test_growth_order_rests_in_a_loop():
    played, order = rollout(), Order(80, 12.0)
    early = replace(PLAIN, loop=Loop(3, 4, 2))  # it has not covered its grid yet
    assert (played.order(early, 3, order) == played.order(early, 6, order)).all()
    assert (played.order(PLAIN, 3, order) != played.order(PLAIN, 6, order)).any()


def test_frames_that_fade_have_keys_of_their_own():
    """A bake would leave files of another loop, and playback a picture of it."""
    others = [PLAIN, replace(PLAIN, loop=Loop(20, 10, 6)), replace(PLAIN, loop=Loop(19, 11, 5))]
    for other in others:
        assert LOOPED.chain(29)[28] != other.chain(29)[28]
        assert LOOPED.picture_key(28) != other.picture_key(28)
        assert LOOPED.chain(29)[10] == other.chain(29)[10]
        assert LOOPED.key != other.key
    assert LOOPED.chain(35)[32] == LOOPED.chain(35)[22] and LOOPED.picture_key(32) == LOOPED.picture_key(22)


def test_a_loop_survives_being_written_as_json():
    assert Growth.from_json(LOOPED.to_json()) == LOOPED
    assert "loop" not in PLAIN.to_json(), "growths without one are written as before"


@pytest.mark.parametrize("loop", [(20, 0, 1), (20, 10, 0), (20, 10, 11), (3, 10, 5)])
def test_a_loop_that_cannot_be_is_refused_with_what_to_do(loop):
    with pytest.raises(GrowthError, match=r"choose|let it begin"):
        Loop(*loop)
