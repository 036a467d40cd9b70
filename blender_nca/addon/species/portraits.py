# SPDX-License-Identifier: GPL-3.0-or-later
"""Portraits: pictures of the artist's own species, grown by the engine and put beside their files.

In the window they come from a timer, one after another, while no live picture is awaited. A script waits for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy
import numpy as np

from ...automaton.growth_error import GrowthError
from ...genetics.species import Species, SpeciesError
from ...maps.colour import linear_to_srgb
from ...maps.png import encode_png
from .. import engine
from ..breeding.pictures import POLL, WHILE_LIVE, Key, request
from ..host.window import redraw_panels
from ..library import catalogue, own, versions

if TYPE_CHECKING:
    from ...engine.client import Frame, Job

SLOT = "later portraits"
"""Of the engine: slots that begin so give way to all others."""
PATIENCE = 60.0
"""Seconds for one picture, where a script waits for it."""

_wanted: dict[tuple[str, str], Species] = {}
_job: tuple[Species, Job] | None = None
_given_up: set[tuple[str, str, str]] = set()
"""Model, name and DNA of species whose picture did not come: each is asked for once, until the engine is another."""


def want(one: Species) -> str:
    """Have the picture of one of the artist's own drawn, where its model is here.

    Returns
    -------
    str
        Why there is none, where a script has waited for it; empty where there is nothing to say.
    """
    if one.manifold not in catalogue.models() or not own.is_own(one) or _key(one) in _given_up:
        return ""
    if bpy.app.background:
        return _draw(one)
    _wanted[one.manifold, one.name] = one
    if not bpy.app.timers.is_registered(attend):
        bpy.app.timers.register(attend, first_interval=0.0, persistent=True)
    return ""


def attend() -> float | None:
    """The timer: keep the picture that has come, and ask for the next one."""
    global _job
    if _job is None and _wanted and any(engine.awaited()):
        return WHILE_LIVE
    if _job is None and _wanted:
        one = _wanted.pop(next(iter(_wanted)))
        job = _ask(one)
        _job = None if job is None else (one, job)
    elif _job is not None and _job[1].done():
        (one, job), _job = _job, None
        if not job.cancelled:
            _keep(one, job, 0.0)
            redraw_panels()
    return POLL if _job is not None or _wanted else None


def leave() -> None:
    """Ask for nothing any more: the engine is another one soon, or the add-on goes."""
    global _job
    _wanted.clear()
    _given_up.clear()
    if _job is not None:
        job, _job = _job[1], None
        job.cancel()


def _draw(one: Species) -> str:
    job = _ask(one)
    return "The engine does not start." if job is None else _keep(one, job, PATIENCE)


def _ask(one: Species) -> Job | None:
    from ...engine.client import EngineError

    try:
        return request(Key(one.manifold, versions.present(one.manifold), one.dna, one.learned), SLOT)
    except (EngineError, GrowthError):
        _given_up.add(_key(one))
        return None


def _keep(one: Species, job: Job, patience: float) -> str:
    from ...engine.client import EngineError

    try:
        own.keep_picture(one, _picture(job.result(patience)))
    except (EngineError, GrowthError, SpeciesError, TimeoutError) as error:
        _given_up.add(_key(one))
        return str(error)
    return ""


def _picture(frame: Frame) -> bytes:
    colours = np.flipud(frame.pixels[0]).copy()
    colours[..., :3] = linear_to_srgb(colours[..., :3])
    return encode_png(np.clip(colours, 0, 1), colour=True)


def _key(one: Species) -> tuple[str, str, str]:
    return one.manifold, one.name, one.dna
