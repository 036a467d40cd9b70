# SPDX-License-Identifier: GPL-3.0-or-later
"""Sequence: the image sequence of a bake, one picture a map and frame, and its finished frames."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from .made_maps import MadeMaps
from .name_pattern import USUAL_NAMES
from .texture import Channel, Texture
from .texture_files import LONGEST_NAME, Files, MadeRows, file_name, files_of, has_content, write_files


@dataclass(frozen=True)
class BakedMap:
    """One map of a bake that the material in Blender shows.

    Attributes
    ----------
    texture : Texture
    is_optional : bool
        Whether it is written only where somebody asks for it.
    """

    texture: Texture
    is_optional: bool = False


def _baked(
    name: str,
    channels: str,
    depth: str = "8",
    colour: str = "data",
    is_optional: bool = False,
) -> tuple[str, BakedMap]:
    texture = Texture(name, tuple(map(Channel.parse, channels.split())), "PNG", depth, colour)
    return name, BakedMap(texture, is_optional)


_COLOUR_WITH_ALPHA = "base_colour.r base_colour.g base_colour.b alpha"
BAKED_MAPS = MappingProxyType(
    dict(
        (
            _baked("base_colour", _COLOUR_WITH_ALPHA, colour="sRGB"),
            # Cycles filters sRGB values before it decodes them, also those of 16 bits:
            # edges lose up to 11 % of their light
            _baked("linear_base_colour", _COLOUR_WITH_ALPHA, depth="16", colour="linear"),
            _baked("height", "height", depth="16"),
            # the material makes its normals from the height
            _baked("normal", "normal_opengl.r normal_opengl.g normal_opengl.b"),
            _baked("roughness", "roughness"),
            _baked("metallic", "metallic"),
            _baked("emission", "emission.r emission.g emission.b", colour="sRGB"),
            # which the material multiplies with the base colour, as it does with live pictures
            _baked("glow", "emission_strength", depth="16"),
            _baked("coverage", "alpha", is_optional=True),
            _baked("growth_order", "growth_order", depth="16", is_optional=True),
            _baked("front", "front", depth="16", is_optional=True),
        )
    )
)
"""Map name -> what its files hold. A new map of bakes is a new row here."""
SEQUENCE_MAPS = tuple(name for name, baked in BAKED_MAPS.items() if not baked.is_optional)
"""The maps of every bake."""
OPTIONAL_MAPS = tuple(name for name, baked in BAKED_MAPS.items() if baked.is_optional)
"""Those of a bake that has the growth's order."""
LINEAR_MAPS = tuple(name for name, baked in BAKED_MAPS.items() if baked.texture.colour == "linear")
LONGEST_STEM = LONGEST_NAME - max(len(f"_{name}_1048574.1001.png") for name in BAKED_MAPS)
"""Bytes that a stem may have in UTF-8: no file system takes longer names of files, while they are written."""


def frame_path(folder: Path | str, stem: str, map: str, frame: int, tile: int | None = None) -> Path:
    """Name the file of one map and frame, such as `moss_base_colour_0001.png`.

    Parameters
    ----------
    folder
        Of the bake.
    stem
        What the files of one growth have in common. Any characters that every file system takes.
    map
        One of `BAKED_MAPS`.
    frame
        From 0 on, in four digits; from 10000 on in as many as it has, which Blender reads as one sequence.
    tile
        Number of a UDIM tile.

    Raises
    ------
    ValueError
        A stem that cannot be part of a file name, an unknown map, or a frame below 0: Blender would read the
        picture of frame 0 instead.
    """
    _check_maps_known([map])
    return Path(folder) / file_name(USUAL_NAMES, check_stem(stem), BAKED_MAPS[map].texture, frame, tile)


