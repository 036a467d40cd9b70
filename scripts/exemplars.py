# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw one sheet of all exemplars: a row for each family, its maps side by side, and a shaded preview."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import virtual_environment

virtual_environment.enter()

import numpy as np
from PIL import Image

from blender_nca.maps.shading import shade
from blender_nca.training.exemplars import FAMILIES, draw_exemplar


def sheet_row(maps: np.ndarray) -> np.ndarray:
    """Base colour, height, roughness, metallic and preview, side by side: (3, H, 5 W)."""
    grey = [np.repeat(maps[channel][None], 3, 0) for channel in (4, 5, 6)]
    return np.concatenate([maps[0:3], *grey, shade(maps)], axis=2)


def main() -> None:
    """Read the command line, draw, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("exemplars.png"), help="picture to write")
    parser.add_argument("--seed", type=int, default=0, help="which sample of each family (0)")
    parser.add_argument("--size", type=int, default=256, help="pixels a side of each exemplar (256)")
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
        start = time.perf_counter()
        maps = draw_exemplar(family, arguments.seed, arguments.size)
        seconds = time.perf_counter() - start
        low, high = maps[4].min(), maps[4].max()
        print(
            f"{family:10} {seconds:5.2f} s   height {low:.2f} to {high:.2f}"
            f"   roughness {maps[5].mean():.2f}   metallic {maps[6].mean():.2f}",
            flush=True,
        )
        rows.append(sheet_row(maps))
    sheet = np.concatenate(rows, axis=1).transpose(1, 2, 0)
    Image.fromarray((sheet * 255 + 0.5).astype(np.uint8)).save(arguments.out)
    print(f"wrote {arguments.out}")


if __name__ == "__main__":
    main()
