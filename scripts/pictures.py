# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw the README's pictures from a bundled model: all its species, how they grow, and blends of them.

python3 scripts/pictures.py                 into docs/
python3 scripts/pictures.py --out DIR
"""

from __future__ import annotations

import argparse
from pathlib import Path

import virtual_environment
from virtual_environment import REPOSITORY

CELLS = 56
STEPS = (10, 25, 50, 100, 300)
SHARES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
GAP = 6
PAPER, INK = (24, 25, 27), (214, 214, 210)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--out", type=Path, default=REPOSITORY / "docs", help="folder of the pictures (docs/)"
    )
    parser.add_argument("--model", default="starter", help="name of a bundled model (starter)")
    options = parser.parse_args()
    virtual_environment.enter()

    from blender_nca.automaton.growth import Genotype, Growth, Seeds
    from blender_nca.automaton.rollout import Rollout
    from blender_nca.genetics import read_library
    from blender_nca.manifold.manifold import Manifold
    from blender_nca.maps.shading import shade

    models = REPOSITORY / "models"
    species = read_library([models]).of(options.model)
    rollout = Rollout(Manifold.open(models / options.model).automaton("cpu"))

    def grown(dnas, weights, steps, seeds):
        growth = Growth(
            options.model,
            (Genotype(dnas, (weights,)),),
            CELLS,
            CELLS,
            seeds=seeds,
            random_seed=5,
            steps=(1.0,),
        )
        return shade(rollout.maps(growth, steps))

    options.out.mkdir(parents=True, exist_ok=True)
    one_cell, few = Seeds(), Seeds("scattered", 3)
    rows = [(s.name, [grown((s.dna,), (1.0,), steps, one_cell) for steps in STEPS]) for s in species]
    half = (len(rows) + 1) // 2
    left, right = _sheet(rows[:half]), _sheet(rows[half:])
    _side_by_side(left, right).save(options.out / "species.webp", quality=88)
    pairs = list(zip(species[::2], species[1::2], strict=False))[:4]
    blends = [
        (
            f"{a.name} to {b.name}",
            [grown((a.dna, b.dna), (1 - share, share), STEPS[-1], few) for share in SHARES],
        )
        for a, b in pairs
    ]
    _sheet(blends).save(options.out / "blends.webp", quality=88)
    print(f"{options.out}: species.webp, blends.webp")


def _sheet(rows):
    """Rows of pictures with their names."""
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont

    side = 148
    columns = max(len(pictures) for _, pictures in rows)
    sheet = Image.new("RGB", (columns * (side + GAP) + GAP, len(rows) * (side + GAP + 18) + GAP), PAPER)
    write, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for row, (name, pictures) in enumerate(rows):
        top = GAP + row * (side + GAP + 18)
        write.text((GAP + 2, top), name, INK, font)
        for column, picture in enumerate(pictures):
            image = Image.fromarray((np.moveaxis(picture, 0, 2) * 255 + 0.5).astype(np.uint8))
            place = (GAP + column * (side + GAP), top + 18)
            sheet.paste(image.resize((side, side), Image.Resampling.LANCZOS), place)
    return sheet


def _side_by_side(left, right):
    from PIL import Image

    sheet = Image.new("RGB", (left.width + right.width, max(left.height, right.height)), PAPER)
    sheet.paste(left, (0, 0))
    sheet.paste(right, (left.width, 0))
    return sheet


if __name__ == "__main__":
    main()
