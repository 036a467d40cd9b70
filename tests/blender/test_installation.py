# SPDX-License-Identifier: GPL-3.0-or-later
"""The artist's way in: the zip, installed and enabled in a Blender that has never seen the repository."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import bpy
import pytest

from tests.wheel import write_torches

REPOSITORY = Path(__file__).resolve().parents[2]

INSTALL = """
import os, sys
import bpy

package = "bl_ext.user_default.blender_nca"
installed = bpy.ops.extensions.package_install_files(
    filepath=sys.argv[1], repo="user_default", enable_on_install=True
)
assert installed == {"FINISHED"}, installed
assert package in bpy.context.preferences.addons, list(bpy.context.preferences.addons.keys())
assert sys.modules[package].__file__.startswith(os.environ["BLENDER_USER_RESOURCES"])
assert bpy.context.preferences.addons[package].preferences is not None
assert "torch" not in sys.modules
bpy.ops.wm.read_homefile(use_factory_startup=True)
bpy.context.scene.frame_set(2)
own = {name: module for name, module in sys.modules.items() if name.startswith(package + ".")}
assert f"{package}.blender_nca.addon.playback.handlers" in own
heavy = sorted(name for name, module in own.items() if hasattr(module, "np") or name.endswith("engine.client"))
assert not heavy, ("a start without growths reads no numpy", heavy)
assert bpy.ops.preferences.addon_disable(module=package) == {"FINISHED"}
assert bpy.ops.preferences.addon_enable(module=package) == {"FINISHED"}
assert package in bpy.context.preferences.addons
print("installed", flush=True)
os._exit(0)
"""

UPDATE = """
import importlib, os, sys
from pathlib import Path
import bpy

bpy.context.preferences.system.use_online_access = True  # Blender wants it for a folder of this disk, too
repos = bpy.context.preferences.extensions.repos
studio = repos.new(name="Studio", module="studio", remote_url=sys.argv[1])
index = list(repos).index(studio)
assert bpy.ops.extensions.repo_sync(repo_index=index) == {"FINISHED"}
assert bpy.ops.extensions.package_install(repo_index=index, pkg_id="blender_nca") == {"FINISHED"}
package = "bl_ext.studio.blender_nca"
assert package in bpy.context.preferences.addons, list(bpy.context.preferences.addons.keys())
assert "torch" not in sys.modules
local = Path(os.environ["BLENDER_USER_RESOURCES"], "extensions", ".local")
assert list(local.rglob("torch/__init__.py")), "Blender unpacks the wheels"
preferences = importlib.import_module(f"{package}.blender_nca.addon.settings.preferences")
engine = preferences.chosen_engine()
growth = importlib.import_module(f"{package}.blender_nca.automaton.growth")
dna = importlib.import_module(f"{package}.blender_nca.addon.library").species().of("materials")[0].dna
frame = engine.frame(growth.Growth("materials", (growth.Genotype((dna,)),), 16, 16), 2, 200)
assert frame.living > 0 and frame.pixels.any()
told = [problem for problem in engine.message.splitlines() if "(bundled) did not start" in problem]
assert len(told) == 1 and "no torch, a stand-in" in told[0], engine.message
engine.stop()
importlib.import_module(f"{package}.blender_nca.addon.engine").stop()
assert bpy.ops.extensions.package_uninstall(repo_index=index, pkg_id="blender_nca") == {"FINISHED"}
left = [path for path in local.rglob("*") if path.is_file()]
assert not left, left
assert not any(Path(studio.directory).glob("blender_nca/**/*.whl"))
print("updated", flush=True)
os._exit(0)
"""


BUILD = [os.environ.get("NCA_WORKER_PYTHON", sys.executable), "scripts/build.py", "--without-kernels"]


def build(*arguments: str) -> None:
    done = subprocess.run([*BUILD, *arguments], cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def in_a_new_blender(script: str, argument: str, folder: Path) -> str:
    """Run a script in a Blender that nobody has used before; returns what it said."""
    variables = {**os.environ, "BLENDER_USER_RESOURCES": str(folder / "blender")}
    variables.pop("NCA_WORKER_PYTHON", None)
    (folder / "blender").mkdir()
    command = [sys.executable, "-c", script, argument]
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr, done.stdout + done.stderr
    return done.stdout


def test_zip_installs_and_enables(tmp_path):
    build("--out", str(tmp_path))
    (archive,) = tmp_path.glob("*.zip")
    assert "installed" in in_a_new_blender(INSTALL, str(archive), tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="the wheels that stand in are for Linux")
def test_a_zip_with_pytorch_installs_from_a_repository_and_its_removal_leaves_nothing(tmp_path):
    """The torch in it is a stand-in that does not work: the artist is told so, and grows all the same."""
    wheels = write_torches(tmp_path / "wheels")
    python = f"3.{sys.version_info[1]}"
    chosen = [*wheels.glob(f"torch-*cp3{sys.version_info[1]}-many*"), *wheels.glob("filelock-*")]
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in chosen}
    (tmp_path / "lock.json").write_text(json.dumps({"linux-x64": {"cpu": {python: digests}}}))
    torch = ("--torch", "cpu", "--platform", "linux-x64", "--blender", bpy.app.version_string.split()[0])
    places = ("--torch-index", str(wheels), "--torch-lock", str(tmp_path / "lock.json"))
    build(*torch, *places, "--out", str(tmp_path / "zips"))
    build("--repository", str(tmp_path / "zips"))
    index = (tmp_path / "zips" / "index.json").as_uri()
    assert "updated" in in_a_new_blender(UPDATE, index, tmp_path)
