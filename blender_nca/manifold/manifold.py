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
from .own_unit import OwnUnit, call
from .renderer import Painter
from .transcription import embed, transcribe, transcribe_painter

BARE_BELOW = 0.6
"""Share of the letters of a species that is better without finer structure, up to which others have it."""


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
        Of the units that paint what is finer than cells, as named by `Architecture.fine_shapes`.
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
        for unit in self.units:
            read = unit.join(relaxed, *read)
        if not fine or self.fine is None:
            return read
        # they learned what lies on some patterns: where a species that came later is loud, they are silent, unless it
        # has its own
        about = self.card.get("fine", {})
        own = {unit.dna for unit in self.units if unit.fine}
        known = {*about.get("learned", ()), *(unit.dna for unit in self.units if unit.further), *own}
        quiet = [unit.loudness(relaxed) for unit in self.units if unit.dna not in known]
        quiet += [call(relaxed, dna, BARE_BELOW) for dna in about.get("bare", ()) if dna not in own]
        return read[0], read[1].add_units(self.transcribe_fine(relaxed), 1 - max(quiet, default=0.0))

    def transcribe_fine(self, relaxed: np.ndarray) -> Painter:
        """Read one genotype into the units that paint what is finer than cells, in numpy.

        Parameters
        ----------
        relaxed : ndarray, shape (dna_length, 4)
            DNA in relaxed form.

        Returns
        -------
        Painter
            Without an axis of a batch.

        Raises
        ------
        ValueError
            The manifold has learned none.
        """
        if self.fine is None:
            raise ValueError(f"the manifold {self.name} paints nothing that is finer than cells")
        shared = vars(_single(transcribe_painter(self.fine, embed(self.weights, relaxed[None]))))
        read = dict(shared)
        for unit in self.units:
            loudness = np.float32(unit.loudness(relaxed))
            if loudness and unit.fine_painter is not None:
                for name, own in vars(unit.fine_painter).items():
                    read[name] = read[name] + loudness * (own - shared[name])
        return Painter(**read)

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
    # the last layer may be that of all
    of_all = {"weight_2": 2, "bias_2": 1}
    single = {name: v if v.ndim == of_all.get(name) else v[0] for name, v in vars(painter).items()}
    return Painter(**{**single, "bias_2": single["bias_2"].reshape(-1)})
