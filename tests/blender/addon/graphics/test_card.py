# SPDX-License-Identifier: GPL-3.0-or-later
"""An artist without PyTorch, with any card, must see the growth that all others see: here software draws."""

from __future__ import annotations

import sys
from pathlib import Path

import gpu
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


@pytest.mark.parametrize("name", ["materials", "emoji"])
def test_a_card_grows_and_paints_what_the_reference_does(neural_growth, card, name):
    trial = neural_growth.module("manifold.shader_trial")
    manifold = neural_growth.module("manifold.manifold").Manifold.open(MODELS / name)
    difference = trial.tell(trial.compare(card, manifold))
    assert difference.right, difference
    assert "torch" not in sys.modules
