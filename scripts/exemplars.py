# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw one sheet of all exemplars: a row for each family, its varieties lit, with their maps small beside them."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import virtual_environment

virtual_environment.enter()

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from blender_nca.maps.shading import shade
from blender_nca.training.exemplars import FAMILIES, VARIETIES, draw_exemplar, random_parameters

PAPER, INK = (24, 24, 26), (236, 236, 232)
MARGIN = 12
MAPS_BESIDE = 5


def as_picture(values: np.ndarray, size: int) -> Image.Image:
    """Turn (3, H, W) or (H, W) in [0, 1] into a picture of `size` pixels a side."""
    rows = np.repeat(values[None], 3, 0) if values.ndim == 2 else values
    picture = Image.fromarray((rows.clip(0, 1).transpose(1, 2, 0) * 255 + 0.5).astype(np.uint8))
    return picture if picture.width == size else picture.resize((size, size), Image.Resampling.LANCZOS)


def variety_cell(name: str, maps: np.ndarray) -> Image.Image:
    """The material lit, under its name; beside it base colour, height, roughness, metallic and emission."""
    size = maps.shape[1]
    small = size // MAPS_BESIDE
    title = max(14, size // 13)
    cell = Image.new("RGB", (size + 4 + small, title + 8 + size), PAPER)
    ImageDraw.Draw(cell).text((0, 0), name, INK, ImageFont.load_default(title))
    cell.paste(as_picture(shade(maps), size), (0, title + 8))
    for place, values in enumerate([maps[0:3], *maps[4:8]]):
        cell.paste(as_picture(values, small), (size + 4, title + 8 + place * small))
    return cell


def main() -> None:
    """Read the command line, draw, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("exemplars.png"), help="picture to write")
    parser.add_argument("--seed", type=int, default=0, help="which sample of each variety (0)")
    parser.add_argument("--size", type=int, default=256, help="pixels a side of each exemplar (256)")
    parser.add_argument(
        "--random",
        type=int,
        default=0,
        metavar="N",
        help="draw so many makes from all over each family instead",
    )
    parser.add_argument(
        "--families",
        nargs="+",
        choices=list(FAMILIES),
        default=list(FAMILIES),
        metavar="FAMILY",
        help=f"which to draw: {', '.join(FAMILIES)} (all)",
    )
    arguments = parser.parse_args()
    rows = []
    for family in arguments.families:
        rows.append([])
        makes = VARIETIES[family].items()
        if arguments.random:
            seeds = range(arguments.seed, arguments.seed + arguments.random)
            makes = {f"{family} {seed}": random_parameters(family, seed) for seed in seeds}.items()
        for name, make in makes:
            start = time.perf_counter()
            maps = draw_exemplar(family, arguments.seed, arguments.size, **make)
            seconds = time.perf_counter() - start
            low, high = maps[4].min(), maps[4].max()
            print(
                f"{family:10} {name:18} {seconds:5.2f} s   height {low:.2f} to {high:.2f}"
                f"   roughness {maps[5].mean():.2f}   metallic {maps[6].mean():.2f}   emission {maps[7].mean():.2f}",
                flush=True,
            )
            rows[-1].append(variety_cell(name, maps))
    width, height = rows[0][0].size
    columns = max(len(row) for row in rows)
    sheet = Image.new(
        "RGB", (MARGIN + columns * (width + MARGIN), MARGIN + len(rows) * (height + MARGIN)), PAPER
    )
    for down, row in enumerate(rows):
        for across, cell in enumerate(row):
            sheet.paste(cell, (MARGIN + across * (width + MARGIN), MARGIN + down * (height + MARGIN)))
    sheet.save(arguments.out)
    print(f"wrote {arguments.out}")


if __name__ == "__main__":
    main()
