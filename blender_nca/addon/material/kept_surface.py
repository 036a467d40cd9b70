# SPDX-License-Identifier: GPL-3.0-or-later
"""Kept surface: the mesh that a growth lives on, as a material keeps it in its .blend file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ...automaton.growth_error import GrowthError
from ..host.hook import Hook

if TYPE_CHECKING:
    from ...automaton.surface import Surface
    from .properties import NCA_PG_growth

corners = Hook()
"""Asked with (material, UV map) where the corners of its triangles lie on it: float32, shape (triangles, 3, 2), in the
same order for each map. `SurfaceError` where an object does not have it."""
_MOST = 32
"""Surfaces that are held, so that they need not be read for each frame."""

_read: dict[str, Surface] = {}
"""By the text that is kept."""


def keep(nca: NCA_PG_growth, surface: Surface, made_of: str, note: str) -> None:
    """Let a growth live on a surface.

    Parameters
    ----------
    nca : NCA_PG_growth
    surface : Surface
    made_of : str
        What it was made of, to be compared.
    note : str
        What an artist wants to know of it.
    """
    text = json.dumps(surface.to_json())
    _hold(text, surface)
    nca.surface, nca.surface_of, nca.surface_note, nca.surface_problem = text, made_of, note, ""


def refuse(nca: NCA_PG_growth, problem: str) -> None:
    """Note why a growth has no surface."""
    nca.surface, nca.surface_of, nca.surface_note, nca.surface_problem = "", "", "", problem


def fits(nca: NCA_PG_growth) -> bool:
    """Whether a growth has a surface of its grid."""
    try:
        surface = read_surface(nca)
    except GrowthError:
        return False
    return surface is not None and (surface.height, surface.width) == (nca.height, nca.width)


def read_surface(nca: NCA_PG_growth) -> Surface | None:
    """The surface that a growth lives on; None where it grows on a plain picture.

    Raises
    ------
    GrowthError
        It has none, or it cannot be read; the message says what to do.
    """
    from ...automaton.surface import Surface

    if nca.over != "MESH":
        return None
    text = nca.surface
    if not text:
        raise GrowthError(
            nca.surface_problem or "The growth does not know its mesh yet: press Update Surface."
        )
    if text not in _read:
        try:
            _hold(text, Surface.from_json(json.loads(text)))
        except (ValueError, RecursionError) as error:
            raise GrowthError("The growth's surface is damaged: press Update Surface.") from error
    return _read[text]


def _hold(text: str, surface: Surface) -> None:
    _read[text] = surface
    while len(_read) > _MOST:
        del _read[next(iter(_read))]
