# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of older versions: what an artist saved opens as it was, grows and shows the same, and lets go of it all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from PIL import Image

from tests.blender.addon.materials import live_pixels
from tests.data.write_growths import curves_of, describe, means, surface

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = REPOSITORY / "tests" / "data"
HELD = json.loads((DATA / "growths.json").read_text("utf-8"))
MATERIALS: dict[str, dict[str, Any]] = HELD["materials"]
LIVE = [name for name, held in MATERIALS.items() if "growth" in held]
WAIT = 60
"""Seconds for the engine to start and grow a frame."""


@pytest.fixture(params=["growths_4.5", "growths_5.0"])
def opened(request, neural_growth, tmp_path):
    """The add-on, and a file of an older version opened in a folder of its own."""
    written_by = tuple(int(number) for number in request.param.removeprefix("growths_").split("."))
    if written_by > bpy.app.version[:2]:
        pytest.skip(f"Blender {bpy.app.version_string} does not open files of Blender {request.param[-3:]}")
    folder = tmp_path / "artist"
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    bpy.ops.wm.open_mainfile(filepath=str(folder / f"{request.param}.blend"), load_ui=False)
    return neural_growth


def needs_the_same_model() -> None:
    """Leave pictures out where the bundled model is another one by now: of its DNA another pattern grows."""
    card = json.loads((REPOSITORY / "models" / "materials" / "card.json").read_text("utf-8"))
    if card["sha256"] != HELD["model"]:
        pytest.skip("the bundled materials were trained anew since this file was written")


def assert_holds(found: Any, wanted: Any, where: str = "") -> None:
    """What was recorded is there, numbers to float precision; there may be more."""
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            assert key in found, f"{where}: {key} is missing"
            assert_holds(found[key], value, f"{where} / {key}")
    elif isinstance(wanted, list):
        assert len(found) == len(wanted), where
        for number, value in enumerate(wanted):
            assert_holds(found[number], value, f"{where} / {number}")
    elif isinstance(wanted, float):
        assert found == pytest.approx(wanted, abs=1e-5), where
    else:
        assert found == wanted, where


def show_roughness(material: bpy.types.Material) -> None:
    """Look at the growth's roughness from above, as light: one texel in each pixel."""
    bpy.ops.mesh.primitive_plane_add()
    bpy.context.object.data.materials.append(material)
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    camera.data.type, camera.data.ortho_scale, camera.location.z = "ORTHO", 2.0, 2.0
    scene = bpy.context.scene
    scene.collection.objects.link(camera)
    scene.camera = camera
    scene.render.engine, scene.view_settings.view_transform = "CYCLES", "Raw"
    scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.filter_width = 1, False, 0.01
    scene.render.resolution_x = scene.render.resolution_y = 32
    scene.render.resolution_percentage = 100
    scene.render.image_settings.file_format, scene.render.image_settings.color_depth = "OPEN_EXR", "32"
    nodes, link = material.node_tree.nodes, material.node_tree.links.new
    light = nodes.new("ShaderNodeEmission")
    link(light.outputs[0], nodes["Material Output"].inputs["Surface"])
    link(nodes["Neural Growth"].outputs["Roughness"], light.inputs["Color"])
    nodes["Neural Growth"].inputs["Ground Alpha"].default_value = 0.0


def render(path: Path, frame: int) -> np.ndarray:
    """The red of a rendered frame, row 0 at the bottom."""
    bpy.context.scene.frame_set(frame)
    bpy.context.scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)
    image = bpy.data.images.load(str(path))
    values = np.empty(len(image.pixels), np.float32)
    image.pixels.foreach_get(values)
    bpy.data.images.remove(image)
    return values.reshape(32, 32, -1)[..., 0]


def test_everything_that_was_saved_is_there(opened):
    for name, held in MATERIALS.items():
        wanted = {part: held[part] for part in ("nca", "keyframes", "surface", "group", "pictures_of_group")}
        # brought up to date when it was opened
        wanted["nca"] = {**held["nca"], "version": opened.module("addon.material.migration").VERSION}
        found = describe(bpy.data.materials[name])
        assert_holds(found, wanted, name)
        assert found["surface"]["links"] == held["surface"]["links"]
        for socket in held["sockets"]:
            assert socket in found["sockets"]
    edited = bpy.data.materials["Live"].nca.a
    assert edited.label == "Map Lichen (edited)"
    assert edited.text.replace(" ", "") == edited.dna
    assert {curve.data_path for curve in curves_of(bpy.data.materials["Live"])} == {
        "nca.blend",
        "nca.steps_per_frame",
    }


