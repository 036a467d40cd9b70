# SPDX-License-Identifier: GPL-3.0-or-later
"""A growth that an engine plays by its order is the one that was baked as a sequence. In engines that are there."""

from __future__ import annotations

import contextlib
import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import threading
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest

from blender_nca.maps.appearance import Appearance
from blender_nca.maps.bake_preset import bundled, with_growth_order
from blender_nca.maps.made_maps import MadeMaps
from blender_nca.maps.materials import WRITERS, MaterialDescription, TextureFile
from blender_nca.maps.materials.growth_shader import SHOWN
from blender_nca.maps.texture_files import MadeRows, files_of, write_files

from ..pictures import read_png

SIDE, FRAMES = 64, 25
NAME = "Moß #1"
ALPHA = 3


def grow() -> np.ndarray:
    """A patch with a ragged soft border that grows from a corner and is still in the end: alpha by frame."""
    random = np.random.default_rng(5)
    y, x = np.mgrid[:SIDE, :SIDE]
    away = np.hypot(x - 20, y - 40) + 3 * np.sin(x / 4) + random.random((SIDE, SIDE))
    reach = np.minimum(np.arange(FRAMES) * 2.0, 36)
    return ((reach[:, None, None] - away) / 4 + 0.5).clip(0, 1).astype(np.float32)


SEQUENCE = grow()


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    """The growth order for a preset, written into a folder of its own: its folder and how it is described."""
    folder = tmp_path_factory.mktemp("packs")
    appearance = Appearance(FRAMES)
    for alpha in SEQUENCE:
        appearance.watch(alpha)
    came, rise = appearance.dates("wrap", 4)
    painted = np.full((8, SIDE, SIDE), 0.5, np.float32)
    painted[ALPHA], painted[7] = SEQUENCE[-1], 0
    made = MadeMaps(painted, "wrap", 4.0, np.stack([came, 0 * came, rise]))

    def write(name: str) -> tuple[Path, MaterialDescription]:
        preset, place = with_growth_order(bundled()[name]), folder / name
        files = files_of(preset.textures, place, preset.names, NAME, None)
        write_files([MadeRows(made)], *made.size, files)
        textures = tuple(TextureFile(all[0], path.name) for path, all in files.items())
        material = MaterialDescription(NAME, textures, place)
        for file, content in WRITERS[preset.material](material).items() if preset.material else ():
            (place / file).write_bytes(content)
        return place, material

    return functools.cache(write)


def check(shown: list[np.ndarray], sequence: np.ndarray = SEQUENCE) -> None:
    """At most 1 % of the texels are there in another frame than in the sequence."""
    wrong = [np.mean((one >= 0.5) != (alpha >= 0.5)) for one, alpha in zip(shown, sequence, strict=True)]
    assert max(wrong) <= 0.01, f"{max(wrong):.2%} of the texels differ in frame {np.argmax(wrong)}"
    soft = [np.mean(np.abs(one - alpha) > 0.25) for one, alpha in zip(shown, sequence, strict=True)]
    assert max(soft) <= 0.02, f"{max(soft):.2%} of the texels are softer or harder in frame {np.argmax(soft)}"


def play(order: np.ndarray, growth: float, softness: float = 1.0) -> np.ndarray:
    """What the shaders say, computed by numpy out of their own lines."""
    names = {"order": order[..., 0], "alpha": order[..., 1], "rise": order[..., 2]}
    names.update(time=growth, soft=softness, min=np.minimum, max=np.maximum, clamp=np.clip)
    for line in SHOWN:
        statement = re.fullmatch(r"(?:float (\w+) = |return )(.*);", line)
        if statement:
            names[statement[1] or "shown"] = eval(statement[2], {}, names)
    return names["shown"]


def test_a_growth_order_has_every_place_when_it_is_seen_and_its_soft_edge(packs):
    folder, _ = packs("Principled, Any Blender")
    order = read_png(folder / f"{NAME}_growth_order.png")
    growths = np.arange(FRAMES) / (FRAMES - 1)
    check([play(order, growth) for growth in growths])
    np.testing.assert_allclose(play(order, 1.0), SEQUENCE[-1], atol=1 / 65535)
    hard = play(order, 0.5, softness=0)
    assert ((hard == 0) | (np.abs(hard - SEQUENCE[-1]) < 1e-4)).all() and 0 < (hard > 0).mean() < 1


