# SPDX-License-Identifier: GPL-3.0-or-later
"""glTF of a bake: what a game engine gets is the baked picture of the current frame."""

from __future__ import annotations

import bpy
import numpy as np
from PIL import Image

from ..exported import export, linear, picture


def test_a_baked_sequence_is_exported_in_its_current_frame(exporting, tmp_path):
    material = exporting.material(seeds="SCATTERED")
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
    material.nca.bake_start, material.nca.bake_end = 1, 6
    assert bpy.ops.nca.bake(material=material.name) == {"FINISHED"}
    pictures = {}
    for frame in (2, 6):
        bpy.context.scene.frame_set(frame)
        written, whole = export(tmp_path, f"frame{frame}")
        pictures[frame] = picture(tmp_path, whole, written["pbrMetallicRoughness"]["baseColorTexture"])
        (path,) = (tmp_path / "textures").rglob(f"{material.name}_base_colour_{frame:04d}.png")
        with Image.open(path) as image:
            baked = np.asarray(image.convert("RGBA"), float) / 255
        alpha = baked[..., 3:]
        wanted = alpha * linear(baked[..., :3]) + (1 - alpha) * 0.8
        np.testing.assert_allclose(linear(pictures[frame][..., :3]), wanted, atol=0.02)
    assert np.abs(pictures[2] - pictures[6]).max() > 0.1
