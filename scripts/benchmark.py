# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure how fast growths are, beside others that grow the same: ratios within one run, for machines differ.

    python3 scripts/benchmark.py                  a table
    python3 scripts/benchmark.py --json           one JSON object
    python3 scripts/benchmark.py --quick          small grids, few rounds: does it run?

Contenders take turns, and medians are compared. Each is shown to grow the same before any is timed. What could not be
measured is null, with its reason under `skipped`. What the figures mean stands in docs/performance.md.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import virtual_environment
from virtual_environment import REPOSITORY

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
    "live.fps": (">=", 24.0, "frames a second in Blender: 128 x 128 cells, 512 x 512 pixels, 2 steps"),
    "live.handler_ms": ("<=", 5.0, "milliseconds of the main thread for a frame of playback"),
    "live.late_frame_ratio": ("<=", 1.2, "time for frame 20,000 of a keyed growth over frame 50"),
    "bake.length_ratio": ("<=", 1.2, "time for a frame of a bake of 20,000 keyed frames over one of 250"),
    "start.enable_ms": ("<=", 50.0, "milliseconds that enabling the add-on takes"),
    "start.first_picture_s": ("<=", 3.0, "seconds from New Growth to its first picture in a fresh Blender"),
    "gpu.step_vs_textbook": (">=", 8.0, "a step of 1024 x 1024 cells on the GPU, against the textbook"),
    "gpu.step_vs_cax": (">=", 3.0, "the same against CAX"),
    "gpu.share_of_limit": (">=", 0.5, "share of the larger of the GPU's memory and arithmetic limits"),
    "gpu.frames_8k": (None, None, "frames a second of 1024 x 1024 cells and 8192 x 8192 pixels"),
}
CHANNELS, HIDDEN = 16, 128
STEPS = 8
"""Steps in one timing."""


