# SPDX-License-Identifier: GPL-3.0-or-later
"""Translucency: how far light goes into a material, as a hint that a species gives, and of blends of species."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

_LIMITS = {"subsurface": (0.0, 1.0), "scale": (0.0, 1e3), "transmission": (0.0, 1.0), "ior": (1.0, 4.0)}
"""Of the numbers: what a renderer makes something of."""


@dataclass(frozen=True)
class Translucency:
    """What light does below the surface of a material, in the terms of a Principled BSDF (OpenPBR has the same).

    Attributes
    ----------
    subsurface : float
        Share of the light that goes in and comes out elsewhere, instead of being reflected where it falls, in [0, 1].
    radius : tuple of float
        How far red, green and blue go, as shares of `scale`, in [0, 1].
    scale : float
        The farthest that light goes, as a share of the largest side of what the material is on, in [0, 1000].
    transmission : float
        Share of the light that goes through as through glass, in [0, 1].
    ior : float
        Index of refraction, in [1, 4].

    Raises
    ------
    ValueError
        A number that is none, or beyond its range.
    """

    subsurface: float = 0.0
    radius: tuple[float, float, float] = (1.0, 0.2, 0.1)
    scale: float = 0.025
    transmission: float = 0.0
    ior: float = 1.5

    def __post_init__(self) -> None:
        for name, (least, most) in _LIMITS.items():
            object.__setattr__(self, name, _number(name, getattr(self, name), least, most))
        if not isinstance(self.radius, (tuple, list)) or len(self.radius) != 3:
            raise ValueError(f"its radius is three numbers, not {self.radius!r:.80}")
        object.__setattr__(self, "radius", tuple(_number("radius", one, 0.0, 1.0) for one in self.radius))

    @property
    def is_opaque(self) -> bool:
        """Whether no light goes in."""
        return self.subsurface == 0 and self.transmission == 0

    def to_json(self) -> dict[str, Any]:
        """Plain values, as `from_json` reads them."""
        return {**asdict(self), "radius": list(self.radius)}

    @classmethod
    def from_json(cls, values: object) -> Translucency:
        """Read what `to_json` gave, maybe a stranger's; what is not named has its default.

        Raises
        ------
        ValueError
        """
        if not isinstance(values, Mapping):
            raise ValueError(f"its translucency is a table of numbers, not {values!r:.80}")
        known = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
        return cls(**known)


def mix(hints: Sequence[Translucency], weights: Sequence[float]) -> Translucency:
    """The translucency of a blend.

    How much light goes in is the mean of what goes into each; how far and in which colours, that of the light which
    goes in: of a stone in which there is a little ice that light goes as far as in ice.

    Parameters
    ----------
    hints : sequence of Translucency
    weights : sequence of float
        Of each in the blend, not negative; their sum is 1.
    """
    scattered = [weight * one.subsurface for one, weight in zip(hints, weights, strict=True)]
    refracted = [weight * one.transmission for one, weight in zip(hints, weights, strict=True)]
    subsurface, transmission = min(1.0, sum(scattered)), min(1.0, sum(refracted))
    values: dict[str, Any] = {}
    if subsurface > 0:
        parts = [share / sum(scattered) for share in scattered]
        values["scale"] = sum(part * one.scale for part, one in zip(parts, hints, strict=True))
        values["radius"] = tuple(
            min(1.0, sum(part * one.radius[colour] for part, one in zip(parts, hints, strict=True)))
            for colour in range(3)
        )
    if transmission > 0:
        values["ior"] = sum(
            share / sum(refracted) * one.ior for share, one in zip(refracted, hints, strict=True)
        )
    return Translucency(subsurface=subsurface, transmission=transmission, **values)


def _number(name: str, value: object, least: float, most: float) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or not least <= value <= most:  # type: ignore[arg-type, operator]
        raise ValueError(f"its {name} is a number from {least:g} to {most:g}, not {value!r:.40}")
    return float(value)  # type: ignore[arg-type]
