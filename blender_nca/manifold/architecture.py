# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes of a manifold, and the names and shapes of its weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..maps.channels import CHANNELS

PERCEPTS = 4
"""Kernels of perception."""
GRAIN, FINE = 12, 24
"""Channels of grain, see `grain.draw_grain`; and units of a painter's hidden layers that read it."""
FINE_MAPS = (0, 0, 0, 1, 2, 3, 4, 5)
"""Which of these units' outputs each map shows. What is finer than cells is light and dark: of colours of their own a
painter makes specks."""
MAP_CHANNELS = CHANNELS
"""What the renderer paints: sRGB-encoded base colour, straight alpha, and the rest as plain numbers, all in
[0, 1]."""


@dataclass(frozen=True)
class Architecture:
    """Sizes of a manifold.

    Attributes
    ----------
    dna_length : int
        Letters.
    channels, hidden : int
        Of the cell state, and of the update rule's hidden layer.
    embedding, transcription : int
        Numbers that a DNA is embedded in, and the width of the hyper-network behind them.
    painting : int
        Width of the renderer's two hidden layers.
    encoding : int
        Channels of the encoder's first layer.
    places : int
        Regions a side that the encoder tells apart: one for textures, which are alike everywhere.
    """

    dna_length: int = 32
    channels: int = 16
    hidden: int = 80
    embedding: int = 32
    transcription: int = 64
    painting: int = 40
    encoding: int = 24
    places: int = 1

    def shapes(self, maps: int = len(MAP_CHANNELS)) -> dict[str, tuple[int, ...]]:
        """Name and shape of every weight of a manifold that paints so many maps: matrices are (in, out),
        convolutions (out, in, rows, columns)."""
        percepts = PERCEPTS * self.channels
        e, base = self.painting, self.encoding
        rule = percepts * self.hidden + self.hidden + self.hidden * self.channels
        return {
            "embed.weight": (4 * self.dna_length, self.embedding),
            "transcribe.0.weight": (self.embedding, self.transcription),
            "transcribe.0.bias": (self.transcription,),
            "transcribe.1.weight": (self.transcription, rule),
            "rule.into_hidden": (percepts, self.hidden),
            "rule.hidden_bias": (self.hidden,),
            "rule.out_of_hidden": (self.hidden, self.channels),
            "film.weight": (self.embedding, 4 * e),
            "film.bias": (4 * e,),
            "paint.0.weight": (self.channels, e),
            "paint.0.bias": (e,),
            "paint.1.weight": (e, e),
            "paint.1.bias": (e,),
            "paint.2.weight": (e, maps),
            "paint.2.bias": (maps,),
            "encode.0.weight": (base, 3, 5, 5),
            "encode.0.bias": (base,),
            "encode.1.weight": (2 * base, base, 3, 3),
            "encode.1.bias": (2 * base,),
            "encode.2.weight": (3 * base, 2 * base, 3, 3),
            "encode.2.bias": (3 * base,),
            "encode.3.weight": (6 * base * self.places**2, 128),
            "encode.3.bias": (128,),
            "encode.4.weight": (128, 4 * self.dna_length),
            "encode.4.bias": (4 * self.dna_length,),
        }

    def fine_shapes(self) -> dict[str, tuple[int, ...]]:
        """Name and shape of every weight of the units that paint what is finer than cells: those of a painter of their
        own, and which of its inputs and maps each DNA has more or less of."""
        inputs = self.channels + GRAIN
        return {
            "film.weight": (self.embedding, 4 * FINE),
            "film.bias": (4 * FINE,),
            "film.inputs": (self.embedding, inputs),
            "film.maps": (self.embedding, len(MAP_CHANNELS)),
            "paint.0.weight": (inputs, FINE),
            "paint.0.bias": (FINE,),
            "paint.1.weight": (FINE, FINE),
            "paint.1.bias": (FINE,),
            "paint.2.weight": (FINE, max(FINE_MAPS) + 1),
            "paint.2.bias": (max(FINE_MAPS) + 1,),
        }

    def initial_weights(self, random_seed: int = 0) -> dict[str, np.ndarray]:
        """Weights to start training from, float32, of the names and shapes that `shapes` gives.

        Layers start at the scale of their fan-in; what comes out of the hyper-network starts small, so that
        all genotypes begin as one rule; the rule itself begins as no change at all (Mordvintsev et al. 2020).
        """
        random = np.random.default_rng(random_seed)
        weights = {}
        for name, shape in self.shapes().items():
            fan_in = int(np.prod(shape[1:])) if name.startswith("encode") and len(shape) == 4 else shape[0]
            if name.endswith("bias") or name == "rule.out_of_hidden":
                weights[name] = np.zeros(shape, np.float32)
            else:
                scale = {"transcribe.1.weight": 0.15, "film.weight": 0.3}.get(name, 1.0)
                if name.startswith("encode"):
                    scale = 2**0.5
                weights[name] = (random.standard_normal(shape) * scale / fan_in**0.5).astype(np.float32)
        return weights