class Skipped(Exception):
    """Something that cannot be measured here; says why."""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="small grids and few rounds")
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
    side, rounds = (64, 3) if options.quick else (256, 7)
    jobs: list[tuple[tuple[str, ...], Callable[[], dict[str, float]]]] = [
        (
            ("cpu.step_vs_textbook", "cpu.step_vs_compiled", "cpu.step_vs_cax", "cpu.share_of_matmul"),
            lambda: measure_steps(side, rounds, context, skipped),
        ),
        (("cpu.growth_vs_textbook",), lambda: measure_growth(side, 3 if options.quick else rounds, context)),
        (("cpu.draft_vs_float32",), lambda: measure_draft(side, rounds)),
        (("cpu.scaling",), lambda: measure_scaling(512 if options.quick else 2048, rounds)),
        (
            ("surface.step_ratio", "surface.build_s"),
            lambda: measure_surface(128 if options.quick else 512, rounds, context),
        ),
        (("cpu.memory_states",), lambda: measure_memory(512 if options.quick else 1024)),
        (
            ("live.fps", "live.handler_ms", "start.enable_ms", "start.first_picture_s"),
            lambda: measure_blender(options.quick, rounds),
        ),
        (("live.late_frame_ratio", "bake.length_ratio"), lambda: measure_length(options.quick, context)),
        (
            ("gpu.step_vs_textbook", "gpu.share_of_limit", "gpu.frames_8k"),
            lambda: measure_gpu(options.device, 128 if options.quick else 1024, rounds, context),
        ),
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


def take_turns(contenders: dict[str, Callable[[], float | None]], rounds: int) -> dict[str, float]:
    """Median seconds of each contender: those that it returns, or those that the call took."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name, run in contenders.items():
            began = time.perf_counter()
            own = run()
            if number:  # the first is to warm up
                times[name].append(time.perf_counter() - began if own is None else own)
    return {name: median(each) for name, each in times.items()}


def living_grid(side: int):
    """A state of which every cell lives and goes on living, and a rule: ndarray (side, side, channels), UpdateRule."""
    import numpy as np

    from blender_nca.automaton.update_rule import LIFE, UpdateRule

    random = np.random.default_rng(0)
    state = (0.1 * random.standard_normal((side, side, CHANNELS))).astype(np.float32)
    state[..., LIFE] = 1
    shapes = (4 * CHANNELS, HIDDEN), (1, HIDDEN), (HIDDEN, CHANNELS)
    scales = 0.05, 0.05, 0.01
    return state, UpdateRule(
        *(
            (s * random.standard_normal(shape)).astype(np.float32)
            for s, shape in zip(scales, shapes, strict=True)
        )
    )


def grow(state, rule, steps: int, draft: bool = False):
    """Grow by this program's own step on a processor: ndarray of the shape of `state`."""
    import torch

    from blender_nca.automaton import native_step, torch_step
    from blender_nca.automaton.chance import cell_numbers
    from blender_nca.automaton.update_rule import UpdateRule

    if native_step.suits(CHANNELS, rule.out_of_hidden.shape[-2]):
        return native_step.grow(state, [rule], [None], 0, 0, steps, draft=draft)
    with torch.inference_mode():
        cells = torch.from_numpy(cell_numbers(*state.shape[:2]))
        weights = UpdateRule(*(torch.from_numpy(weight) for weight in vars(rule).values()))
        return torch_step.grow(torch.from_numpy(state)[None], [weights], [None], 0, 0, steps, cells)[
            0
        ].numpy()


def require_same(name: str, theirs, state, rule) -> None:
    """End where a contender's step, every cell firing, is not that of the reference (away from the border)."""
    import numpy as np

    from blender_nca.automaton import reference

    ours = reference.step(np.moveaxis(state, 2, 0), [rule], [None], 0, 0, fire_rate=1.0)
    difference = np.abs(np.moveaxis(ours, 0, 2) - theirs)[2:-2, 2:-2].max()
    if not difference < 1e-4:
        raise SystemExit(
            f"benchmark: {name} grows something else (difference {difference:.1e}): nothing was timed."
        )


def measure_steps(side: int, rounds: int, context: dict, skipped: dict) -> dict[str, float]:
    """Steps on a living grid, and what share of the machine's products they are."""
    import numpy as np
    import torch
    from benchmark_peers import CaxProcess, Textbook

    from blender_nca.automaton import native_step

    state, rule = living_grid(side)
    textbook = Textbook(rule, state)
    require_same("the textbook step", textbook.step_once(), state, rule)
    if native_step.suits(CHANNELS, HIDDEN):
        all_fire = native_step.grow(state, [rule], [None], 0, 0, 1, fire_rate=1.0)
        require_same("the kernel", all_fire, state, rule)
    products = {"float32": torch.randn(2048, 2048), "bfloat16": torch.randn(2048, 2048).bfloat16()}
    arrays = products["float32"].numpy(), np.empty(2**25, np.float32), np.ones(2**25, np.float32)
    contenders: dict[str, Callable[[], float | None]] = {
        "ours": lambda: void(grow(state, rule, STEPS)),
        "textbook": lambda: textbook.run(STEPS),
        "product of torch": lambda: void(products["float32"] @ products["float32"]),
        "product of numpy": lambda: void(arrays[0] @ arrays[0]),
        "draft product": lambda: void(products["bfloat16"] @ products["bfloat16"]),
        "copy": lambda: np.copyto(arrays[1], arrays[2]),
    }
    with contextlib.ExitStack() as stack:
        try:
            compiled = Textbook(rule, state, compiled=True)
            require_same("the compiled step", compiled.step_once(), state, rule)
            contenders["compiled"] = lambda: compiled.run(STEPS)
        except Exception as error:
            skipped["cpu.step_vs_compiled"] = f"torch.compile: {str(error).splitlines()[0][:120]}"
        try:
            cax = stack.enter_context(CaxProcess(rule, state, STEPS))
            require_same("CAX", cax.step_once(), state, rule)
            contenders["cax"] = cax.run
        except virtual_environment.SetUpError as error:
            skipped["cpu.step_vs_cax"] = f"CAX cannot be installed: {str(error).splitlines()[0][:160]}"
        seconds = take_turns(contenders, rounds)
    rate = 2 * 2048**3 / min(seconds["product of torch"], seconds["product of numpy"])
    work = STEPS * side**2 / 2 * 2 * (4 * CHANNELS * HIDDEN + HIDDEN * CHANNELS)  # half of the cells fire
    context["milliseconds"] = {
        f"a step, {name}": round(seconds[name] / STEPS * 1e3, 3)
        for name in ("ours", "textbook", "compiled", "cax")
        if name in seconds
    }
    context["limits"] = {
        "float32 products, GFLOP/s": round(rate / 1e9),
        "bfloat16 products, GFLOP/s": round(2 * 2048**3 / seconds["draft product"] / 1e9),
        "copy, GB/s": round(2 * arrays[1].nbytes / seconds["copy"] / 1e9, 1),
    }
    found = {
        "cpu.step_vs_textbook": seconds["textbook"] / seconds["ours"],
        "cpu.share_of_matmul": work / seconds["ours"] / rate,
    }
    found.update(
        {
            f"cpu.step_vs_{name}": seconds[name] / seconds["ours"]
            for name in ("compiled", "cax")
            if name in seconds
        }
    )
    return found


def measure_growth(side: int, rounds: int, context: dict) -> dict[str, float]:
    """A species of the bundled manifold from one cell until it covers its grid."""
    import numpy as np
    from benchmark_peers import Textbook

    from blender_nca.automaton import reference
    from blender_nca.automaton.update_rule import LIFE
    from blender_nca.genetics import read_library, relax
    from blender_nca.manifold.manifold import Manifold

    models = REPOSITORY / "models"
    species = read_library([models]).of("materials")[0]
    rule, _ = Manifold.open(models / "materials").transcribe(relax(species.dna).astype(np.float32))
    seeded = np.zeros((side, side, CHANNELS), np.float32)
    seeded[side // 2, side // 2, LIFE:] = 1
    steps = 0
    grown = seeded
    while reference.living(np.moveaxis(grown, 2, 0), "wrap").mean() < 0.999:
        steps += 10
        if steps > 10 * side:
            raise Skipped(f"{species.name} does not cover the grid")
        grown = grow(seeded, rule, steps)
    textbook = Textbook(rule, seeded)
    seconds = take_turns(
        {"ours": lambda: void(grow(seeded, rule, steps)), "textbook": lambda: textbook.run(steps)}, rounds
    )
    context["growth"] = (
        f"{species.name}, {steps} steps: {seconds['ours']:.3f} s, textbook {seconds['textbook']:.2f} s"
    )
    return {"cpu.growth_vs_textbook": seconds["textbook"] / seconds["ours"]}


def measure_draft(side: int, rounds: int) -> dict[str, float]:
    from blender_nca.kernels.library import open_library

    if open_library() is None or not open_library().nca_has_draft():
        raise Skipped("this processor has no bfloat16 products, or there are no kernels")
    state, rule = living_grid(side)
    seconds = take_turns(
        {draft: lambda draft=draft: void(grow(state, rule, STEPS, draft)) for draft in (False, True)}, rounds
    )
    return {"cpu.draft_vs_float32": seconds[False] / seconds[True]}


def measure_scaling(large: int, rounds: int) -> dict[str, float]:
    """Seconds a cell on a large grid, in those on a small one. Two numbers of steps are subtracted, so that copying the
    state in and out does not count."""
    contenders = {}
    for side, few, many in ((128, 40, 440), (large, 1, 3)):
        state, rule = living_grid(side)
        for steps in (few, many):
            contenders[side, steps] = lambda state=state, rule=rule, steps=steps: void(
                grow(state, rule, steps)
            )
    seconds = take_turns(contenders, rounds)
    small = (seconds[128, 440] - seconds[128, 40]) / 400 / 128**2
    return {"cpu.scaling": (seconds[large, 3] - seconds[large, 1]) / 2 / large**2 / small}


def measure_surface(side: int, rounds: int, context: dict) -> dict[str, float]:
    """Steps of a torus in islands, and making it."""
    import numpy as np

    from blender_nca.automaton import native_step, reference
    from blender_nca.automaton.surface_building import build
    from blender_nca.training.evaluation.meshes import draw_torus, unwrap

    if not native_step.suits(CHANNELS, HIDDEN):
        raise Skipped("there are no kernels here")
    mesh = unwrap(*draw_torus(250 * side // 512, 200 * side // 512), side)
    surface = build(*mesh, side, side, up=(0, 0, 1))
    state, rule = living_grid(side)
    across = round(surface.on.sum() ** 0.5)
    wrapped, state = state[:across, :across], state * surface.on[..., None]
    ours = native_step.grow(state, [rule], [None], 0, 0, 1, surface)
    theirs = reference.step(np.moveaxis(state, 2, 0), [rule], [None], 0, 0, surface)
    if not np.abs(np.moveaxis(ours, 2, 0) - theirs).max() < 1e-4:
        raise SystemExit("benchmark: the surface grows something else: nothing was timed.")

    few, many = (
        1,
        3 * STEPS,
    )  # two numbers of steps are subtracted, so that copying the state in and out does not count
    steps = take_turns(
        {
            (name, number): lambda grid=grid, around=around, number=number: void(
                native_step.grow(grid, [rule], [None], 0, 0, number, around)
            )
            for name, grid, around in (("surface", state, surface), ("wrap", wrapped, "wrap"))
            for number in (few, many)
        },
        rounds,
    )
    made = take_turns({"made": lambda: void(build(*mesh, side, side, up=(0, 0, 1)))}, min(rounds, 5))
    cells = int(surface.on.sum())
    context["surface"] = (
        f"{len(mesh.triangles)} triangles, {len(surface.shell)} islands, {cells} cells, {len(surface.near)} ties"
    )
    on_surface, on_grid = (steps[name, many] - steps[name, few] for name in ("surface", "wrap"))
    ratio = on_surface / cells / (on_grid / wrapped[..., 0].size)
    return {"surface.step_ratio": ratio, "surface.build_s": made["made"]}


def measure_memory(side: int) -> dict[str, float]:
    """Peak memory of a growth beyond what the interpreter and its libraries take, from its seeded grid on."""
    if not Path("/proc/self/clear_refs").exists():
        raise Skipped("this system does not tell a process' peak memory from a moment on")
    code = """
import sys; sys.path[:0] = sys.argv[1:3]
import benchmark, numpy, torch
def kilobytes(name):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name))
state, rule = benchmark.living_grid(64)
benchmark.grow(state, rule, 2)
with open("/proc/self/clear_refs", "w") as file:
    file.write("5")  # the peak begins anew
before = kilobytes("VmRSS")
state = numpy.full((int(sys.argv[3]),) * 2 + (16,), 0.5, numpy.float32)
benchmark.grow(state, rule, 3)
print(1024 * (kilobytes("VmHWM") - before) / state.nbytes)
"""
    command = [sys.executable, "-c", code, str(REPOSITORY), str(REPOSITORY / "scripts"), str(side)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return {"cpu.memory_states": float(done.stdout)}


def measure_blender(quick: bool, rounds: int) -> dict[str, float]:
    """Measure enabling and live frames, in a Blender of its own."""
    return run_in_blender("benchmark_blender.py", str(24 if quick else 120))


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


def measure_gpu(device: str, side: int, rounds: int, context: dict) -> dict[str, float]:
    """Steps on a graphics card by what serves there, its limits, and frames of many pixels."""
    import numpy as np
    import torch
    from benchmark_peers import Textbook

    from blender_nca.automaton import fused_step, torch_step
    from blender_nca.automaton.chance import cell_numbers
    from blender_nca.automaton.growth import Genotype, Growth
    from blender_nca.automaton.rollout import Rollout
    from blender_nca.automaton.update_rule import UpdateRule
    from blender_nca.genetics import read_library
    from blender_nca.manifold.backend import open_automaton
    from blender_nca.manifold.manifold import Manifold

    library = getattr(torch, device.split(":")[0], None)
    if library is None or not library.is_available():
        raise Skipped(f"there is no {device} device")
    state, rule = living_grid(side)
    textbook = Textbook(rule, state, device)
    require_same("the textbook step", textbook.step_once(), state, rule)
    grid = torch.from_numpy(state)[None].to(device)
    weights = UpdateRule(*(torch.from_numpy(weight).to(device) for weight in vars(rule).values()))
    cells = torch.from_numpy(cell_numbers(side, side)).to(device)
    fused = fused_step.open_for(grid.device, CHANNELS, HIDDEN)
    context["gpu"] = "fused kernels" if fused else "torch, step by step"

    @torch.inference_mode()
    def grow_there(steps: int, **how):
        if fused:
            return fused.grow(grid, [weights], [None], 0, 0, steps, **how)
        return torch_step.grow(grid, [weights], [None], 0, 0, steps, cells, **how)

    require_same("the GPU", grow_there(1, fire_rate=1.0)[0].cpu().numpy(), state, rule)
    square = torch.randn(4096, 4096, device=device)
    copied = torch.empty_like(grid)

    def timed(work: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            work()
            library.synchronize()

        return run

    seconds = take_turns(
        {
            "ours": timed(lambda: grow_there(STEPS)),
            "textbook": timed(lambda: textbook.run(STEPS)),
            "product": timed(lambda: square @ square),
            "copy": timed(lambda: copied.copy_(grid)),
        },
        rounds,
    )
    operations = side**2 / 2 * 2 * (4 * CHANNELS * HIDDEN + HIDDEN * CHANNELS)  # half of the cells fire
    # a step reads and writes the state once, as a copy does
    limit = STEPS * max(operations * seconds["product"] / (2 * 4096**3), seconds["copy"])

    models = REPOSITORY / "models"
    dna = read_library([models]).of("materials")[0].dna
    growth = Growth("materials", (Genotype((dna,)),), side, side, pixels_per_cell=8)
    rollout, frame = Rollout(open_automaton(Manifold.open(models / "materials"), device)), 4

    def show_next() -> None:
        nonlocal frame
        frame += 1
        void(np.asarray(rollout.live(growth, frame)))

    large = take_turns({"8k": show_next}, min(rounds, 3))
    return {
        "gpu.step_vs_textbook": seconds["textbook"] / seconds["ours"],
        "gpu.share_of_limit": limit / seconds["ours"],
        "gpu.frames_8k": 1 / large["8k"],
    }


def void(_) -> None:
    """Return None, so that `take_turns` measures the time: what a contender grew would be taken for seconds."""


if __name__ == "__main__":
    sys.exit(main())
