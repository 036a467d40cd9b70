# SPDX-License-Identifier: GPL-3.0-or-later
"""Layering: what grows beside the two species of the first screen, for those that lay it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import bpy

from ..host.hook import Hook
from .properties import NCA_PG_parent, nca_of

if TYPE_CHECKING:
    from ...automaton.growth import Genotype


layered = Hook()
"""Asked, as `growth_of` is, with a material and a frame of its growth: what is laid beside its two species, `Layered`,
or None. While nothing changes it is to be the same object. Raises as `growth_of` does."""

parents = Hook()
"""Asked with (material, also_off): the parents of what it grows beside its two species, a list of `NCA_PG_parent`;
also of what is switched off, where that is asked for."""

ranges = Hook()
"""Asked with a material: more paths of it that are animated, with their ranges as in `track.RANGES`."""


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


def parents_of(material: bpy.types.Material, also_off: bool = False) -> list[NCA_PG_parent]:
    """All that a growth is grown from: its two species, and those that are laid beside them.

    Parameters
    ----------
    material : bpy.types.Material
    also_off : bool
        With those that are switched off: they may grow again, and the material keeps them.
    """
    nca = nca_of(material)
    return [nca.a, nca.b, *(parent for some in parents(material, also_off) for parent in some)]


def layers_of(material: bpy.types.Material, frame: int) -> Layered:
    """What is laid beside the two species of a material. Raises as `growth_of` does."""
    return next((each for each in layered(material, frame) if each is not None), ALONE)
