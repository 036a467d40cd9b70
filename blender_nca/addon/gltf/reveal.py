# SPDX-License-Identifier: GPL-3.0-or-later
"""Reveal: a whole growth as one picture of its end and a cutoff that lets it appear."""

from __future__ import annotations

from dataclasses import dataclass

import bpy

from ...automaton.growth import GrowthError
from ...maps.order import Order
from ...maps.reveal import cutoff_at, latest_of, reveal
from ..material.clock import frame_of
from ..material.growth import growth_of
from ..material.properties import nca_of
from .pictures import Pictures, alone, grow


@dataclass(frozen=True)
class Reveal:
    """A growth that an engine plays by a cutoff.

    Attributes
    ----------
    pictures : Pictures
        Of its end, alone, with the order in the alpha.
    frames : tuple of int
        Of the scene.
    cutoffs : tuple of float
        At these.
    """

    pictures: Pictures
    frames: tuple[int, ...]
    cutoffs: tuple[float, ...]


def reveal_of(material: bpy.types.Material, scene: bpy.types.Scene) -> Reveal:
    """Grow a material for all frames of a scene.

    Raises
    ------
    GrowthError, EngineError
        It cannot be grown.
    """
    if getattr(nca_of(material), "is_laid_out", False):
        raise GrowthError(
            "it is baked for another UV map than the one that it lives on: free the bake first."
        )
    frames = range(scene.frame_start, scene.frame_end + 1)
    grown = [frame_of(material, frame) for frame in frames]
    last = max(grown)
    growth = growth_of(material, last)
    steps = [growth.steps_until(frame) for frame in grown]
    order = Order(max(1, max(steps)), front=1.0)
    end = frames[grown.index(last)]
    maps = grow(material, end, order)
    arrived = maps["alpha"] >= 0.5
    latest = latest_of(maps["growth_order"], arrived)
    return Reveal(
        alone(material, end, maps, reveal(maps["growth_order"], arrived)),
        tuple(frames),
        tuple(cutoff_at(step / order.end, latest) for step in steps),
    )
