# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures: what a DNA grows into, small and soon, as an icon.

A picture is grown when it is first drawn: one after another, each when no live picture is awaited. What is drawn no
longer is not grown. Nothing here waits but `grown`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import bpy
import bpy.utils.previews

from ...automaton.growth_error import GrowthError
from .. import engine
from ..host.window import redraw_panels
from ..library import catalogue
from ..settings.preferences import chosen_engine

if TYPE_CHECKING:
    from ...automaton.growth import Growth
    from ...engine.client import Frame, Job

CELLS, PIXELS_PER_CELL = 64, 2
STEPS, AT_ONCE = 150, 50
"""Of the automaton, and how many of them are kept each time that a picture gives way to others."""
SLOT, MEASURED = "later breeding", "later measured"
"""Of the engine: what is drawn, and what is judged. Slots that begin so give way to all others."""
POLL, WHILE_LIVE = 0.01, 0.05
"""Seconds between two looks at the engine, and while a live picture is awaited."""
MOST = 512
"""Pictures that are kept."""


class Key(NamedTuple):
    """What a picture depends on.

    Attributes
    ----------
    manifold, version : str
        As of `automaton.growth.Growth`.
    dna : str
    learned : tuple of str
        Keys of the units that it grows by.
    """

    manifold: str
    version: str
    dna: str
    learned: tuple[str, ...] = ()


class Small(NamedTuple):
    """What came of a DNA.

    Attributes
    ----------
    living : float
        Share of the cells that live, 0 to 1.
    cover : float
        How much of the picture is covered, 0 to 1.
    """

    living: float
    cover: float


_previews: bpy.utils.previews.ImagePreviewCollection | None = None
_found: dict[Key, Small] = {}
_wanted: dict[Key, None] = {}
_job: tuple[Key, Job] | None = None
_problem = ""


def has_window() -> bool:
    """Whether pictures are seen."""
    return not bpy.app.background


def growth_of(key: Key) -> tuple[Growth, int]:
    """The growth of a picture, and the frame of it that is shown."""
    from ...automaton.growth import Genotype, Growth

    frames, cells = STEPS // AT_ONCE, catalogue.figure_cells(key.manifold)
    steps = (0.0, *[float(AT_ONCE)] * frames, 0.0)  # then it stands still, and nobody runs ahead
    genotypes = (Genotype((key.dna,)),)
    return (
        Growth(
            key.manifold,
            genotypes,
            cells or CELLS,
            cells or CELLS,
            max(1, CELLS * PIXELS_PER_CELL // cells) if cells else PIXELS_PER_CELL,
            boundary="edge" if cells else "wrap",
            steps=steps,
            manifold_version=key.version,
            learned=key.learned,
        ),
        frames,
    )


def icon_of(key: Key) -> int:
    """The icon with a picture; 0 until it has grown, which this asks for."""
    if key in _found and _previews is not None and str(key) in _previews:
        return _previews[str(key)].icon_id
    if has_window() and not _problem:
        _wanted[key] = None
        if not bpy.app.timers.is_registered(attend):
            bpy.app.timers.register(attend, first_interval=0.0)
    return 0


def result(key: Key) -> Small | None:
    """What came of a DNA, where that is known."""
    return _found.get(key)


def problem() -> str:
    """Why no pictures come; empty while they do."""
    return _problem


def request(key: Key, slot: str) -> Job:
    """Ask the engine for a picture; raises `EngineError` and `GrowthError`."""
    return chosen_engine().request(*growth_of(key), slot=slot)


def keep(key: Key, frame: Frame) -> Small:
    """Keep a picture that has come."""
    from ...maps.colour import linear_to_srgb

    global _previews
    if len(_found) >= MOST:
        _found.clear()
        if _previews is not None:
            _previews.clear()
    colours = frame.pixels[0].copy()
    _found[key] = Small(frame.living, float(colours[..., 3].mean()))
    if not has_window():  # nobody sees it
        return _found[key]
    if _previews is None:
        _previews = bpy.utils.previews.new()
    if str(key) not in _previews:
        # panels lay icons over what is behind them with the alpha in the colours
        colours[..., :3] = linear_to_srgb(colours[..., :3]) * colours[..., 3:]
        preview = _previews.new(str(key))
        preview.image_size = preview.icon_size = colours.shape[1::-1]
        for pixels in (preview.image_pixels_float, preview.icon_pixels_float):
            pixels.foreach_set(colours.ravel())  # type: ignore[attr-defined]  # an array, whatever stubs say
    return _found[key]


def attend() -> float | None:
    """The timer: keep the picture that has come, and ask for the next one."""
    global _job, _problem
    from ...engine.client import EngineError

    if _job is None and _wanted and any(engine.awaited()):
        return WHILE_LIVE
    try:
        if _job is not None and _job[1].done():
            key, job = _job
            _job = None
            if not job.cancelled:
                keep(key, job.result())
            _request_next()
            _wanted.clear()  # what is still seen is asked for again as it is drawn
            redraw_panels()
        elif _job is None:
            _request_next()
    except (EngineError, GrowthError) as error:
        leave()
        _problem = str(error)
        redraw_panels()
    return POLL if _job is not None or _wanted else None


def _request_next() -> None:
    global _job
    for key in list(_wanted):
        del _wanted[key]
        if key not in _found:
            _job = key, request(key, SLOT)
            return


def leave() -> None:
    """Ask for nothing any more, and forget why nothing came: the next who draws asks anew."""
    global _job, _problem
    _wanted.clear()
    _problem = ""
    if _job is not None:
        job, _job = _job[1], None
        job.cancel()


def thrives(key: Key, small: Small) -> bool:
    """Whether a DNA grows into something like the species of its model: alive, and covering; a figure stays one."""
    if catalogue.grows_figures(key.manifold):
        return 0.1 <= small.living <= 0.97
    return small.living >= 0.95 and small.cover >= 0.9


def forget() -> None:
    """Grow every picture again when it is next drawn: models may be others."""
    leave()
    _found.clear()
    if _previews is not None:
        _previews.clear()


def release() -> None:
    """Give the pictures back, as the add-on is switched off."""
    global _previews
    forget()
    if _previews is not None:
        bpy.utils.previews.remove(_previews)
        _previews = None
