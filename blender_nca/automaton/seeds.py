# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeds: where the first cells of a growth live, as plain data."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .growth_error import GrowthError
from .mask import Mask

SEED_KINDS = ("centre", "points", "scattered", "mask", "none")


@dataclass(frozen=True)
class Seeds:
    """Where the first cells live.

    Attributes
    ----------
    kind : {'centre', 'points', 'scattered', 'mask', 'none'}
        None where all begin later; see `environment.Planting`.
    count : int
        Number of scattered seeds.
    points : tuple of (x, y)
        In [0, 1] from the top left, for 'points'.
    mask : Mask, optional
        For 'mask': a cell is alive where the mask is above one half.
    """

    kind: str = "centre"
    count: int = 1
    points: tuple[tuple[float, float], ...] = ()
    mask: Mask | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", tuple((float(x), float(y)) for x, y in self.points))
        if self.kind not in SEED_KINDS:
            raise GrowthError(
                f"Seeds of kind {self.kind!r} are not known: use one of {', '.join(SEED_KINDS)}."
            )
        if self.kind == "points" and not self.points:
            raise GrowthError("Seeds at points need at least one point.")
        if any(not (math.isfinite(x) and math.isfinite(y)) for x, y in self.points):
            raise GrowthError("Seed points are numbers from 0 to 1.")
        if self.kind == "scattered" and not 1 <= self.count <= 100_000:
            raise GrowthError(f"{self.count} scattered seeds: choose 1 to 100000.")
        if self.kind == "mask" and self.mask is None:
            raise GrowthError("Seeds from a mask need an image: choose one.")

    @classmethod
    def from_json(cls, values: dict) -> Seeds:
        """Read what `asdict` made of seeds; raises `GrowthError`, or what missing and wrong values raise."""
        mask = values.get("mask")
        return cls(**{**values, "mask": None if mask is None else Mask(**mask)})
