# SPDX-License-Identifier: GPL-3.0-or-later
"""Sequence: the image sequence of a bake, one picture a map and frame, and its finished frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import numpy as np

from .channels import CHANNEL_COUNT, MAPS, check_maps
from .colour import linear_to_srgb, srgb_to_linear
from .normal import normal_from_height
from .order import ORDER_MAPS
from .png import encode_png
from .whole_file import write_together


@dataclass(frozen=True)
class BakedMap:
    """One map of a bake.

    Attributes
    ----------
    picture : function
        From maps (8, H, W), boundary, normal strength and convention to the picture, of shape
        (1, 3 or 4, H, W). Where `order.ORDER_MAPS` are asked for, they stand after the maps.
    bits : int
        8 or 16.
    values : str
        Colours encoded as sRGB, for other programs; linear colours; or data.
    is_shown : bool
        Whether the material in Blender reads it.
    is_optional : bool
        Whether it is written only where somebody asks for it.
    """

    picture: Callable[[np.ndarray, str, float, str], np.ndarray]
    bits: int = 8
    values: Literal["sRGB", "linear", "data"] = "data"
    is_shown: bool = True
    is_optional: bool = False


def _plain(name: str) -> Callable[[np.ndarray, str, float, str], np.ndarray]:
    return lambda maps, *_: maps[MAPS[name]]


def _colour_with_alpha(maps: np.ndarray, *_: object) -> np.ndarray:
    return maps[MAPS["base_colour"].start : MAPS["alpha"].stop]


def _linear_colour_with_alpha(maps: np.ndarray, *_: object) -> np.ndarray:
    return np.concatenate([srgb_to_linear(maps[MAPS["base_colour"]]), maps[MAPS["alpha"]]])


def _normal(maps: np.ndarray, boundary: str, strength: float, convention: str) -> np.ndarray:
    return normal_from_height(maps[MAPS["height"]][0], strength, boundary, convention)


def _glow(maps: np.ndarray, *_: object) -> np.ndarray:
    """The colour that glows, as game engines and glTF take it: base colour by emission, multiplied in linear light."""
    return linear_to_srgb(srgb_to_linear(maps[MAPS["base_colour"]]) * maps[MAPS["emission"]])


def _of_order(name: str) -> Callable[[np.ndarray, str, float, str], np.ndarray]:
    place = CHANNEL_COUNT + ORDER_MAPS.index(name)
    return lambda maps, *_: maps[place : place + 1]


BAKED_MAPS = MappingProxyType(
    {
        "base_colour": BakedMap(_colour_with_alpha, values="sRGB", is_shown=False),
        # Cycles filters sRGB values before it decodes them, also those of 16 bits: edges lose up to 11 % of their light
        "linear_base_colour": BakedMap(_linear_colour_with_alpha, bits=16, values="linear"),
        "height": BakedMap(_plain("height"), bits=16),
        "normal": BakedMap(_normal, is_shown=False),  # the material makes its normals from the height
        "roughness": BakedMap(_plain("roughness")),
        "metallic": BakedMap(_plain("metallic")),
        "emission": BakedMap(_glow, values="sRGB", is_shown=False),
        # which the material multiplies with the base colour, as it does with live pictures
        "glow": BakedMap(_plain("emission"), bits=16),
        "coverage": BakedMap(_plain("alpha"), is_shown=False, is_optional=True),
        "growth_order": BakedMap(_of_order("growth_order"), bits=16, is_optional=True),
        "front": BakedMap(_of_order("front"), bits=16, is_optional=True),
    }
)
"""Map name -> what its files hold. A new map of bakes is a new row here."""
SEQUENCE_MAPS = tuple(name for name, baked in BAKED_MAPS.items() if not baked.is_optional)
"""The maps of every bake."""
OPTIONAL_MAPS = tuple(name for name, baked in BAKED_MAPS.items() if baked.is_optional)
"""Those of a bake that has the growth's order."""
LINEAR_MAPS = tuple(name for name, baked in BAKED_MAPS.items() if baked.values == "linear")
SHOWN_MAPS = tuple(name for name in SEQUENCE_MAPS if BAKED_MAPS[name].is_shown)
"""The maps that the material in Blender reads of every bake; `order.ORDER_MAPS` it reads where they are there."""
LONGEST_STEM = 255 - len(".part") - max(len(f"_{name}_1048574.png") for name in BAKED_MAPS)
"""Bytes that a stem may have in UTF-8: no file system takes longer names of files, while they are written."""


def frame_path(folder: Path | str, stem: str, map: str, frame: int) -> Path:
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

    Raises
    ------
    ValueError
        A stem that cannot be part of a file name, an unknown map, or a frame below 0: Blender would read the
        picture of frame 0 instead.
    """
    _check_maps_known([map])
    if frame < 0:
        raise ValueError(
            f"An image sequence has no frame {frame}: Blender reads numbers from 0 up. "
            "Number the files from 1 on and give the image a frame offset"
        )
    return Path(folder) / f"{check_stem(stem)}_{map}_{frame:04d}.png"


def write_frame(
    maps: np.ndarray,
    folder: Path | str,
    stem: str,
    frame: int,
    boundary: str,
    normal_strength: float,
    which: Iterable[str] | None = None,
    convention: str = "opengl",
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
    boundary, normal_strength, convention
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
    maps = check_maps(maps)
    if order is not None:
        maps = np.concatenate([maps, order])
    pictures = {
        frame_path(folder, stem, name, frame): _encode(maps, name, boundary, normal_strength, convention)
        for name in _in_order(which)
    }
    Path(folder).mkdir(parents=True, exist_ok=True)
    write_together(pictures)
    return list(pictures)


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
    return [name for name in _in_order(which) if not _has_content(frame_path(folder, stem, name, frame))]


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


def _encode(maps: np.ndarray, name: str, boundary: str, normal_strength: float, convention: str) -> bytes:
    baked = BAKED_MAPS[name]
    picture = baked.picture(maps, boundary, normal_strength, convention)
    return encode_png(_rows_first(picture), bits=baked.bits, colour=baked.values == "sRGB")


def _rows_first(channels: np.ndarray) -> np.ndarray:
    return np.moveaxis(channels, 0, -1)


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


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except (FileNotFoundError, NotADirectoryError):
        return False
