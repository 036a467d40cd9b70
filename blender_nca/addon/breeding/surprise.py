# SPDX-License-Identifier: GPL-3.0-or-later
"""Surprise: a sheet of DNA that nobody asked for and that grows well, which is found out by growing it."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import bpy
from bpy.props import IntProperty

from ...automaton.growth_error import GrowthError
from ...genetics.dna import DNAError
from ...genetics.species import Species
from ..host.stubs import Result
from ..host.window import redraw
from ..library import catalogue
from ..material.growth import check_models
from ..material.status import why_not_open
from . import family, pictures
from .family import Child, FamilyError
from .offspring import COUNT
from .operators import RANDOM_SEED, OnSpecies
from .properties import breeding_of

if TYPE_CHECKING:
    from .properties import Breeding

MOST_GROWN = 4 * COUNT
"""Candidates until it gives up."""
MOST_DRAWN = 100 * COUNT
"""Draws for them: of species that are nearly the same there comes hardly anything else."""
RATE = 0.15
"""Letters that are exchanged in one of a single species."""
LOOKS = 0.01
"""Seconds between two looks at the engine."""
PATIENCE = 60.0
"""Seconds for one picture, where a script waits for it."""


class Search:
    """Candidates from the library, each grown once; those that die or do not cover are thrown away.

    Parameters
    ----------
    nca : Breeding
        Whose model it is.
    random_seed : int

    Raises
    ------
    FamilyError
        The model has fewer than two species.
    """

    def __init__(self, nca: Breeding, random_seed: int) -> None:
        import numpy as np

        self._species = catalogue.species().of(nca.a.manifold)
        if len(self._species) < 2:
            raise FamilyError(
                "This model has fewer than two species in the library: nothing can be bred of them."
            )
        self._manifold, self._version = nca.a.manifold, nca.model_version
        self._rng = np.random.default_rng(random_seed)
        self._known = {one.dna for one in self._species}
        self.found: list[Child] = []
        self.grown = self._drawn = 0

    @property
    def is_over(self) -> bool:
        """Whether the sheet is full, or too little grows."""
        return len(self.found) == COUNT or self.grown >= MOST_GROWN

    def draw(self) -> Child:
        """The next candidate: a crossing or an average of two species, or a mutation of one.

        Raises
        ------
        FamilyError
            Nothing else comes of the species.
        """
        while self._drawn < MOST_DRAWN:
            self._drawn += 1
            one, other = (self._species[n] for n in self._rng.choice(len(self._species), 2, replace=False))
            child = self._combine(one, other, int(self._rng.integers(3)))
            if child.dna not in self._known:
                self._known.add(child.dna)
                return child
        raise FamilyError("The species of this model are too much alike: nothing else came of them.")

    def _combine(self, one: Species, other: Species, how: int) -> Child:
        from ...genetics.arithmetic import average
        from ...genetics.variation import cross_two_points, mutate

        if how == 0:
            return Child(mutate(one.dna, RATE, self._rng), (one,))
        if how == 1:
            return Child(average([one.dna, other.dna]), (one, other))
        return Child(cross_two_points(one.dna, other.dna, self._rng), (one, other))

    def key(self, child: Child) -> pictures.Key:
        """What its picture depends on."""
        return pictures.Key(self._manifold, self._version, child.dna, child.learned)

    def judge(self, child: Child, small: pictures.Small) -> None:
        """Keep a child that grew well."""
        self.grown += 1
        if pictures.thrives(self.key(child), small):
            self.found.append(child)

    def lay_out(self, nca: Breeding) -> str:
        """Make what was found the sheet; the sentence that says so.

        Raises
        ------
        FamilyError
            Nothing grew well.
        """
        if not self.found:
            raise FamilyError(f"Of {self.grown} that were grown none lived and covered: try again.")
        family.offer(nca, self.found)
        return f"{len(self.found)} of {self.grown} that were grown live and cover."


class NCA_OT_surprise_me(OnSpecies, bpy.types.Operator):
    """Lay out nine that come of the library's species by chance, of those that grow well. ESC ends it"""

    bl_idname = "nca.surprise_me"
    bl_label = "Surprise Me"

    random_seed: IntProperty(**RANDOM_SEED)

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        if bpy.app.background or context.window is None:
            return self.act(context, material)
        try:
            check_models(breeding_of(material))
            self._begin(breeding_of(material))
            self._ask()
        except (DNAError, GrowthError, FamilyError, RuntimeError) as error:
            return self.refuse(error)
        self._uid = material.session_uid
        manager = context.window_manager
        manager.progress_begin(0, COUNT)
        self._timer = manager.event_timer_add(LOOKS, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        if event.type == "ESC" and event.value == "PRESS":
            self.cancel(context)
            self.report({"INFO"}, "The sheet stays as it was.")
            return {"CANCELLED"}
        if event.type != "TIMER" or not self._job.done():
            return {"PASS_THROUGH"}
        if self._job.cancelled:  # somebody asked for another surprise, or the engine is another one
            self.cancel(context)
            return {"CANCELLED"}
        material = next((one for one in bpy.data.materials if one.session_uid == self._uid), None)
        try:
            self._judge()
            context.window_manager.progress_update(len(self._search.found))
            if not self._search.is_over:
                self._ask()
                return {"PASS_THROUGH"}
            if material is None:
                raise FamilyError("The material is gone.")
            problem = why_not_open(material, self.to_do)
            if problem:
                raise FamilyError(problem)
            self.report({"INFO"}, self._search.lay_out(breeding_of(material)))
        except (DNAError, GrowthError, FamilyError, RuntimeError) as error:
            self.cancel(context)
            return self.refuse(error)
        self.cancel(context)
        return {"FINISHED"}

    def cancel(self, context: bpy.types.Context) -> None:
        """It ends, or another file is being opened."""
        self._job.cancel()
        context.window_manager.event_timer_remove(self._timer)
        context.window_manager.progress_end()
        redraw()

    def change(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        """For scripts: wait for all of them."""
        try:
            self._begin(breeding_of(material))
            until = time.monotonic() + PATIENCE
            while not self._search.is_over:
                self._ask()
                self._job.result(until - time.monotonic())
                self._judge()
                until = time.monotonic() + PATIENCE
            self.report({"INFO"}, self._search.lay_out(breeding_of(material)))
        except (RuntimeError, TimeoutError) as error:  # the engine's
            return self.refuse(error)
        return {"FINISHED"}

    def _begin(self, nca: Breeding) -> None:
        self._search = Search(nca, self.random_seed or random.randrange(1, 2**31))

    def _ask(self) -> None:
        self._child = self._search.draw()
        self._job = pictures.request(self._search.key(self._child), pictures.MEASURED)

    def _judge(self) -> None:
        frame = self._job.result()
        self._search.judge(self._child, pictures.keep(self._search.key(self._child), frame))


classes = (NCA_OT_surprise_me,)
