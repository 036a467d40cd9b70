# SPDX-License-Identifier: GPL-3.0-or-later
"""The live material shows each map where it belongs, the right way up."""

from __future__ import annotations

import numpy as np
import pytest

from blender_nca.maps.channels import MAPS
from blender_nca.maps.colour import srgb_to_linear
from blender_nca.maps.packing import pack_live


def test_every_map_has_its_channel_and_the_top_row_comes_last():
    maps = np.random.default_rng(1).random((8, 5, 3)).astype(np.float32)
    packed = pack_live(maps)
    assert packed.dtype == np.float32
    assert packed.shape == (2, 5, 3, 4)
    assert packed.flags.c_contiguous
    for row in range(5):
        pixel, up = packed[:, 4 - row], maps[:, row]
        assert (srgb_to_linear(up[0:3]) == pixel[0, :, :3].T).all()
        assert (pixel[0, :, 3] == up[3]).all()
        assert (pixel[1, :, 0] == up[5]).all()
        assert (pixel[1, :, 1] == up[6]).all()
        assert (pixel[1, :, 2] == up[4]).all()
        assert (pixel[1, :, 3] == up[7]).all()


def test_the_maps_are_left_as_they_are():
    maps = np.full((8, 2, 2), 0.5, dtype=np.float32)
    pack_live(maps)
    assert (maps == 0.5).all()


def test_every_channel_belongs_to_one_map():
    assert sorted(place for part in MAPS.values() for place in range(8)[part]) == list(range(8))


@pytest.mark.parametrize("shape", [(4, 4), (7, 4, 4), (4, 4, 8), (8, 0, 4)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match=r"shape \(8, height, width\)"):
        pack_live(np.zeros(shape))
