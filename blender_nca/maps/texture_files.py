# SPDX-License-Identifier: GPL-3.0-or-later
"""Texture files: what the files of a texture set are called, and how those of one frame are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from ..kernels import threads
from .picture_format import FORMATS, encode, encode_layers
from .texture import Texture, TextureError
from .whole_file import write_together

MATERIAL, TEXTURE, FRAME = "{material}", "{texture}", "{frame}"
USUAL_NAMES = f"{MATERIAL}_{TEXTURE}_{FRAME}"
LONGEST_NAME = 255 - len(b".part")
"""Bytes that the name of a file may have: no file system takes longer ones, while they are written."""
_REFUSED = '<>:"/\\|?*'

Files = dict[Path, list[Texture]]
"""Path -> its texture, or the layers of it."""


def check_names(names: str, textures: Sequence[Texture]) -> str:
    """Give a pattern of names back where it tells the files of a texture set apart.

    Parameters
    ----------
    names
        With {material}, {texture} and {frame} in it. A still has no frame: {frame} goes, and what joins it to the rest.
    textures
        Of the set.

    Raises
    ------
    TextureError
        With what to do.
    """
    rest = names
    for known in (MATERIAL, TEXTURE, FRAME):
        rest = rest.replace(known, "")
    odd = sorted({letter for letter in rest if letter in _REFUSED + "{}" or not letter.isprintable()})
    if odd:
        raise TextureError(
            f"Files cannot be named {names!r}: take out {' '.join(odd)}, and write {MATERIAL}, {TEXTURE} and {FRAME}."
        )
    if FRAME not in names:
        raise TextureError(f"Files named {names!r} replace each other frame by frame: add {FRAME}.")
    seen: dict[str, Texture] = {}
    for texture in textures:
        name = (texture.name if TEXTURE in names else "") + FORMATS[texture.format].suffix
        other = seen.setdefault(name.casefold(), texture)
        if other is texture:
            continue
        if TEXTURE in names:
            raise TextureError(f"Two textures are named {texture.name!r}: give one another name.")
        if not FORMATS[texture.format].has_layers:
            raise TextureError(
                f"Files named {names!r} hold all textures in one: add {TEXTURE}, or choose OpenEXR for all, "
                "whose files have layers."
            )
        if other.depth != texture.depth:
            raise TextureError(f"The layers {other.name} and {texture.name} differ in depth: choose one.")
    return names


def file_name(names: str, material: str, texture: Texture, frame: int | str | None) -> str:
    """Name a file, such as `moss_normal_0001.png`; of a still without a number, of a flipbook with its grid for one.

    Parameters
    ----------
    names : str
        The pattern, with `MATERIAL`, `TEXTURE` and `FRAME` in it.
    material : str
    texture : Texture
    frame : int, str or None
        Its number, a flipbook's grid, or None for a still.

    Raises
    ------
    ValueError
        It would be too long, or the frame is below 0: Blender would read the picture of frame 0 instead.
    """
    if frame is None:
        names = re.sub(r"[ _.\-]*\{frame\}", "", names).lstrip(" _-.") or MATERIAL
    elif isinstance(frame, int) and frame < 0:
        raise ValueError(
            f"An image sequence has no frame {frame}: Blender reads numbers from 0 up. "
            "Number the files from 1 on and give the image a frame offset"
        )
    name = names.replace(TEXTURE, texture.name)
    if frame is not None:
        name = name.replace(FRAME, f"{frame:04d}" if isinstance(frame, int) else frame)
    # last: a material may be named {frame}
    name = name.replace(MATERIAL, material) + FORMATS[texture.format].suffix
    if len(name.encode("utf-8", "replace")) > LONGEST_NAME:
        raise ValueError(f"The file {name!r} has too long a name: shorten that of the material")
    return name


def files_of(
    textures: Iterable[Texture], folder: Path | str, names: str, material: str, frame: int | str | None
) -> Files:
    """Say which files a frame of a texture set has, and what is in each. Errors as from `file_name`."""
    files: Files = {}
    for texture in textures:
        files.setdefault(Path(folder) / file_name(names, material, texture, frame), []).append(texture)
    return files


def missing_files(files: Files) -> Files:
    """Those that are not there, or empty."""
    return {path: textures for path, textures in files.items() if not has_content(path)}


def has_content(path: Path) -> bool:
    """Whether a file is there and not empty."""
    try:
        return path.stat().st_size > 0
    except (FileNotFoundError, NotADirectoryError):
        return False


def write_files(
    pixels_of: Callable[[Texture], np.ndarray], files: Mapping[Path, Sequence[Texture]]
) -> list[Path]:
    """Write the files of one frame: all of them, or none. Their folders are made if they are not there.

    Parameters
    ----------
    pixels_of : function
        Gives a texture's pixels, as `picture_format.encode` takes them.
    files
        As from `files_of`.

    Raises
    ------
    ValueError
        A value that is not finite, a format that cannot be written here, or an order that was not asked for. Nothing
        is written.
    OSError
        No space, or no right to write there. No half frame is left: neither a part of a file nor some of this frame's.
    """
    paths = list(files)
    contents = dict.fromkeys(paths, b"")

    def encode_one(number: int) -> None:
        contents[paths[number]] = _content(pixels_of, list(files[paths[number]]))

    # zlib and OpenImageIO let other threads run while they compress
    threads.for_each(encode_one, len(paths))
    for folder in {path.parent for path in contents}:
        folder.mkdir(parents=True, exist_ok=True)
    write_together(contents)
    return list(contents)


def _content(pixels_of: Callable[[Texture], np.ndarray], textures: list[Texture]) -> bytes:
    first = textures[0]
    if len(textures) == 1:
        return encode(pixels_of(first), first.format, first.depth, first.colour)
    # the first colours are those that programs without layers show
    names = [texture.name for texture in textures]
    if len(first.channels) > 1:
        names[0] = ""
    layers = {name: pixels_of(texture) for name, texture in zip(names, textures, strict=True)}
    return encode_layers(layers, first.format, first.depth, "linear")
