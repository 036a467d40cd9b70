# SPDX-License-Identifier: GPL-3.0-or-later
"""Others that grow what this program grows, with the same weights: the textbook step in PyTorch, and CAX."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
import virtual_environment
from virtual_environment import REPOSITORY, VirtualEnvironment

from blender_nca.automaton.chance import FIRE_RATE
from blender_nca.automaton.perception import KERNELS
from blender_nca.automaton.reference import ALIVE_ABOVE
from blender_nca.automaton.update_rule import LIFE, UpdateRule

CAX = VirtualEnvironment(REPOSITORY / ".venv-cax", "3.13", "benchmark", ("jax", "cax", "numpy"))


def into_hidden_by_channel(rule: UpdateRule) -> np.ndarray:
    """Weights of the first layer, percepts by channel, then by kernel, as grouped convolutions have them."""
    percepts, hidden = rule.into_hidden.shape
    return (
        rule.into_hidden.reshape(len(KERNELS), percepts // len(KERNELS), hidden)
        .swapaxes(0, 1)
        .reshape(percepts, hidden)
    )


class Textbook:
    """The step as the published ports of Growing NCA write it: a depthwise convolution and two of 1 x 1.

    Parameters
    ----------
    rule : UpdateRule
        In numpy.
    state : ndarray, shape (height, width, channels)
    device : str
    compiled : bool
        Under `torch.compile`.
    """

    def __init__(self, rule: UpdateRule, state: np.ndarray, device: str = "cpu", compiled: bool = False):
        channels = state.shape[2]
        kernels = torch.from_numpy(KERNELS).repeat(channels, 1, 1)[:, None].to(device)
        first = torch.nn.Conv2d(4 * channels, rule.into_hidden.shape[1], 1)
        second = torch.nn.Conv2d(rule.into_hidden.shape[1], channels, 1, bias=False)
        with torch.no_grad():
            first.weight.copy_(torch.from_numpy(into_hidden_by_channel(rule).T.copy())[..., None, None])
            first.bias.copy_(torch.from_numpy(rule.hidden_bias[0]))
            second.weight.copy_(torch.from_numpy(rule.out_of_hidden.T.copy())[..., None, None])
        first, second = first.to(device), second.to(device)
        self._state = torch.from_numpy(np.moveaxis(state, 2, 0).copy())[None].to(device)

        def living(x):
            return F.max_pool2d(F.pad(x[:, LIFE : LIFE + 1], [1] * 4, "circular"), 3, 1) > ALIVE_ABOVE

        def step(x, fire):
            alive = living(x)
            percepts = F.conv2d(F.pad(x, [1] * 4, "circular"), kernels, groups=channels)
            x = x + second(F.relu(first(percepts))) * fire
            return x * (alive & living(x))

        self._step = torch.compile(step) if compiled else step

    @torch.no_grad()
    def step_once(self) -> np.ndarray:
        """A step in which every cell fires: shape (height, width, channels)."""
        grown = self._step(self._state, torch.ones_like(self._state[:, :1]))
        return np.moveaxis(grown[0].cpu().numpy(), 0, 2)

    @torch.no_grad()
    def run(self, steps: int) -> None:
        x = self._state
        for _ in range(steps):
            x = self._step(x, (torch.rand_like(x[:, :1]) < FIRE_RATE).float())


class CaxProcess:
    """CAX in a process and an environment of its own, jitted and scanned.

    Raises
    ------
    virtual_environment.SetUpError
        Where it cannot be installed.
    """

    def __init__(self, rule: UpdateRule, state: np.ndarray, steps: int):
        python = virtual_environment.prepare(CAX)
        self._folder = tempfile.TemporaryDirectory(prefix="neural-growth-")
        given = Path(self._folder.name) / "given.npz"
        # CAX has life in its last channel
        channels = state.shape[2]
        order = [*(c for c in range(channels) if c != LIFE), LIFE]
        into = into_hidden_by_channel(rule).reshape(channels, len(KERNELS), -1)[order]
        np.savez(
            given,
            state=state[..., order],
            kernels=KERNELS,
            into_hidden=into.reshape(channels * len(KERNELS), -1),
            hidden_bias=rule.hidden_bias[0],
            out_of_hidden=rule.out_of_hidden[:, order],
            steps=steps,
        )
        self._back = np.argsort(order)
        script = Path(__file__).with_name("benchmark_cax.py")
        self._process = subprocess.Popen(
            [str(python), str(script), str(given)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> CaxProcess:
        return self

    def __exit__(self, *_) -> None:
        self._process.stdin.close()
        self._process.wait(60)
        self._folder.cleanup()

    def step_once(self) -> np.ndarray:
        self._ask("once")
        return np.load(Path(self._folder.name) / "once.npy")[..., self._back]

    def run(self) -> float:
        return self._ask("run")

    def _ask(self, word: str) -> float:
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise virtual_environment.SetUpError("its process ended")
        return float(answer)
