# SPDX-License-Identifier: GPL-3.0-or-later
"""Trial: whether the card grows and paints what the reference does, and how fast; a piece of the self-test."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy

from .. import engine
from ..settings import device_table, preferences
from . import measured, opened, serving
from .card import BlendersCard
from .measured import Measured

_log = logging.getLogger(__name__)

ARRANGEMENTS = 2
"""States that a card is tried with: it is right where it is with one of them (see `shader_trial.compare`)."""


def begin() -> Iterator[None] | None:
    """Begin a trial, for the self-test to go on with; None without a window, where there is no card."""
    if bpy.app.background:
        return None
    return _try()


def _try() -> Iterator[None]:
    """Compare, then measure, when the worker has been measured: the two are not to slow each other down."""
    report: dict[str, Any] | None = None
    try:
        card = opened.card()
        found = yield from compare(card, preferences.model_folders())
        while (report := engine.self_test_report) is None:
            yield
        if found.right:
            speeds = yield from measure(card, preferences.model_folders())
            found = replace(found, speeds=speeds)
    except Exception as error:  # drivers have words of their own; whatever it is, the card is not used
        _log.warning("The card was not tried: %s: %s", type(error).__name__, error)
        found = Measured(problem=(str(error).strip().splitlines() or [type(error).__name__])[0][:200])
        opened.close()
    serving.try_again()
    other = device_table.used_of(engine.self_test_rows) if report else None
    if other is not None:
        found = replace(found, others=dict(other.speeds), worker=other.name)
    measured.keep(found)


def compare(card: BlendersCard, folders: list[Path]) -> Generator[None, None, Measured]:
    """Compare a card with the reference, by the first manifold that opens.

    Parameters
    ----------
    card : BlendersCard
    folders : list of Path
        Of models.

    Yields
    ------
    None
        After each piece.

    Returns
    -------
    Measured
        Without speeds.
    """
    from ...manifold import shader_trial

    manifold, best = shader_trial.open_first(folders), shader_trial.UNKNOWN
    for arrangement in range(ARRANGEMENTS):
        found = shader_trial.UNKNOWN
        for found in shader_trial.compare(card, manifold, arrangement=arrangement):  # noqa: B007
            yield
        best = min(best, found)
        if best.right:
            break
    return Measured(best.step, best.painted, best.right)


def measure(card: BlendersCard, folders: list[Path]) -> Generator[None, None, dict[str, float]]:
    """Steps a second on a card, as `Measured.speeds`; the rest as of `compare`."""
    from ...manifold import shader_trial

    speeds: dict[int, float] = {}
    for speeds in shader_trial.measure(card, shader_trial.open_first(folders)):  # noqa: B007
        yield
    return {str(side): speed for side, speed in speeds.items()}
