# SPDX-License-Identifier: GPL-3.0-or-later
"""The artist's way in: the zip, installed and enabled in a Blender that has never seen the repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
assert bpy.ops.preferences.addon_disable(module=package) == {"FINISHED"}
assert bpy.ops.preferences.addon_enable(module=package) == {"FINISHED"}
assert package in bpy.context.preferences.addons
print("installed", flush=True)
os._exit(0)
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [
        os.environ.get("NCA_WORKER_PYTHON", sys.executable),
        "scripts/build.py",
        "--without-kernels",
        "--out",
        str(folder),
    ]
    done = subprocess.run(build, cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = folder.glob("*.zip")
    return path


def test_zip_installs_and_enables(archive, tmp_path):
    variables = {**os.environ, "BLENDER_USER_RESOURCES": str(tmp_path / "blender")}
    (tmp_path / "blender").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", INSTALL, str(archive)],
        cwd=tmp_path,
        env=variables,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0 and "installed" in done.stdout, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr, done.stdout + done.stderr
