# SPDX-License-Identifier: GPL-3.0-or-later
"""Command line: what `blender --command nca_bake` is told."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass

NAME = "nca_bake"
"""Blender wants an identifier, so it has no hyphen."""
LAYOUTS = ("sequence", "still", "flipbook", "order")
_FRAMES = re.compile(r"(-?\d+)(?:-(-?\d+))?")


class ArgumentError(ValueError):
    """Arguments that cannot be; the message says what to choose."""


@dataclass(frozen=True)
class Options:
    """What is to be baked.

    Attributes
    ----------
    materials : tuple of str
        Their names; empty for all that grow.
    presets : tuple of str
        Their names; empty for that of each material.
    textures : tuple of str
        Names of the textures of a preset that are written; empty for all.
    frames : tuple of two int, or None
        The first and the last one; without it those that the file says.
    layout : str
        One of `LAYOUTS`, or empty for the file's.
    size : int
        Pixels of the longer side; 0 for the file's.
    folder : str
        Empty for the file's.
    replaces : bool
        Also files that another material, or another .blend file, shows.
    """

    materials: tuple[str, ...] = ()
    presets: tuple[str, ...] = ()
    textures: tuple[str, ...] = ()
    frames: tuple[int, int] | None = None
    layout: str = ""
    size: int = 0
    folder: str = ""
    replaces: bool = False


def read_arguments(arguments: list[str]) -> Options:
    """Read them.

    Raises
    ------
    ArgumentError
        Frames or a size that are none.
    SystemExit
        As of argparse, which tells what is wrong.
    """
    parser = argparse.ArgumentParser(
        prog=f"blender -b FILE.blend --command {NAME}",
        description="Bake the growths of a file. What is finished is kept: after it was stopped or killed, the same "
        "command goes on.",
        epilog="Exit status: 0 done, 2 wrong arguments, 3 nothing to bake, 4 the engine failed, 5 files could not be "
        "written, 130 stopped.",
    )
    parser.add_argument("--material", action="append", default=[], help="its name; again for more (all)")
    parser.add_argument("--preset", action="append", default=[], help="for which program; again for more")
    parser.add_argument("--maps", default="", metavar="A,B", help="only these textures of the preset")
    parser.add_argument(
        "--frames", default="", metavar="A-B", help="the first and the last one, or a single one"
    )
    parser.add_argument(
        "--layout", choices=LAYOUTS, default="", help="what the files hold of the growth's time"
    )
    parser.add_argument("--size", type=int, default=0, help="pixels of the longer side")
    parser.add_argument("--out", default="", metavar="FOLDER", help="where the files go")
    parser.add_argument("--replace", action="store_true", help="also files that somebody else shows")
    said = parser.parse_args(arguments)
    if said.size < 0:
        raise ArgumentError(f"A size of {said.size} pixels: choose a positive one.")
    textures = tuple(name for name in map(str.strip, said.maps.split(",")) if name)
    return Options(
        tuple(said.material),
        tuple(said.preset),
        textures,
        _read_frames(said.frames) if said.frames else None,
        said.layout,
        said.size,
        said.out,
        said.replace,
    )


def _read_frames(text: str) -> tuple[int, int]:
    found = _FRAMES.fullmatch(text.strip())
    if found is None:
        raise ArgumentError(f"Frames {text!r}: write the first and the last one, such as 1-250.")
    first = int(found[1])
    last = first if found[2] is None else int(found[2])
    if last < first:
        raise ArgumentError(f"Frames {text!r} end before they begin: write the first one first.")
    return first, last