def test_a_place_that_goes_and_comes_again_appears_where_the_fewest_frames_are_wrong():
    frames = np.array([[1, 1, 0], [1, 0, 1], [0, 1, 0], [1, 1, 0], [1, 1, 0]], np.float32)[:, None]
    appearance = Appearance(5)
    for alpha in frames:
        appearance.watch(alpha)
    came, rise = appearance.dates("edge")
    # a wound that heals; one that is dead a moment after its beginning; one that is dead in the end
    np.testing.assert_allclose(came, [[0, 0.375, 1]])
    np.testing.assert_allclose(rise, [[0, 0.25, 0]])
    went_on, _ = appearance.dates("edge", around=1)
    np.testing.assert_allclose(went_on, [[0, 0.375, 0.375]])


_GODOT = """extends SceneTree
func _init():
	var material = load("res://{name}_growth.tres")
	material.set_shader_parameter("emission_texture", null)
	var view = SubViewport.new()
	view.size = Vector2i({side}, {side})
	view.own_world_3d = true
	view.render_target_update_mode = SubViewport.UPDATE_ALWAYS
	root.add_child(view)
	var camera = Camera3D.new()
	camera.projection = Camera3D.PROJECTION_ORTHOGONAL
	camera.size = 1.0
	camera.position = Vector3(0, 0, 1)
	view.add_child(camera)
	var world = WorldEnvironment.new()
	world.environment = Environment.new()
	world.environment.background_mode = Environment.BG_COLOR
	world.environment.background_color = Color.WHITE
	world.environment.ambient_light_source = Environment.AMBIENT_SOURCE_COLOR
	world.environment.ambient_light_energy = 0.0
	view.add_child(world)
	var plane = MeshInstance3D.new()
	plane.mesh = QuadMesh.new()
	plane.material_override = material
	view.add_child(plane)
	for frame in {frames}:
		material.set_shader_parameter("growth", frame / {last})
		for wait in 3:
			await process_frame
		view.get_texture().get_image().save_png("res://shown_%d.png" % frame)
	quit()
"""


def render_in_godot(folder: Path, name: str, frames: int, side: int) -> list[np.ndarray]:
    """Coverage by frame, as Godot renders it: the dark growth hides a white background."""
    godot = shutil.which("godot")
    screen = shutil.which("xvfb-run")
    if godot is None or not (screen or os.environ.get("DISPLAY")):
        pytest.skip("no Godot with a screen is here")
    (folder / "project.godot").write_text(
        'config_version=5\n[application]\nconfig/name="growth"\n[rendering]\n'
        'renderer/rendering_method="gl_compatibility"\n'
    )
    (folder / "play.gd").write_text(
        _GODOT.format(name=name, side=side, frames=frames, last=float(frames - 1))
    )
    command = [godot, "--audio-driver", "Dummy"]
    subprocess.run([*command, "--headless", "--import"], cwd=folder, capture_output=True, timeout=300)
    command = [screen, "-a", *command] if screen else command
    done = subprocess.run(
        [*command, "-s", "play.gd"], cwd=folder, capture_output=True, text=True, timeout=300
    )
    assert "SHADER ERROR" not in done.stderr + done.stdout, done.stdout + done.stderr
    assert (folder / f"shown_{frames - 1}.png").is_file(), done.stdout + done.stderr
    return [1 - read_picture(folder / f"shown_{frame}.png") for frame in range(frames)]


def read_picture(path: Path) -> np.ndarray:
    from PIL import Image

    return np.asarray(Image.open(path).convert("L")).astype(np.float32) / 255


def test_godot_shows_what_was_baked(packs):
    folder, _ = packs("Godot 4")
    check(render_in_godot(folder, NAME, FRAMES, SIDE))


