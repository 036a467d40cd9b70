# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark measures on a graphics card."""

from __future__ import annotations

from collections.abc import Callable

from benchmark_contest import CHANNELS, HIDDEN, STEPS, Skipped, living_grid, require_same, take_turns, void
from virtual_environment import REPOSITORY


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
    dna = read_library([models]).by_dna_alone("materials")[0].dna
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
