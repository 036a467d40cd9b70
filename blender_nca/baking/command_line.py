# SPDX-License-Identifier: GPL-3.0-or-later
"""Command line: what a bake without a window is told, in Blender and without it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..maps.bake_preset import BakePreset
from .settings import LAYOUTS, LEAST_SIDE, MOST_SIDE, BakeSettings

MOST_JOBS = 64
EXIT_STATUSES = (
    "Exit status: 0 done, 2 wrong arguments, 3 nothing to bake, 4 the engine failed, 5 files could not be written, "
    "130 stopped."
)
_FRAMES = re.compile(r"(-?\d+)(?:-(-?\d+))?")


class ArgumentError(ValueError):
    """Arguments that cannot be; the message says what to choose."""


@dataclass(frozen=True)
class Options:
    """What is to be baked.

    Attributes
    ----------
    presets : tuple of str
        Their names; empty for that of each material.
    textures : tuple of str
        Names of the textures of a preset that are written; empty for all.
    frames : tuple of two int, or None
        The first and the last one; without it those that the file says.
    chunk : tuple of two int, or None
        Of these frames those that are written now.
    layout : str
        One of `LAYOUTS`, or empty for the file's.
    size : int
        Pixels of the longer side; 0 for the file's.
    folder : str
        Empty for the file's.
    replaces : bool
        Also files that another material, or another .blend file, shows.
    jobs : int
        Processes that share the frames.
    states : str
        Folder of the states that chunks begin with; empty for none.
    """

    presets: tuple[str, ...] = ()
    textures: tuple[str, ...] = ()
    frames: tuple[int, int] | None = None
    chunk: tuple[int, int] | None = None
    layout: str = ""
    size: int = 0
    folder: str = ""
    replaces: bool = False
    jobs: int = 1
    states: str = ""

    @property
    def states_folder(self) -> Path | None:
        """Where states are kept, if they are."""
        return Path(self.states).absolute() if self.states else None

    def applied(self, settings: BakeSettings) -> BakeSettings:
        """Settings with what was told instead."""
        if self.layout:
            settings = replace(settings, layout=self.layout.upper())
        if self.frames is not None:
            settings = replace(settings, wants_loop=False, range=self.frames, frame=self.frames[1])
        if self.size:
            settings = replace(settings, side=self.size)
        return settings

    def chosen(self, known: Mapping[str, BakePreset], own: Callable[[], BakePreset]) -> list[BakePreset]:
        """The presets that were told, with the textures that were.

        Parameters
        ----------
        known : mapping of str to BakePreset
        own : function
            Gives that of the material, where none was told.

        Raises
        ------
        ArgumentError
            There is none of such a name.
        TextureError
            Without the other textures it cannot be, or as of `own`.
        """
        self.check_presets(known)
        presets = [known[name] for name in self.presets] or [own()]
        return [_with_textures(preset, self.textures) for preset in presets]

    def check_presets(self, known: Iterable[str]) -> None:
        """Raise `ArgumentError` where there is none of such a name."""
        for name in self.presets:
            if name not in known:
                raise ArgumentError(f"There is no bake preset {name!r}: choose one of {', '.join(known)}.")


def parser_of(program: str, description: str) -> argparse.ArgumentParser:
    """What reads arguments, with all that Blender's command and the program without Blender have in common."""
    parser = argparse.ArgumentParser(
        prog=program,
        description=f"{description} What is finished is kept: after it was stopped or killed, the same command goes "
        "on.",
        epilog=EXIT_STATUSES,
    )
    parser.add_argument("--preset", action="append", default=[], help="for which program; again for more")
    parser.add_argument("--maps", default="", metavar="A,B", help="only these textures of the preset")
    parser.add_argument(
        "--frames", default="", metavar="A-B", help="the first and the last one, or a single one"
    )
    parser.add_argument(
        "--chunk",
        default="",
        metavar="A-B",
        help="of these frames only those from A to B, as a task of a farm",
    )
    parser.add_argument(
        "--layout",
        choices=tuple(map(str.lower, LAYOUTS)),
        default="",
        help="what the files hold of the growth's time",
    )
    parser.add_argument("--size", type=int, default=0, help="pixels of the longer side")
    parser.add_argument("--out", default="", metavar="FOLDER", help="where the files go")
    parser.add_argument(
        "--jobs", type=int, default=1, metavar="N", help="processes that share the frames (1)"
    )
    parser.add_argument(
        "--states", default="", metavar="FOLDER", help="where chunks leave the state that others go on from"
    )
    parser.add_argument("--replace", action="store_true", help="also files that somebody else shows")
    parser.add_argument("--resume", action="store_true", help="go on where it was stopped, as it does anyway")
    return parser


def read_arguments(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> argparse.Namespace:
    """Read arguments; frames below 0 are frames, and no option. Ends as of argparse, which tells what is wrong."""
    joined: list[str] = []
    for each in arguments:
        if joined and joined[-1] in ("--frames", "--chunk"):
            joined[-1] += f"={each}"
        else:
            joined.append(each)
    return parser.parse_args(joined)


def options_of(said: argparse.Namespace) -> Options:
    """What was told; raises `ArgumentError` for frames, a size or a number that are none."""
    if said.size and not LEAST_SIDE <= said.size <= MOST_SIDE:
        raise ArgumentError(f"A size of {said.size} pixels: choose {LEAST_SIDE} to {MOST_SIDE}.")
    if not 1 <= said.jobs <= MOST_JOBS:
        raise ArgumentError(f"{said.jobs} jobs: choose 1 to {MOST_JOBS}.")
    return Options(
        presets=tuple(said.preset),
        textures=names_in(said.maps),
        frames=_read_frames(said.frames) if said.frames else None,
        chunk=_read_frames(said.chunk) if said.chunk else None,
        layout=said.layout,
        size=said.size,
        folder=said.out,
        replaces=said.replace,
        jobs=said.jobs,
        states=said.states,
    )


def names_in(text: str) -> tuple[str, ...]:
    """The names between commas."""
    return tuple(name for name in map(str.strip, text.split(",")) if name)


def _with_textures(preset: BakePreset, names: tuple[str, ...]) -> BakePreset:
    if not names:
        return preset
    known = {texture.name: texture for texture in preset.textures}
    for name in names:
        if name not in known:
            raise ArgumentError(
                f"The preset {preset.name!r} has no texture {name!r}: choose among {', '.join(known)}."
            )
    return preset.changed(textures=tuple(known[name] for name in names))


def _read_frames(text: str) -> tuple[int, int]:
    found = _FRAMES.fullmatch(text.strip())
    if found is None:
        raise ArgumentError(f"Frames {text!r}: write the first and the last one, such as 1-250.")
    first = int(found[1])
    last = first if found[2] is None else int(found[2])
    if last < first:
        raise ArgumentError(f"Frames {text!r} end before they begin: write the first one first.")
    return first, last
