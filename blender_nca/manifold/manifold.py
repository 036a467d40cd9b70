# SPDX-License-Identifier: GPL-3.0-or-later
"""A trained model: what turns DNA into growing cells, and cells into maps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..automaton.update_rule import UpdateRule
from . import model_file
from .architecture import Architecture
from .own_unit import OwnUnit
from .renderer import Painter
from .transcription import embed, transcribe, transcribe_painter


@dataclass(frozen=True)
class Manifold:
    """A manifold, its weights in numpy.

    Attributes
    ----------
    card : dict
        What it was trained on, its licence, its sizes (see `model_file`).
    sizes : Architecture
    weights : dict of str to ndarray
    fine : dict of str to ndarray, optional
        Of the painter of finer structure, as named by `Architecture.fine_shapes`.
    units : tuple of OwnUnit
        Of learned species.
    """

    card: Mapping
    sizes: Architecture
    weights: Mapping[str, np.ndarray]
    fine: Mapping[str, np.ndarray] | None = None
    units: tuple[OwnUnit, ...] = ()

    @classmethod
    def open(cls, folder: Path) -> Manifold:
        """Read a model folder.

        Raises
        ------
        ManifoldError
            See `model_file.read`.
        """
        return cls(*model_file.read(folder))

    def with_units(self, units: tuple[OwnUnit, ...]) -> Manifold:
        """This manifold with units of learned species: all DNA that they are silent for grows as before."""
        return replace(self, units=(*self.units, *units))

    @property
    def name(self) -> str:
        """Its name, by which growths and species call it."""
        return self.card["name"]

    @property
    def dna_length(self) -> int:
        """Letters of its DNA."""
        return self.sizes.dna_length

    def transcribe(self, relaxed: np.ndarray, fine: bool = False) -> tuple[UpdateRule, Painter]:
        """Read one genotype into its rule and its painter, in numpy; see `transcription.transcribe`.

        Parameters
        ----------
        relaxed : ndarray, shape (dna_length, 4)
            DNA in relaxed form: rows sum to one.
        fine : bool
            Whether the painter is to show finer structure than states hold, for which it reads grain: where the
            manifold has learned any.

        Returns
        -------
        UpdateRule, Painter
            Without an axis of a batch.
        """
        rule, painter = transcribe(self.weights, self.sizes, relaxed[None])
        read = UpdateRule(rule.into_hidden[0], rule.hidden_bias[0], rule.out_of_hidden[0]), _single(painter)
        own = read
        for unit in self.units:
            own = unit.join(relaxed, *own)
        if not fine or self.fine is None:
            return own
        finer = _single(transcribe_painter(self.fine, self.sizes, embed(self.weights, relaxed[None])))
        loudness = max((unit.loudness(relaxed) for unit in self.units), default=0.0)
        return own[0], _refine(own[1], read[1], finer, 1 - loudness)

    def encode(self, image: np.ndarray) -> str:
        """Guess the DNA of an image, by the encoder. Needs torch.

        Parameters
        ----------
        image : ndarray, shape (3, height, width)
            Colour in [0, 1], sRGB-encoded.

        Raises
        ------
        ImportError
            There is no torch.
        """
        from ..genetics.relaxed import nearest_dna
        from . import encoder

        return nearest_dna(encoder.read(self.weights, image).numpy())


def _single(painter: Painter) -> Painter:
    """The painter of a batch of one."""
    of_all = ("weight_2", "bias_2")
    return Painter(**{n: value if n in of_all else value[0] for n, value in vars(painter).items()})


def _refine(own: Painter, read: Painter, finer: Painter, share: float) -> Painter:
    """A painter with so much of what a finer one has over that which was read beside it. What a learned species' unit
    paints has been seen by no finer painter: where it is loud, nothing is added."""
    if share == 1:
        return finer
    values = {}
    for name, value in vars(finer).items():
        grown = [(0, more) for more in np.subtract(value.shape, getattr(own, name).shape)]
        mine, before = (np.pad(getattr(each, name), grown) for each in (own, read))
        values[name] = mine + np.float32(share) * (value - before)
    return Painter(**values)
