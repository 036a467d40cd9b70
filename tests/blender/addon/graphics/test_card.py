# SPDX-License-Identifier: GPL-3.0-or-later
"""An artist without PyTorch, with any card, must see the growth that all others see: here software draws."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import gpu
import numpy as np
import pytest

MODELS = Path(__file__).resolve().parents[4] / "models"


@pytest.fixture(scope="module")
def card(enabled_neural_growth):
    """The card of this Blender: without a window there is one from 5.2 on, where a driver is installed."""
    try:
        gpu.init()
    except (AttributeError, SystemError) as error:
        pytest.skip(f"no card without a window: {error}")
    return enabled_neural_growth.module("addon.graphics.card").BlendersCard()


def test_a_card_grows_and_paints_what_the_reference_does(neural_growth, card):
    trial = neural_growth.module("manifold.shader_trial")
    manifold = neural_growth.module("manifold.manifold").Manifold.open(MODELS / "materials")
    species = neural_growth.module("genetics.library").read_library([MODELS]).by_dna_alone("materials")
    difference = trial.tell(trial.compare(card, manifold, (species[7].dna, species[40].dna)))
    assert difference.right, difference
    assert "torch" not in sys.modules


def test_every_blender_takes_what_shaders_are_given(neural_growth):
    """Also one that has no card without a window: it says at once what it does not know."""
    glsl, card = neural_growth.module("kernels.glsl"), neural_growth.module("addon.graphics.card")
    shaders = [each for each in vars(glsl).values() if isinstance(each, glsl.Shader)]
    for shader in shaders:
        grain = 8 if "grain" in shader.pictures else 0
        card.describe(shader, {"CHANNELS": 16, "HIDDEN": 96, "PAINTING": 40, "GRAIN": grain})
        assert len(shader.numbers) * 4 <= 128, "more is not handed over on every card"
        assert "#include" not in shader.source(CHANNELS=16, HIDDEN=96, PAINTING=40)
    assert len(shaders) == 13


class Failing:
    """A card that works until it is told otherwise."""

    def __init__(self, card):
        self._card, self.broken = card, False

    def __getattr__(self, name):
        return getattr(self._card, name)

    def work(self, seconds):
        if self.broken:
            raise RuntimeError("the driver was reset")
        self._card.work(seconds)


def test_what_the_card_shows_is_what_the_worker_would_and_a_card_that_fails_is_replaced(neural_growth, card):
    growths, here = neural_growth.module("automaton.growth"), neural_growth.module("engine.frames_here")
    grower, devices = neural_growth.module("engine.grower"), neural_growth.module("engine.devices")
    cells, jobs = neural_growth.module("manifold.shader_automaton"), neural_growth.module("engine.job")
    failing = Failing(card)

    def open_cells(manifold, _):
        return cells.ShaderAutomaton(manifold, failing)

    others = []

    def otherwise(*asked):
        others.append(asked)
        job = jobs.Job({})
        job.end(value="the worker's")
        return job

    plain = grower.Grower([MODELS], devices.NUMPY, lambda news: None)
    on_card = grower.Grower([MODELS], devices.NUMPY, lambda news: None, open_cells=open_cells)
    frames = here.FramesHere(on_card, failing, otherwise)
    growth = growths.Growth(
        "materials",
        (growths.Genotype(("ACGT" * 8,)),),
        24,
        20,
        3,
        seeds=growths.Seeds("scattered", 5),
        steps=(1.5,),
    )
    stale, job, other = (
        frames.request(growth, 3, "a"),
        frames.request(growth, 12, "a"),
        frames.request(growth, 1, "b"),
    )
    assert stale.cancelled, "a newer frame of the same material takes the place of the older one"
    frame = job.result()
    rollout = plain.rollout(growth)
    assert frame.frame == 12 and frame.steps == growth.steps_until(12) and not other.done()
    assert frame.living == pytest.approx(rollout.living(growth, 12), abs=0.01) and frame.living > 0
    assert np.abs(frame.pixels - rollout.live(growth, 12)).max() < 1 / 255, "an eye could see it"

    cells_here = on_card.rollout(growth)
    state = cells_here.state(growth, 12)
    again = cells_here.automaton.take_in(cells_here.automaton.give_out(state))
    assert (cells_here.automaton.read(again) == cells_here.automaton.read(state)).all(), (
        "a state goes to a file and back"
    )

    assert other.result().frame == 1
    failing.widest = 64
    assert frames.request(growth, 2, "wide").result() == "the worker's" and not frames.problem
    failing.widest = card.widest
    waiting = frames.request(replace(growth, width=400, height=400), 200, "c")
    with pytest.raises(TimeoutError):  # nobody is held up for a frame that takes longer
        waiting.result(5.0)
    failing.broken = True
    assert waiting.result() == "the worker's" and frames.problem == "the driver was reset"
    assert [slot for _, _, slot in others] == ["wide", "c"], "who waits is served elsewhere"


def test_automatic_takes_the_card_where_it_is_right_and_faster(neural_growth, monkeypatch):
    measured, serving = (neural_growth.module(f"addon.graphics.{name}") for name in ("measured", "serving"))
    found = measured.Measured(
        1e-6, 1e-6, True, speeds={"64": 1000.0, "512": 500.0}, others={"64": 5000.0, "512": 100.0}
    )
    monkeypatch.setattr(measured, "_said_of", lambda: "this card")
    assert not serving.is_chosen(512 * 512), "a card that nobody tried is not used"
    measured.keep(found)
    assert measured.recall() == found
    assert serving.is_chosen(512 * 512) and not serving.is_chosen(64 * 64)
    *_, (said, _) = neural_growth.module("addon.graphics.box").lines()
    assert said.endswith("on grids as large as 512 x 512 cells.")
    neural_growth.preferences.device = "graphics"
    assert serving.is_chosen(64 * 64), "the artist's choice counts"
    measured.keep(replace(found, right=False))
    assert not serving.is_chosen(64 * 64), "but not where it grows something else"
    measured.keep(found)
    monkeypatch.setattr(measured, "_said_of", lambda: "another driver")
    assert not serving.is_chosen(64 * 64)
    neural_growth.preferences.device = "auto"
