# SPDX-License-Identifier: GPL-3.0-or-later
"""Torch place: where this Blender's Python would find a torch, and whose it is. Nothing is imported.

Blender unpacks the wheels of all extensions into one folder. Of two torches only the newer one lies there, whoever
brought it; so what is found is compared with the wheels that came in this extension's own zip.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

WHEELS = Path(__file__).resolve().parents[2] / "wheels"
"""Of this extension; only a zip with PyTorch has it."""
BUNDLED, ANOTHERS, BLENDERS = "bundled", "another extension's", "Blender's own"


@dataclass(frozen=True)
class TorchPlace:
    """A torch that lies in a folder of modules.

    Attributes
    ----------
    folder : str
        To look for modules in.
    version : str
        "2.13.0+cpu"; empty where it does not say.
    owner : str
        `BUNDLED`, `ANOTHERS` or `BLENDERS`.
    hindrance : str
        Why it cannot work in this Python, and what holds instead; empty if it may.
    """

    folder: str
    version: str
    owner: str
    hindrance: str = ""


def bundled_version(wheels: Path = WHEELS) -> str:
    """The version of the PyTorch that came in the extension's zip; empty where none did."""
    for wheel in wheels.glob("torch-*.whl"):
        return wheel.name.split("-")[1]
    return ""


def find_torches(folders: Iterable[str] | None = None, wheels: Path = WHEELS) -> list[TorchPlace]:
    """The torches in folders of modules, the bundled one first; without folders, in those of this process.

    One that was bundled, and that Blender has not unpacked, stands there with its hindrance.
    """
    bundled = bundled_version(wheels)
    found = []
    for folder in dict.fromkeys(sys.path if folders is None else folders):
        if (Path(folder) / "torch" / "__init__.py").is_file():
            found.append(_place(Path(folder), bundled))
    found.sort(key=lambda place: place.owner != BUNDLED)
    if bundled and not any(place.owner == BUNDLED for place in found):
        found.insert(0, TorchPlace("", bundled, BUNDLED, _why_not_there(bundled, found, wheels)))
    return found


def is_displaced(wheels: Path = WHEELS) -> bool:
    """Whether the bundled torch fits this Python and lies nowhere, another extension's being in its place."""
    if not bundled_version(wheels):
        return False
    first, *others = find_torches(None, wheels)
    return first.folder == "" and _bundled_python(wheels) == _own_python() and bool(others)


def _place(folder: Path, bundled: str) -> TorchPlace:
    version = python = ""
    for info in folder.glob("torch-*.dist-info"):
        version = info.name.removeprefix("torch-").removesuffix(".dist-info")
        python = _python_of(info / "WHEEL")
    shared = ".local" in folder.parts and "extensions" in folder.parts
    owner = BUNDLED if shared and version == bundled else ANOTHERS if shared else BLENDERS
    hindrance = _foreign(version, python) if python not in ("", _own_python()) else ""
    return TorchPlace(str(folder), version, owner, hindrance)


def _why_not_there(version: str, found: list[TorchPlace], wheels: Path) -> str:
    if (python := _bundled_python(wheels)) != _own_python():
        return _foreign(version, python)
    others = [place.version for place in found if place.owner == ANOTHERS]
    if others:
        return (
            f"another extension brought torch {others[0]}, and Blender has one for all: the newer. Install PyTorch, "
            "in these preferences, unpacks the bundled one for Neural Growth alone"
        )
    return "Blender has not unpacked it: start Blender again, or install the zip again"


def _foreign(version: str, python: str) -> str:
    return (
        f"torch {version} is built for Python {python}, and this Blender's is {_own_python()}. Install PyTorch from "
        "these preferences, or in another Python that you name there"
    )


def _bundled_python(wheels: Path) -> str:
    return next((_tag(wheel.name) for wheel in wheels.glob("torch-*.whl")), "")


def _python_of(wheel: Path) -> str:
    """The Python that an unpacked wheel is for, "3.13"; empty where it does not say."""
    try:
        return _tag(wheel.read_text(encoding="utf-8"))
    except OSError:
        return ""


def _tag(text: str) -> str:
    tag = re.search(r"\bcp3(\d+)-cp3\d+", text)
    return f"3.{tag[1]}" if tag else ""


def _own_python() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"
