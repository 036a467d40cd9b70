# SPDX-License-Identifier: GPL-3.0-or-later
"""Emoji as figures to grow: the benchmark of Hernandez Ruiz et al. (2021), drawn from Noto Emoji.

Noto Emoji is under the SIL Open Font License; pictures made from it are shipped with that licence beside them. An
*atlas* is one PNG that holds the pictures and says which characters they are, so that a machine without the font
trains and is judged on the same pixels.
"""

from __future__ import annotations

import functools
import hashlib
import json
import math
import os
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL import ImageFont

ATLAS_PIXELS = 64
ATLAS_COLUMNS = 16
HELD_OUT_SHARE = 0.2

STRIKE = 109  # the one size of the font's bitmaps
ATLAS_KEY = "emoji"  # of the PNG's text chunk

FONT_NAME = "NotoColorEmoji.ttf"
OWN_FONT_FOLDER = "~/.local/share/fonts"
FONT_FOLDERS = (
    "/usr/share/fonts/truetype/noto",  # Debian, Ubuntu
    "/usr/share/fonts/noto",  # Arch
    "/usr/share/fonts/google-noto-emoji",  # Fedora
    "/usr/share/fonts/noto-emoji",
    "/usr/local/share/fonts",
    OWN_FONT_FOLDER,
    "~/.fonts",
    "/Library/Fonts",
    "~/Library/Fonts",
    "~/AppData/Local/Microsoft/Windows/Fonts",
)

NAMES_OF_UNICODE_15 = {
    0x1F6DC: "wireless",
    0x1FA75: "light blue heart",
    0x1FA76: "grey heart",
    0x1FA77: "pink heart",
    0x1FA87: "maracas",
    0x1FA88: "flute",
    0x1FAAD: "folding hand fan",
    0x1FAAE: "hair pick",
    0x1FAAF: "khanda",
    0x1FABB: "hyacinth",
    0x1FABC: "jellyfish",
    0x1FABD: "wing",
    0x1FABF: "goose",
    0x1FACE: "moose",
    0x1FACF: "donkey",
    0x1FADA: "ginger root",
    0x1FADB: "pea pod",
    0x1FAE8: "shaking face",
    0x1FAF7: "leftwards pushing hand",
    0x1FAF8: "rightwards pushing hand",
}
"""Those that Python 3.11 does not know yet."""

