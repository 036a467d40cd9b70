# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures read into DNA and drawn from it again, without growth: how an encoder learns what letters must say.

To grow a figure takes dozens of steps of a thousand cells, there and back; to draw one from its code takes a
thousandth of that. So letters, and what they are embedded in, are learned from hundreds of thousands of pictures
before any of them grows. What draws here is only the encoder's teacher, and no part of the manifold.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from ..learning.figure import OCTAVE, OCTAVE_PIXELS, look
from ..manifold import encoder
from .process_group import ProcessGroup

SIDE = 32
"""Pixels of a side of what is drawn."""
_WIDTHS = 512, 512
_QUIET = 0.1
"""How far first drawings are from the mean of all pictures, in what layers of the usual scale would give."""
LAST_PACE, RISE = 0.03, 0.02
"""Learning rate at the end over that at its height, and the share of the iterations in which it rises."""


class Autoencoder:
    """The encoder and embedding of a manifold, with a perceptron that draws.

    Parameters
    ----------
    weights : mapping
        As named by `Architecture.shapes`: the encoder's and the embedding are trained, as they are.
    mean : Tensor, shape (4, SIDE, SIDE)
        What is drawn first, whatever is read: the mean of all pictures.
    learning_rate : float
    random_seed : int
    processes : ProcessGroup
    """

    def __init__(
        self,
        weights: Mapping[str, torch.Tensor],
        mean: torch.Tensor,
        learning_rate: float,
        random_seed: int,
        processes: ProcessGroup,
    ):
        self.weights, self.processes, self._rate = weights, processes, learning_rate
        random = np.random.default_rng([random_seed, 0xD4A3])
        sides = weights["embed.weight"].shape[1], *_WIDTHS, mean.numel()
        self._layers = []
        for into, out in pairwise(sides):
            scale = (2 / into) ** 0.5 * (_QUIET if out == sides[-1] else 1)
            weight = torch.from_numpy(random.standard_normal((into, out)) * scale)
            bias = mean.flatten().clone() if out == sides[-1] else torch.zeros(out)
            self._layers.append([weight.float().to(mean.device), bias.to(mean.device)])
        self._trained = [weight for name, weight in weights.items() if _is_read_by(name)]
        self._trained += [array.requires_grad_() for layer in self._layers for array in layer]
        self._optimiser = torch.optim.Adam(self._trained, learning_rate)

    def learn(self, pictures: torch.Tensor, progress: float) -> float:
        """Read pictures, draw them, and learn from what differs.

        Parameters
        ----------
        pictures : Tensor, shape (batch, 4, 2 SIDE, 2 SIDE)
            Premultiplied colour and alpha.
        progress : float
            Share of the iterations that are done.

        Returns
        -------
        float
            Mean squared error of the drawings.
        """
        drawn = self.draw(self.read(pictures))
        difference = drawn - F.avg_pool2d(pictures, pictures.shape[2] // SIDE)
        error = difference.square().mean()
        means = F.avg_pool2d(difference, OCTAVE_PIXELS).square().mean()
        self._optimiser.zero_grad(set_to_none=True)
        (error + OCTAVE * means).backward()
        self.processes.share([array.grad for array in self._trained if array.grad is not None])
        pace = max(LAST_PACE, 0.5 + 0.5 * math.cos(math.pi * progress))
        self._optimiser.param_groups[0]["lr"] = self._rate * min(pace, (progress + 1e-3) / RISE)
        self._optimiser.step()
        return float(error.detach())

    def read(self, pictures: torch.Tensor) -> torch.Tensor:
        """Read pictures into letters, one-hot forward and soft backward (Jang et al. 2017).

        Returns
        -------
        Tensor, shape (batch, dna_length, 4)
        """
        logits = encoder.encode(self.weights, look(pictures))
        soft = logits.softmax(-1)
        return F.one_hot(logits.argmax(-1), 4).float() + soft - soft.detach()

    def draw(self, letters: torch.Tensor) -> torch.Tensor:
        """Draw letters: Tensor, shape (batch, 4, SIDE, SIDE), premultiplied."""
        hidden = (letters.flatten(1) - 0.25) @ self.weights["embed.weight"]
        for weight, bias in self._layers[:-1]:
            hidden = F.relu(hidden @ weight + bias)
        weight, bias = self._layers[-1]
        return (hidden @ weight + bias).reshape(-1, 4, SIDE, SIDE)

    def state_dict(self) -> dict[str, Any]:
        layers = [[array.detach() for array in layer] for layer in self._layers]
        return {"layers": layers, "optimiser": self._optimiser.state_dict()}

    def load_state_dict(self, values: Mapping[str, Any]) -> None:
        with torch.no_grad():
            for layer, kept in zip(self._layers, values["layers"], strict=True):
                for array, value in zip(layer, kept, strict=True):
                    array.copy_(value)
        self._optimiser.load_state_dict(values["optimiser"])


def _is_read_by(name: str) -> bool:
    return name.startswith("encode") or name == "embed.weight"
