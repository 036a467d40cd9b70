# SPDX-License-Identifier: GPL-3.0-or-later
"""Tiny wheels, written by hand: what stands in for PyTorch where nobody is to download it."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path


def write_wheel(
    folder: Path,
    package: str,
    version: str,
    files: dict[str, str],
    tag: str = "py3-none-any",
    needs: Sequence[str] = (),
) -> Path:
    """Write a wheel of a package; returns its path."""
    info = f"{package}-{version}.dist-info"
    lines = [f"Requires-Dist: {need}\n" for need in needs]
    files = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n{''.join(lines)}",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    record = ""
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(text.encode())}\n"
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{package}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def write_torches(folder: Path, torch: str = "raise ImportError('no torch, a stand-in')\n") -> Path:
    """Write a folder of wheels in the place of PyTorch and what it needs: for Linux and Windows, without numpy."""
    code = {"torch/__init__.py": torch, "torch/version.py": "__version__ = 'stand-in'\n"}
    needs = ("filelock>=3", "setuptools<82", "numpy>=2", 'nvidia-seedling==1.0; platform_system == "Linux"')
    for python in ("311", "313"):
        linux, windows = (f"cp{python}-cp{python}-{tag}" for tag in ("manylinux_2_28_x86_64", "win_amd64"))
        write_wheel(folder, "torch", "2.13.0+cpu", code, linux, needs)
        write_wheel(folder, "torch", "2.12.1", code, windows, needs)
    write_wheel(folder, "filelock", "3.20.0", {"filelock/__init__.py": ""})
    write_wheel(folder, "nvidia_seedling", "1.0", {"nvidia_seedling.py": ""})
    return folder