FAMILIES = {
    "faces": "2639-263A 1F479-1F47B 1F47D-1F480 1F4A9 1F600-1F644 1F648-1F64A 1F910-1F917 1F920-1F925 "
    "1F927-1F92F 1F970-1F976 1F978-1F97A 1F9D0 1FAE0-1FAE5 1FAE8",
    "people": "261D 270A-270D 1F385 1F440-1F450 1F463-1F478 1F47C 1F481-1F483 1F485-1F487 1F48F 1F491 1F4AA "
    "1F574-1F575 1F57A 1F590-1F596 1F5E3 1F645-1F647 1F64B-1F64F 1F90C 1F90F 1F918-1F91F 1F926 "
    "1F930-1F939 1F977 1F9B5-1F9B9 1F9BB 1F9BE-1F9BF 1F9CC-1F9CF 1F9D1-1F9E0 1FAC0-1FAC5 1FAE6 "
    "1FAF0-1FAF8",
    "animals": "1F400-1F43F 1F54A 1F577-1F578 1F980-1F9AE 1FAB0-1FAB3 1FAB6 1FAB8-1FABA 1FABC-1FABF 1FACE-1FACF",
    "plants": "2618 1F331-1F335 1F337-1F33C 1F33E-1F344 1F38B 1F38D 1F384 1F490 1F4AE 1F940 1FAB4 1FAB5 1FAB7 "
    "1FABB",
    "food": "2615 1F32D-1F330 1F336 1F33D 1F345-1F37F 1F382 1F942-1F944 1F950-1F96F 1F9C0-1F9CB 1FAD0-1FADB",
    "weather": "2600-2604 2614 26A1 26C4-26C8 2744 2B50 1F300-1F302 1F308 1F30A 1F30C 1F311-1F32C 1F4A7 1F525 "
    "1FA90",
    "places": "2668 26E9-26F2 26FA 1F303-1F307 1F309 1F30B 1F30D-1F310 1F3A0-1F3A2 1F3AA 1F3D4-1F3F0 1F492 "
    "1F54B-1F54D 1F5FA-1F5FF 1F6D5-1F6D6",
    "travel": "2693 26F4-26F5 26FD 2708 1F680-1F6A8 1F6B2 1F6E3-1F6F6 1F6F8 1F6FA-1F6FB 1F6DE-1F6DF 1FA82",
    "activities": "265F 26BD-26BE 26F3 26F7-26F9 1F004 1F0CF 1F380-1F381 1F383 1F386-1F38A 1F38C 1F38E-1F391 "
    "1F396-1F397 1F399-1F39F 1F3A3-1F3A9 1F3AB-1F3D3 1F3F8-1F3F9 1F579 1F6B4-1F6B6 1F6F7 1F6F9 1F6FC "
    "1F93A-1F93F 1F941 1F945-1F94F 1F9E7-1F9E9 1F9F8 1FA80-1FA81 1FA83-1FA88 1FA95-1FA98 1FAA9",
    "clothing": "26D1 1F392-1F393 1F451-1F462 1F484 1F48D 1F576 1F97B-1F97F 1F9BA 1F9E2-1F9E6 1FA70-1FA74 "
    "1FAAD-1FAAE",
    "objects": "231A-2328 23F0-23F3 260E 2692 2694-2699 26B0-26B1 26CF 26D3 2702 2709 270F-2712 1F3F7 1F3FA "
    "1F488-1F48A 1F48C 1F48E 1F4A1 1F4A3 1F4B0 1F4B3-1F4B8 1F4BA-1F4FF 1F508-1F517 1F526-1F52E "
    "1F550-1F567 1F56F-1F570 1F587-1F58D 1F5A5-1F5E1 1F5F3 1F6AA 1F6BD-1F6BF 1F6C1 1F6CB 1F6CD-1F6CF "
    "1F6D2 1F6D7 1F6E0-1F6E2 1F9AF 1F9BC-1F9BD 1F9EA-1F9F7 1F9F9-1F9FF 1FA78-1FA7C 1FA91-1FA94 "
    "1FA99-1FAA8 1FAAA-1FAAC",
}
"""What emoji show, and the code points, or first and last of several, that do: in the order of Unicode's charts."""


def _parse_ranges(text: str) -> frozenset[int]:
    bounds = [[int(end, 16) for end in each.split("-")] for each in text.split()]
    return frozenset(point for ends in bounds for point in range(ends[0], ends[-1] + 1))


_FAMILY_RANGES = [(name, _parse_ranges(text)) for name, text in FAMILIES.items()]

SKIN_TONES = range(0x1F3FB, 0x1F400)
REGIONAL_INDICATORS = range(0x1F1E6, 0x1F200)


def find_font() -> Path:
    """Find Noto Color Emoji in the usual places.

    Returns
    -------
    Path
        The font's file in the first of `FONT_FOLDERS` that has it.

    Raises
    ------
    FileNotFoundError
        With what to install, or where to put the file.
    """
    for folder in FONT_FOLDERS:
        path = Path(os.path.expanduser(folder)) / FONT_NAME
        if path.is_file():
            return path
    raise FileNotFoundError(
        f"{FONT_NAME} was not found. Debian, Ubuntu: sudo apt install fonts-noto-color-emoji. Elsewhere put the "
        f"file, in its bitmap (CBDT) build, into {OWN_FONT_FOLDER} or name it."
    )


def single_codepoints(font: Path | None = None) -> list[str]:
    """List the emoji of one code point that a font draws, in the order of their code points.

    That is every character with ink but those that are only parts of longer emoji: digits, ``#``, ``*`` and the
    enclosing key-cap, regional indicators, skin tones, and the font's private ones.

    Parameters
    ----------
    font : Path, optional
        Noto Color Emoji; `find_font` by default.

    Returns
    -------
    list of str
        1,381 of Noto Emoji 2.042, as many as Unicode 15 has.
    """
    loaded = _load_font(font or find_font())
    characters = map(chr, range(0x20, sys.maxunicode + 1))
    return [character for character in characters if _may_be_emoji(character) and _has_ink(loaded, character)]


def _may_be_emoji(character: str) -> bool:
    # Emoji are symbols, punctuation and one letter (information source). Cn, not assigned, is let through, as a font
    # may know a newer Unicode than this Python.
    category = unicodedata.category(character)
    return (
        (category[0] in "SP" or category in ("Ll", "Cn"))
        and not character.isascii()
        and ord(character) not in REGIONAL_INDICATORS
        and ord(character) not in SKIN_TONES
    )


