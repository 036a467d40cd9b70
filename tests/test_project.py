# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension as a whole: what Blender is told of it, what the zip holds, what loading it loads."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

import blender_nca

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def manifest() -> dict:
    with (REPOSITORY / "blender_manifest.toml").open("rb") as file:
        return tomllib.load(file)


@pytest.fixture(scope="module")
def archive(tmp_path_factory) -> list[str]:
    """The names in a freshly built zip; building it validates it with Blender's own tool."""
    folder = tmp_path_factory.mktemp("dist")
    build = [
        sys.executable,
        str(REPOSITORY / "scripts" / "build.py"),
        "--without-kernels",
        "--out",
        str(folder),
    ]
    done = subprocess.run(build, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = folder.glob("*.zip")
    with ZipFile(path) as file:
        return file.namelist()


def test_versions_agree(manifest):
    assert blender_nca.__version__ == manifest["version"]


def test_blender_and_its_users_are_told_what_it_is(manifest):
    assert manifest["id"] == "blender_nca"
    assert manifest["name"] == "Neural Growth"
    assert manifest["blender_version_min"] == "4.2.0"
    assert manifest["license"] == ["SPDX:GPL-3.0-or-later"]
    assert set(manifest["permissions"]) == {"files", "network"}
    for text in (manifest["tagline"], *manifest["permissions"].values()):
        assert len(text) <= 64
        assert not text.endswith(".")


def test_zip_holds_what_the_artist_needs(archive):
    for name in ("blender_manifest.toml", "__init__.py", "LICENSE", "blender_nca/addon/__init__.py"):
        assert name in archive
    for path in (REPOSITORY / "models").glob("*/manifold.safetensors"):
        assert path.relative_to(REPOSITORY).as_posix() in archive


def test_zip_holds_the_manual_that_f1_opens(archive):
    folder = "blender_nca/addon/manual/built"
    assert f"{folder}/manual.html" in archive
    assert f"{folder}/go/time-loops.html" in archive
    built = [path for path in (REPOSITORY / folder).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in built) < 8 * 2**20


def test_zip_holds_nothing_else(archive):
    tops = {name.split("/")[0] for name in archive}
    assert tops <= {"blender_manifest.toml", "__init__.py", "LICENSE", "README.md", "blender_nca", "models"}
    assert not [name for name in archive if name.startswith("blender_nca/training/")]
    strays = re.compile(r"(^|/)(\.[^/]+|__pycache__|[^/]+\.(pyc|part))(/|$)")
    assert not [name for name in archive if strays.search(name)]


@pytest.mark.parametrize("module", ["automaton.growth", "engine.client"], ids=lambda module: module)
def test_blenders_side_loads_without_torch(module):
    """In Blender there is no torch. Here imported for real: import-linter doesn't see __init__ files run."""
    _load_without_torch(f"import blender_nca.{module}")


@pytest.mark.parametrize("room", ["genetics", "maps"])
def test_plain_rooms_load_without_torch(room):
    _load_without_torch(
        f"import pkgutil, importlib, blender_nca.{room} as room; "
        "[importlib.import_module(one.name) for one in pkgutil.walk_packages(room.__path__, room.__name__ + '.')]"
    )


def _load_without_torch(statement):
    statement += (
        "; import sys; found = {'torch', 'bpy', 'safetensors'} & set(sys.modules); assert not found, found"
    )
    done = subprocess.run([sys.executable, "-c", statement], cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_python_file_names_its_licence():
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=REPOSITORY, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    first = "# SPDX-License-Identifier: GPL-3.0-or-later"
    paths = [REPOSITORY / name for name in listed.stdout.splitlines()]
    assert not [
        path for path in paths if path.exists() and not path.read_text(encoding="utf-8").startswith(first)
    ]
