# SPDX-License-Identifier: GPL-3.0-or-later
"""Recipe: which PyTorch is installed for this system, and what that takes."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zipfile import ZipFile

from .torch_place import WHEELS

GIB = 2**30


@dataclass(frozen=True)
class Recipe:
    """What is installed.

    Attributes
    ----------
    requirements : tuple of str
        As pip takes them.
    modules : tuple of str
        That must import afterwards; the first one's version is that of the installation.
    offer : str
        What the artist gets, in words.
    room : int
        Bytes that must be free on the disk, for the downloads and what is unpacked together.
    offline : bool
        The requirements are files that lie here: no index is asked, and nothing that they need is added.
    """

    requirements: tuple[str, ...]
    modules: tuple[str, ...]
    offer: str = ""
    room: int = 0
    offline: bool = False


@lru_cache(1)  # the preferences ask at each drawing
def bundled_recipe(wheels: Path = WHEELS) -> Recipe:
    """The PyTorch that came in the extension's zip, for an environment of its own. numpy stays Blender's."""
    files = sorted(wheels.glob("*.whl"))
    room = 0
    for file in files:
        with ZipFile(file) as archive:
            room += sum(entry.file_size for entry in archive.infolist())
    offer = (
        "Another extension's PyTorch stands in the place of the bundled one. This unpacks that one for Neural Growth "
        f"alone: nothing to download, {max(room, GIB // 10) / GIB:.1f} GB on the disk."
    )
    return Recipe(tuple(map(str, files)), ("torch",), offer, room + GIB // 10, offline=True)


def torch_recipe(custom_index: bool = False) -> Recipe:
    """PyTorch for this system.

    Parameters
    ----------
    custom_index
        The artist named a package index: what it gives, and how much, is not known.
    """
    newest = "torch>=2.6"
    if os.name == "nt" and not _long_paths():
        # From 2.13 on torch has licence files of 171 characters below site-packages. The user folder of a Blender
        # extension has about 100 before that, and Windows ends at 260, where nobody has set it otherwise.
        newest += ",<2.13"
    offer, room = _offer(sys.platform, platform.machine())
    if custom_index:
        offer, room = (
            "PyTorch of the package index named here: up to 4 GB to download, 8 GB on the disk.",
            GIB,
        )
    return Recipe((newest, "numpy"), ("torch", "numpy"), offer, room)


def _offer(system: str, machine: str) -> tuple[str, int]:
    """What the usual package index has for a system, and the bytes that it needs at the most."""
    if system == "win32":
        text = "PyTorch for the processor, without CUDA: 0.2 GB to download, 1 GB on the disk. "
        return text + "For an NVIDIA card name PyTorch's own package index for CUDA.", 2 * GIB
    if system == "darwin" and machine == "arm64":
        return "PyTorch with Metal: 0.2 GB to download, 1 GB on the disk.", 2 * GIB
    if system == "darwin":
        return "There is no current PyTorch for Macs with Intel processors.", 2 * GIB
    if machine.lower() in ("x86_64", "amd64"):
        text = "PyTorch with CUDA, for NVIDIA cards and the processor: 3 GB to download, 6 GB on the disk. "
        return text + "For an AMD card, or the processor alone, name another package index.", 9 * GIB
    return "PyTorch for this system: up to 3 GB to download, 6 GB on the disk.", 9 * GIB


def _long_paths() -> bool:
    """Whether this Windows takes paths of more than 260 characters."""
    if sys.platform != "win32":
        return False
    try:
        import winreg

        key = winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SYSTEM\CurrentControlSet\Control\FileSystem")
        with key:
            return winreg.QueryValueEx(key, "LongPathsEnabled")[0] == 1
    except (ImportError, OSError):
        return False