def _has_ink(font: ImageFont.FreeTypeFont, character: str) -> bool:
    left, top, right, bottom = font.getbbox(character)  # the font's missing glyph is wide, but empty
    return right > left and bottom > top


@functools.cache
def _load_font(path: Path) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    try:
        # In the basic layout one character is one glyph, whether or not Pillow was built with Raqm.
        font = ImageFont.truetype(str(path), STRIKE, layout_engine=ImageFont.Layout.BASIC)
        coloured = (
            _has_ink(font, "\N{GRINNING FACE}")
            and np.ptp(_composite(font, "\N{GRINNING FACE}", 0), axis=2).any()
        )
    except OSError as error:
        raise ValueError(f"{path} can't be opened as Noto Color Emoji: {error}") from error
    if not coloured:
        raise ValueError(f"{path} has no colour bitmaps: take the bitmap (CBDT) build of Noto Color Emoji")
    return font


def _composite(font: ImageFont.FreeTypeFont, character: str, ground: int) -> np.ndarray:
    """Draw a character's cell over a grey of 0 to 255: (H, W, 3) of float32 in [0, 1]."""
    from PIL import Image, ImageDraw

    left, top, right, bottom = font.getbbox(character)
    image = Image.new("RGB", (math.ceil(right - left), math.ceil(bottom - top)), (ground, ground, ground))
    ImageDraw.Draw(image).text((-left, -top), character, font=font, embedded_color=True)
    return np.asarray(image, np.float32) / 255


def draw_emoji(character: str, pixels: int = ATLAS_PIXELS, font: Path | None = None) -> np.ndarray:
    """Draw one emoji, its cell centred with a margin of a 32nd of the side.

    Parameters
    ----------
    character : str
        One that the font draws, see `single_codepoints`.
    pixels : int
        Side of the picture.
    font : Path, optional
        Noto Color Emoji; `find_font` by default.

    Returns
    -------
    ndarray (4, pixels, pixels) of float32 in [0, 1]
        Red, green, blue (sRGB-encoded) and alpha; straight, colour is zero where alpha is.

    Raises
    ------
    ValueError
        If the font does not draw the character.
    """
    from PIL import Image

    loaded = _load_font(font or find_font())
    if not _has_ink(loaded, character):
        raise ValueError(f"the font draws nothing for {character!r}")
    # What lies over black is the colour times alpha, and what white adds to it is 1 - alpha.
    black, white = _composite(loaded, character, 0), _composite(loaded, character, 255)
    alpha = 1 - (white - black).mean(axis=2, keepdims=True)
    premultiplied = np.concatenate([black, alpha], axis=2)
    height, width = alpha.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    premultiplied = premultiplied[top : top + side, left : left + side]

    margin = pixels // 32
    inner = pixels - 2 * margin
    picture = np.zeros((4, pixels, pixels), np.float32)
    for channel in range(4):
        image = Image.fromarray(np.ascontiguousarray(premultiplied[..., channel]))
        # This filter is sharper than the mean and does not ring.
        scaled = image.resize((inner, inner), Image.Resampling.HAMMING)
        picture[channel, margin : margin + inner, margin : margin + inner] = scaled
    return _straight(picture)


def _straight(premultiplied: np.ndarray) -> np.ndarray:
    """Divide colour by alpha; what 8 bits would call transparent becomes so, and black."""
    alpha = np.clip(premultiplied[3:], 0, 1)
    alpha = np.where(alpha < 1 / 255, 0, alpha)
    colour = np.divide(premultiplied[:3], alpha, out=np.zeros_like(premultiplied[:3]), where=alpha > 0)
    return np.concatenate([np.clip(colour, 0, 1), alpha]).astype(np.float32)


