# SPDX-License-Identifier: GPL-3.0-or-later
"""Estimate: how large the files of a bake will be, and whether the disk has room for them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..engine.disk import free_bytes
from ..maps.texture import Texture

if TYPE_CHECKING:
    from .bake import Bake

BYTES = MappingProxyType(
    {
        ("PNG", "8"): 0.51,
        ("PNG", "16"): 1.69,
        ("OPEN_EXR", "half"): 1.13,
        ("OPEN_EXR", "float"): 3.85,
        ("TIFF", "8"): 0.52,
        ("TIFF", "16"): 1.72,
        ("TIFF", "float"): 2.89,
        ("TARGA", "8"): 0.99,
        ("WEBP", "8"): 0.34,
        ("JPEG", "8"): 0.17,
    }
)
"""Bytes of a file for each value in it: medians of the bundled species, full grown (colours, normals and heights)."""
RESERVE = 64 * 2**20
"""Bytes of a disk that a bake leaves to others."""


def estimate_bytes(textures: Iterable[Texture], pixels: int) -> int:
    """How large the files of textures will be together, each of so many pixels."""
    return round(sum(BYTES[one.format, one.depth] * len(one.channels) for one in textures) * pixels)


def why_too_large(bake: Bake) -> str:
    """What to say where the disk has too little room for what a bake is going to write; empty where it has enough."""
    book = bake.plan.flipbook
    height, width = bake.plan.size if book is None else book.sheet
    pixels = height * width
    needed = 0
    for one in bake.sets:
        for files in one.todo.values():
            needed += estimate_bytes((texture for each in files.values() for texture in each), pixels)
            needed -= _there(files)
    free = free_bytes(bake.folder)
    if needed <= max(0, free - RESERVE):
        return ""
    return (
        f"The files will take about {in_words(needed)}, and the disk of {bake.folder} has {in_words(free)} left. "
        "Where it gets full the bake stops, keeps the frames that are finished, and goes on from there once there is "
        "room."
    )


def _there(files: Mapping[Path, object]) -> int:
    """Bytes of files that will be replaced."""
    total = 0
    for path in files:
        with contextlib.suppress(OSError):
            total += path.stat().st_size
    return total


def in_words(size: float) -> str:
    """A size as one says it: "850 KB", "1.9 GB"."""
    for unit in ("bytes", "KB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if size >= 10 or unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
