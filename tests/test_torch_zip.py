# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension with PyTorch in it: locked, packed, listed. Tiny wheels stand in for the real ones, so that nothing
is downloaded; what packs them is what packs those."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.wheel import write_torches, write_wheel

pytest.importorskip("bpy")  # its builder packs
SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
CPU = ("--torch", "cpu", "--platform", "linux-x64", "windows-x64", "--blender", "5.2")


def script(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPTS / name), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory) -> Path:
    return write_torches(tmp_path_factory.mktemp("wheels of mine"))


@pytest.fixture(scope="module")
def lock(tmp_path_factory, wheels) -> Path:
    path = tmp_path_factory.mktemp("lock") / "torch wheels.json"
    done = script("torch_lock.py", *CPU, "--torch-index", wheels, "--lock", path)
    assert done.returncode == 0, done.stdout + done.stderr
    return path


@pytest.fixture(scope="module")
def zips(tmp_path_factory, wheels, lock) -> Path:
    """A folder with the zips for Linux and Windows, for a Python that is not the one that packs."""
    folder = tmp_path_factory.mktemp("zips")
    done = build(folder, wheels, lock)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def build(folder: Path, wheels: Path, lock: Path) -> subprocess.CompletedProcess[str]:
    places = ("--torch-index", wheels, "--torch-lock", lock, "--out", folder, "--without-kernels")
    return script("build.py", *CPU, *places)


def manifest_of(path: Path) -> dict:
    with ZipFile(path) as archive:
        return tomllib.loads(archive.read("blender_manifest.toml").decode())


def test_the_lock_has_what_each_system_needs_and_no_numpy(lock):
    locked = json.loads(lock.read_text())
    names = {system: [name.partition("-")[0] for name in locked[system]["cpu"]["3.13"]] for system in locked}
    assert names == {
        "linux-x64": ["filelock", "nvidia_seedling", "torch"],
        "windows-x64": ["filelock", "torch"],
    }


def test_each_zip_is_for_its_blenders_and_its_system_and_holds_its_wheels_untouched(zips, wheels):
    found = {}
    for path in zips.glob("*.zip"):
        manifest = manifest_of(path)
        assert manifest["id"] == "blender_nca", "one kind updates the other"
        assert (manifest["blender_version_min"], manifest.get("blender_version_max")) == ("5.1.0", None)
        found[path.name.partition("-")[2]] = manifest["platforms"]
        with ZipFile(path) as archive:
            assert "__init__.py" in archive.namelist()
            for wheel in manifest["wheels"]:
                original = wheels / wheel.removeprefix("./wheels/")
                assert archive.read(wheel.removeprefix("./")) == original.read_bytes()
    version = manifest["version"]
    assert found == {
        f"{version}-linux_x64-cpu-blender_5.1.zip": ["linux-x64"],
        f"{version}-windows_x64-cpu-blender_5.1.zip": ["windows-x64"],
    }


def test_a_wheel_that_is_not_the_locked_one_is_refused_and_the_others_are_built(wheels, lock, tmp_path):
    for wheel in wheels.iterdir():
        (tmp_path / wheel.name).write_bytes(wheel.read_bytes())
    tampered = next(tmp_path.glob("torch-*-cp313-*linux*"))
    write_wheel(
        tmp_path, "torch", "2.13.0+cpu", {"torch/__init__.py": "evil"}, tampered.stem.split("-", 2)[2]
    )
    done = build(tmp_path / "out", tmp_path, lock)
    assert done.returncode == 1 and "cpu for linux-x64, Python 3.13: A wheel is not the one" in done.stderr
    assert ["windows" in path.name for path in (tmp_path / "out").iterdir()] == [True]


def test_paths_too_long_for_windows_and_wheels_of_another_system_are_told(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(SCRIPTS)
    import torch_wheels
    import torch_zip
    from extension_builder import BuildError

    (target,) = torch_wheels.targets("cpu", ["windows-x64"], ["4.2", "5.0"])
    manifest = tomllib.loads(torch_zip.write_manifest('blender_version_min = "4.2.0"\n', target, []))
    assert (manifest["blender_version_min"], manifest["blender_version_max"]) == ("4.2.0", "5.1.0")
    wheel = write_wheel(tmp_path, "torch", "2.13.0", {"d" * 150: ""}, "cp313-cp313-win_amd64")
    told = "\n".join(torch_zip._wrong_with(wheel, target, torch_wheels.digest(wheel)))
    assert "too long for Windows" in told and "tags are not for" in told and "hash" not in told
    for name, fits in (
        ("torch-2.13.0-cp311-cp311-macosx_14_0_arm64.whl", False),
        ("markupsafe-3.0.4-cp311-cp311-win_amd64.whl", True),
        ("triton-3.7.1-cp39-abi3-win_amd64.whl", True),
        ("sympy-1.14.0-py3-none-any.whl", True),
    ):
        assert torch_zip._fits(name, target) is fits
    with pytest.raises(BuildError, match=r"no version of Blender.*such as 5\.0"):
        torch_wheels.targets("cpu", [], ["2.79"])
    with pytest.raises(BuildError, match=r"names no wheels of rocm .*torch_lock\.py"):
        torch_wheels.read_lock(target._replace(kind="rocm"))


def test_a_repository_lists_each_zip_and_refuses_two_for_one_blender(zips):
    done = script("build.py", "--repository", zips)
    assert done.returncode == 0, done.stdout + done.stderr
    listed = json.loads((zips / "index.json").read_text())["data"]
    assert sorted(entry["archive_url"] for entry in listed) == sorted(
        f"./{p.name}" for p in zips.glob("*.zip")
    )
    twice = zips / "copy.zip"
    twice.write_bytes(next(zips.glob("*linux*.zip")).read_bytes())
    try:
        done = script("build.py", "--repository", zips)
    finally:
        twice.unlink()
    assert done.returncode == 1 and "take one of them away" in done.stderr
    assert not (zips / "index.json").exists(), "nobody is to install from half a list"


def test_the_locked_pytorch_is_the_same_for_both_pythons_and_all_systems_that_blender_has():
    locked = json.loads((SCRIPTS / "torch_wheels.json").read_text())
    assert set(locked) == {"linux-x64", "windows-x64", "macos-arm64"}
    for kinds in locked.values():
        for kind, pythons in kinds.items():
            assert set(pythons) == {"3.11", "3.13"}, kind
            versions = {
                name.split("-")[1] for found in pythons.values() for name in found if name[:6] == "torch-"
            }
            assert len(versions) == 1
            assert not [
                name for found in pythons.values() for name in found if name.lower().startswith("numpy")
            ]


def test_what_compresses_bakes_is_found_by_each_system_of_blenders_and_both_pythons(monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import compression_wheels

    from blender_nca.kernels.library import module_folder

    placed = {compression_wheels._place(name) for name in json.loads(compression_wheels.LOCK.read_text())}
    for system, machine in (("Linux", "x86_64"), ("Windows", "AMD64"), ("Darwin", "arm64")):
        for python in ("3.11", "3.13"):
            assert module_folder(python, system, machine) in placed
