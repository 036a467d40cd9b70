# SPDX-License-Identifier: GPL-3.0-or-later
"""Tried devices: what the self-test found of each, and which of them is the fastest that grows right."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from .step_time import seconds_a_step


@dataclass(frozen=True)
class TriedDevice:
    """A device, as the self-test found it.

    Attributes
    ----------
    backend : str
        What `devices.choose_device` takes.
    name : str
        What an artist knows it by: "CUDA: NVIDIA GeForce RTX 3060".
    apart : float
        How far its picture lies from the reference, at most, in [0, 1]; infinite where it gave none.
    right : bool
        Whether that is little enough.
    speeds : mapping of str to float
        Cells along the side of a grid -> steps a second.
    problem : str
        Why there is no picture of it; empty if there is one.
    """

    backend: str
    name: str
    apart: float = math.inf
    right: bool = False
    speeds: Mapping[str, float] = field(default_factory=dict)
    problem: str = ""

    def to_json(self) -> dict:
        """Plain values."""
        return {**asdict(self), "apart": None if math.isinf(self.apart) else self.apart}

    @classmethod
    def from_json(cls, values: object) -> TriedDevice:
        """Read what `to_json` gave; raises ValueError for anything else."""
        if not isinstance(values, dict):
            raise ValueError("a tried device is a table")
        backend, name, problem = (values.get(key, "") for key in ("backend", "name", "problem"))
        speeds, apart = values.get("speeds", {}), values.get("apart")
        if not (isinstance(backend, str) and isinstance(name, str) and isinstance(problem, str)):
            raise ValueError("its names are texts")
        if not isinstance(speeds, dict) or not all(side.isdigit() for side in speeds):
            raise ValueError("its speeds are a table of sides")
        numbers = {side: float(speed) for side, speed in speeds.items()}
        far = math.inf if apart is None else float(apart)
        return cls(backend, name, far, values.get("right") is True, numbers, problem)


def read_tried(values: object) -> tuple[TriedDevice, ...]:
    """Read a list of what `TriedDevice.to_json` gave; nothing where that is not what it is."""
    try:
        return tuple(map(TriedDevice.from_json, values if isinstance(values, list) else []))
    except (ValueError, TypeError, AttributeError):
        return ()


def ranking(tried: Iterable[TriedDevice]) -> list[tuple[str, str]]:
    """Backends and names of those that grow right, the fastest first: what a choice depends on."""
    right = [one for one in tried if one.right]
    return [(one.backend, one.name) for one in sorted(right, key=_seconds)]


def _seconds(one: TriedDevice) -> float:
    seconds = seconds_a_step(one.speeds)
    return math.inf if seconds is None else seconds


def fastest(tried: Iterable[TriedDevice]) -> TriedDevice | None:
    """The fastest that grows right; None where none does."""
    return min((one for one in tried if one.right), key=_seconds, default=None)
