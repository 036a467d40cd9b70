# SPDX-License-Identifier: GPL-3.0-or-later
"""A bake is the live growth also where that goes by its age, and where it lives on a mesh."""

from __future__ import annotations

import bpy
import numpy as np
import pytest

from ..material.test_age import driven_by_an_object, keyed, strips
from ..surface.test_surface import CELLS, on_cube


def bakes_what_is_live(growing, material, folder):
    live = {}
    for frame in range(1, 7):
        bpy.context.scene.frame_set(frame)
        live[frame] = growing.pixels(material)[1][..., 0]
    nca = material.nca
    nca.bake_start, nca.bake_end, nca.bake_folder = 1, 6, str(folder)
    assert bpy.ops.nca.bake() == {"FINISHED"}
    kept = growing.module("addon.bake.kept")
    for frame, roughness in live.items():
        baked = kept.read_maps(material, frame)["roughness"][::-1]
        np.testing.assert_allclose(baked, roughness, atol=2.1e-3, err_msg=str(frame))
    assert len({roughness.tobytes() for roughness in live.values()}) > 1


@pytest.mark.parametrize("animated", [keyed, strips, driven_by_an_object])
def test_a_growth_that_ages_is_baked_as_it_is_seen(growing, tmp_path, animated):
    """Held and taken back, too: a frame of the growth may be baked several times."""
    material = growing.material(clock="AGE", full_frames=10)
    animated(material)
    bakes_what_is_live(growing, material, tmp_path)


def test_a_growth_on_a_mesh_is_baked_as_it_is_seen(growing, tmp_path):
    material = growing.material(width=CELLS, height=CELLS, pixels_per_cell=2, seeds="SCATTERED")
    bpy.data.objects.remove(bpy.context.object)
    on_cube(material, "Cube")
    material.nca.over = "MESH"
    bakes_what_is_live(growing, material, tmp_path)
    with pytest.raises(RuntimeError, match="Free Bake"):
        bpy.ops.nca.plant_seed(at=(0.5, 0.5))
    assert not len(material.nca.points)
