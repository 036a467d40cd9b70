# SPDX-License-Identifier: GPL-3.0-or-later
"""Compression wheels: Intel's library for what bakes write, unpacked beside the kernels for each system and Python.

``compression_wheels.json`` names the wheels with their hashes. They are not among the manifest's: of wheels of several
Pythons Blender 4.2 takes one by its name alone, and later Blenders refuse an extension whose wheels do not fit their
Python. Here a Python that finds none compresses by zlib.
"""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import torch_wheels
from build_kernels import ZIG
from extension_builder import BuildError

LOCK = Path(__file__).with_name("compression_wheels.json")
KEPT = ZIG.folder / "wheels"
"""What was fetched once: the next build needs no network."""
LEFT_OUT = (".pyi", "py.typed", "igzip.py", "igzip_threaded.py")
"""What nobody here runs."""
SYSTEMS = {"win": "Windows", "macosx": "Darwin", "manylinux": "Linux", "manylinux2014": "Linux"}


def unpack() -> list[Path]:
    """Bring the wheels by pip, and unpack each; returns the folders. Raises `BuildError`."""
    wheels, folders = json.loads(LOCK.read_text(encoding="utf-8")), []
    KEPT.mkdir(parents=True, exist_ok=True)
    for name, digest in wheels.items():
        wheel, folder = KEPT / name, _place(name)
        if not wheel.is_file() or torch_wheels.digest(wheel) != digest:
            _fetch(name, digest)
        with ZipFile(wheel) as archive:
            archive.extractall(folder, [one for one in archive.namelist() if not one.endswith(LEFT_OUT)])
        folders.append(folder)
    return folders


def _fetch(name: str, digest: str) -> None:
    python, _, platforms = _tags(name)
    chosen = [f"--platform={tag}" for tag in platforms.split(".")]
    chosen += ["--only-binary=:all:", "--no-deps", f"--python-version={_version(python)}"]
    requirements = KEPT / "requirements.txt"
    requirements.write_text(f"{torch_wheels.requirement(name)} --hash=sha256:{digest}\n", encoding="utf-8")
    torch_wheels.pip("download", *chosen, "--dest", KEPT, "--require-hashes", "-r", requirements)
    requirements.unlink()
    if not (KEPT / name).is_file():
        raise BuildError(f"pip took another file than {LOCK.name} names: {name} did not come.")


def _place(name: str) -> Path:
    """Where the modules of a wheel lie for its system and Python."""
    from blender_nca.kernels.library import module_folder

    python, _, platforms = _tags(name)
    system, _, rest = platforms.split(".")[0].partition("_")
    machine = next(machine for machine in ("x86_64", "amd64", "arm64", "aarch64") if rest.endswith(machine))
    return module_folder(_version(python), SYSTEMS[system], machine)


def _tags(name: str) -> list[str]:
    """Python, ABI and platforms that a wheel is for."""
    return name.removesuffix(".whl").split("-")[-3:]


def _version(tag: str) -> str:
    """Of Python: "3.11" of "cp311"."""
    return f"3.{tag.removeprefix('cp3')}"
