# SPDX-License-Identifier: GPL-3.0-or-later
"""Layering: what grows beside the two species of the first screen, for those that lay it."""

from __future__ import annotations

from typing import NamedTuple

from ...automaton.growth import Genotype
from ..host.hook import Hook

layered = Hook()
"""Asked, as `growth_of` is, with a material and a frame of its growth: what is laid beside its two species, `Layered`,
or None. While nothing changes it is to be the same object. Raises as `growth_of` does."""


class Layered(NamedTuple):
    """Layers of a growth.

    Attributes
    ----------
    genotypes : tuple of Genotype
        Beside that of the two species, which is number 0.
    strength : tuple of float
        A track: of that one.
    meeting : str
        As of `Growth`.
    of_seeds : tuple of int
        Of each layer, as seeds name it, which genotype it is; 0 where it does not grow.
    """

    genotypes: tuple[Genotype, ...] = ()
    strength: tuple[float, ...] = (1.0,)
    meeting: str = "mix"
    of_seeds: tuple[int, ...] = (0,)


ALONE = Layered()
"""The two species alone."""


def layers_of(material: object, frame: int) -> Layered:
    """What is laid beside the two species of a material. Raises as `growth_of` does."""
    return next((each for each in layered(material, frame) if each is not None), ALONE)
