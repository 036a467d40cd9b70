# SPDX-License-Identifier: GPL-3.0-or-later
"""A trained model: what turns DNA into growing cells, and cells into maps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import model_file
from .architecture import Architecture
from .transcription import transcribe


@dataclass(frozen=True)
class Manifold:
    """A manifold, its weights in numpy.

    Attributes
    ----------
    card : dict
        What it was trained on, its licence, its sizes (see `model_file`).
    sizes : Architecture
    weights : dict of str to ndarray
    """

    card: Mapping
    sizes: Architecture
    weights: Mapping[str, np.ndarray]

    @classmethod
    def open(cls, folder: Path) -> Manifold:
        """Read a model folder; raises `model_file.ManifoldError`."""
        return cls(*model_file.read(folder))

    @property
    def name(self) -> str:
        return self.card["name"]

    @property
    def dna_length(self) -> int:
        return self.sizes.dna_length

    def transcribe(self, relaxed: np.ndarray):
        """Rule and painter of one genotype, DNA in relaxed form of shape (dna_length, 4); numpy, without a
        batch axis."""
        rule, painter = transcribe(self.weights, self.sizes, relaxed[None])
        return (
            type(rule)(rule.into_hidden[0], rule.hidden_bias[0], rule.out_of_hidden[0]),
            type(painter)(
                painter.weight_0[0],
                painter.bias_0[0],
                painter.weight_1[0],
                painter.bias_1[0],
                painter.weight_2,
                painter.bias_2,
            ),
        )

    def encode(self, image: np.ndarray) -> str:
        """Guess the DNA of an image (3, height, width), sRGB-encoded, in [0, 1]. Needs torch."""
        import torch

        from ..genetics import nearest_dna
        from . import encoder

        weights = {
            name: torch.from_numpy(value) for name, value in self.weights.items() if name.startswith("encode")
        }
        with torch.no_grad():
            seen = encoder.resize(torch.as_tensor(np.ascontiguousarray(image), dtype=torch.float32)[None])
            return nearest_dna(encoder.encode(weights, seen)[0].numpy())