_PAGE = """<!DOCTYPE html><meta charset="utf-8">
<script type="importmap">
{{"imports": {{"three": "/three/build/three.module.js", "three/addons/": "/three/examples/jsm/"}}}}
</script><script type="module">
import * as THREE from "three";
try {{
	const {{ loadGrowth }} = await import("./{module}");
	const growth = await loadGrowth();
	growth.material.emissive.set(0);
	const renderer = new THREE.WebGLRenderer();
	renderer.setSize({side}, {side});
	const target = new THREE.WebGLRenderTarget({side}, {side});
	const scene = new THREE.Scene();
	scene.background = new THREE.Color(0xffffff);
	scene.add(new THREE.Mesh(new THREE.PlaneGeometry(2, 2), growth.material));
	const camera = new THREE.OrthographicCamera(-1, 1, 1, -1, 0, 10);
	camera.position.z = 5;
	const frames = [];
	for (let frame = 0; frame < {frames}; frame++) {{
		growth.value = frame / {last};
		renderer.setRenderTarget(target);
		renderer.render(scene, camera);
		const pixels = new Uint8Array({side} * {side} * 4);
		renderer.readRenderTargetPixels(target, 0, 0, {side}, {side}, pixels);
		frames.push(Array.from(pixels).filter((_, place) => place % 4 === 0));
	}}
	document.title = "done";
	document.body.textContent = JSON.stringify(frames);
}} catch (error) {{ document.title = "done"; document.body.textContent = "failed: " + error.stack; }}
</script><body></body>
"""


def render_in_three(folder: Path, name: str, frames: int, side: int) -> list[np.ndarray]:
    """Coverage by frame, as three.js renders it in Chromium: the unlit growth hides a white background."""
    chromium = shutil.which("chromium")
    places = [Path(place, "three") for place in os.environ.get("NODE_PATH", "").split(os.pathsep)]
    three = next((place for place in places if place.is_dir()), None)
    if chromium is None or three is None:
        pytest.skip("no Chromium is here, or no three.js in NODE_PATH")
    page = _PAGE.format(module=f"{quote(name)}_growth.js", side=side, frames=frames, last=frames - 1)
    (folder / "page.html").write_text(page, "utf-8")

    class Served(http.server.SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            if path.startswith("/three/"):
                return str(three / path.removeprefix("/three/"))
            return super().translate_path(path)

        def log_message(self, *args: object) -> None: ...

    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Served, directory=str(folder))
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/page.html"
        options = [
            "--headless",
            "--no-sandbox",
            "--enable-unsafe-swiftshader",
            f"--user-data-dir={folder}/profile",
        ]
        with contextlib.suppress(subprocess.TimeoutExpired):
            done = subprocess.run(
                [chromium, *options, "--virtual-time-budget=60000", "--dump-dom", address],
                capture_output=True, text=True, timeout=200,
                env={name: value for name, value in os.environ.items() if name != "DISPLAY"},
            )  # fmt: skip
        server.shutdown()
    found = re.search(r"<body>\s*(\[\[.*\]\])", done.stdout, re.DOTALL)
    assert found, done.stdout[-2000:] + done.stderr[-2000:]
    # row 0 of what WebGL reads is at the bottom
    return [1 - np.reshape(one, (side, side))[::-1] / 255 for one in json.loads(found[1])]


def test_three_shows_what_was_baked(packs):
    folder, _ = packs("glTF")
    check(render_in_three(folder, NAME, FRAMES, SIDE))


def test_unity_and_unreal_are_given_the_same_equation(packs):
    folder, _ = packs("Unity URP")
    unity = (folder / f"{NAME}_growth.hlsl").read_text("utf-8")
    assert all(line in unity for line in SHOWN) and f"{NAME}_growth_order.exr" in unity
    meta = (folder / f"{NAME}_growth_order.exr.meta").read_text("utf-8")
    assert "textureCompression: 0" in meta and "sRGBTexture: 0" in meta
    folder, _ = packs("Unreal Engine")
    unreal = (folder / "Mo_1_growth_custom_node.txt").read_text("utf-8")
    assert all(line in unreal for line in SHOWN)
    assert "'kind': 'floats'" in (folder / "import_Mo_1.py").read_text("utf-8")
