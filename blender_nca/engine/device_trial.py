# SPDX-License-Identifier: GPL-3.0-or-later
"""Device trial: whether a device grows what the reference has grown, and how fast; a row of the self-test.

A model's folder holds a picture that the reference has grown (`scripts/reference.py` writes it), so that a processor or
a numpy that reckons wrong is found, too. A model without one is compared with numpy here.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ..automaton.growth import Genotype, Growth
from ..automaton.mask import Mask
from ..automaton.rollout import Rollout
from ..automaton.seeds import Seeds
from ..manifold.backend import open_automaton
from ..manifold.manifold import Manifold
from ..maps.array_file import read_arrays
from .tried_devices import TriedDevice

REFERENCE = "reference.npz"
"""In a model's folder."""
TOLERANCE = 1e-3
"""How far a picture may lie from the reference's: an eye sees 4e-3. Those of numpy, the kernels and torch lay 5e-5
apart at most, on a processor."""
FEW_CELLS, MANY_CELLS = 64, 512
"""Cells along the sides of the grids that are timed: a card is worth more on a large one."""
SECONDS = 1.0
"""For which each is timed."""
LONGEST = 0.3
"""Seconds of a step on the large grid, reckoned from the small one, from which on nobody waits to see it timed."""
SIDE, FRAME, LEVELS = 32, 16, 65535


def try_device(folder: Path, version: str, backend: str, name: str) -> TriedDevice:
    """Grow the reference's picture on a device, and time small and large growths there.

    Parameters
    ----------
    folder : Path
        Of the model.
    version : str
        Which training lies there.
    backend : str
        What `manifold.backend.open_automaton` takes.
    name : str
        What an artist knows it by.

    Raises
    ------
    ManifoldError
        The model does not open.
    """
    manifold = Manifold.open(folder)
    growth, wanted = _reference(folder, manifold, version)
    rollout = Rollout(open_automaton(manifold, backend), memory=0)
    picture = rollout.maps(growth, FRAME)
    apart = float(np.max(np.abs(picture.astype(np.float64) - wanted)))
    if not apart <= TOLERANCE:  # nor is what is no number
        return TriedDevice(backend, name, apart if np.isfinite(apart) else np.inf)
    speeds = {str(FEW_CELLS): measure(rollout, covering(manifold, FEW_CELLS))}
    if (MANY_CELLS / FEW_CELLS) ** 2 / speeds[str(FEW_CELLS)] <= LONGEST:
        speeds[str(MANY_CELLS)] = measure(rollout, covering(manifold, MANY_CELLS))
    return TriedDevice(backend, name, apart, True, speeds)


def write_reference(folder: Path, version: str, dnas: tuple[str, str]) -> Path:
    """Grow a model's reference picture by numpy, and write it into its folder.

    Parameters
    ----------
    folder : Path
    version : str
        Which training lies there.
    dnas : (str, str)
        Of two species, of which the second rules in a part of the grid.
    """
    manifold = Manifold.open(folder)
    growth = example(manifold, dnas)
    picture = Rollout(open_automaton(manifold, "numpy")).maps(growth, FRAME)
    said = json.dumps({"version": version, "growth": growth.to_json()})
    path = folder / REFERENCE
    with path.open("wb") as file:
        numbers = {"picture": np.round(picture * LEVELS).astype(np.uint16)}
        np.savez(file, said=np.frombuffer(said.encode(), np.uint8), **numbers)
    return path


def example(manifold: Manifold, dnas: tuple[str, str]) -> Growth:
    """A growth that is compared: two genotypes that meet at a border, from scattered seeds."""
    left = np.zeros((SIDE, SIDE))
    left[:, : SIDE // 2] = 0.7
    both = Genotype((dnas[0],)), Genotype((dnas[1],), region=Mask.pack(left))
    return Growth(
        manifold.name, both, SIDE, SIDE, 2, seeds=Seeds("scattered", 6), random_seed=5, steps=(2.0,)
    )


def covering(manifold: Manifold, side: int) -> Growth:
    """A growth that covers its grid at once, of `side` cells a side."""
    seeds = Seeds("scattered", max(2, side * side // 260))
    genotypes = (Genotype((_letters(manifold, "ACGT"),)),)
    return Growth(manifold.name, genotypes, side, side, 1, seeds=seeds, steps=(4.0,))


def measure(rollout: Rollout, growth: Growth, clock: Callable[[], float] = time.perf_counter) -> float:
    """Steps a second, once it is warm."""
    steps = int(growth.steps[0])
    rollout.living(growth, 2)
    began, frame, spent = clock(), 2, 0.0
    while not spent or spent < SECONDS:
        frame += 1
        rollout.living(growth, frame)
        spent = clock() - began
    return (frame - 2) * steps / spent


def _reference(folder: Path, manifold: Manifold, version: str) -> tuple[Growth, np.ndarray]:
    """The growth and its picture, as the model's folder has it, or as numpy grows it here."""
    try:
        found = read_arrays(folder / REFERENCE)
        said = json.loads(found["said"].tobytes())
        if said["version"] == version:
            return Growth.from_json(said["growth"]), found["picture"] / np.float64(LEVELS)
    except (OSError, ValueError, KeyError, TypeError):  # none, or a damaged one
        pass
    growth = example(manifold, (_letters(manifold, "ACGT"), _letters(manifold, "GGAT")))
    return growth, Rollout(open_automaton(manifold, "numpy")).maps(growth, FRAME).astype(np.float64)


def _letters(manifold: Manifold, some: str) -> str:
    return (some * manifold.dna_length)[: manifold.dna_length]
