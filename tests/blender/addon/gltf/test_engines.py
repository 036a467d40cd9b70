# SPDX-License-Identifier: GPL-3.0-or-later
"""Engines: three.js in Chromium and Godot play a file that grows as Blender does, where they are installed.

Chromium and Godot are found as commands, three.js and its plug-in for animation pointers where NODE_PATH says.
"""

from __future__ import annotations

import base64
import http.server
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import bpy
import numpy as np
import pytest
from PIL import Image

SIDE = 256
FRAMES = (2, 4, 7)
PLUGIN = "@needle-tools/three-animation-pointer"
PAGE = """<!doctype html><script type="importmap">{"imports": {
  "three": "/modules/three/build/three.module.js", "three/": "/modules/three/", "pointer": "/modules/POINTER"
}}</script><script type="module">
const tell = (name, body) => fetch("/" + name, {method: "POST", body})
addEventListener("unhandledrejection", event => tell("error", String(event.reason)))
const THREE = await import("three")
const {GLTFLoader} = await import("three/examples/jsm/loaders/GLTFLoader.js")
const {GLTFAnimationPointerExtension} = await import("pointer")
const loader = new GLTFLoader().register(parser => new GLTFAnimationPointerExtension(parser))
const file = await loader.loadAsync("/file.glb")
const scene = new THREE.Scene().add(file.scene)
const renderer = new THREE.WebGLRenderer({preserveDrawingBuffer: true})
renderer.setSize(SIDE, SIDE)
const mixer = new THREE.AnimationMixer(file.scene)
const action = mixer.clipAction(file.animations[0])
action.loop = THREE.LoopOnce
action.clampWhenFinished = true
action.play()
for (const frame of FRAMES) {
  mixer.setTime(0)
  mixer.setTime(frame / 24)
  renderer.render(scene, file.cameras[0])
  await tell(frame, renderer.domElement.toDataURL())
}
await tell("done", "")
</script>"""
PROJECT = """config_version=5
[application]
run/main_scene="res://main.tscn"
[rendering]
renderer/rendering_method="gl_compatibility"
[display]
window/size/viewport_width=SIDE
window/size/viewport_height=SIDE
"""
SCENE = """[gd_scene load_steps=2 format=3]
[ext_resource type="Script" path="res://main.gd" id="1"]
[node name="Main" type="Node3D"]
script = ExtResource("1")
"""
SCRIPT = """extends Node3D
func _ready():
	var state = GLTFState.new()
	var document = GLTFDocument.new()
	document.append_from_file("res://file.glb", state)
	var root = document.generate_scene(state)
	add_child(root)
	root.find_children("*", "Camera3D", true, false)[0].make_current()
	var player = root.find_children("*", "AnimationPlayer", true, false)[0]
	for frame in FRAMES:
		player.play("Growth")
		player.seek(min(frame / 24.0, player.current_animation_length), true)
		player.pause()
		await get_tree().process_frame
		await RenderingServer.frame_post_draw
		get_viewport().get_texture().get_image().save_png("res://%d.png" % frame)
	get_tree().quit()
"""


@pytest.fixture
def scene(exporting, tmp_path) -> tuple[Path, dict[int, np.ndarray]]:
    """A file of a growth over what glows red, seen from above, and where it has grown in each frame."""
    material = exporting.material(seeds="SCATTERED", width=16, height=16, pixels_per_cell=SIDE // 16)
    inputs = material.node_tree.nodes["Neural Growth"].inputs
    inputs["Glow"].default_value = 0.0
    inputs["Ground Colour"].default_value = (0, 0, 0, 1)
    inputs["Ground Emission Colour"].default_value = (1, 0, 0, 1)
    inputs["Ground Emission Strength"].default_value = 1.0
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    camera.data.type, camera.data.ortho_scale, camera.location = "ORTHO", 2.0, (0, 0, 3)
    scene = bpy.context.scene
    scene.collection.objects.link(camera)
    scene.camera, scene.frame_end = camera, max(FRAMES)
    scene.render.resolution_x = scene.render.resolution_y = SIDE
    scene.nca_export.growths = "GROWING"
    path = tmp_path / "file.glb"
    bpy.ops.export_scene.gltf(filepath=str(path), export_cameras=True)
    grown = {}
    for frame in FRAMES:
        grown[frame] = exporting.grown(material, frame)[0, ::-1, :, 3] >= 0.5
    return path, grown


def compare(folder: Path, grown: dict[int, np.ndarray]) -> None:
    for frame, wanted in grown.items():
        with Image.open(folder / f"{frame}.png") as image:
            shown = np.asarray(image.convert("RGB"))[..., 0] < 128
        assert wanted.any() and (shown != wanted).mean() < 0.01, f"frame {frame}"


@pytest.fixture
def modules() -> Iterator[Path]:
    """The folder of npm's packages."""
    for folder in os.environ.get("NODE_PATH", "").split(os.pathsep):
        if folder and (Path(folder) / PLUGIN).is_dir() and (Path(folder) / "three").is_dir():
            return Path(folder)
    pytest.skip(f"three and {PLUGIN} are not here: NODE_PATH says where npm's packages are")


def test_three_js_plays_a_file_that_grows(modules, request, tmp_path):
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not here")
    path, grown = request.getfixturevalue("scene")
    entry = next((modules / PLUGIN / "dist").glob("*.js")).relative_to(modules)
    page = PAGE.replace("POINTER", str(entry)).replace("FRAMES", str(list(FRAMES))).replace("SIDE", str(SIDE))
    told: dict[str, bytes] = {}
    done = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            content, kind = page.encode(), "text/html"
            if self.path == "/file.glb":
                content, kind = path.read_bytes(), "model/gltf-binary"
            elif self.path.startswith("/modules/"):
                content, kind = (modules / self.path[9:]).read_bytes(), "text/javascript"
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self):
            name = self.path[1:]
            told[name] = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            if name in ("done", "error"):
                done.set()

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    options = ("--headless", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
    command = [chromium, *options, f"--user-data-dir={tmp_path / 'profile'}"]
    browser = subprocess.Popen(
        [*command, f"http://127.0.0.1:{server.server_port}/"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert done.wait(120) and "error" not in told, told.get("error")
    finally:
        browser.kill()
        browser.wait()
        server.shutdown()
    for frame in FRAMES:
        (tmp_path / f"{frame}.png").write_bytes(base64.b64decode(told[str(frame)].split(b",", 1)[1]))
    compare(tmp_path, grown)


def test_godot_plays_a_file_that_grows(request, tmp_path):
    godot = shutil.which("godot")
    if godot is None:
        pytest.skip("godot is not here")
    path, grown = request.getfixturevalue("scene")
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(path, folder / "file.glb")
    for name, text in (("project.godot", PROJECT), ("main.tscn", SCENE), ("main.gd", SCRIPT)):
        (folder / name).write_text(text.replace("FRAMES", str(list(FRAMES))).replace("SIDE", str(SIDE)))
    run = subprocess.run(
        [godot, "--path", str(folder), "--rendering-driver", "opengl3"],
        capture_output=True,
        text=True,
        timeout=180,
    )
    if not (folder / f"{FRAMES[-1]}.png").exists() and "display" in (run.stdout + run.stderr).lower():
        pytest.skip("there is no screen for Godot")
    compare(folder, grown)