@pytest.mark.parametrize("name", LIVE)
def test_a_live_growth_grows_on_as_it_was(opened, name):
    material, held = bpy.data.materials[name], MATERIALS[name]
    engine = opened.module("addon.engine").current()
    for frame in (int(frame) for frame in held["pictures"]):
        bpy.context.scene.frame_set(frame)
        grown = engine.frame(held["growth"], frame - held["nca"]["start_frame"], WAIT).pixels
        shown = live_pixels(material)
        assert shown.shape == grown.shape
        np.testing.assert_allclose(shown, grown, atol=1e-3, err_msg=f"{name}, frame {frame}")


def test_a_growth_of_before_has_no_finer_detail_than_it_had(opened):
    assert not any(material.nca.fine for material in bpy.data.materials if material.nca.tree)


@pytest.mark.parametrize("name", LIVE)
def test_a_live_growth_shows_the_pictures_that_it_had(opened, name):
    needs_the_same_model()
    nca = bpy.data.materials[name].nca
    for frame, wanted in MATERIALS[name]["pictures"].items():
        bpy.context.scene.frame_set(int(frame))
        shown = [means(nca.image_colour), means(nca.image_data)]
        # backends differ in their last digits, which a pattern that moves amplifies
        np.testing.assert_allclose(shown, wanted, atol=0.01, err_msg=f"{name}, frame {frame}")


def test_a_baked_growth_renders_its_files(opened, tmp_path):
    material = bpy.data.materials["Baked"]
    pictures = [node for node in material.nca.tree.nodes if node.type == "TEX_IMAGE"]
    assert sorted(node.name for node in pictures) == sorted(MATERIALS["Baked"]["pictures_of_group"])
    for node in pictures:
        assert node.image_user.use_auto_refresh and not node.image_user.use_cyclic
        node.interpolation = "Closest"
    show_roughness(material)
    folder = Path(bpy.path.abspath("//growths/"))
    for frame, file in ((3, 3), (2, 2), (40, 3)):
        seen = render(tmp_path / f"{frame}.exr", frame)
        wanted = np.asarray(Image.open(folder / f"Baked_roughness_{file:04d}.png"))[::-1] / 255
        alpha = np.asarray(Image.open(folder / f"Baked_base_colour_{file:04d}.png"))[::-1, :, 3] / 255
        assert alpha.max() > 0.5
        np.testing.assert_allclose(
            seen[alpha > 0.1], wanted[alpha > 0.1], atol=2e-3, err_msg=f"frame {frame}"
        )


def test_a_bake_finds_its_frames_finished(opened):
    needs_the_same_model()
    folder = Path(bpy.path.abspath("//growths/"))
    before = {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.glob("*.png")}
    assert len(before) == 3 * 6
    record = json.loads((folder / "Baked_growth.json").read_text("utf-8"))
    assert bpy.ops.nca.bake(material="Baked") == {"FINISHED"}
    after = {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.glob("*.png")}
    added = after.keys() - before.keys()
    assert {name: after[name] for name in before} == before, "what was there is not written again"
    assert len(added) == 3 * 2 and all("_linear_" in name or "_glow_" in name for name in added)
    shown_by = [f"../{Path(bpy.data.filepath).name}"]
    assert json.loads((folder / "Baked_growth.json").read_text("utf-8")) == {**record, "blends": shown_by}


def test_a_baked_growth_can_be_freed(opened):
    material = bpy.data.materials["Baked"]
    assert bpy.ops.nca.free_bake(material="Baked") == {"FINISHED"}
    bpy.context.scene.frame_set(3)
    shown = live_pixels(material)
    assert shown.shape == (2, 32, 32, 4) and shown[0, ..., 3].max() > 0.5
    assert not [image for image in bpy.data.images if image.source == "SEQUENCE"]


