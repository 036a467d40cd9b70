# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure how fast growths are, beside others that grow the same: ratios within one run, for machines differ.

    python3 scripts/benchmark.py                  a table
    python3 scripts/benchmark.py --json           one JSON object
    python3 scripts/benchmark.py --quick          small grids, few rounds: does it run?
    python3 scripts/benchmark.py --learn          only species that are learned from pictures, for 15 minutes each

Contenders take turns, and medians are compared. Each is shown to grow the same before any is timed. What could not be
measured is null, with its reason under `skipped`. What the figures mean stands in docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import virtual_environment
from benchmark_bake import measure_bakes
from benchmark_card import measure_gpu
from benchmark_contest import Skipped
from benchmark_layers import measure_layers
from benchmark_learning import measure_fine_lesson, measure_learning
from benchmark_processor import measure_draft, measure_growth, measure_memory, measure_scaling, measure_steps
from benchmark_surface import measure_surface

GOALS = {
    "cpu.step_vs_textbook": (
        ">=",
        6.0,
        "a step of 256 x 256 living cells, against the textbook PyTorch step",
    ),
    "cpu.step_vs_compiled": (None, None, "the same against that step under torch.compile"),
    "cpu.step_vs_cax": (">=", 2.5, "the same against CAX (JAX, jit and scan)"),
    "cpu.growth_vs_textbook": (">=", 12.0, "256 x 256 cells from one cell until full, against the textbook"),
    "cpu.share_of_matmul": (">=", 0.5, "share of the machine's own rate of matrix products"),
    "cpu.draft_vs_float32": (">=", 1.5, "draft quality over float32"),
    "cpu.scaling": ("<=", 1.10, "time for a cell-step at 2048 x 2048 over that at 128 x 128"),
    "cpu.memory_states": ("<=", 3.0, "peak memory, in states"),
    "surface.step_ratio": (
        "<=",
        1.15,
        "a step on a surface of 512 x 512 cells, with directions, over a wrapped square of as many living ones",
    ),
    "surface.build_s": ("<=", 1.5, "seconds to make that surface of 100,000 triangles, with directions"),
    "surface.live_fps": (
        ">=",
        24.0,
        "frames a second in Blender on Suzanne, subdivided twice: 192 x 192 cells, 768 x 768 pixels, 2 steps",
    ),
    "layers.covered_ratio": (
        "<=",
        1.25,
        "a step of eight layers that cover an eighth of the grid each, over that of one species",
    ),
    "layers.fronts_ratio": (
        "<=",
        2.5,
        "three species from seeds until their fronts have met, over one: 128 x 128 cells",
    ),
    "live.fps": (">=", 24.0, "frames a second in Blender: 128 x 128 cells, 512 x 512 pixels, 2 steps"),
    "live.handler_ms": ("<=", 5.0, "milliseconds of the main thread for a frame of playback"),
    "live.late_frame_ratio": ("<=", 1.2, "time for frame 20,000 of a keyed growth over frame 50"),
    "bake.write_share": (
        "<=",
        1.5,
        "120 frames of 1024 x 1024 baked (base colour, normal, ORM), over growing and painting them alone",
    ),
    "bake.vs_zlib": (">=", 4.0, "making and writing these three textures, against writing them with Pillow"),
    "bake.frames_2k": (None, None, "frames a second of the same at 2048 x 2048"),
    "bake.length_ratio": ("<=", 1.2, "time for a frame of a bake of 20,000 keyed frames over one of 250"),
    "library.pick_ms": (
        "<=",
        50.0,
        "milliseconds from picking a species to its picture, grown before: 128 x 128 cells, 512 x 512 pixels",
    ),
    "breed.sheet_s": ("<=", 1.0, "seconds for nine offspring: 64 x 64 cells, 150 steps"),
    "picture.read_s": ("<=", 0.5, "seconds until the DNA of a picture of 1024 x 1024 pixels is read"),
    "learn.distance_15min": (
        "<=",
        0.8,
        "structure S of species after 15 minutes of learning from a picture, the median (--learn)",
    ),
    "learn.colour_15min": ("<=", 0.02, "colour distance R of the same"),
    "learn.fine_ratio": (
        "<=",
        1.25,
        "an iteration of a lesson that learns what is finer than cells, over one of a lesson that does not",
    ),
    "start.enable_ms": ("<=", 50.0, "milliseconds that enabling the add-on takes"),
    "start.first_picture_s": ("<=", 3.0, "seconds from New Growth to its first picture in a fresh Blender"),
    "gpu.step_vs_textbook": (">=", 8.0, "a step of 1024 x 1024 cells on the GPU, against the textbook"),
    "gpu.step_vs_cax": (">=", 3.0, "the same against CAX"),
    "gpu.share_of_limit": (">=", 0.5, "share of the larger of the GPU's memory and arithmetic limits"),
    "gpu.frames_8k": (None, None, "frames a second of 1024 x 1024 cells and 8192 x 8192 pixels"),
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="small grids and few rounds")
    parser.add_argument(
        "--learn",
        type=Path,
        nargs="*",
        metavar="PICTURE",
        help="learn these pictures, or those of scikit-image, and measure only that",
    )
    parser.add_argument("--minutes", type=float, default=15.0, help="of --learn, for each picture (15)")
    parser.add_argument("--learn-on", default="cpu", metavar="DEVICE", help="cpu, cuda, mps, xpu (cpu)")
    parser.add_argument("--device", default="cuda", help="of the GPU's figures: cuda, mps, xpu (cuda)")
    options = parser.parse_args()
    virtual_environment.enter()

    import numpy as np
    import torch

    from blender_nca.kernels import threads
    from blender_nca.kernels.library import open_library

    torch.set_num_threads(threads.count())
    found: dict[str, float | None] = dict.fromkeys(GOALS)
    skipped: dict[str, str] = {}
    context: dict = {
        "quick": options.quick,
        "machine": f"{platform.system()} {platform.machine()}, {threads.count()} threads",
        "torch": torch.__version__,
        "numpy": np.__version__,
        "kernels": open_library() is not None,
    }
    side, rounds = (64, 1) if options.quick else (256, 7)
    jobs: list[tuple[tuple[str, ...], Callable[[], dict[str, float]]]] = [
        (
            ("cpu.step_vs_textbook", "cpu.step_vs_compiled", "cpu.step_vs_cax", "cpu.share_of_matmul"),
            lambda: measure_steps(side, rounds, context, skipped),
        ),
        (("cpu.growth_vs_textbook",), lambda: measure_growth(side, rounds, context)),
        (("cpu.draft_vs_float32",), lambda: measure_draft(side, rounds)),
        (("cpu.scaling",), lambda: measure_scaling(512 if options.quick else 2048, rounds)),
        (
            ("surface.step_ratio", "surface.build_s"),
            lambda: measure_surface(128 if options.quick else 512, rounds, context),
        ),
        (("layers.covered_ratio", "layers.fronts_ratio"), lambda: measure_layers(side, rounds)),
        (("cpu.memory_states",), lambda: measure_memory(512 if options.quick else 1024)),
        (
            ("live.fps", "live.handler_ms", "surface.live_fps", "start.enable_ms", "start.first_picture_s"),
            lambda: measure_blender(options.quick),
        ),
        (
            ("bake.write_share", "bake.vs_zlib", "bake.frames_2k"),
            lambda: measure_bakes(*((4, 2, 1) if options.quick else (120, 8, 3)), context),
        ),
        (("library.pick_ms",), lambda: measure_library(options.quick)),
        (("breed.sheet_s",), lambda: measure_breeding(options.quick)),
        (("picture.read_s",), lambda: measure_reading(options.quick, context)),
        (("learn.fine_ratio",), lambda: measure_fine_lesson(1 if options.quick else 7)),
        (("live.late_frame_ratio", "bake.length_ratio"), lambda: measure_length(options.quick, context)),
        (
            ("gpu.step_vs_textbook", "gpu.share_of_limit", "gpu.frames_8k"),
            lambda: measure_gpu(options.device, 128 if options.quick else 1024, rounds, context),
        ),
    ]
    of_learning = "learn.distance_15min", "learn.colour_15min"
    if options.learn is None:
        skipped.update(dict.fromkeys(of_learning, "15 minutes for each picture: --learn"))
    else:
        jobs = [
            (
                of_learning,
                lambda: measure_learning(options.learn, options.minutes, options.learn_on, context),
            )
        ]
    for keys, job in jobs:
        print(
            f"{keys[0].split('.')[0]}: {', '.join(key.split('.')[1] for key in keys)} ...",
            file=sys.stderr,
            flush=True,
        )
        try:
            found.update(job())
        except Skipped as reason:
            skipped.update(dict.fromkeys(keys, str(reason)))
    for key, value in found.items():
        if value is None:
            reason = (
                "CAX's environment has JAX for processors alone"
                if key == "gpu.step_vs_cax"
                else "not measured"
            )
            skipped.setdefault(key, reason)
    if options.json:
        report: dict = {}
        for key, value in found.items():
            room, name = key.split(".")
            report.setdefault(room, {})[name] = None if value is None else round(value, 4)
        print(json.dumps({**report, "skipped": skipped, "context": context}, indent=2))
        return 0
    for key, (sign, goal, meaning) in GOALS.items():
        value = f"{found[key]:9.3g}" if found[key] is not None else f"{'-':>9}"
        print(f"{key:24}{value}  {f'{sign} {goal:g}' if sign else '':8} {meaning}")
    for key, reason in skipped.items():
        print(f"{key}: not measured: {reason}")
    return 0


