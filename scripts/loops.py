# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure how loops look: what changes over their joint, beside what changes from frame to frame, and what stays of the
contrast where they fade.

    python3 scripts/loops.py [--frames 48] [--overlap 24] [--model materials]
"""

from __future__ import annotations

import argparse
from dataclasses import replace

import virtual_environment
from virtual_environment import REPOSITORY

virtual_environment.enter()

import numpy as np

from blender_nca.automaton.growth import Genotype, Growth, Loop, Seeds
from blender_nca.automaton.rollout import Rollout
from blender_nca.genetics.library import read_library
from blender_nca.genetics.species import Species
from blender_nca.manifold.backend import open_automaton
from blender_nca.manifold.learned_file import read_units
from blender_nca.manifold.manifold import Manifold

MODELS = REPOSITORY / "models"
CELLS, PIXELS_PER_CELL, STEPS, START = 64, 2, 2.0, 150
AT_REST = 1 / 255 / 4
"""Mean change of colour from frame to frame below which a pattern is said to rest."""


def distance(a: np.ndarray, b: np.ndarray) -> float:
    """Mean difference of the base colours of two pictures, 0 to 1."""
    return float(np.abs(a[:3] - b[:3]).mean())


def contrast(picture: np.ndarray) -> float:
    """Mean slope of the base colour."""
    return float(np.abs(np.diff(picture[:3], axis=1)).mean() + np.abs(np.diff(picture[:3], axis=2)).mean())


def measure(rollout: Rollout, species: Species, loop: Loop) -> tuple[float, float, float, float]:
    """Measure a species' loop.

    Returns
    -------
    (float, float, float, float)
        Median distance of frames one after another where nothing fades; the largest one of the fade and the joint;
        that of the jump without a fade; and the lowest contrast of the fade, as a share of the mean.
    """
    seeds = Seeds("centre") if rollout.automaton.manifold.name == "emoji" else Seeds("scattered", 8)
    growth = Growth(species.manifold, (Genotype((species.dna,)),), CELLS, CELLS, PIXELS_PER_CELL, seeds=seeds)
    growth = replace(growth, steps=(STEPS,))
    looped = replace(growth, loop=loop)
    first = rollout.maps(growth, loop.start)
    plain, shown, last = [], [], first
    contrasts = [contrast(first)]
    for frame in range(loop.start + 1, loop.start + loop.length + 1):
        now = rollout.maps(looped, frame)
        fades = len(looped.parts(frame - 1)) > 1 or len(looped.parts(frame)) > 1
        (shown if fades else plain).append(distance(last, now))
        contrasts.append(contrast(now))
        last = now
    jump = distance(rollout.maps(growth, loop.start + loop.length - 1), first)
    inside = plain or [distance(rollout.maps(growth, loop.start + 1), first)]
    return float(np.median(inside)), max(shown), jump, min(contrasts) / float(np.mean(contrasts))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=48)
    parser.add_argument("--overlap", type=int, default=24)
    parser.add_argument("--model", default="materials")
    asked = parser.parse_args()
    loop = Loop(START, asked.frames, asked.overlap)
    rows = []
    library = read_library([MODELS])
    for species in library.by_dna_alone(asked.model) or library.of(asked.model):
        # a rollout for each: what it holds of the others is of no use
        manifold = Manifold.open(MODELS / asked.model).with_units(read_units(MODELS / asked.model))
        rollout = Rollout(open_automaton(manifold, "kernels"))
        inside, faded, jump, kept = measure(rollout, species, loop)
        rows.append((faded / max(inside, 1e-9), inside, faded, jump, kept, species.name))
        print(
            f"{species.name:20} inside {255 * inside:5.2f}  faded {255 * faded:5.2f}  jump {255 * jump:6.2f}  "
            f"contrast {kept:4.0%}",
            flush=True,
        )
    moving = [row for row in rows if row[1] >= AT_REST]
    print(
        f"{len(rows)} species, {len(rows) - len(moving)} at rest (below {255 * AT_REST:.2f} of 255 a frame)"
    )
    for name, some in (("moving", moving), ("at rest", [row for row in rows if row[1] < AT_REST])):
        if some:
            inside, faded, jump, kept = np.median([row[1:5] for row in some], axis=0)
            print(
                f"{name}: median {255 * inside:.2f} of 255 from frame to frame, {255 * faded:.2f} where it fades "
                f"({faded / inside:.1f} times), {255 * jump:.2f} if it jumped ({jump / inside:.0f} times); "
                f"lowest contrast {min(row[4] for row in some):.0%}, largest {max(row[2] for row in some) * 255:.2f}"
            )


if __name__ == "__main__":
    main()
