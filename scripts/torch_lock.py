# SPDX-License-Identifier: GPL-3.0-or-later
"""Lock the PyTorch that is packed into the extension: which wheels, with which hashes, for each system and Python.

    python3 scripts/torch_lock.py                                       all that pip's usual index has
    python3 scripts/torch_lock.py --torch rocm --platform linux-x64 --torch-index ADDRESS

Writes ``scripts/torch_wheels.json``. Which versions are asked for stands below, and nowhere else.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import torch_wheels
import virtual_environment
from extension_builder import BuildError
from torch_wheels import KINDS, LOCK, TAGS, USUAL, Target

VERSION = "2.13.0"
"""The one that is tested here."""
VERSION_ON_WINDOWS = "2.12.1"
"""From 2.13 on wheels hold paths that are too long for Windows in the folder into which Blender unpacks them."""
BUILDS = {"cpu": "+cpu", "cuda": "+cu130", "rocm": "+rocm7.2", "xpu": "+xpu"}
"""What indices of PyTorch's own add to the version. Wheels of pip's usual index have nothing there."""
LEFT_OUT = {"numpy", "triton", "setuptools"}
"""Blender has numpy; the others serve torch.compile alone, which nothing in the extension calls."""
SYSTEMS = {
    "linux-x64": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "windows-x64": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    "macos-arm64": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
}
MACHINES = {"linux-x64": "x86_64", "windows-x64": "AMD64", "macos-arm64": "arm64"}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--torch", choices=("auto", *KINDS), default="auto", help="default: auto")
    parser.add_argument("--platform", nargs="+", choices=list(TAGS), default=list(TAGS), help="default: all")
    parser.add_argument("--blender", nargs="+", metavar="VERSION", default=[], help="default: all")
    parser.add_argument("--torch-index", metavar="PLACE", default="", help="an index, or a folder of wheels")
    parser.add_argument(
        "--lock", metavar="FILE", type=Path, default=LOCK, help=f"default: scripts/{LOCK.name}"
    )
    options = parser.parse_args()
    virtual_environment.enter()
    try:
        for target in torch_wheels.targets(options.torch, options.platform, options.blender):
            wheels = resolve(target, options.torch_index)
            write(target, wheels, options.lock)
            print(f"{target}: {len(wheels)} wheels", flush=True)
    except BuildError as error:
        print(f"torch_lock: {error}", file=sys.stderr)
        return 1
    return 0


def torch_of(target: Target) -> str:
    """The PyTorch of a target, as pip takes it."""
    version = VERSION_ON_WINDOWS if target.platform == "windows-x64" else VERSION
    build = "" if target.kind == USUAL[target.platform] else BUILDS.get(target.kind, "")
    return f"torch==={version}{build}"  # two signs would take another build, too


def resolve(target: Target, index: str = "") -> dict[str, str]:
    """The wheels of a target and what they need in their turn, each with its SHA-256.

    Pip chooses the files. What a package needs is asked of it here, since pip would answer for the system that it
    runs on.
    """
    wanted = {torch_of(target)}
    while True:
        chosen = _choose(target, sorted(wanted), index)
        needed = {line for item in chosen for line in _needs(item, target, wanted)}
        if needed <= wanted:
            break
        wanted |= needed
    found = {}
    for item in chosen:
        archive = item["download_info"]["archive_info"]
        name = item["download_info"]["url"].rpartition("/")[2].replace("%2B", "+")
        found[name] = archive.get("hashes", {}).get("sha256") or archive["hash"].partition("=")[2]
    return dict(sorted(found.items(), key=lambda wheel: wheel[0].lower()))


def _choose(target: Target, wanted: list[str], index: str) -> list[dict]:
    with tempfile.TemporaryDirectory() as nowhere:
        options = [*target.options, *torch_wheels.place(index), "--target", nowhere]
        report = torch_wheels.pip(
            "install", "--dry-run", "--ignore-installed", "--report", "-", *options, *wanted
        )
    return json.loads(report)["install"]


def _needs(item: dict, target: Target, wanted: set[str]) -> set[str]:
    """What a chosen package needs on the target's system, with those of its extras that somebody wants."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    name = canonicalize_name(item["metadata"]["name"])
    asked = [Requirement(line) for line in wanted]
    extras = {extra for one in asked if canonicalize_name(one.name) == name for extra in one.extras}
    facts = {
        **SYSTEMS[target.platform],
        "platform_machine": MACHINES[target.platform],
        "python_version": target.blender.python,
        "python_full_version": f"{target.blender.python}.0",
    }
    needs = set()
    for line in item["metadata"].get("requires_dist", ()):
        need = Requirement(line)
        fits = need.marker is None or any(
            need.marker.evaluate({**facts, "extra": extra}) for extra in (*extras, "")
        )
        if fits and canonicalize_name(need.name) not in LEFT_OUT:
            need.marker = None
            needs.add(str(need))
    return needs


def write(target: Target, wheels: dict[str, str], lock: Path) -> None:
    """Put the wheels of a target into the lock, in place of those that are there."""
    content = json.loads(lock.read_text(encoding="utf-8")) if lock.exists() else {}
    content.setdefault(target.platform, {}).setdefault(target.kind, {})[target.blender.python] = wheels
    lock.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
