# SPDX-License-Identifier: GPL-3.0-or-later
"""Animation: cutoffs over time, in glTF's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...maps.reveal import keys_of
from .exporter import accessor
from .reveal import Reveal

NAME = "Growth"
"""Of the animation: programs list those of a file by their names."""
_CUTOFF = "/materials/XXX/alphaCutoff"
_FACTOR = "/materials/XXX/pbrMetallicRoughness/baseColorFactor"
"""What is animated, as Blender's exporter says it, which makes KHR_animation_pointer of it with a material's number."""


def of(revealed: Sequence[tuple[Any, Reveal]], fps: float, by_factor: bool) -> Any:
    """An animation of the exporter that lets growths appear, in time with all else that the scene animates.

    Parameters
    ----------
    revealed : sequence of (gltf2_io.Material, Reveal)
    fps : float
        Of the scene.
    by_factor : bool
        Multiply alpha by what rises, instead of comparing it with a cutoff that falls: it is the same to see.
    """
    from io_scene_gltf2.io.com import gltf2_io

    channels, samplers = [], []
    for number, (written, reveal) in enumerate(revealed):
        # in glTF no time is before 0
        times = (np.array(reveal.frames) - min(0, reveal.frames[0])) / fps
        cutoffs = np.array(reveal.cutoffs)
        if by_factor:
            values = _factors(cutoffs)
        else:
            keys = keys_of(cutoffs)
            times, values = times[keys], cutoffs[keys]
        samplers.append(
            gltf2_io.AnimationSampler(
                extensions=None,
                extras=None,
                input=accessor(times),
                interpolation="LINEAR",
                output=accessor(values),
            )
        )
        path = _FACTOR if by_factor else _CUTOFF
        target = gltf2_io.AnimationChannelTarget(extensions=None, extras=None, node=written, path=path)
        target.tmp_alpha_cst = True  # the exporter would blend what has another alpha over time
        channels.append(
            gltf2_io.AnimationChannel(extensions=None, extras=None, sampler=number, target=target)
        )
    return gltf2_io.Animation(channels=channels, extensions=None, extras=None, name=NAME, samplers=samplers)


def _factors(cutoffs: np.ndarray) -> np.ndarray:
    """Colours to multiply by, of shape (n, 4), so that the last cutoff alone shows what these show."""
    factors = np.ones((len(cutoffs), 4))
    factors[:, 3] = cutoffs[-1] / cutoffs
    return factors
