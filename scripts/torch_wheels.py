# SPDX-License-Identifier: GPL-3.0-or-later
"""Torch wheels: the files that make a PyTorch for one system and one Python, and how they come here.

``torch_wheels.json`` names them with their hashes. ``torch_lock.py`` writes it.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform as machine
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from extension_builder import BuildError

LOCK = Path(__file__).with_name("torch_wheels.json")
KINDS = ("cpu", "cuda", "rocm", "xpu", "metal")
LINUX_TAGS = ("manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64")
TAGS = {
    "linux-x64": (*(f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1)), *LINUX_TAGS),
    "windows-x64": ("win_amd64",),
    "macos-arm64": ("macosx_14_0_arm64",),
}
"""Of wheels, newest first, by Blender's names of the platforms."""
USUAL = {"linux-x64": "cuda", "windows-x64": "cpu", "macos-arm64": "metal"}
"""What pip's usual index has for each platform."""


class Blender(NamedTuple):
    """The Blenders that one Python is in: from `first`, until before `end` (empty: no end is known)."""

    python: str
    first: str
    end: str


BLENDERS = (Blender("3.11", "4.2.0", "5.1.0"), Blender("3.13", "5.1.0", ""))


class Target(NamedTuple):
    """What a PyTorch is for.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    platform : str
        Blender's name of it: "linux-x64".
    blender : Blender
    """

    kind: str
    platform: str
    blender: Blender

    def __str__(self) -> str:
        return f"{self.kind} for {self.platform}, Python {self.blender.python}"

    @property
    def options(self) -> list[str]:
        """Pip's options that make it choose wheels of this target, whatever it runs on itself."""
        tags = [f"--platform={tag}" for tag in TAGS[self.platform]]
        return ["--only-binary=:all:", "--no-deps", f"--python-version={self.blender.python}", *tags]


def targets(kind: str, platforms: list[str], blenders: list[str]) -> list[Target]:
    """The targets of what somebody asked for.

    Parameters
    ----------
    kind
        One of `KINDS`, or "auto": what pip's usual index has for each platform. On macOS the PyTorch for the
        processor is the one with Metal.
    platforms
        Blender's names; none stands for that of this machine.
    blenders
        Versions such as "4.2"; none stands for all.
    """
    found = []
    for platform in platforms or [own_platform()]:
        own_kind = USUAL[platform] if kind == "auto" or (kind, platform) == ("cpu", "macos-arm64") else kind
        for blender in blenders_of(blenders):
            found.append(Target(own_kind, platform, blender))
    return found


def blenders_of(versions: list[str]) -> list[Blender]:
    """The groups that versions such as "5.0" are in; raises `BuildError` for one that is in none."""
    found = []
    for version in versions:
        if not re.fullmatch(r"\d+\.\d+(\.\d+)?", version) or _number(version) < _number(BLENDERS[0].first):
            raise BuildError(f"“{version}” is no version of Blender from 4.2 on, such as 5.0.")
        found += [b for b in BLENDERS if _number(b.first) <= _number(version) < _number(b.end or "999.0")]
    return list(dict.fromkeys(found)) or list(BLENDERS)


def own_platform() -> str:
    """This machine's platform, as Blender names it."""
    system = {"Darwin": "macos"}.get(machine.system(), machine.system().lower())
    processor = machine.machine().lower()
    name = f"{system}-{ {'x86_64': 'x64', 'amd64': 'x64', 'aarch64': 'arm64'}.get(processor, processor) }"
    if name not in TAGS:
        raise BuildError(f"There is no PyTorch for {name}: choose a platform with --platform.")
    return name


def read_lock(target: Target, lock: Path = LOCK) -> dict[str, str]:
    """The wheels of a target, each with its SHA-256; raises `BuildError` where the lock has none."""
    found = json.loads(lock.read_text(encoding="utf-8")) if lock.exists() else {}
    wheels = found.get(target.platform, {}).get(target.kind, {}).get(target.blender.python)
    if not wheels:
        raise BuildError(
            f"{lock.name} names no wheels of {target}. With an index that has them: python3 scripts/torch_lock.py "
            f"--torch {target.kind} --platform {target.platform} --torch-index ADDRESS"
        )
    return dict(wheels)


def fetch(target: Target, folder: Path, index: str = "", lock: Path = LOCK) -> list[Path]:
    """Bring the wheels of a target into a folder, by pip, as the lock names them.

    Parameters
    ----------
    target
    folder
    index
        Address of a package index that is asked beside pip's own, or a folder of wheels in place of all.
    lock

    Raises
    ------
    BuildError
    """
    wheels = read_lock(target, lock)
    folder.mkdir(parents=True, exist_ok=True)
    requirements = folder / "requirements.txt"
    lines = [f"{requirement(name)} --hash=sha256:{digest}\n" for name, digest in wheels.items()]
    requirements.write_text("".join(lines), encoding="utf-8")
    pip("download", *target.options, *place(index), "--dest", folder, "--require-hashes", "-r", requirements)
    requirements.unlink()
    paths = [folder / name for name in wheels]
    missing = [path.name for path in paths if not path.exists()]
    if missing:
        raise BuildError(f"pip took other files than the lock names: {', '.join(missing)} did not come.")
    return paths


def requirement(wheel: str) -> str:
    """A wheel's package and version, as pip takes them."""
    name, version = wheel.split("-")[:2]
    return f"{name}==={version}"


def place(index: str) -> list[str]:
    """Pip's options for an index, or for a folder in place of one."""
    if not index:
        return []
    if re.match(r"(https?|file)://", index):
        return [f"--extra-index-url={index}"]
    if not Path(index).is_dir():
        raise BuildError(f"{index} is neither a folder of wheels nor the address of a package index.")
    return ["--no-index", f"--find-links={Path(index).resolve()}"]


def pip(*arguments: object) -> str:
    """Run pip; returns what it printed. Raises `BuildError`."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet"]
    variables = dict(os.environ)
    if "--no-index" in arguments:  # then nothing is to come from where pip's settings point to, either
        variables = {name: value for name, value in variables.items() if not name.startswith("PIP_")}
        variables["PIP_CONFIG_FILE"] = os.devnull
    done = subprocess.run(
        [*command, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env=variables,
    )
    if done.returncode:
        raise BuildError(_explain(done.stderr))
    return done.stdout


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _explain(output: str) -> str:
    if "THESE PACKAGES DO NOT MATCH THE HASHES" in output or "Hash mismatch" in output:
        reason = "A wheel is not the one that the lock names: its hash differs."
    elif (
        "No matching distribution found" in output or "ResolutionImpossible" in output
    ):  # the latter beside hashes
        reason = (
            "The package index has no such wheel. PyTorch for the processor on Linux, for ROCm and for XPU lies in "
            "indices of its own: name one with --torch-index, as PyTorch's page “Get Started” has it after --index-url."
        )
    elif "No space left on device" in output:
        reason = "The disk is full. A PyTorch with CUDA takes 10 GB while it is packed."
    else:
        reason = (
            "pip could not fetch the wheels. Without a network name a folder of wheels with --torch-index."
        )
    last = [
        line
        for line in output.splitlines()
        if line.startswith("ERROR") or "Expected" in line or "Got" in line
    ]
    return "\n".join([reason, *(f"  | {line.strip()}" for line in last[-6:])])


def _number(version: str) -> tuple[int, int]:
    """The first two parts: those of a series of Blender's."""
    major, minor = version.split(".")[:2]
    return int(major), int(minor)
