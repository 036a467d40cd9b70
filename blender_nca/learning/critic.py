# SPDX-License-Identifier: GPL-3.0-or-later
"""A critic that learns to tell what is grown from exemplars, and with it what to look at.

A distance made by hand sees what its maker thought of: patches hardly tell a crack from a row of beads, nor lines a
comb from a heap of rings. The critic is the discriminator of a generative adversarial network (Goodfellow et al. 2014)
with the hinge loss, spectral normalisation (Miyato et al. 2018) and the species as a projection (Miyato & Koyama 2018).
But cells are not asked to deceive it: they cannot, and would answer with noise. They are asked that its features be
distributed over their maps as over the exemplar (feature matching: Salimans et al., "Improved Techniques for Training
GANs", 2016). That distance is nought where all is right, whatever the critic has come to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from .sliced_wasserstein import in_order

MAPS = (0, 1, 2, 4)
"""What it sees: base colour and height, at half resolution."""
WIDTH = 24
"""Features of its first layer; there are twice as many in the second and third, three times in the last two."""
RATE, BETAS = 1e-3, (0.0, 0.99)
"""Learning rate of the critic, and decays of its Adam."""
NOISE = 0.05
"""Deviation of the noise on what it sees, so that it does not learn from differences that are fainter."""
PLACES = 22
"""Places a side at which features are compared."""


class Critic:
    """A critic of the maps of several species.

    Parameters
    ----------
    species : int
    device : torch.device
    random_seed : int
    share : callable, optional
        Replaces gradients by their means over processes that train together: they have one critic, which learns from
        what all of them grow.
    """

    def __init__(
        self,
        species: int,
        device: torch.device,
        random_seed: int,
        share: Callable[[Sequence[torch.Tensor]], None] | None = None,
    ):
        with torch.random.fork_rng([]):
            torch.manual_seed(random_seed)
            network = _Network(species).to(device)
        # faster on a processor; the types of torch know no such call
        self._network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._optimiser = torch.optim.Adam(self._network.parameters(), RATE, BETAS)
        self._share = share

    def pull(
        self,
        maps: torch.Tensor,
        which: torch.Tensor,
        pieces: torch.Tensor,
        species: torch.Tensor,
        strength: float,
        random: np.random.Generator,
    ) -> None:
        """Pull maps to where the critic wants them, as their loss is learned from.

        Parameters
        ----------
        maps : Tensor, shape (batch, maps, pixels, pixels)
            What is grown, with its gradient.
        which : int64 Tensor, shape (pulled,)
            Numbers of the maps that are pulled: whole ones of one species.
        pieces, species
            Of each of these, as of `criticise`.
        strength : float
            How far each is pulled, over how far all else pulls it.
        random : numpy.random.Generator
        """
        wish = self.criticise(maps[which], pieces, species, random)

        def add(gradient: torch.Tensor) -> torch.Tensor:
            force = gradient[which].flatten(1).norm(dim=1) / (wish.flatten(1).norm(dim=1) + 1e-12)
            return gradient.index_add(0, which, strength * force[:, None, None, None] * wish)

        maps.register_hook(add)

    def criticise(
        self,
        maps: torch.Tensor,
        pieces: torch.Tensor,
        species: torch.Tensor,
        random: np.random.Generator,
    ) -> torch.Tensor:
        """Where maps should change for their features to be distributed as those of exemplars; learn to tell the two.

        Parameters
        ----------
        maps : Tensor, shape (batch, maps, pixels, pixels)
            What is grown. There may be none.
        pieces : Tensor, shape (batch, maps, height, width)
            Of the exemplar of each: as much, or less where an exemplar is smaller.
        species : int64 Tensor, shape (batch,)
        random : numpy.random.Generator

        Returns
        -------
        Tensor, shape (batch, maps, pixels, pixels)
            Gradient of the distance between the features' distributions, each map's for itself.
        """
        maps = maps.detach().requires_grad_()
        # maps are shifted by chance, because pieces come from anywhere in an exemplar
        rolled = torch.roll(maps[:, MAPS], tuple(random.integers(0, maps.shape[2], 2)), (2, 3))
        as_much = rolled[:, :, : pieces.shape[2], : pieces.shape[3]]
        grown, real = (_halve(pictures, random) for pictures in (as_much, pieces[:, MAPS]))
        of_grown, says_of_grown = self._network(grown, species)
        of_real, says_of_real = self._network(real, species)

        of_layers = (_compare(a, b.detach()) for a, b in zip(of_grown, of_real, strict=True))
        distance = sum(of_layers, maps.new_zeros(()))
        (gradient,) = torch.autograd.grad(distance, maps, retain_graph=True)

        count = max(1, len(maps))
        error = (F.relu(1 + says_of_grown) + F.relu(1 - says_of_real)).mean((1, 2)).sum() / count
        weights = list(self._network.parameters())
        for weight, slope in zip(weights, torch.autograd.grad(error, weights), strict=True):
            weight.grad = slope
        if self._share:
            self._share([weight.grad for weight in weights])
        self._optimiser.step()
        return gradient

    def state_dict(self) -> dict[str, Any]:
        return {"network": self._network.state_dict(), "optimiser": self._optimiser.state_dict()}

    def load_state_dict(self, values: dict[str, Any]) -> None:
        self._network.load_state_dict(values["network"])
        self._optimiser.load_state_dict(values["optimiser"])


class _Network(nn.Module):
    """Features layer by layer, and how real each place looks. It sees no border: layers cut instead of padding."""

    def __init__(self, species: int):
        super().__init__()
        sides, strides = (5, 4, 3, 4, 3), (1, 2, 1, 2, 1)
        counts = [len(MAPS), *(WIDTH * times for times in (1, 2, 2, 3, 3))]
        self.layers = nn.ModuleList(
            spectral_norm(nn.Conv2d(counts[i], counts[i + 1], sides[i], strides[i]))
            for i in range(len(sides))
        )
        self.of_all = spectral_norm(nn.Conv2d(counts[-1], 1, 1))
        self.of_species = spectral_norm(nn.Embedding(species, counts[-1]))

    def forward(
        self, pictures: torch.Tensor, species: torch.Tensor
    ) -> tuple[list[torch.Tensor], torch.Tensor]:
        features = []
        for layer in self.layers:
            pictures = 1.4 * F.leaky_relu(layer(pictures), 0.2)  # as wide as what came in
            features.append(pictures)
        own = torch.einsum("bchw,bc->bhw", pictures, self.of_species(species))
        return features, self.of_all(pictures)[:, 0] + own


def _halve(pictures: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
    """Pictures at half resolution, with noise."""
    halved = F.avg_pool2d(pictures, 2)
    noise = torch.from_numpy(random.standard_normal(halved.shape, np.float32)).to(halved)
    return (2 * halved - 1 + NOISE * noise).contiguous(memory_format=torch.channels_last)


def _compare(grown: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
    """Squared Wasserstein distance of features: the mean over features of each picture, the sum over pictures."""
    stride = max(1, grown.shape[2] // PLACES)
    grown, real = (features[:, :, ::stride, ::stride].flatten(2) for features in (grown, real))
    return (in_order(grown) - in_order(real)).square().mean((1, 2)).sum()