def test_what_an_artist_made_of_baked_pictures_stays(opened):
    """Though a bake of today shows other pictures than one of then."""
    tree = bpy.data.materials["Baked"].nca.tree
    own, hue = tree.nodes.new("ShaderNodeTexCoord"), tree.nodes.new("ShaderNodeHueSaturation")
    for node in tree.nodes:
        if node.type == "TEX_IMAGE":
            tree.links.new(own.outputs["Object"], node.inputs["Vector"])
            node.interpolation = "Closest"
    tree.links.new(hue.outputs[0], tree.nodes["Colour"].inputs[0])
    tree.links.new(tree.nodes["Baked Base Colour"].outputs["Color"], hue.inputs["Color"])
    shown = {"bake": "Baked Linear Base Colour", "free_bake": "Growth Colour"}
    for operator in ("bake", "free_bake", "bake"):
        assert getattr(bpy.ops.nca, operator)(material="Baked") == {"FINISHED"}
        pictures = [node for node in tree.nodes if node.type == "TEX_IMAGE"]
        assert all(node.inputs["Vector"].links[0].from_node == own for node in pictures)
        assert {node.interpolation for node in pictures} == {"Closest"}
        assert hue.inputs["Color"].links[0].from_node.name == shown[operator]
        assert tree.nodes["Colour"].inputs[0].links[0].from_node == hue
        assert tree.nodes["Emission"].inputs[0].links[0].from_node.name == "Growth Emission"


@pytest.mark.parametrize("name", MATERIALS)
def test_remove_gives_the_material_back(opened, name):
    material, before = bpy.data.materials[name], MATERIALS[name]["before"]
    assert bpy.ops.nca.remove(material=name) == {"FINISHED"}
    found = surface(material)
    assert found["nodes"].keys() == before["nodes"].keys() and found["links"] == before["links"]
    assert_holds(found, before, name)
    assert not material.nca.growing and material.nca.tree is None
    assert not curves_of(material)


@pytest.mark.parametrize("name", MATERIALS)
def test_remove_leaves_nothing_behind(opened, name):
    """Also not in the copy of its properties that Blender 5 makes of an older file."""
    held = MATERIALS[name]
    assert bpy.ops.nca.remove(material=name) == {"FINISHED"}
    assert held["nca"]["tree"] not in bpy.data.node_groups
    for picture in held["pictures_of_group"].values():
        assert picture["image"] not in bpy.data.images


def test_what_is_appended_from_an_older_file_is_brought_up_to_date(opened):
    path = bpy.data.filepath
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    with bpy.data.libraries.load(path) as (_, appended):
        appended.materials = list(MATERIALS)
    bpy.context.scene.frame_set(9)
    version = opened.module("addon.material.migration").VERSION
    for material in appended.materials:
        assert material.nca.growing and material.nca.version == version
        assert "Ground Coat" in material.node_tree.nodes["Neural Growth"].inputs
        assert bpy.app.version < (5, 0, 0) or "nca" not in material
    nca = appended.materials[list(MATERIALS).index("Live")].nca
    assert nca.image_colour.size[0] == nca.width * nca.pixels_per_cell


@pytest.mark.skipif(bpy.app.version < (5, 0, 0), reason="there it is the growth itself")
def test_an_artists_own_property_of_the_same_name_stays(opened):
    path = str(Path(bpy.data.filepath).with_name("own.blend"))
    bpy.data.materials["Live"]["nca"] = 7
    bpy.data.materials["Baked"]["nca"] = {"width": 3}
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.open_mainfile(filepath=path, load_ui=False)
    assert bpy.data.materials["Live"]["nca"] == 7 and bpy.data.materials["Baked"]["nca"]["width"] == 3


def test_saving_and_opening_again_changes_nothing(opened):
    def found():
        described = {name: describe(bpy.data.materials[name]) for name in MATERIALS}
        for name in LIVE:
            for picture in described[name]["pictures_of_group"].values():
                del picture[
                    "source"
                ]  # one that was shown is packed with the file, with next to nothing in it
        return described

    before = found()
    path = Path(bpy.data.filepath).with_name("again.blend")
    bpy.ops.wm.save_as_mainfile(filepath=str(path), compress=True)
    bpy.ops.wm.open_mainfile(filepath=str(path), load_ui=False)
    assert found() == before
