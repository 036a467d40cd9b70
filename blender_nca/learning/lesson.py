# SPDX-License-Identifier: GPL-3.0-or-later
"""A lesson: one species being learned, with a file that it goes on from however it ended."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..genetics.species import Species
from ..manifold import learned_file
from ..manifold.learned_file import LearnedSpecies
from ..manifold.manifold import Manifold
from ..manifold.own_unit import OwnUnit
from ..maps.whole_file import write_whole
from .errors import LessonError
from .judge import Beginning, Judge, Likeness
from .learner import Learner
from .own_dna import silence
from .picture import Exemplar
from .subjects import judge_of, learner_of

FORMAT, VERSION = "neural growth lesson", 1
LOOK_SECONDS, LOOK_SHARE = 4.0, 0.04
"""Seconds of learning from one look to the next at least, and share of them of all that were learned."""
KEEP_SECONDS = 15.0
"""From one time that the file is written to the next."""


@dataclass(frozen=True)
class About:
    """What the species is called: see `genetics.Species` and `learned_file.LearnedSpecies`."""

    name: str
    author: str = ""
    licence: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class News:
    """How far it is.

    Attributes
    ----------
    seconds, iteration : float, int
        Of learning, so far.
    likeness, best : Likeness
        Of what has grown now, and of what is kept.
    picture : ndarray, uint8, shape (height, width, 3 or 4)
        What has grown now.
    """

    seconds: float
    iteration: int
    likeness: Likeness
    best: Likeness
    picture: np.ndarray


class Lesson:
    """A species being learned.

    Parameters
    ----------
    manifold : Manifold
    version : str
        Of its training.
    exemplar : Exemplar
    about : About
    others : sequence of str
        DNA of the species that are known.
    seconds : float
        Of learning.
    path : Path
        Of its file. The species as it is kept so far stands beside it (`species_path`).
    device : str
    clock : callable
        That tells the seconds of learning.
    units : sequence of OwnUnit
        Of those of the others that were learned: without its unit none grows, and nothing can begin as it.

    Attributes
    ----------
    learner : Learner or None
        Once it has begun.
    """

    def __init__(
        self,
        manifold: Manifold,
        version: str,
        exemplar: Exemplar,
        about: About,
        others: Sequence[str],
        seconds: float,
        path: Path,
        device: str = "cpu",
        clock: Callable[[], float] = time.monotonic,
        units: Sequence[OwnUnit] = (),
    ):
        self._clock = clock
        self.manifold, self.version, self.exemplar, self.about = manifold, version, exemplar, about
        self.others, self.budget, self.path = list(others), seconds, Path(path)
        self._judge: Judge = judge_of(exemplar, manifold, device, units)
        self.learner: Learner | None = None
        self._start = Beginning("")

    @classmethod
    def resume(
        cls,
        path: Path,
        manifold: Manifold,
        version: str,
        device: str = "cpu",
        units: Sequence[OwnUnit] = (),
    ) -> Lesson:
        """Go on with the lesson of a file.

        Raises
        ------
        LessonError
            It is damaged, newer than this version, or of another training.
        """
        values = _read(Path(path))
        if values["manifold"] != manifold.name or values["manifold_version"] != version:
            raise LessonError(
                f"{path} was begun with another training of the model: learn from the picture again."
            )
        finer = values.get("finer")  # earlier versions had none
        exemplar = Exemplar(
            values["maps"].numpy(), values["tiles"], values["scale"], None if finer is None else finer.numpy()
        )
        about = About(**{**values["about"], "tags": tuple(values["about"]["tags"])})
        others, seconds = values["others"], values["seconds"]
        lesson = cls(manifold, version, exemplar, about, others, seconds, path, device, units=units)
        if values["learner"]:
            start = Beginning(values["start"], values.get("course", "anew"))  # earlier versions had none
            lesson._begin(start, values["dna"]).load_state_dict(values["learner"])
        return lesson

    @property
    def species_path(self) -> Path:
        return self.path.with_suffix(learned_file.SUFFIX)

    @property
    def seconds(self) -> float:
        """Of learning, so far."""
        return self.learner.seconds if self.learner else 0.0

    @property
    def done(self) -> bool:
        """Whether its time is over."""
        return self.seconds >= self.budget

    def learn(self, tell: Callable[[News], None], should_stop: Callable[[], bool]) -> LearnedSpecies | None:
        """Learn until the time is over or somebody asks to stop; keep it then, and every while.

        Returns
        -------
        LearnedSpecies or None
            What is kept: what stands at `species_path`. None where it was stopped before it began.
        """
        if self.learner is None:
            start = self._judge.choose_start(self.others, should_stop)
            if should_stop():
                return None
            self.begin(start)
        learner = self.learner
        assert learner is not None
        looked, kept = -LOOK_SECONDS, time.monotonic()
        while not learner.best or not (should_stop() or self.done):
            if learner.seconds >= looked + max(LOOK_SECONDS, LOOK_SHARE * learner.seconds):
                looked = learner.seconds
                self._look(tell)
            learner.learn()
            if time.monotonic() >= kept + KEEP_SECONDS:
                self.keep()
                kept = time.monotonic()
        self._look(tell)
        return self.keep()

    def keep(self) -> LearnedSpecies | None:
        """Write the lesson and the species so far, each whole or not at all; raises OSError as files do."""
        learner, finer = self.learner, self.exemplar.finer
        values: dict[str, Any] = {
            "format": FORMAT,
            "version": VERSION,
            "manifold": self.manifold.name,
            "manifold_version": self.version,
            "maps": torch.from_numpy(self.exemplar.maps),
            "finer": None if finer is None else torch.from_numpy(finer),
            "tiles": self.exemplar.tiles,
            "scale": self.exemplar.scale,
            "about": vars(self.about) | {"tags": list(self.about.tags)},
            "others": self.others,
            "seconds": self.budget,
            "start": self._start.dna,
            "course": self._start.course,
            "dna": learner.dna if learner else "",
            "learner": learner and learner.state_dict(),
        }
        written = io.BytesIO()
        torch.save(values, written)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self.path, written.getvalue())
        if learner is None or learner.best is None:
            return None
        learned = self._species(learner)
        learned_file.write(self.species_path, learned)
        return learned

    def begin(self, start: Beginning, dna: str = "") -> Learner:
        """Begin as a species that somebody has chosen; else `learn` chooses one.

        Parameters
        ----------
        start : Beginning
        dna : str
            Of what is learned: the start's own where it is to be taught further, a new one if empty.
        """
        return self._begin(start, dna or self._judge.choose_dna(self.others))

    def _begin(self, start: Beginning, dna: str) -> Learner:
        silent = silence(dna, self.others)
        self._start = start
        self.learner = learner_of(self._judge, dna, silent, start, self.budget, self._clock)
        return self.learner

    def _look(self, tell: Callable[[News], None]) -> None:
        learner = self.learner
        assert learner is not None
        likeness, picture = learner.look()
        assert learner.best is not None
        tell(News(learner.seconds, learner.iteration, likeness, learner.best, picture))

    def _species(self, learner: Learner) -> LearnedSpecies:
        assert learner.best is not None
        about = self.about
        species = Species(about.name, learner.dna, self.manifold.name, about.tags, about.author)
        how = {
            "seconds": round(learner.seconds, 1),
            "iterations": learner.iteration,
            "structure": round(learner.best.structure, 4),
            "colour": round(learner.best.colour, 4),
            "began_as": self._start.dna,
            "scale": round(self.exemplar.scale, 4),
        }
        judge = self._judge
        return LearnedSpecies(
            species, learner.unit, self.version, judge.picture, about.licence, how, judge.reading
        )


def _read(path: Path) -> dict[str, Any]:
    try:
        values = torch.load(path, map_location="cpu", weights_only=True)
        if values["format"] != FORMAT:
            raise KeyError("format")
        version = values["version"]
        is_newer = version > VERSION
    except OSError as error:
        raise LessonError(
            f"{path} cannot be read ({error.strerror}): learn from the picture again."
        ) from error
    except Exception as error:  # of a damaged file torch raises what it comes upon
        raise LessonError(f"{path} is damaged, or no lesson: learn from the picture again.") from error
    if is_newer:
        raise LessonError(f"{path} was begun by a newer Neural Growth: update it.")
    return values
