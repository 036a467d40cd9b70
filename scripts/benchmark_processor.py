# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark measures on a processor: steps, growths, large grids, memory."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import virtual_environment
from benchmark_contest import (
    CHANNELS,
    HIDDEN,
    STEPS,
    Skipped,
    grow,
    living_grid,
    require_same,
    take_turns,
    void,
)
from virtual_environment import REPOSITORY


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
    species = read_library([models]).by_dna_alone("materials")[0]
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
    from blender_nca.automaton.native_choice import choose_products
    from blender_nca.kernels.library import open_library

    if open_library() is None or not open_library().nca_drafts():
        raise Skipped("this processor has no bfloat16 products, or there are no kernels")
    chosen = choose_products()
    state, rule = living_grid(side)
    seconds = take_turns(
        {
            quality: lambda draft=draft: void(grow(state, rule, STEPS, draft))
            for quality, draft in (("full", 0), ("draft", chosen.draft))
        },
        rounds,
    )
    return {"cpu.draft_vs_float32": seconds["full"] / seconds["draft"]}


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


def measure_memory(side: int) -> dict[str, float]:
    """Peak memory of a growth beyond what the interpreter and its libraries take, from its seeded grid on."""
    if not Path("/proc/self/clear_refs").exists():
        raise Skipped("this system does not tell a process' peak memory from a moment on")
    code = """
import sys; sys.path[:0] = sys.argv[1:3]
import benchmark_contest as contest, numpy, torch
def kilobytes(name):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name))
state, rule = contest.living_grid(64)
contest.grow(state, rule, 2)
with open("/proc/self/clear_refs", "w") as file:
    file.write("5")  # the peak begins anew
before = kilobytes("VmRSS")
state = numpy.full((int(sys.argv[3]),) * 2 + (16,), 0.5, numpy.float32)
contest.grow(state, rule, 3)
print(1024 * (kilobytes("VmHWM") - before) / state.nbytes)
"""
    command = [sys.executable, "-c", code, str(REPOSITORY), str(REPOSITORY / "scripts"), str(side)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return {"cpu.memory_states": float(done.stdout)}
