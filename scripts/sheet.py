# SPDX-License-Identifier: GPL-3.0-or-later
"""Sheets of pictures on dark paper: tiles in a grid, with their names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from blender_nca.maps.shading import shade

PAPER, INK, FAINT = (24, 25, 27), (214, 214, 210), (142, 143, 140)
LIGHT, DARK, CHECK = (188, 189, 191), (180, 181, 183), 8
"""Greys of the checker behind what has an outline, and the pixels of a square."""
GAP, LINE, MARGIN = 6, 18, 14
FONT = ImageFont.load_default(13)

Tile = tuple[str, Image.Image | None]


def picture_of(maps: np.ndarray, side: int, figure: bool = False) -> Image.Image:
    """Maps as one sees them: a material lit, a figure over a checker.

    Parameters
    ----------
    maps : ndarray, shape (8, height, width); for a figure its first 4 are enough
    side : int
        Of the picture, in pixels.
    figure : bool
    """
    shown = np.moveaxis(np.nan_to_num(maps[:4]) if figure else shade(np.nan_to_num(maps)), 0, 2)
    image = Image.fromarray((shown.clip(0, 1) * 255 + 0.5).astype(np.uint8))
    image = image.resize((side, side), Image.Resampling.LANCZOS)
    if not figure:
        return image
    y, x = np.indices((side, side)) // CHECK
    checker = np.where(((x + y) % 2)[..., None], np.uint8(DARK), np.uint8(LIGHT))
    under = Image.fromarray(checker).convert("RGBA")
    return Image.alpha_composite(under, image).convert("RGB")


def join(pictures: Sequence[Image.Image], between: int = 2) -> Image.Image:
    """Pictures of one height in a row, as one tile."""
    width = sum(picture.width + between for picture in pictures) - between
    joined = Image.new("RGB", (width, pictures[0].height), PAPER)
    left = 0
    for picture in pictures:
        joined.paste(picture, (left, 0))
        left += picture.width + between
    return joined


def lay_grid(tiles: Sequence[Tile], columns: int, heads: Sequence[str] = (), gap: int = GAP) -> Image.Image:
    """Tiles of one size in rows of `columns`, each under its name.

    A name may reach over tiles without one to its right; a row without any names stands close to the one above.

    Parameters
    ----------
    tiles : sequence of (str, picture or None)
    columns : int
    heads : sequence of str
        Written faintly over the columns.
    gap : int
        Pixels between tiles.
    """
    width, height = next(picture.size for _, picture in tiles if picture)
    columns = min(columns, len(tiles))
    rows = [tiles[i : i + columns] for i in range(0, len(tiles), columns)]
    lines = [LINE if any(name for name, _ in row) else 0 for row in rows]
    top = LINE if heads else 0
    sheet = Image.new(
        "RGB", (columns * (width + gap) - gap, top + sum(lines) + len(rows) * (height + gap) - gap), PAPER
    )
    pen = ImageDraw.Draw(sheet)
    for column, head in enumerate(heads):
        pen.text((column * (width + gap) + 2, 0), _shorten(head, width), FAINT, FONT)
    for row, line in zip(rows, lines, strict=True):
        for column, (name, picture) in enumerate(row):
            left = column * (width + gap)
            if name:
                free = next((c for c in range(column + 1, columns) if c < len(row) and row[c][0]), columns)
                pen.text((left + 2, top), _shorten(name, (free - column) * (width + gap) - gap), INK, FONT)
            if picture:
                sheet.paste(picture, (left, top + line))
        top += line + height + gap
    return sheet


def lay_rows(rows: Sequence[tuple[str, Sequence[Image.Image]]], heads: Sequence[str] = ()) -> Image.Image:
    """Rows of pictures, each under its name."""
    columns = max(len(pictures) for _, pictures in rows)
    tiles: list[Tile] = []
    for name, pictures in rows:
        filled = [*pictures, *[None] * (columns - len(pictures))]
        tiles += [(name if column == 0 else "", picture) for column, picture in enumerate(filled)]
    return lay_grid(tiles, columns, heads)


def entitle(sheet: Image.Image, title: str, note: str = "", size: int = 16) -> Image.Image:
    """A sheet under a title, with a faint note beside it."""
    font, high = ImageFont.load_default(size), round(size * 1.7)
    reach = font.getlength(title) + 14
    wide = max(sheet.width, round(reach + FONT.getlength(note)))
    entitled = Image.new("RGB", (wide, sheet.height + high), PAPER)
    pen = ImageDraw.Draw(entitled)
    pen.text((1, size), title, INK, font, anchor="ls")
    pen.text((reach, size), note, FAINT, FONT, anchor="ls")
    entitled.paste(sheet, (0, high))
    return entitled


def beside(sheets: Sequence[Image.Image], gap: int = 2 * MARGIN) -> Image.Image:
    """Sheets in a row, their tops level."""
    together = Image.new(
        "RGB", (sum(one.width + gap for one in sheets) - gap, max(one.height for one in sheets)), PAPER
    )
    left = 0
    for one in sheets:
        together.paste(one, (left, 0))
        left += one.width + gap
    return together


def below(sheets: Sequence[Image.Image], gap: int = 2 * MARGIN) -> Image.Image:
    """Sheets one below the other."""
    together = Image.new(
        "RGB", (max(one.width for one in sheets), sum(one.height + gap for one in sheets) - gap), PAPER
    )
    top = 0
    for one in sheets:
        together.paste(one, (0, top))
        top += one.height + gap
    return together


def save(sheet: Image.Image, path: Path) -> Path:
    """Write a sheet with a margin around it."""
    around = Image.new("RGB", (sheet.width + 2 * MARGIN, sheet.height + 2 * MARGIN), PAPER)
    around.paste(sheet, (MARGIN, MARGIN))
    path.parent.mkdir(parents=True, exist_ok=True)
    around.save(path, quality=88, method=6)
    return path


def _shorten(text: str, width: float) -> str:
    """Cut a text where it is wider than `width` pixels."""
    if FONT.getlength(text) <= width:
        return text
    while text and FONT.getlength(text + "...") > width:
        text = text[:-1]
    return text.rstrip() + "..."
