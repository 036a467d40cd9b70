# SPDX-License-Identifier: GPL-3.0-or-later
"""Study: a DNA being read or refined for a material's picture, beside Blender. One at a time for each material."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import bpy

from ..host.text import fill
from ..host.window import redraw_panels
from ..library import catalogue, learned
from ..settings.preferences import chosen_engine
from . import shown
from .given import given_of, model_of, name_of
from .properties import pictured

if TYPE_CHECKING:
    from ...engine.client import Job, News
    from .properties import NCA_PG_reading, Pictured

READ, REFINED = "READ", "REFINED"
TITLES = {READ: "Read", REFINED: "Refined", "LEARNED": "Learned"}
"""How a species was found -> what it is called."""
ITERATIONS = 60
"""Of a search."""

_running: dict[int, Study] = {}
"""By the material's session uid."""


class Study:
    """One that was begun.

    Parameters
    ----------
    material : Material
    how : {'READ', 'REFINED'}

    Attributes
    ----------
    uid : int
        The material's session uid.
    job : Job
        Of the engine.

    Raises
    ------
    PictureError
        The picture gives nothing to read.
    """

    def __init__(self, material: bpy.types.Material, how: str) -> None:
        nca = pictured(material)
        self.uid, self.how, self.name, self.manifold = material.session_uid, how, name_of(nca), model_of(nca)
        maps, said = given_of(nca), (nca.picture_scale, nca.picture_flatten, nca.picture_cut_out)
        slot, engine = f"{how} {self.uid}", chosen_engine()
        if how == READ:
            self.job: Job = engine.read(maps, self.manifold, *said, slot)
        else:
            self.job = engine.refine(maps, self.manifold, ITERATIONS, *said, slot)
        self._seen: News | None = None
        stop(material)
        _running[self.uid] = self

    def attend(self) -> None:
        """Show what has come."""
        news = self.job.news
        if news is not None and news is not self._seen:
            if not news.dna:  # with one comes what it was read from
                shown.show(grown(self.uid), news.picture)
            self._seen = news
            redraw_panels()

    def finish(self) -> None:
        """End it with the nearest so far; of one that only reads there is none."""
        if self.how == READ:
            self.job.cancel()
        else:
            self.job.finish()

    @property
    def line(self) -> str:
        """How far it is, in words."""
        if self.how == READ:
            return "Reading…" if self._seen is None else "Comparing…"
        if self._seen is None:
            return "Starting…"
        where = structure_name(self.manifold)
        return f"{where} {self._seen.structure:.2f}, {fill('Color')} {self._seen.colour:.3f}"

    def close(self) -> None:
        """It has ended, in whichever way."""
        if _running.get(self.uid) is self:
            del _running[self.uid]
        shown.forget(grown(self.uid))
        redraw_panels()


def structure_name(manifold: str) -> str:
    """What the distance of where things are is called: of a figure, that of its outline."""
    return fill("Outline") if catalogue.grows_figures(manifold) else fill("Structure")


def grown(uid: int) -> str:
    """What the picture of what has grown so far is called in `shown`."""
    return f"grown {uid}"


def running(material: bpy.types.Material) -> Study | None:
    """What is under way for a material."""
    return _running.get(material.session_uid)


def stop(material: bpy.types.Material) -> None:
    """Give up what is under way."""
    study = running(material)
    if study is not None:
        study.job.cancel()
        study.close()


def stop_all() -> None:
    """The engine ends, or the add-on does."""
    for study in [*_running.values()]:
        study.job.cancel()
        study.close()


def keep(nca: Pictured, study: Study, found: dict[str, Any]) -> NCA_PG_reading:
    """Keep what was found with the material, in place of what the same way found before."""
    if study.how == REFINED:
        _note(nca, READ, study, found["read"])
    return _note(nca, study.how, study, found)


def _note(nca: Pictured, how: str, study: Study, found: dict[str, Any]) -> NCA_PG_reading:
    import numpy as np

    one = next((one for one in nca.readings if one.how == how), None)
    if one is None:
        one = nca.readings.add()
        one.how = how
    keys = tuple(found["learned"])
    listed = catalogue.species().grown_by(study.manifold, found["dna"], keys)
    one.species = listed.name if listed else f"{study.name} {TITLES[how]}"
    one.manifold, one.dna, one.learned = study.manifold, found["dna"], learned.text_of(keys)
    one.structure, one.colour = (
        min(float(found[name]), np.finfo(np.float32).max) for name in ("structure", "colour")
    )
    return one