def hash_of(character: str) -> float:
    """A fixed number in [0, 1) for a character, which alone decides the split and the order within it."""
    digest = hashlib.sha256(f"U+{ord(character):04X}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def is_held_out(character: str) -> bool:
    """Whether an emoji is kept from training: a fifth of all are, by `hash_of` alone."""
    return hash_of(character) < HELD_OUT_SHARE


def name_of(character: str) -> str:
    """Unicode's name, such as ``"grinning face"``; ``"U+1FAE9"`` where Unicode 15 and this Python do not know it."""
    known = NAMES_OF_UNICODE_15.get(ord(character), "")
    return known or unicodedata.name(character, "").lower() or f"U+{ord(character):04X}"


def family_of(character: str) -> str:
    """What it shows, for looking through a thousand of them: a key of `FAMILIES`, or ``"symbols"``."""
    return next((name for name, ranges in _FAMILY_RANGES if ord(character) in ranges), "symbols")


def choose(characters: Sequence[str], trained: int, held_out: int) -> list[str]:
    """Take some of both sides of the split, the trained first, both in the order of their hashes.

    The hashes decide, so that nobody picks, and a longer choice begins, on each side, with the shorter one.

    Parameters
    ----------
    characters : sequence of str
    trained, held_out : int
        How many to take from each side.

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        If there are not so many on a side.
    """
    ordered = sorted(characters, key=hash_of)
    sides = [[c for c in ordered if is_held_out(c) is held] for held in (False, True)]
    for side, wanted, kind in zip(sides, (trained, held_out), ("to train", "held out"), strict=True):
        if not 0 <= wanted <= len(side):
            raise ValueError(f"{wanted} emoji {kind}: there are {len(side)}")
    return sides[0][:trained] + sides[1][:held_out]


def write_atlas(path: Path, characters: Sequence[str], font: Path | None = None) -> None:
    """Draw emoji at 64 pixels, 16 in a row, into one straight RGBA PNG that names them in a text chunk.

    Parameters
    ----------
    path : Path
    characters : sequence of str
        At least one.
    font : Path, optional
        Noto Color Emoji; `find_font` by default.

    Raises
    ------
    ValueError
        If there are no characters, or the font does not draw one of them.
    """
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    if not characters:
        raise ValueError(f"{path}: an atlas needs at least one emoji")
    columns = min(ATLAS_COLUMNS, len(characters))
    rows = math.ceil(len(characters) / columns)
    tiles = np.zeros((rows * columns, 4, ATLAS_PIXELS, ATLAS_PIXELS), np.float32)
    for index, character in enumerate(characters):
        tiles[index] = draw_emoji(character, ATLAS_PIXELS, font)
    bytes_ = np.round(tiles * 255).astype(np.uint8)
    bytes_ = bytes_.reshape(rows, columns, 4, ATLAS_PIXELS, ATLAS_PIXELS).transpose(0, 3, 1, 4, 2)
    image = Image.fromarray(bytes_.reshape(rows * ATLAS_PIXELS, columns * ATLAS_PIXELS, 4))
    text = PngInfo()
    text.add_text(ATLAS_KEY, json.dumps([[c, name_of(c)] for c in characters]), zip=True)
    part = path.with_suffix(".part")
    image.save(part, format="PNG", optimize=True, pnginfo=text)
    part.replace(path)


def read_atlas(path: Path) -> tuple[list[str], list[str], np.ndarray]:
    """Read what `write_atlas` wrote.

    Returns
    -------
    characters : list of n str
    names : list of n str
    pictures : ndarray (n, 4, 64, 64) of float32 in [0, 1]
        Red, green, blue (sRGB-encoded) and alpha; straight, colour is zero where alpha is.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is not an atlas, or its picture and its list of characters do not fit each other.
    """
    from PIL import Image
    from PIL.PngImagePlugin import PngImageFile

    try:
        with Image.open(path) as image:
            if not isinstance(image, PngImageFile):
                raise ValueError("not a PNG")
            image.load()
            pixels = np.asarray(image)
            entries = [(str(character), str(name)) for character, name in json.loads(image.text[ATLAS_KEY])]
    except FileNotFoundError:
        raise
    except (OSError, SyntaxError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path} is not an atlas of emoji, or is damaged: {error!r}") from error
    side = ATLAS_PIXELS
    rows, columns = pixels.shape[0] // side, pixels.shape[1] // side
    fits = pixels.shape == (rows * side, columns * side, 4) and 0 < len(entries) <= rows * columns
    if not fits:
        raise ValueError(
            f"{path}: {len(entries)} emoji are listed, which its {pixels.shape} pixels do not hold"
        )
    tiles = pixels.reshape(rows, side, columns, side, 4).transpose(0, 2, 4, 1, 3).reshape(-1, 4, side, side)
    characters, names = ([entry[part] for entry in entries] for part in (0, 1))
    return characters, names, tiles[: len(entries)].astype(np.float32) / 255
