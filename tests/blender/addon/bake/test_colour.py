# SPDX-License-Identifier: GPL-3.0-or-later
"""Colour: a growth has the same colours live and baked, in each working space and colour configuration."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import bpy
import numpy as np
import pytest

from ..stage import closest, render, stage

ACES = "ocio://studio-config-v1.0.0_aces-v1.3_ocio-v2.1"
TO_SCENE = {
    "Linear Rec.709": np.eye(3),
    "Linear Rec.2020": [[0.6274, 0.0691, 0.0164], [0.3293, 0.9195, 0.0880], [0.0433, 0.0114, 0.8956]],
    "ACEScg": [[0.6131, 0.0702, 0.0206], [0.3395, 0.9164, 0.1096], [0.0474, 0.0135, 0.8698]],
}
"""Working space -> from linear Rec.709, as ITU-R BT.2087 and the Academy's TB-2014-004 give it; a row a primary."""
STARTED_IN = "ACEScg" if os.environ.get("OCIO") == ACES else "Linear Rec.709"
CAN_CHANGE = bpy.app.version >= (5, 0, 0) and STARTED_IN != "ACEScg"
"""Whether all working spaces are tried: with names of another configuration one is enough, and that a file changes."""
SPACES = list(TO_SCENE) if CAN_CHANGE else [STARTED_IN]


@pytest.fixture(params=SPACES)
def space(request, growing):
    """A clean file in a working space."""
    names = {"Linear Rec.709": ("Linear Rec.709", "Linear Rec.709 (sRGB)")}.get(
        request.param, (request.param,)
    )
    if bpy.app.version >= (5, 0, 0):
        properties = bpy.data.colorspace.bl_rna.properties["working_space"]
        (name,) = {item.identifier for item in properties.enum_items} & set(names)
        if bpy.data.colorspace.working_space != name:
            assert bpy.ops.wm.set_working_color_space(working_space=name) == {"FINISHED"}
    return request.param


def in_scene(light: np.ndarray, space: str) -> np.ndarray:
    """Linear Rec.709 light as the scene computes with it."""
    return light @ np.array(TO_SCENE[space], np.float32)


def means(picture: np.ndarray) -> np.ndarray:
    return picture.mean(axis=(0, 1))


def check_live(growing, material, folder: Path, frame: int, space: str) -> np.ndarray:
    """Render a frame of a live growth, and hold its colours against those that were grown."""
    colour, _ = growing.grown(material, frame)
    shown = colour[..., 3] > 0  # elsewhere the ground is seen
    picture = render(folder, frame)
    np.testing.assert_allclose(picture[shown], in_scene(colour[..., :3], space)[shown], rtol=5e-3, atol=1e-3)
    return picture


@pytest.mark.parametrize("seen", ["colour", "glow"])
def test_live_and_baked_light_is_right(growing, tmp_path, space, seen):
    material = growing.material(
        bake_start=4, bake_end=6, bake_folder=str(tmp_path / "baked"), seeds="SCATTERED"
    )
    stage(material, "colour")
    if seen == "glow":
        # the growth alone: the ground's light is said in the scene's own primaries
        nodes = material.node_tree.nodes
        group, light = nodes["Neural Growth"], nodes["Emission"]
        group.inputs["Ground Emission Strength"].default_value = 0.0
        group.inputs["Glow"].default_value = 2.0
        material.node_tree.links.new(group.outputs["Emission Color"], light.inputs["Color"])
        material.node_tree.links.new(group.outputs["Emission Strength"], light.inputs["Strength"])
    closest(material)
    colour, data = growing.grown(material, 5)
    grown = colour[..., :3] * (2 * data[..., 3:] if seen == "glow" else 1)
    # where there is no growth, the ground is seen: it is left out
    shown = colour[..., 3] > 0
    assert shown.sum() > 20 and grown[shown].max() > 0.3
    wanted = in_scene(grown, space)[shown]
    live = render(tmp_path, 5)[shown]
    np.testing.assert_allclose(live, wanted, rtol=5e-3, atol=1e-3)
    assert bpy.ops.nca.bake() == {"FINISHED"}
    closest(material)
    np.testing.assert_allclose(render(tmp_path, 5)[shown], wanted, rtol=5e-3, atol=1e-3)


def test_a_bake_is_as_bright_as_the_growth_between_its_pixels(growing, tmp_path, space):
    """Cycles filters sRGB pictures before it decodes them, which takes light from every edge."""
    material = growing.material(
        bake_start=5, bake_end=5, bake_folder=str(tmp_path / "baked"), seeds="SCATTERED"
    )
    stage(material, "colour")
    bpy.context.scene.cycles.filter_width = 1.5
    bpy.context.scene.cycles.samples = 64
    live = means(render(tmp_path, 5))
    assert bpy.ops.nca.bake() == {"FINISHED"}
    np.testing.assert_allclose(means(render(tmp_path, 5)), live, rtol=1e-3)


@pytest.mark.skipif(bpy.app.version < (5, 0, 0), reason="a file has no working space before Blender 5")
def test_a_saved_file_with_a_live_growth_changes_its_working_space(growing, tmp_path):
    material = growing.material(seeds="SCATTERED")
    stage(material, "colour")
    closest(material)
    before = render(tmp_path, 5)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "live.blend"))
    other = "Linear Rec.2020"
    assert bpy.ops.wm.set_working_color_space(working_space=other) == {"FINISHED"}
    assert not np.allclose(before, check_live(growing, material, tmp_path, 5, other), atol=1e-3)
    check_live(growing, material, tmp_path, 6, other)


@pytest.mark.skipif("OCIO" in os.environ, reason="this is what it runs")
def test_colours_are_right_where_the_configuration_names_them_otherwise(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(Path(__file__))],
        cwd=Path(__file__).parents[4],
        env={**os.environ, "OCIO": ACES, "PYTHONNOUSERSITE": "1"},
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert done.returncode == 0 and " passed" in done.stdout, done.stdout[-5000:] + done.stderr[-2000:]


def test_a_configuration_without_linear_colours_says_so_and_bakes_nothing(growing, tmp_path, monkeypatch):
    material = growing.material(
        bake_start=1, bake_end=2, bake_folder=str(tmp_path / "baked"), seeds="SCATTERED"
    )
    colour_space = growing.module("addon.host.colour_space")
    monkeypatch.setattr(colour_space, "_found", {})
    monkeypatch.setattr(colour_space, "_read", lambda probe: np.zeros((5, 3), np.float32))
    with pytest.raises(RuntimeError, match=r"no space for linear Rec\.709"):
        bpy.ops.nca.bake()
    assert not (tmp_path / "baked").exists()
    assert growing.module("addon.bake.panel").problems_of(material) == [colour_space.NO_LINEAR]
    stage(material, "colour")
    closest(material)
    check_live(growing, material, tmp_path, 4, STARTED_IN)
