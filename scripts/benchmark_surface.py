# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark measures on a surface: a step beside one of a grid that wraps, and making a surface."""

from __future__ import annotations

from benchmark_contest import CHANNELS, HIDDEN, STEPS, Skipped, living_grid, take_turns, void


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
