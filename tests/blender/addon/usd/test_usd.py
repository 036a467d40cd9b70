# SPDX-License-Identifier: GPL-3.0-or-later
"""USD: whoever opens the file sees the growth of the frame, and the artist's file is as it was."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile

import bpy
import numpy as np
import pytest
from PIL import Image

from ..exported import linear

READ = """
import json, sys
import MaterialX
from pxr import Usd, UsdShade

library = MaterialX.createDocument()
MaterialX.loadLibraries(
    MaterialX.getDefaultDataLibraryFolders(), MaterialX.getDefaultDataSearchPath(), library
)
stage = Usd.Stage.Open(sys.argv[1])
shaders = [UsdShade.Shader(prim) for prim in stage.Traverse() if prim.IsA(UsdShade.Shader)]
files = [one.GetInput("file").Get() for one in shaders if one.GetInput("file")]
nodes = [(one, name) for one in shaders if (name := str(one.GetIdAttr().Get())).startswith("ND_")]
unknown = []
for one, name in nodes:
    known = library.getNodeDef(name)
    inputs = set() if known is None else {each.getName() for each in known.getActiveInputs()}
    unknown += [(name, each.GetBaseName()) for each in one.GetInputs() if each.GetBaseName() not in inputs]
material = next(UsdShade.Material(prim) for prim in stage.Traverse() if prim.IsA(UsdShade.Material))
surface = material.ComputeSurfaceSource("")[0]
print(json.dumps({
    "files": [one.path for one in files],
    "lost": [one.path for one in files if not one.resolvedPath],
    "nodes": [name for _, name in nodes],
    "unknown": unknown,
    "surface": surface.GetIdAttr().Get(),
    "fed": [each.GetBaseName() for each in surface.GetInputs() if each.HasConnectedSource()],
}))
"""


def read(path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image, float) / 255


def all_names() -> list[list[str]]:
    return [
        [one.name for one in kind] for kind in (bpy.data.materials, bpy.data.node_groups, bpy.data.images)
    ]


def test_baked_maps_are_carried_by_preview_surfaces_and_materialx(growing, tmp_path):
    material = growing.material(
        seeds="SCATTERED", bake_start=1, bake_end=6, bake_folder=str(tmp_path / "baked")
    )
    plane = bpy.context.object
    plane.data.uv_layers[0].name = "Own"
    assert bpy.ops.nca.bake() == {"FINISHED"}
    bpy.context.scene.frame_set(5)
    material.use_fake_user = True
    before = all_names(), material.users
    path = tmp_path / "usd" / "scene.usda"
    path.parent.mkdir()
    assert bpy.ops.nca.export_usd(filepath=str(path)) == {"FINISHED"}
    assert (all_names(), material.users) == before and material.use_fake_user
    assert plane.active_material == material and material.name == "Wood" and material.nca.baked

    text = path.read_text("utf-8")
    files = re.findall(r"asset inputs:file = @([^@]*)@", text)
    assert all(one.startswith(("./textures/", "textures/")) for one in files), "relative"
    assert all((path.parent / one).is_file() for one in files)
    assert 'string inputs:varname = "st"' in text, "the UV map that renders"
    seen = read(path.parent / "textures" / "Wood_base_colour.png")
    baked = read(tmp_path / "baked" / "Wood_base_colour_0005.png")
    alpha = baked[..., 3:]
    wanted = alpha * linear(baked[..., :3]) + (1 - alpha) * 0.8
    np.testing.assert_allclose(linear(seen[..., :3]), wanted, atol=0.02)
    roughness = read(tmp_path / "baked" / "Wood_roughness_0005.png")
    roughness = alpha[..., 0] * roughness.reshape(*alpha.shape[:2], -1)[..., 0] + (1 - alpha[..., 0]) * 0.5
    np.testing.assert_allclose(read(path.parent / "textures" / "Wood_roughness.png"), roughness, atol=0.01)

    packed = tmp_path / "usd" / "scene.usdz"
    assert bpy.ops.nca.export_usd(filepath=str(packed)) == {"FINISHED"}
    with zipfile.ZipFile(packed) as archive:
        assert any(name.endswith("Wood_base_colour.png") for name in archive.namelist())


def test_other_readers_find_textures_and_nodes(growing, tmp_path):
    if subprocess.run([sys.executable, "-c", "import pxr, MaterialX"], capture_output=True).returncode:
        pytest.skip("PyPI's usd-core and materialx are not here")
    growing.material(seeds="SCATTERED")
    path = tmp_path / "scene.usda"
    assert bpy.ops.nca.export_usd(filepath=str(path)) == {"FINISHED"}
    # in a process of its own: Blender has another USD in it
    run = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, timeout=60)
    found = json.loads(run.stdout)
    assert found["surface"] == "UsdPreviewSurface" and found["files"] and found["nodes"], run.stderr
    assert not found["lost"] and not found["unknown"]
    assert {"diffuseColor", "roughness", "metallic", "normal"} <= set(found["fed"])


def test_a_growth_over_a_picture_lies_over_it_in_the_texture(growing, tmp_path):
    material = growing.material(seeds="SCATTERED")
    nodes, links = material.node_tree.nodes, material.node_tree.links
    image = bpy.data.images.new("Sides", 2, 1)
    image.pixels.foreach_set(np.float32((1, 0, 0, 1, 0, 0, 1, 1)))
    image.pack()
    nodes.new("ShaderNodeTexImage").image = image
    links.new(nodes["Image Texture"].outputs["Color"], nodes["Neural Growth"].inputs["Ground Colour"])
    bpy.context.scene.frame_set(3)
    assert bpy.ops.nca.export_usd(filepath=str(tmp_path / "scene.usda")) == {"FINISHED"}
    seen = linear(read(tmp_path / "textures" / "Wood_base_colour.png")[..., :3])
    grown = growing.grown(material, 3)[0, ::-1]
    ground = np.zeros_like(seen)
    half = ground.shape[1] // 2
    ground[:, :half, 0] = ground[:, half:, 2] = 1
    alpha = grown[..., 3:]
    np.testing.assert_allclose(seen, alpha * grown[..., :3] + (1 - alpha) * ground, atol=0.02)
