# SPDX-License-Identifier: GPL-3.0-or-later
"""A glTF file that grows: at each frame an engine's alpha test shows what Blender shows, over what lies under it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import bpy
import numpy as np
import pytest

from ..exported import export, picture

VALIDATE = """
const fs = require("fs")
require("gltf-validator").validateBytes(new Uint8Array(fs.readFileSync(process.argv[1])))
  .then(report => console.log(JSON.stringify(report.issues)))
"""


def numbers(folder: Path, whole: dict, accessor: int) -> np.ndarray:
    """What an accessor of floats holds."""
    about = whole["accessors"][accessor]
    view = whole["bufferViews"][about["bufferView"]]
    content = (folder / whole["buffers"][view["buffer"]]["uri"]).read_bytes()
    count = about["count"] * {"SCALAR": 1, "VEC3": 3, "VEC4": 4}[about["type"]]
    return np.frombuffer(content, np.float32, count, view.get("byteOffset", 0)).reshape(about["count"], -1)


@pytest.fixture
def pictured(exporting):
    """A growth by the second UV map of a mesh, over a picture by the first one."""
    material = exporting.material(seeds="SCATTERED", wrap=True)
    bpy.context.object.data.uv_layers.new(name="Second")
    material.nca.uv_map = "Second"
    nodes, links = material.node_tree.nodes, material.node_tree.links
    image = bpy.data.images.new("Checks", 4, 4)
    image.pixels.foreach_set(np.tile(np.float32((0.8, 0.2, 0.1, 1)), 16))
    image.pack()
    nodes.new("ShaderNodeTexImage").image = image
    links.new(nodes["Image Texture"].outputs["Color"], nodes["Neural Growth"].inputs["Ground Colour"])
    return material


def all_names() -> list[list[str]]:
    return [
        [one.name for one in kind] for kind in (bpy.data.materials, bpy.data.node_groups, bpy.data.images)
    ]


def test_a_growth_is_a_shell_over_its_ground_that_appears_as_in_blender(exporting, pictured, tmp_path):
    scene = bpy.context.scene
    scene.frame_start, scene.frame_end = 1, 7
    before = all_names(), [(one.from_node.name, one.to_node.name) for one in pictured.node_tree.links]
    scene.nca_export.growths = "GROWING"
    for played_by in ("CUTOFF", "FACTOR"):
        scene.nca_export.played_by = played_by
        _, whole = export(tmp_path, played_by)
        ground, shell = whole["meshes"][0]["primitives"]
        low, high = (numbers(tmp_path, whole, one["attributes"]["POSITION"]) for one in (ground, shell))
        assert 0 < (high - low)[:, 1].min() <= (high - low)[:, 1].max() < 0.01, "a little above"
        under, over = (whole["materials"][one["material"]] for one in (ground, shell))
        seen = picture(tmp_path, whole, under["pbrMetallicRoughness"]["baseColorTexture"])
        np.testing.assert_allclose(
            seen[..., :3], np.broadcast_to((0.8, 0.2, 0.1), seen[..., :3].shape), atol=0.01
        )
        assert over["alphaMode"] == "MASK" and over["alphaCutoff"] < 1 / 255, "full where nothing is animated"
        surface = over["pbrMetallicRoughness"]
        assert over["occlusionTexture"] == surface["metallicRoughnessTexture"], "one picture, in one place"
        for each in (over["occlusionTexture"], over["normalTexture"], surface["baseColorTexture"]):
            assert each["texCoord"] == 1
        assert under["pbrMetallicRoughness"]["baseColorTexture"].get("texCoord", 0) == 0
        alpha = picture(tmp_path, whole, over["pbrMetallicRoughness"]["baseColorTexture"])[..., 3]
        (animation,) = whole["animations"]
        (channel,) = animation["channels"]
        said = channel["target"]["extensions"]["KHR_animation_pointer"]["pointer"]
        what = "alphaCutoff" if played_by == "CUTOFF" else "pbrMetallicRoughness/baseColorFactor"
        assert said == f"/materials/{shell['material']}/{what}" and channel["target"]["path"] == "pointer"
        assert "KHR_animation_pointer" in whole["extensionsUsed"]
        assert "KHR_animation_pointer" not in whole.get("extensionsRequired", ())
        sampler = animation["samplers"][channel["sampler"]]
        times, values = (numbers(tmp_path, whole, sampler[one])[:, -1] for one in ("input", "output"))
        for frame in (1, 3, 5, 7):
            value = np.interp(frame / 24, times, values)
            shown = alpha >= value if played_by == "CUTOFF" else alpha * value >= over["alphaCutoff"]
            grown = exporting.grown(pictured, frame)[0, ::-1, :, 3] >= 0.5
            assert (shown != grown).mean() < 0.01, f"frame {frame}, {played_by}"
            assert grown.any()
    assert (
        all_names(),
        [(one.from_node.name, one.to_node.name) for one in pictured.node_tree.links],
    ) == before


def test_a_growth_over_a_picture_is_blended_over_it_in_one_frame(exporting, pictured, tmp_path):
    bpy.context.scene.frame_set(3)
    _, whole = export(tmp_path)
    ground, shell = whole["meshes"][0]["primitives"]
    over = whole["materials"][shell["material"]]
    assert over["alphaMode"] == "BLEND" and "animations" not in whole
    alpha = picture(tmp_path, whole, over["pbrMetallicRoughness"]["baseColorTexture"])[..., 3]
    np.testing.assert_allclose(alpha, exporting.grown(pictured, 3)[0, ::-1, :, 3], atol=0.01)
    assert whole["materials"][ground["material"]].get("alphaMode", "OPAQUE") == "OPAQUE"


def test_the_khronos_validator_finds_no_error(exporting, pictured, tmp_path):
    if shutil.which("node") is None:
        pytest.skip("node is not here")
    if subprocess.run(["node", "-e", 'require("gltf-validator")'], capture_output=True).returncode:
        pytest.skip("npm's gltf-validator is not here: NODE_PATH says where packages are")
    for growths in ("FRAME", "GROWING"):
        bpy.context.scene.nca_export.growths = growths
        path = tmp_path / f"{growths}.glb"
        bpy.ops.export_scene.gltf(filepath=str(path))
        run = subprocess.run(["node", "-e", VALIDATE, str(path)], capture_output=True, text=True, timeout=60)
        assert json.loads(run.stdout)["numErrors"] == 0, run.stdout
