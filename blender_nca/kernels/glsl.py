# SPDX-License-Identifier: GPL-3.0-or-later
"""Shaders for any card that Blender draws on: what each says, in the GLSL that Blender takes, and what it is given.

Blender hands compute shaders pictures, a block of numbers that all threads read, and constants; no other memory. It
carries them to OpenGL, Vulkan and Metal. This file knows no Blender: `addon/graphics` compiles what it writes.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent
LINE = 1024
"""Ties that lie side by side in a picture."""
SPAN = 32
"""Cells side by side that a thread counts."""
PATCHES = 512
"""Patches of a canvas that lie side by side in a picture."""
MOST_CELLS = 2**24
"""Cells and ties that a picture can tell apart."""
NEVER = 2.0**31
"""Arrival of a cell that has not come alive: a card's number has no 2^31 - 1."""
GROUP = 64
"""Threads of a group."""
ONE_NUMBER = frozenset(["shares", "arrival", "taps", "seeds", "life", "patches", "woken"])
"""Pictures that have one number a place, or two, where others have four."""
_INCLUDE = re.compile(r'^#include "(.+)"$', re.MULTILINE)
_WORDS = {r"__device__ ": "", r"\bunsigned\b": "uint", r"\bpowf\b": "pow", r"\bmix\b": "avalanche"}
"""What the sources say to a compiler of C, and how GLSL says it. Its own `mix` is another function."""


@dataclass(frozen=True)
class Shader:
    """A shader and what it is given.

    Attributes
    ----------
    name : str
        Of its file in `kernels/shaders`.
    group : (int, int)
        Threads of a group across and down.
    pictures : tuple of str
        What it reads.
    images : tuple of (name, format)
        What it writes, and reads at the same place.
    numbers : tuple of str
        Whole numbers.
    block : (type, name, size), optional
        Fours of numbers that all threads read at the same time; the size names a constant of the source.
    """

    name: str
    group: tuple[int, int]
    pictures: tuple[str, ...]
    images: tuple[tuple[str, str], ...]
    numbers: tuple[str, ...]
    block: tuple[str, str, str] | None = None

    def source(self, **constants: int) -> str:
        """The shader in one piece.

        Parameters
        ----------
        constants : int
            What the sources leave open: CHANNELS, HIDDEN, PAINTING; GRAIN, where painters read any.
        """
        return _written(self.name, _words(constants))

    def types(self, **constants: int) -> str:
        """What is to stand before it: the type of its block. Arguments as of `source`."""
        if self.block is None:
            return ""
        kind, _, size = self.block
        return f"struct {kind} {{ vec4 of[{sizes_of(**constants)[size]}]; }};\n"


@lru_cache(1)
def digest() -> str:
    """A hash of all that shaders are written of: what was measured of others says nothing of these."""
    parts = [*sorted((FOLDER / "shaders").glob("*")), *sorted(FOLDER.glob("*.cuh"))]
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()[:16]


def sizes_of(CHANNELS: int, HIDDEN: int, PAINTING: int, GRAIN: int = 0) -> dict[str, int]:  # noqa: N803  the sources' own names
    """How many fours of numbers rules and painters have, as `step_equations.cuh` and `painting_equations.cuh` lay them
    out: "RULE", "PAINTER"."""
    quads, features = CHANNELS // 4, PAINTING // 4
    return {
        "RULE": HIDDEN * (5 * quads + 1),
        "PAINTER": PAINTING * (quads + GRAIN // 4 + 1 + features + 3) + 2,
    }


_GRID = ("top", "bottom", "wide")
_PLACE = (32, 2)  # flat: what is done at once may be little
PLANT = Shader("plant", _PLACE, ("seeds",), (("cells", "RGBA32F"),), _GRID)
TIE_STATE = Shader(
    "tie", (GROUP, 1), ("places", "sources"), (("cells", "RGBA32F"),), ("ties", "size", "of_life")
)
TIE_LIFE = Shader(
    "tie", (GROUP, 1), ("places", "sources"), (("cells", "RG32F"),), ("ties", "size", "of_life")
)
CHANGE = Shader(
    "change",
    _PLACE,
    ("before", "shares", "turns", "habitat"),
    (("after", "RGBA32F"), ("life", "RG32F")),
    (*_GRID, "high", "wrap", "begins", "shared_out", "turned", "has_habitat", "key", "threshold"),
    ("Rule", "rule", "RULE"),
)
MASK = Shader("mask", _PLACE, ("life",), (("after", "RGBA32F"),), (*_GRID, "high", "wrap"))
DATE = Shader("date", _PLACE, ("state", "arrival"), (("dated", "R32F"),), (*_GRID, "edge", "begins", "now"))
QUIET = Shader(
    "quiet",
    _PLACE,
    ("habitat", "arrival", "woken"),
    (("quieted", "RGBA32F"),),
    (*_GRID, "edge", "as_ever", "has_habitat", "has_woken", "woken_at", "now", "settling"),
)
COUNT = Shader("count", (8, 4), ("state", "turns"), (("counts", "R32F"),), (*_GRID, "high", "wrap", "turned"))
_IMAGES = ("colour", "RGBA32F"), ("rest", "RGBA32F"), ("counted", "R32F")
_PAINTER = "Painter", "painter", "PAINTER"
_PAINTED = "wide", "edge", "begins", "ends", "shared_out", "live", "reach", "units"
PAINT = Shader(
    "paint",
    _PLACE,
    ("state", "shares", "taps"),
    _IMAGES,
    ("top", "bottom", "first", "rows", "high", "wrap", "pixels", *_PAINTED),
    _PAINTER,
)
GATHER = Shader("gather", _PLACE, ("state", "sources"), (("tied", "RGBA32F"),), ("top", "bottom"))
TOLD = Shader(
    "told",
    _PLACE,
    ("state", "tied", "shares", "pixels_told", "offsets", "patches"),
    _IMAGES,
    ("top", "bottom", "count", "cells", "sides", *_PAINTED),
    _PAINTER,
)
PAINT_FINE, TOLD_FINE = (
    replace(shader, pictures=(*shader.pictures, "grain"), numbers=(*shader.numbers, "grained"))
    for shader in (PAINT, TOLD)
)
"""For painters that read grain, of which GRAIN is not 0."""


def _words(constants: dict[str, int]) -> str:
    given = {**constants, "LINE": LINE, "PATCHES": PATCHES, "SPAN": SPAN}
    defined = [f"#define {name} {value}" for name, value in given.items()]
    return "\n".join([*defined, f"#define never {NEVER:.1f}", ""])


def _written(name: str, words: str) -> str:
    text = "\n".join([words, _read("shaders/words.h"), _read(f"shaders/{name}.glsl")])
    while _INCLUDE.search(text):
        text = _INCLUDE.sub(lambda found: _read(found[1]), text)
    for word, there in _WORDS.items():
        text = re.sub(word, there, text)
    return re.sub(r"//.*", "", text)


def _read(name: str) -> str:
    path = FOLDER / name
    if not path.exists():
        path = FOLDER / "shaders" / name
    return path.read_text("utf-8").replace("#pragma once\n", "")
