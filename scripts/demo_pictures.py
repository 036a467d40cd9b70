# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's pictures, put together from rendered frames and baked maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

MILLISECONDS = 84
SHOWN = 12
COLUMNS = 4
GAP = 8
PAPER, INK = (24, 25, 27), (214, 214, 210)


def animate(frames: Sequence[Path], path: Path) -> None:
    """Write rendered frames as one animated picture; the last one stays for a second."""
    pictures = [Image.open(frame).convert("RGB") for frame in frames]
    lengths = [MILLISECONDS] * (len(pictures) - 1) + [1000]
    pictures[0].save(
        path, save_all=True, append_images=pictures[1:], duration=lengths, loop=0, quality=82, method=4
    )


def lay_out(frames: Sequence[Path], maps: Mapping[str, Path], path: Path) -> None:
    """Write a sheet: twelve of the frames in a grid, the maps of the last one below."""
    chosen = [frames[i] for i in np.linspace(0, len(frames) - 1, SHOWN).round().astype(int)]
    side = Image.open(chosen[0]).width
    width = COLUMNS * side + (COLUMNS + 1) * GAP
    map_width = (width - GAP * (len(maps) + 1)) // len(maps)
    first = Image.open(next(iter(maps.values())))
    map_height = map_width * first.height // first.width
    top = (SHOWN // COLUMNS) * (side + GAP) + GAP
    sheet = Image.new("RGB", (width, top + map_height + 22 + GAP), PAPER)
    write = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(13)
    for number, frame in enumerate(chosen):
        place = GAP + number % COLUMNS * (side + GAP), GAP + number // COLUMNS * (side + GAP)
        sheet.paste(Image.open(frame).convert("RGB").resize((side, side), Image.Resampling.LANCZOS), place)
        write.text((place[0] + 7, place[1] + 5), f"frame {int(frame.stem)}", INK, font)
    longest = max(font.getlength(name) for name in maps)
    caption = ImageFont.load_default(min(13, 13 * map_width / longest))  # small pictures have small ones
    for number, (name, picture) in enumerate(maps.items()):
        place = GAP + number * (map_width + GAP), top
        shown = _as_rgb(Image.open(picture)).resize((map_width, map_height), Image.Resampling.LANCZOS)
        sheet.paste(shown, place)
        write.text((place[0] + 2, top + map_height + 4), name.replace("_", " "), INK, caption)
    sheet.save(path)


def _as_rgb(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bit
        picture = Image.fromarray((np.asarray(picture, np.float32) / 257).round().astype(np.uint8))
    return picture.convert("RGB")
