# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps are named and numbered in one place; whoever adds one is told of each place that does not know it yet."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from blender_nca.kernels.library import open_library
from blender_nca.manifold.architecture import MAP_CHANNELS, Architecture
from blender_nca.manifold.native_automaton import NativeAutomaton
from blender_nca.maps.channels import CHANNELS, LIVE_IMAGES, MAPS, ORDER_MAPS, map_of
from blender_nca.maps.made_maps import MadeMaps
from blender_nca.maps.packing import pack_live
from blender_nca.maps.texture_maps import TEXTURE_MAPS

KERNELS = Path(__file__).resolve().parents[2] / "blender_nca" / "kernels"


def test_each_channel_is_of_one_map_and_once_in_the_live_images():
    assert sorted(channel for image in LIVE_IMAGES for channel in image) == sorted(CHANNELS)
    assert [map_of(channel) for channel in CHANNELS[:3]] == ["base_colour"] * 3
    assert list(dict.fromkeys(map(map_of, CHANNELS))) == list(MAPS)


def test_the_renderer_paints_these_channels():
    sizes = Architecture(dna_length=8, channels=8, hidden=16, painting=8)
    assert MAP_CHANNELS == CHANNELS
    assert sizes.initial_weights(0)["paint.2.bias"].shape == (len(CHANNELS),)


@pytest.mark.parametrize("name", ["painting.c", "painting_equations.cuh"])
def test_the_kernels_paint_as_many(name):
    sources = "".join((KERNELS / each).read_text("utf-8") for each in ("grid.h", name))
    (count,) = set(re.findall(r"\bMAPS\b\s*=?\s*(\d+)", sources))
    assert int(count) == len(CHANNELS)


@pytest.mark.skipif(open_library() is None, reason="no kernels on this machine")
def test_the_kernels_lay_live_images_out_as_the_table_says():
    """A painter that paints another constant into each channel."""
    from blender_nca.automaton.growth import Genotype, Growth
    from blender_nca.manifold.manifold import Manifold

    sizes = Architecture(dna_length=8, channels=16, hidden=16, painting=8)
    weights = sizes.initial_weights(0)
    weights["paint.2.weight"][:] = 0
    weights["paint.2.bias"][:] = np.linspace(0.2, 0.9, len(CHANNELS))
    automaton = NativeAutomaton(Manifold({"name": "constant"}, sizes, weights))
    growth = Growth("constant", (Genotype(("ACGTACGT",)),), 8, 8, pixels_per_cell=1)
    state, shares = np.zeros((8, 8, 16), np.float32), ((1.0,),)
    state[..., 3] = 1
    np.testing.assert_allclose(
        automaton.paint_live(state, growth, shares),
        pack_live(automaton.paint(state, growth, shares)),
        atol=1e-3,
    )


def test_each_texture_map_is_made_of_what_is_painted():
    painted = np.random.default_rng(0).random((len(CHANNELS) + len(ORDER_MAPS), 6, 5)).astype(np.float32)
    made = MadeMaps(painted[: len(CHANNELS)], "wrap", 1.0, painted[len(CHANNELS) :])
    for name, known in TEXTURE_MAPS.items():
        assert made[name].shape == (known.components, 6, 5) and made[name].dtype == np.float32, name
        assert made[name].min() >= -0.5 and made[name].max() <= 1 + 1e-6, name
