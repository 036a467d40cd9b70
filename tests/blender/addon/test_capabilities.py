# SPDX-License-Identifier: GPL-3.0-or-later
"""Capabilities: each is a folder beside the others, and those below it do without it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

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


CAPABILITIES = ("bake", "previews", "surface")
ON_TOP = {"surface": ("habitat", "layers", "wounds")}
"""Capability -> those that are made of it, and go with it."""
TESTS = (
    "bake/test_render.py::test_a_bake_of_one_frame_is_that_frame_always",
    "bake/test_render.py::test_an_animation_renders_each_baked_frame",
    "library",
    "material/test_material.py",
    "playback/test_live.py",
    "surface/test_surface.py",
)
"""What tells of each of the others whether it is whole; all tests would take minutes."""
pytestmark = pytest.mark.skipif(
    bpy.app.version[:2] != (5, 0), reason="once is enough: what is imported is the same everywhere"
)


class Run(NamedTuple):
    """The tests of a copy, under way."""

    process: subprocess.Popen
    log: Path


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> Iterator[dict[str, Run]]:
    """For each capability a copy without it, whose tests run side by side."""
    started = {name: _start(name, tmp_path_factory.mktemp(name)) for name in CAPABILITIES}
    yield started
    for run in started.values():
        run.process.kill()
        run.process.wait()


def _start(capability: str, folder: Path) -> Run:
    """Copy the repository, delete a capability's folder, its line in the registration and its tests; test the rest.

    So go those that are made of it.
    """
    copy = folder / "copy"
    copy.mkdir()
    for name in NEEDED:
        source = REPOSITORY / name
        if source.is_dir():
            # with what Python has compiled already
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns(".*", "data"))
        else:
            shutil.copy(source, copy / name)
    (copy / "tests" / "blender" / "addon" / Path(__file__).name).unlink()
    registration = copy / "blender_nca" / "addon" / "__init__.py"
    for gone in (capability, *ON_TOP.get(capability, ())):
        shutil.rmtree(copy / "blender_nca" / "addon" / gone)
        shutil.rmtree(copy / "tests" / "blender" / "addon" / gone)
        text, lines = re.subn(rf'(?m)^    "{gone}",.*\n', "", registration.read_text("utf-8"))
        assert lines == 1
        registration.write_text(text, "utf-8")
    own = copy / "tests" / "blender" / "addon"
    tests = [str(own / name) for name in TESTS if (own / name.split("::")[0]).exists()]
    resources, log = folder / "blender", folder / "log.txt"
    resources.mkdir()
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
            cwd=copy,
            env={**os.environ, "BLENDER_USER_RESOURCES": str(resources)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    return Run(process, log)


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_the_others_are_whole_without_one(runs, capability):
    """Its folder is deleted, with its line in the registration and its own tests: those of the others still pass."""
    run = runs[capability]
    status = run.process.wait(580)
    said = run.log.read_text("utf-8", "replace").strip()
    assert status == 0, said[-7000:]
    assert re.search(r"\b[3-9]\d passed|\b\d{3} passed", said.splitlines()[-1]), said[-500:]
