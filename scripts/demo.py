# SPDX-License-Identifier: GPL-3.0-or-later
"""Grow one species into another over an object, bake it, render it: the whole path, without a window.

    python3 scripts/demo.py                               into demo/
    python3 scripts/demo.py --out DIR --species Rust Coral
    python3 scripts/demo.py --device torch                by PyTorch, on the processor: auto takes a card or the kernels

Writes growth.webp (animated), contact.png (twelve frames, and the maps of the last one below), demo.blend with its
baked textures, which renders without the extension, and report.json. Sets up what it needs on its first run.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import virtual_environment
from virtual_environment import REPOSITORY

FRAMES, CELLS = 48, 224


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--out", type=Path, default=REPOSITORY / "demo", help="folder for the results (demo/)"
    )
    parser.add_argument("--species", nargs=2, default=["Ice Cracks", "Lava"], metavar=("FROM", "INTO"))
    parser.add_argument("--frames", type=int, default=FRAMES, help=f"length of the animation ({FRAMES})")
    parser.add_argument("--pixels", type=int, default=384, help="side of the rendered pictures (384)")
    parser.add_argument(
        "--cells", type=int, default=CELLS, help=f"along a side of the grid that grows on the head ({CELLS})"
    )
    parser.add_argument(
        "--device",
        choices=("auto", "cpu", "torch", "cuda", "mps", "xpu"),
        default="auto",
        help="default: auto",
    )
    options = parser.parse_args()
    if not 12 <= options.frames <= 1000 or not 64 <= options.pixels <= 4096:
        parser.error("choose 12 to 1000 frames and 64 to 4096 pixels")
    if not 32 <= options.cells <= 1024:
        parser.error("choose 32 to 1024 cells")
    virtual_environment.enter()
    known = species_known()
    for name in options.species:
        if name not in known:
            parser.exit(2, f"demo: There is no species {name}. There are: {', '.join(known)}.\n")
    out = options.out.resolve()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        parser.exit(
            2, f"demo: {out} cannot be written ({error.strerror}): choose another folder with --out.\n"
        )
    with tempfile.TemporaryDirectory(prefix="neural-growth-", ignore_cleanup_errors=True) as resources:
        os.environ["BLENDER_USER_RESOURCES"] = resources  # nobody's own preferences are read or changed
        os.environ.setdefault("NCA_WORKER_PYTHON", sys.executable)
        try:
            species = tuple(options.species)
            sizes = options.frames, options.pixels, options.cells
            return run(out, species, *sizes, Path(resources), options.device)
        except (
            RuntimeError,
            OSError,
        ) as error:  # of the engine, of an operator, of the disk: all say what to do
            print(f"demo: {error}", file=sys.stderr)
            return 1


def species_known() -> list[str]:
    """Names of the species that the demo's manifold comes with: no Blender is started for one that is not there."""
    from blender_nca.genetics.library import read_library

    return [one.name for one in read_library([REPOSITORY / "models"]).of("materials")]


def run(
    out: Path,
    species: tuple[str, str],
    frames: int,
    pixels: int,
    cells: int,
    resources: Path,
    device: str = "auto",
) -> int:
    """The main job; returns the exit status."""
    seconds: dict[str, float] = {}

    @contextmanager
    def stage(name: str):
        print(f"{name} ...", flush=True)
        began = time.monotonic()
        yield
        seconds[name] = round(time.monotonic() - began, 1)
        print(f"{name}: {seconds[name]} s", flush=True)

    with stage("Starting Blender"):
        import bpy
        import checkout
        import demo_pictures
        import demo_scene

        bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
        checkout.offer(resources)
        checkout.enable()
        bpy.context.preferences.addons[checkout.PACKAGE].preferences.device = device
    with stage("Setting the scene"):
        material = demo_scene.build(species, frames, pixels, cells)
        engine = demo_scene.engine_report()
    with stage("Growing and baking"):
        # Only what an earlier demo baked: the folder may hold pictures of somebody's own.
        shutil.rmtree(demo_scene.baked_folder(out, material), ignore_errors=True)
        bpy.ops.wm.save_as_mainfile(filepath=str(out / "demo.blend"))
        demo_scene.bake(material)
        bpy.ops.wm.save_mainfile()
    checkout.disable()  # from here on the file is on its own
    with stage("Rendering"):
        rendered = demo_scene.render(out / "frames", progress=True)
    with stage("Composing the pictures"):
        demo_pictures.animate(rendered, out / "growth.webp")
        demo_pictures.lay_out(rendered, demo_scene.last_maps(out, material), out / "contact.png")
    report = {
        "species": list(species),
        **demo_scene.growth_report(frames, cells),
        "seconds": seconds,
        "device": engine["device"],
        "backend": engine["backend"],
        "steps_per_second": engine["steps_per_second"],
        "speeds": engine["speeds"],
        "versions": {**engine["versions"], "blender": bpy.app.version_string},
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }
    (out / "report.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(f"{out}: growth.webp, contact.png, demo.blend, report.json after {sum(seconds.values()):.0f} s")
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # Blender as a module may hang when Python ends
