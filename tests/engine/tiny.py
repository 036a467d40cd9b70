# SPDX-License-Identifier: GPL-3.0-or-later
"""A tiny untrained manifold of which something grows, and what the tests of the engine wait for."""

from __future__ import annotations

import importlib.util
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from blender_nca.automaton.growth import Genotype, Growth
from blender_nca.automaton.update_rule import LIFE
from blender_nca.engine.interpreter import WORKER_PYTHON
from blender_nca.manifold import model_file
from blender_nca.manifold.architecture import Architecture

NAME = "tiny"
REPOSITORY = Path(__file__).resolve().parents[2]
WORKER = os.environ.get(WORKER_PYTHON)
HAS_TORCH = bool(WORKER) or importlib.util.find_spec("torch") is not None
needs_torch = pytest.mark.skipif(not HAS_TORCH, reason="no Python with torch")


def write_manifold(folder: Path, random_seed: int = 0) -> Path:
    """Write a manifold whose cells come to life beside living ones and take on colours, without training."""
    sizes = Architecture(dna_length=8, channels=8, hidden=16, painting=8)
    weights = sizes.initial_weights(random_seed)
    random = np.random.default_rng(random_seed)
    weights["rule.out_of_hidden"][:] = random.normal(0, 0.02, weights["rule.out_of_hidden"].shape)
    weights["rule.into_hidden"][:, 0] = 0
    weights["rule.hidden_bias"][0] = 1
    weights["rule.out_of_hidden"][0, : LIFE + 1] = 0.02, 0.03, 0.01, 0.1
    weights["transcribe.1.weight"] *= 0.1
    weights["paint.2.bias"][:] = 0.5
    model_file.write(folder, {"name": folder.name}, sizes, weights)
    return folder


def growth(**changes) -> Growth:
    values = {"width": 24, "height": 16, "pixels_per_cell": 2, "random_seed": 3, **changes}
    return Growth(NAME, (Genotype(("ACGTACGT",)),), **values)


def far(**changes) -> tuple[Growth, int]:
    """A growth and a frame of it that takes long."""
    return growth(width=96, height=96, steps=(20.0,), **changes), 1000


def wait_until(what, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.005)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def ended(pid: int) -> bool:
    """Whether a process is gone, or has ended and waits to be asked how, as only Linux says."""
    if not alive(pid):
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):  # it was asked meanwhile, or no system tells
        return not alive(pid)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
