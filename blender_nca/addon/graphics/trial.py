# SPDX-License-Identifier: GPL-3.0-or-later
"""Trial: whether the card grows and paints what the reference does, and how fast; a piece of the self-test."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy

from .. import engine
from ..settings import preferences
from . import measured, opened
from .measured import Measured

ARRANGEMENTS = 2
"""States that a card is tried with: it is right where it is with one of them (see `shader_trial.compare`)."""


def begin() -> Iterator[None] | None:
    """Begin a trial, for the self-test to go on with; None without a window, where there is no card."""
    if bpy.app.background:
        return None
    return _try()


def _try() -> Iterator[None]:
    try:
        found = yield from try_card(opened.card(), preferences.model_folders())
    except Exception as error:  # drivers have words of their own; whatever it is, the card is not used
        print(f"Neural Growth: the card was not tried: {type(error).__name__}: {error}", file=sys.stderr)
        found = Measured(problem=(str(error).strip().splitlines() or [type(error).__name__])[0][:200])
        opened.close()
    while (report := engine.self_test_report) is None:
        yield
    speeds = report.get("speeds_by_side", {})
    measured.keep(_with(found, others=speeds, worker=str(report.get("device", ""))))


def _with(found: Measured, **more: Any) -> Measured:
    from dataclasses import replace

    return replace(found, **more)


def try_card(card: Any, folders: list[Path]) -> Any:
    """Try a card with the first manifold that opens.

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
    """
    from ...manifold import shader_trial

    manifold = _first_manifold(folders)
    yield
    best = None
    for arrangement in range(ARRANGEMENTS):
        difference = None
        for difference in shader_trial.compare(card, manifold, arrangement=arrangement):  # noqa: B007
            yield
        assert difference is not None
        if best is None or difference.step < best.step:
            best = difference
        if best.right:
            break
    assert best is not None
    found = Measured(best.step, best.painted, best.right)
    if not best.right:
        return found
    speeds: dict[int, float] = {}
    for speeds in shader_trial.measure(card, manifold):  # noqa: B007
        yield
    return _with(found, speeds={str(side): speed for side, speed in speeds.items()})


def _first_manifold(folders: list[Path]) -> Any:
    from ...manifold.shader_trial import open_first

    return open_first(folders)
