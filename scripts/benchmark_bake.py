# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark measures of bakes: textures on disk, over growing and painting alone and over Pillow."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmark_contest import Skipped, take_turns, void
from virtual_environment import REPOSITORY

CELLS, STEPS = 128, 2.0
TEXTURES = (
    {"name": "base_colour", "rgb": "base_colour", "a": "alpha", "colour": "sRGB"},
    {"name": "normal", "rgb": "normal_opengl"},
    {"name": "orm", "r": "ambient_occlusion", "g": "roughness", "b": "metallic"},
)


def measure_bakes(frames: int, rounds: int, context: dict) -> dict[str, float]:
    """Frames of 1024 x 1024 pixels, and of 2048 x 2048, of a growth of the bundled manifold."""
    import numpy as np
    from PIL import Image

    from blender_nca.automaton.growth import Genotype, Growth
    from blender_nca.automaton.rollout import Rollout
    from blender_nca.engine import devices
    from blender_nca.engine.baker import Baker
    from blender_nca.engine.grower import Grower
    from blender_nca.genetics import read_library
    from blender_nca.kernels.library import open_library
    from blender_nca.manifold.backend import open_automaton
    from blender_nca.manifold.manifold import Manifold
    from blender_nca.maps import compression
    from blender_nca.maps.made_maps import MadeMaps
    from blender_nca.maps.png import quantise
    from blender_nca.maps.texture import Texture
    from blender_nca.maps.texture_files import MadeRows, files_of, write_files

    if open_library() is None:
        raise Skipped("there are no kernels here")
    models = REPOSITORY / "models"
    dna = read_library([models]).by_dna_alone("materials")[0].dna
    textures = [Texture.from_json(values) for values in TEXTURES]
    cells = open_automaton(Manifold.open(models / "materials"), "kernels")

    def grown(pixels: int, seed: int = 0) -> Growth:
        return Growth(
            "materials",
            (Genotype((dna,)),),
            CELLS,
            CELLS,
            pixels_per_cell=pixels,
            steps=(STEPS,),
            random_seed=seed,
        )

    with tempfile.TemporaryDirectory(prefix="neural-growth-", ignore_cleanup_errors=True) as aside:
        folder = Path(aside)

        def bake(pixels: int, count: int) -> None:
            baker = Baker(Grower([models], devices.without_torch(), lambda news: None))
            for frame in range(1, count + 1):
                files = files_of(textures, folder, "{texture}_{frame}", "", frame)
                told = [[str(path), [one.to_json() for one in layers]] for path, layers in files.items()]
                request = {
                    "growth": grown(pixels).to_json(),
                    "frame": frame,
                    "files": told,
                    "normal_strength": 8.0,
                }
                baker.write(request, lambda: False)

        def paint(count: int) -> None:
            rollout = Rollout(cells)
            for frame in range(1, count + 1):
                rollout.maps(grown(8), frame)

        maps = Rollout(cells).maps(grown(8), 60)
        made = MadeMaps(maps, "wrap", 8.0)
        pictures = [quantise(texture.pixels(made), 8) for texture in textures]
        files = files_of(textures, folder, "{texture}_{frame}", "", 0)
        write_files([MadeRows(made)], *made.size, files)
        for path, picture in zip(files, pictures, strict=True):
            if not np.array_equal(np.asarray(Image.open(path)), picture):
                raise SystemExit(f"benchmark: {path.name} holds another picture than Pillow is given.")

        def write_with_pillow() -> None:
            for number, picture in enumerate(pictures):
                Image.fromarray(picture).save(folder / f"pillow_{number}.png")

        def write() -> None:
            write_files([MadeRows(MadeMaps(maps, "wrap", 8.0))], *made.size, files)

        seconds = take_turns(
            {
                "bake": lambda: void(bake(8, frames)),
                "paint": lambda: void(paint(frames)),
            },
            rounds,
        )
        written = take_turns(
            {"ours": lambda: void(write()), "pillow": lambda: void(write_with_pillow())}, 3 * rounds
        )
        began = time.perf_counter()
        bake(16, max(2, frames // 12))
        large = time.perf_counter() - began
        sizes = [path.stat().st_size for path in files]
        by_pillow = [path.stat().st_size for path in folder.glob("pillow_*.png")]
    context["bake"] = {
        "compressed by": compression.name(),
        "milliseconds a frame, growing and painting": round(1e3 * seconds["paint"] / frames, 1),
        "the same, baked": round(1e3 * seconds["bake"] / frames, 1),
        "megabytes a frame": round(sum(sizes) / 1e6, 2),
        "the same by Pillow": round(sum(by_pillow) / 1e6, 2),
    }
    return {
        "bake.write_share": seconds["bake"] / seconds["paint"],
        "bake.vs_zlib": written["pillow"] / written["ours"],
        "bake.frames_2k": max(2, frames // 12) / large,
    }
