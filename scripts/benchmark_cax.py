# SPDX-License-Identifier: GPL-3.0-or-later
"""CAX as a contender of the benchmark; runs in its own environment and answers each line of stdin with seconds."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from cax.core import ComplexSystem
from cax.core.perceive import ConvPerceive
from cax.core.update import NCAUpdate
from flax import nnx


class Automaton(ComplexSystem):
    """Growing NCA as CAX builds it, with given weights."""

    def __init__(self, given, dropout: float):
        channels, percepts = given["state"].shape[2], given["into_hidden"].shape[0]
        super().__init__()
        rngs = nnx.Rngs(0)
        self.perceive = ConvPerceive(
            channel_size=channels,
            perception_size=percepts,
            padding="CIRCULAR",
            feature_group_count=channels,
            rngs=rngs,
        )
        self.update = NCAUpdate(
            channel_size=channels,
            perception_size=percepts,
            hidden_layer_sizes=(given["into_hidden"].shape[1],),
            cell_dropout_rate=dropout,
            rngs=rngs,
        )
        kernels = np.tile(np.moveaxis(given["kernels"], 0, 2), channels)[:, :, None]
        self.perceive.conv.kernel[...] = jnp.asarray(kernels)
        first, second = self.update.layers
        first.kernel[...] = jnp.asarray(given["into_hidden"])[None, None]
        first.bias[...] = jnp.asarray(given["hidden_bias"])
        second.kernel[...] = jnp.asarray(given["out_of_hidden"])[None, None]
        second.bias[...] = jnp.zeros_like(second.bias[...])

    def _step(self, state, input=None):
        return self.update(state, self.perceive(state), input)

    def render(self, state):
        raise NotImplementedError


def main() -> None:
    path = Path(sys.argv[1])
    given = np.load(path)
    state, steps = jnp.asarray(given["state"]), int(given["steps"])
    automaton, all_fire = Automaton(given, 0.5), Automaton(given, 0.0)
    for line in sys.stdin:
        began = time.perf_counter()
        if line.strip() == "once":
            np.save(path.with_name("once.npy"), np.asarray(all_fire(state, num_steps=1)))
        else:
            jax.block_until_ready(automaton(state, num_steps=steps))
        print(time.perf_counter() - began, flush=True)


if __name__ == "__main__":
    main()
