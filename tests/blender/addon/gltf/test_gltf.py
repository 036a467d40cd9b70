# SPDX-License-Identifier: GPL-3.0-or-later
"""glTF: what a game engine gets is the growth of the current frame, with its own maps in each place."""

from __future__ import annotations

import bpy
import numpy as np
import pytest

from ..exported import export, linear, picture


def test_a_growing_material_is_exported_as_it_is_in_the_frame(exporting, tmp_path):
    material = exporting.material(seeds="SCATTERED")
    scene, nodes = bpy.context.scene, material.node_tree.nodes
    nodes["Neural Growth"].inputs["Ground Colour"].default_value = (0.2, 0.4, 0.6, 1.0)
    for frame in (3, 6):
        scene.frame_set(frame)
        grown = exporting.grown(material, frame)[:, ::-1]
        colour, data = grown
        alpha = colour[..., 3:]
        written, whole = export(tmp_path, f"frame{frame}")
        pbr = written["pbrMetallicRoughness"]
        seen = linear(picture(tmp_path, whole, pbr["baseColorTexture"])[..., :3])
        np.testing.assert_allclose(
            seen, alpha * colour[..., :3] + (1 - alpha) * np.float32((0.2, 0.4, 0.6)), atol=0.01
        )
        packed = picture(tmp_path, whole, pbr["metallicRoughnessTexture"])
        for channel, place, ground in ((1, 0, 0.5), (2, 1, 0.0)):
            wanted = alpha[..., 0] * data[..., place] + (1 - alpha[..., 0]) * ground
            np.testing.assert_allclose(packed[..., channel], wanted, atol=0.01)
        normal = picture(tmp_path, whole, written["normalTexture"]) * 2 - 1
        np.testing.assert_allclose(np.linalg.norm(normal, axis=-1), 1, atol=0.03)
        assert normal[..., 2].min() > 0
        assert written.get("alphaMode", "OPAQUE") == "OPAQUE"


@pytest.mark.parametrize("is_glowing", [False, True], ids=["dull", "glowing"])
def test_only_what_glows_has_emission(exporting, tmp_path, monkeypatch, is_glowing):
    material = exporting.material(seeds="SCATTERED")
    bpy.context.scene.frame_set(4)
    pictures = exporting.module("addon.gltf.pictures")
    grow = pictures.grow

    def with_emission(*given):
        maps = grow(*given)
        return {
            **maps,
            "alpha": 0 * maps["alpha"] + 1,
            "emission": 0 * maps["emission"] + (0.9 if is_glowing else 0.05),
        }

    monkeypatch.setattr(pictures, "grow", with_emission)
    material.node_tree.nodes["Neural Growth"].inputs["Glow"].default_value = 3.0
    written, whole = export(tmp_path)
    assert ("emissiveTexture" in written) == is_glowing
    assert any(written.get("emissiveFactor", [0, 0, 0])) == is_glowing
    strength = written.get("extensions", {}).get("KHR_materials_emissive_strength", {})
    assert strength.get("emissiveStrength") == (3.0 if is_glowing else None)
    if is_glowing:
        base = linear(picture(tmp_path, whole, written["pbrMetallicRoughness"]["baseColorTexture"])[..., :3])
        light = linear(picture(tmp_path, whole, written["emissiveTexture"])[..., :3])
        np.testing.assert_allclose(light, 0.9 * base, atol=0.02)


def test_a_material_that_does_not_grow_is_exported_as_ever(exporting, tmp_path):
    exporting.material()
    bpy.ops.nca.remove()
    written, whole = export(tmp_path)
    assert "images" not in whole and "normalTexture" not in written


def test_a_growth_that_cannot_be_grown_is_told_and_leaves_no_wrong_maps(exporting, tmp_path, capfd):
    material = exporting.material()
    bpy.context.scene.frame_set(3)
    material.nca.a.manifold = "lost"
    written, _ = export(tmp_path)
    assert "normalTexture" not in written and "emissiveTexture" not in written
    assert "The growth of Wood is not written" in "".join(capfd.readouterr())
