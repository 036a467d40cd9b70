# SPDX-License-Identifier: GPL-3.0-or-later
"""Measured: what the last trial found of this card, kept in the preferences; by that, what grows a growth soonest."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from ...engine.step_time import seconds_a_step
from ...kernels import glsl
from ..settings import preferences
from . import opened


@dataclass(frozen=True)
class Measured:
    """What a trial found.

    Attributes
    ----------
    step, painted : float
        How far the card lies from the reference.
    right : bool
        Whether that is little enough.
    speeds, others : dict of str to float
        Cells along the side of a grid -> steps a second, on the card and by the engine's worker.
    worker : str
        What the worker ran on.
    problem : str
        Why there was no trial.
    """

    step: float = 0.0
    painted: float = 0.0
    right: bool = False
    speeds: dict[str, float] | None = None
    others: dict[str, float] | None = None
    worker: str = ""
    problem: str = ""

    def is_faster(self, cells: int) -> bool:
        """Whether the card grows so many cells sooner than the worker, by what was measured of few and of many."""
        ours, theirs = (seconds_a_step(each or {}, cells) for each in (self.speeds, self.others))
        return ours is not None and theirs is not None and ours < theirs


def recall() -> Measured | None:
    """What is known of this card; None where it was never tried, or with another driver, Blender or shaders."""
    own = preferences.current()
    try:
        kept = json.loads(own.card_trial) if own else {}
        return Measured(**kept["found"]) if kept.get("of") == _said_of() else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def keep(found: Measured) -> None:
    """Keep what was found."""
    own = preferences.current()
    if own is not None:
        own.card_trial = json.dumps({"of": _said_of(), "found": asdict(found)})


def _said_of() -> str:
    from .card import gpu

    platform = gpu.platform
    parts = opened.name(), platform.vendor_get(), platform.version_get(), glsl.digest()
    return " ".join(parts)
