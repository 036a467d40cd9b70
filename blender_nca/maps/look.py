# SPDX-License-Identifier: GPL-3.0-or-later
"""Look: how the maps of a growth are changed after they are painted, in colour and in values.

The same as Blender's nodes do in linear colours: Hue/Saturation/Value, Gamma about middle grey, Float Curve, Multiply
Add.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from .channels import ADJUSTED, MAPS, check_maps
from .colour import linear_to_srgb, srgb_to_linear

MIDDLE_GREY = 0.18
"""Linear value that contrast leaves as it is."""
CURVE_POINTS = 256
"""Points of a curve that is sampled, as many as Cycles takes."""


@dataclass(frozen=True)
class Level:
    """How the values of a map are changed: by a curve, then times a number and plus a number, within [0, 1].

    Attributes
    ----------
    multiply, offset : float
    curve : tuple of float
        What values from 0 to 1, in even distances, become; empty for no curve.
    """

    multiply: float = 1.0
    offset: float = 0.0
    curve: tuple[float, ...] = ()

    @property
    def is_neutral(self) -> bool:
        """Whether it leaves all as it is."""
        return self == Level()

    def change(self, values: np.ndarray) -> np.ndarray:
        """Change values of any shape, in [0, 1]."""
        if self.curve:
            values = np.interp(values, np.linspace(0, 1, len(self.curve)), self.curve)
        return (values * self.multiply + self.offset).clip(0, 1).astype(np.float32)


@dataclass(frozen=True)
class Look:
    """How the maps of a growth are changed.

    Attributes
    ----------
    hue : float
        By how many radians colours go round the colour circle.
    saturation, value : float
        What saturation and brightness are multiplied by.
    contrast : float
        The power of colours about middle grey.
    levels : mapping of str to Level
        Map of `ADJUSTED` -> how its values are changed; one that is not named stays.
    to_scene : tuple of tuple of float
        From linear Rec.709 to the colours in which the scene is computed, a row each for red, green and blue.
    """

    hue: float = 0.0
    saturation: float = 1.0
    value: float = 1.0
    contrast: float = 1.0
    levels: Mapping[str, Level] = field(default_factory=dict)
    to_scene: tuple[tuple[float, ...], ...] = ((1, 0, 0), (0, 1, 0), (0, 0, 1))

    def __post_init__(self) -> None:
        if [len(row) for row in self.to_scene] != [3, 3, 3]:
            raise ValueError("A look has no matrix of 3 x 3 for the scene's colors: set it anew")
        numbers = [self.hue, self.saturation, self.value, self.contrast, *chain(*self.to_scene)]
        for name, level in self.levels.items():
            if name not in ADJUSTED:
                raise ValueError(f"A look changes no map {name!r}: it changes {', '.join(ADJUSTED)}")
            numbers += [level.multiply, level.offset, *level.curve]
        if not all(map(math.isfinite, numbers)):
            raise ValueError("A look has a value that is not finite: set it anew")

    @classmethod
    def read(cls, values: dict) -> Look:
        """Read what `describe` gave, also after it was JSON.

        Raises
        ------
        ValueError, TypeError
            It is none.
        """
        levels = {
            name: Level(**{**level, "curve": tuple(level["curve"])})
            for name, level in values["levels"].items()
        }
        return cls(**{**values, "levels": levels, "to_scene": tuple(map(tuple, values["to_scene"]))})

    def describe(self) -> dict:
        """All of it as plain values. Levels that change nothing are left out."""
        return {
            **{name: getattr(self, name) for name in ("hue", "saturation", "value", "contrast", "to_scene")},
            "levels": {
                name: {"multiply": level.multiply, "offset": level.offset, "curve": level.curve}
                for name, level in self.levels.items()
                if not level.is_neutral
            },
        }

    @property
    def keeps_colours(self) -> bool:
        """Whether it leaves the base colour as it is."""
        return (self.hue, self.saturation, self.value, self.contrast) == (0, 1, 1, 1)

    @property
    def is_neutral(self) -> bool:
        """Whether it leaves all as it is."""
        return self.keeps_colours and all(level.is_neutral for level in self.levels.values())

    def recolour(self, linear: np.ndarray) -> np.ndarray:
        """Change colours.

        Parameters
        ----------
        linear : ndarray, shape (..., 3)
            Linear Rec.709, in [0, 1].

        Returns
        -------
        ndarray, float32, of the same shape
            In [0, 1], too.
        """
        if self.keeps_colours:
            return linear
        planes = np.ascontiguousarray(np.moveaxis(linear, -1, 0), np.float32)
        return np.moveaxis(self._recolour(planes), 0, -1)

    def _recolour(self, planes: np.ndarray) -> np.ndarray:
        """The same of colours that lie in planes, (3, ...)."""
        to_scene = np.array(self.to_scene, np.float32).T
        is_other = not np.array_equal(to_scene, np.eye(3))
        colour = np.tensordot(to_scene, planes, 1) if is_other else planes
        colour = _shift(colour, self.hue, self.saturation, self.value)
        if self.contrast != 1:
            colour = colour**self.contrast * MIDDLE_GREY ** (1 - self.contrast)
        colour = np.minimum(colour, 1)
        if is_other:
            colour = np.tensordot(np.linalg.inv(to_scene), colour, 1)
        return colour.clip(0, 1)

    def change_values(self, name: str, values: np.ndarray) -> np.ndarray:
        """Change the values of one of `ADJUSTED`, of any shape."""
        level = self.levels.get(name)
        return values if level is None or level.is_neutral else level.change(values)

    def change(self, maps: np.ndarray) -> np.ndarray:
        """Change all maps: (8, H, W) in the order of `channels.MAPS`, base colour sRGB-encoded.

        What it keeps is bit for bit as it was.

        Raises
        ------
        ValueError
            Another shape.
        """
        changed = check_maps(maps).copy()
        if not self.keeps_colours:
            linear = srgb_to_linear(changed[MAPS["base_colour"]])
            changed[MAPS["base_colour"]] = linear_to_srgb(self._recolour(linear))
        for name in ADJUSTED:
            changed[MAPS[name]] = self.change_values(name, changed[MAPS[name]])
        return changed


def _shift(colour: np.ndarray, hue: float, saturation: float, value: float) -> np.ndarray:
    """Turn the hue of colours, and multiply their saturation and value (A. R. Smith 1978, the hexcone): (3, ...)."""
    most, least = colour.max(0), colour.min(0)
    chroma = most - least
    red, green, blue = (colour - least) / np.maximum(chroma, np.float32(1e-12))
    # from 0 to 6, one for each way from one of the six pure colours to the next
    sixths = np.where(
        most == colour[0], green - blue, np.where(most == colour[1], 2 + blue - red, 4 + red - green)
    )
    sixths += np.float32(6 * hue / math.tau)
    sixths -= 6 * np.floor(sixths / 6)
    full = (chroma / np.maximum(most, np.float32(1e-12)) * np.float32(saturation)).clip(0, 1)
    pure = np.stack([abs(sixths - 3) - 1, 2 - abs(sixths - 2), 2 - abs(sixths - 4)]).clip(0, 1)
    return np.maximum(most * np.float32(value) * (1 - full * (1 - pure)), 0)
