# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw the pictures of README and docs from the bundled models: their species, blends of them, layers, what settles.

python3 scripts/pictures.py                     species, blends, layers, settling, fine and emoji.webp into docs/
python3 scripts/pictures.py --out DIR
python3 scripts/pictures.py --window BLENDER    the manual's pictures of the panel, from Blender's window
python3 scripts/pictures.py --window BLENDER --only seeds time
python3 scripts/pictures.py --shots DIR         the same of what scripts/panel_shots.py has taken already
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import virtual_environment
from virtual_environment import REPOSITORY

if TYPE_CHECKING:
    from PIL.Image import Image

CELLS, STEPS = 56, 300
SHARES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
PAIRS = 4
LAYERS = ("Giraffe", "Lava", "Cushion Moss")
MEETINGS = {"nearest": "First Stays", "stronger": "Stronger Takes Over", "none": "Gap"}
SETTLING = ("Tiger", "Zebra", "Neon Reef", "Coral")
OLD = (300, 2000, 10_000)
"""Steps at which growths that settle, and then ones that do not, are shown."""
FINE = (
    *("Zebra", "Rust", "Oak Bark", "Denim", "Giraffe", "Map Lichen", "Cracked Mud", "Coral"),
    *("Red Brick", "Granite Setts", "Oak", "Weathered Boards"),
)
FINE_CELLS, FINE_PIXELS = 24, 8
"""Of what is shown of each, texel for texel: without fine detail, then with it."""
LAYER_CELLS, LAYER_STEPS, BORDER = 96, (20, 40, 60, 100, 200), 8
MATERIAL_PIXELS, BLEND_PIXELS, FIGURE_PIXELS = 112, 148, 48
FIGURES = 20
"""In a row."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--out", type=Path, default=REPOSITORY / "docs", help="folder of the pictures (docs/)"
    )
    parser.add_argument(
        "--models", type=Path, default=REPOSITORY / "models", help="folder of models (models/)"
    )
    parser.add_argument("--model", default="materials", help="model of species and blends (materials)")
    parser.add_argument("--window", metavar="BLENDER", help="a Blender with a window, for those of the panel")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="only these of the panel")
    parser.add_argument("--shots", type=Path, help="a folder with what was taken of the window")
    options = parser.parse_args()
    virtual_environment.enter()
    if options.window or options.shots:
        draw_panels(options)
        return

    from sheet import lay_grid, lay_rows, picture_of, save

    from blender_nca.automaton.growth import Genotype, Growth, Seeds
    from blender_nca.automaton.rollout import Rollout
    from blender_nca.genetics.library import read_library
    from blender_nca.manifold.backend import open_automaton
    from blender_nca.manifold.learned_file import read_units
    from blender_nca.manifold.manifold import Manifold

    library = read_library([options.models])

    def grower(name):
        """Pictures of genotypes of a model."""
        manifold = Manifold.open(options.models / name).with_units(read_units(options.models / name))
        card, rollout = manifold.card, Rollout(open_automaton(manifold, "cpu"))
        figures = card.get("kind") == "figures"
        cells, pixels = (card["cells"], card["pixels_per_cell"]) if figures else (CELLS, 4)

        def grown(species, side, weights=(1.0,), seeds=None):
            growth = Growth(
                name,
                (Genotype(tuple(one.dna for one in species), (weights,)),),
                cells,
                cells,
                pixels,
                boundary=card.get("boundary", "wrap"),
                seeds=seeds or Seeds(),
                random_seed=5,
                steps=(1.0,),
                learned=tuple(key for one in species for key in one.learned),
            )
            return picture_of(rollout.maps(growth, STEPS), side, figures)

        return grown

    species, grown = library.of(options.model), grower(options.model)
    tiles = [(one.name, grown((one,), MATERIAL_PIXELS)) for one in species]
    written = [save(lay_grid(tiles, 8), options.out / "species.webp")]
    species = library.by_dna_alone(options.model)
    few, half = Seeds("scattered", 3), len(species) // 2
    apart = max(1, half // PAIRS)
    rows = [
        (
            f"{a.name} to {b.name}",
            [grown((a, b), BLEND_PIXELS, (1 - share, share), few) for share in SHARES],
        )
        for a, b in zip(species[:half:apart], species[half::apart], strict=False)
    ]
    written.append(save(lay_rows(rows), options.out / "blends.webp"))
    if all(library.find(options.model, name) for name in LAYERS):
        written.append(
            save(lay_rows(draw_layers(options.models, options.model)), options.out / "layers.webp")
        )
    if all(library.find(options.model, name) for name in SETTLING):
        written.append(
            save(lay_rows(draw_settling(options.models, options.model)), options.out / "settling.webp")
        )
    if all(library.find(options.model, name) for name in FINE):
        written.append(
            save(lay_grid(draw_fine_detail(options.models, options.model), 4), options.out / "fine.webp")
        )
    grown = grower("emoji")
    tiles = [("", grown((one,), FIGURE_PIXELS)) for one in library.of("emoji")]
    written.append(save(lay_grid(tiles, FIGURES), options.out / "emoji.webp"))
    print(f"{options.out}: {', '.join(path.name for path in written)}")


def draw_panels(options: argparse.Namespace) -> None:
    """The manual's pictures of the panel."""
    import panel_pictures

    with tempfile.TemporaryDirectory(prefix="neural-growth-") as folder:
        shots = options.shots or Path(folder)
        if options.window:
            panel_pictures.take(options.window, shots, options.only)
        written = panel_pictures.draw(shots, options.out / "manual" / "pictures")
    size = sum(path.stat().st_size for path in written) / 2**10
    print(f"{len(written)} pictures of the panel, {size:.0f} KiB")


