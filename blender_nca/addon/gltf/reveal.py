# SPDX-License-Identifier: GPL-3.0-or-later
"""Reveal: a whole growth as one picture of its end and a cutoff that lets it appear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import bpy
import numpy as np

from ...automaton.growth_error import GrowthError
from ...baking.constancy import share_that_changes
from ...maps.appearance import HALF, Appearance
from ...maps.reveal import cutoff_at, latest_of, reveal
from ..material.clock import frame_of
from ..material.properties import nca_of
from .pictures import Maps, Pictures, alone, grow

WATCHED = 64
"""Frames at the most in which is looked what has appeared; between them it comes evenly."""


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
    changes : float
        Share of what has grown at half time that looks otherwise in the end, which is seen from the beginning.
    """

    pictures: Pictures
    frames: tuple[int, ...]
    cutoffs: tuple[float, ...]
    changes: float


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
    watched = sorted(set(grown))
    if len(watched) > WATCHED:
        watched = [watched[round(place)] for place in np.linspace(0, len(watched) - 1, WATCHED)]
    middle, maps, appearance = _watch(material, watched)
    order, _ = appearance.dates("wrap" if nca_of(material).wrap else "edge")
    arrived = maps["alpha"] >= HALF
    latest = latest_of(order, arrived)
    shares = np.interp(grown, watched, np.linspace(0, 1, len(watched)))
    return Reveal(
        alone(material, frames[grown.index(watched[-1])], maps, reveal(order, arrived)),
        tuple(frames),
        tuple(cutoff_at(float(share), latest) for share in shares),
        share_that_changes(_seen(middle), _seen(maps)),
    )


def _seen(maps: Maps) -> np.ndarray:
    """Colour and alpha of maps, of shape (height, width, 4)."""
    return np.concatenate([maps["colour"], maps["alpha"][..., None]], -1)


def _watch(material: bpy.types.Material, frames: Sequence[int]) -> tuple[Maps, Maps, Appearance]:
    """The maps of a growth at half time and in the end of some frames, and when its pixels appear in these."""
    window = bpy.context.window_manager
    window.progress_begin(0, len(frames))
    appearance = Appearance(len(frames))
    try:
        for number, frame in enumerate(frames):
            window.progress_update(number)
            maps = grow(material, frame)
            appearance.watch(maps["alpha"])
            if number == (len(frames) - 1) // 2:
                middle = maps
    finally:
        window.progress_end()
    return middle, maps, appearance
