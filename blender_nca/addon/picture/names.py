# SPDX-License-Identifier: GPL-3.0-or-later
"""Names: which map of a set of textures a file is, as the usual libraries name them. Without Blender."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

WORDS = {
    "base_colour": "basecolor basecolour albedo diffuse diff color colour col",
    "height": "height displacement disp displ bump depth",
    "normal": "normal normals normalgl normaldx nor nrm norm nmap",
    "roughness": "roughness rough rgh",
    "metallic": "metallic metalness metal mtl",
    "emission": "emission emissive emit glow",
}
"""Map -> what it is called in the names of files."""
OTHERS = "ao occlusion ambient opacity alpha mask spec specular gloss glossiness arm orm rma id preview thumb"
"""What a set has beside them."""
DIRECTX, OPENGL = {"dx", "directx", "normaldx"}, {"gl", "opengl", "normalgl"}
"""Which way is up in the green of a normal map."""
_MAPS = {word: name for name, words in {**WORDS, "": OTHERS}.items() for word in words.split()}


class Recognised(NamedTuple):
    """What files of a set are.

    Attributes
    ----------
    maps : dict of str to Path
        Name of a map, as `engine.client.Engine.learn` takes it -> its file.
    others : tuple of Path
        Those that are no such map, or that a better one took the place of.
    is_directx : bool
        Whether the normal map's green points down.
    """

    maps: dict[str, Path]
    others: tuple[Path, ...]
    is_directx: bool


def recognise(paths: Iterable[Path]) -> Recognised:
    """Say which map each file is. Where none is named as the colour, the first that is named as nothing is.

    Parameters
    ----------
    paths : iterable of Path
        One alone is the colour, whatever it is called.
    """
    chosen = [Path(path) for path in paths]
    if len(chosen) == 1:
        return Recognised({"base_colour": chosen[0]}, (), False)
    maps: dict[str, Path] = {}
    others: list[Path] = []
    for path in chosen:
        name = _map_of(path)
        if not name or (name in maps and not (_is_directx(maps[name]) and not _is_directx(path))):
            others.append(path)
            continue
        if name in maps:  # of two normal maps the one with green up
            others.append(maps[name])
        maps[name] = path
    unnamed = [path for path in others if _map_of(path) is None]
    if "base_colour" not in maps and unnamed:
        maps["base_colour"] = unnamed[0]
        others.remove(unnamed[0])
    return Recognised(maps, tuple(others), "normal" in maps and _is_directx(maps["normal"]))


def _words(path: Path) -> list[str]:
    """The words of a name, and each with the one before it as one."""
    words = re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", path.stem).casefold())
    return [each for before, word in zip(["", *words], words, strict=False) for each in (word, before + word)]


def _map_of(path: Path) -> str | None:
    """Its map, empty for one that does not count: what its name says last, for the first words are what is seen."""
    return next((_MAPS[word] for word in reversed(_words(path)) if word in _MAPS), None)


def _is_directx(path: Path) -> bool:
    return bool(DIRECTX & set(_words(path))) and not OPENGL & set(_words(path))