def draw_layers(models: Path, model: str) -> list[tuple[str, list]]:
    """Three species, each from a seed of its own, under each rule for where they meet: rows of pictures."""
    from sheet import picture_of

    from blender_nca.automaton.growth import Genotype, Growth, Seeds
    from blender_nca.automaton.rollout import Rollout
    from blender_nca.genetics.library import read_library
    from blender_nca.manifold.backend import open_automaton
    from blender_nca.manifold.manifold import Manifold

    library, rollout = read_library([models]), Rollout(open_automaton(Manifold.open(models / model), "cpu"))
    species = [library.find(model, name) for name in LAYERS]
    rows = []
    for meeting, title in MEETINGS.items():
        growth = Growth(
            model,
            tuple(
                Genotype((one.dna,), strength=(strength,), border=BORDER)
                for one, strength in zip(species, (0.4, 1.0, 0.7), strict=True)
            )
            if meeting == "stronger"
            else tuple(Genotype((one.dna,), border=BORDER) for one in species),
            LAYER_CELLS,
            LAYER_CELLS,
            boundary="edge",
            seeds=Seeds("points", points=((0.2, 0.3), (0.8, 0.35), (0.5, 0.85)), layers=(0, 1, 2)),
            random_seed=5,
            steps=(1.0,),
            meeting=meeting,
        )
        rows.append(
            (title, [picture_of(rollout.maps(growth, step), BLEND_PIXELS, True) for step in LAYER_STEPS])
        )
    return rows


def draw_settling(models: Path, model: str) -> list[tuple[str, list]]:
    """Species of stripes as they age: three pictures as they settle, then the later two of the same without."""
    from sheet import picture_of

    from blender_nca.automaton.growth import Genotype, Growth
    from blender_nca.automaton.growth_limits import USUAL_SETTLING
    from blender_nca.automaton.rollout import Rollout
    from blender_nca.genetics.library import read_library
    from blender_nca.manifold.backend import open_automaton
    from blender_nca.manifold.manifold import Manifold

    library, rollout = read_library([models]), Rollout(open_automaton(Manifold.open(models / model), "cpu"))
    rows = []
    for name in SETTLING:
        dna, pictures = library.find(model, name).dna, []
        for settling, steps in ((USUAL_SETTLING, OLD), (None, OLD[1:])):
            growth = Growth(
                model,
                (Genotype((dna,)),),
                LAYER_CELLS,
                LAYER_CELLS,
                random_seed=5,
                steps=(10.0,),
                settling=settling,
            )
            pictures += [picture_of(rollout.maps(growth, step // 10), BLEND_PIXELS, False) for step in steps]
        rows.append((name, pictures))
    return rows


def draw_fine_detail(models: Path, model: str) -> list[tuple[str, Image]]:
    """Parts of species at 8 pixels a cell: each without fine detail, then with it."""
    from sheet import join, picture_of

    from blender_nca.automaton.growth import Genotype, Growth
    from blender_nca.automaton.rollout import Rollout
    from blender_nca.genetics.library import read_library
    from blender_nca.manifold.backend import open_automaton
    from blender_nca.manifold.learned_file import read_units
    from blender_nca.manifold.manifold import Manifold

    library, manifold = read_library([models]), Manifold.open(models / model)
    shown = [library.find(model, name) for name in FINE]
    units = read_units(models / model, shown)
    rollout = Rollout(open_automaton(manifold.with_units(units), "cpu"))
    side, tiles = FINE_CELLS * FINE_PIXELS, []
    for one in shown:
        genotype = Genotype((one.dna,))
        pictures = []
        for fine in (False, True):
            growth = Growth(
                model,
                (genotype,),
                CELLS,
                CELLS,
                FINE_PIXELS,
                random_seed=5,
                steps=(10.0,),
                fine=fine,
                learned=one.learned,
            )
            maps = rollout.maps(growth, STEPS // 10)[:, -side:, :side]
            pictures.append(picture_of(maps, side))
        tiles.append((one.name, join(pictures)))
    return tiles


if __name__ == "__main__":
    main()
