# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeds: where the first cells of a growth live, as plain data."""

from __future__ import annotations

import math
import operator
from dataclasses import asdict, dataclass

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
    layers : tuple of int
        For 'points': of which genotype each of them is; all of the first one, if empty.
    """

    kind: str = "centre"
    count: int = 1
    points: tuple[tuple[float, float], ...] = ()
    mask: Mask | None = None
    layers: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", tuple((float(x), float(y)) for x, y in self.points))
        object.__setattr__(self, "layers", tuple(operator.index(layer) for layer in self.layers))
        object.__setattr__(self, "count", operator.index(self.count))
        if self.kind not in SEED_KINDS:
            raise GrowthError(
                f"Seeds of kind {self.kind!r:.40} are not known: use one of {', '.join(SEED_KINDS)}."
            )
        if self.kind == "points" and not self.points:
            raise GrowthError("Seeds at points need at least one point.")
        if any(not (math.isfinite(x) and math.isfinite(y)) for x, y in self.points):
            raise GrowthError("Seed points are numbers from 0 to 1.")
        if self.layers and (len(self.layers) != len(self.points) or min(self.layers) < 0):
            raise GrowthError("Seeds that name a layer need one for each point, from 0.")
        if self.kind == "scattered" and not 1 <= self.count <= 100_000:
            raise GrowthError(f"{self.count} scattered seeds: choose 1 to 100000.")
        if self.kind == "mask" and self.mask is None:
            raise GrowthError("Seeds from a mask need an image: choose one.")

    def to_json(self) -> dict:
        """Plain values; layers only where there are any, as versions wrote it that knew none."""
        values = asdict(self)
        if not self.layers:
            del values["layers"]
        return values

    @classmethod
    def from_json(cls, values: dict) -> Seeds:
        """Read what `to_json` wrote; raises `GrowthError`, or what missing and wrong values raise."""
        mask = values.get("mask")
        return cls(**{**values, "mask": None if mask is None else Mask(**mask)})