def write_frame(
    maps: np.ndarray,
    folder: Path | str,
    stem: str,
    frame: int,
    boundary: str,
    normal_strength: float,
    which: Iterable[str] | None = None,
    order: np.ndarray | None = None,
) -> list[Path]:
    """Write the pictures of one frame: all of them, or none.

    Parameters
    ----------
    maps
        (8, H, W) in the order of `channels.MAPS`, row 0 at the top.
    folder
        Made if it does not exist.
    stem, frame
        As for `frame_path`. Pictures of this frame that are there already are replaced.
    boundary, normal_strength
        As for `normal_from_height`.
    which
        Maps to write, some of `BAKED_MAPS`; None for `SEQUENCE_MAPS`.
    order
        (2, H, W), `order.ORDER_MAPS`, for the maps that are made of them.

    Returns
    -------
    list of Path
        The pictures, in the order of `BAKED_MAPS`.

    Raises
    ------
    ValueError
        Maps of another shape or with values that are not finite, or as from `frame_path` and
        `normal_from_height`. Nothing is written.
    OSError
        No space, or no right to write there. No half frame is left: neither a part of a picture nor some of
        this frame's pictures.
    """
    made = MadeMaps(maps, boundary, normal_strength, order)
    return write_files([MadeRows(made)], *made.size, frame_files(folder, stem, frame, which))


def frame_files(folder: Path | str, stem: str, frame: int, which: Iterable[str] | None = None) -> Files:
    """Say what the files of one frame are. Parameters and errors as for `write_frame`."""
    textures = [BAKED_MAPS[name].texture for name in _in_order(which)]
    return files_of(textures, folder, USUAL_NAMES, check_stem(stem), frame)


def finished_frames(
    folder: Path | str, stem: str, first: int, last: int, which: Iterable[str] | None = None
) -> set[int]:
    """Find the frames from `first` to `last`, both included, of which every map is there and not empty.

    Parameters
    ----------
    folder
        Of the bake. One that does not exist has no frames.
    first, last
        From 0 on. None are found where `last` is below `first`.
    stem, which
        As for `write_frame`.

    Raises
    ------
    ValueError
        As from `frame_path`.
    OSError
        The folder may not be read.
    """
    names = _in_order(which)
    return {frame for frame in range(first, last + 1) if not missing_maps(folder, stem, frame, names)}


def missing_maps(folder: Path | str, stem: str, frame: int, which: Iterable[str] | None = None) -> list[str]:
    """Find the maps of one frame that are not there, or empty. Parameters and errors as for `finished_frames`."""
    return [name for name in _in_order(which) if not has_content(frame_path(folder, stem, name, frame))]


def check_stem(stem: str) -> str:
    """Give the stem back where it can be part of a file name on every system.

    Raises
    ------
    ValueError
        It is blank or too long, or has characters that Windows, macOS or Linux refuses in file names.
    """
    refused = sorted({letter for letter in stem if letter in '<>:"/\\|?*' or not letter.isprintable()})
    if refused:
        raise ValueError(
            f"File names cannot begin with {stem!r}: replace {' '.join(map(repr, refused))}, "
            "which some systems do not allow in file names"
        )
    if not stem.strip(" ."):
        raise ValueError("File names need a beginning: give the bake a name")
    if len(stem.encode("utf-8", "replace")) > LONGEST_STEM:
        raise ValueError(f"File names cannot begin with {stem!r}: shorten it to {LONGEST_STEM} bytes")
    return stem


def _in_order(which: Iterable[str] | None) -> list[str]:
    """Give the chosen maps in the order of `BAKED_MAPS`, at least one."""
    if which is None:
        return list(SEQUENCE_MAPS)
    chosen = [which] if isinstance(which, str) else list(which)
    _check_maps_known(chosen)
    if not chosen:
        raise ValueError(f"No maps are chosen: choose some of {', '.join(BAKED_MAPS)}")
    return [name for name in BAKED_MAPS if name in chosen]


def _check_maps_known(names: Iterable[str]) -> None:
    for name in names:
        if name not in BAKED_MAPS:
            raise ValueError(f"There is no map {name!r} in a bake: choose some of {', '.join(BAKED_MAPS)}")
