# SPDX-License-Identifier: GPL-3.0-or-later
"""Capabilities: each is a folder beside the others, and those below it do without it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import bpy
import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
NEEDED = (
    "__init__.py",
    "blender_manifest.toml",
    "blender_nca",
    "models",
    "pyproject.toml",
    "scripts",
    "tests",
)
"""What a copy of the repository needs to be enabled in Blender, and tested."""


@pytest.fixture
def copy(tmp_path) -> Path:
    """A copy of the repository's code."""
    for name in NEEDED:
        source = REPOSITORY / name
        if source.is_dir():
            ignore = shutil.ignore_patterns("__pycache__", ".*", "data")
            shutil.copytree(source, tmp_path / "copy" / name, ignore=ignore)
        else:
            (tmp_path / "copy").mkdir(exist_ok=True)
            shutil.copy(source, tmp_path / "copy" / name)
    return tmp_path / "copy"


@pytest.mark.skipif(
    bpy.app.version[:2] != (5, 0), reason="once is enough: what is imported is the same everywhere"
)
@pytest.mark.parametrize("capability", ["bake", "previews"])
def test_the_others_are_whole_without_one(copy, tmp_path, capability):
    """Its folder is deleted, with its line in the registration and its own tests: all other tests still pass."""
    shutil.rmtree(copy / "blender_nca" / "addon" / capability)
    shutil.rmtree(copy / "tests" / "blender" / "addon" / capability)
    (copy / "tests" / "blender" / "addon" / Path(__file__).name).unlink()
    registration = copy / "blender_nca" / "addon" / "__init__.py"
    text, lines = re.subn(rf'(?m)^    "{capability}",.*\n', "", registration.read_text("utf-8"))
    assert lines == 1
    registration.write_text(text, "utf-8")
    resources = tmp_path / "blender"
    resources.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/blender/addon"],
        cwd=copy,
        env={**os.environ, "BLENDER_USER_RESOURCES": str(resources)},
        capture_output=True,
        text=True,
        timeout=500,
    )
    summary = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert re.search(r"\b[3-9]\d passed|\b\d{3} passed", summary), summary