def measure_blender(quick: bool) -> dict[str, float]:
    """Measure enabling and live frames, in a Blender of its own."""
    return run_in_blender("benchmark_blender.py", str(24 if quick else 120))


def measure_library(quick: bool) -> dict[str, float]:
    """Measure the picking of species, in a Blender of its own."""
    return run_in_blender("benchmark_library.py", str(1 if quick else 5))


def measure_breeding(quick: bool) -> dict[str, float]:
    """Measure a sheet of offspring, in a Blender of its own."""
    return run_in_blender("benchmark_breeding.py", str(1 if quick else 7))


def measure_reading(quick: bool, context: dict) -> dict[str, float]:
    """Measure how soon a picture is read, in a Blender of its own."""
    found = run_in_blender("benchmark_picture.py", str(1 if quick else 7))
    context["picture"] = found.pop("context")
    return found


def measure_length(quick: bool, context: dict) -> dict[str, float]:
    """Measure what a growth's length costs a frame, in a Blender of its own."""
    found = run_in_blender("benchmark_length.py", str(1000 if quick else 20_000), str(1 if quick else 5))
    context["length"] = found.pop("context")
    return found


def run_in_blender(script: str, *arguments: str) -> dict:
    """Run a script that prints one JSON object in a Blender of its own, with an empty folder for its resources."""
    with tempfile.TemporaryDirectory(prefix="neural-growth-", ignore_cleanup_errors=True) as resources:
        environment = {**os.environ, "BLENDER_USER_RESOURCES": resources, "NCA_WORKER_PYTHON": sys.executable}
        command = [sys.executable, str(Path(__file__).with_name(script)), resources, *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=1800)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        raise Skipped(f"Blender: {(done.stderr.strip().splitlines() or ['it said nothing'])[-1][:160]}")
    return json.loads(lines[-1])


if __name__ == "__main__":
    sys.exit(main())
