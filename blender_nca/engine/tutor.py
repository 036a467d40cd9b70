# SPDX-License-Identifier: GPL-3.0-or-later
"""What the worker does with a picture: read a DNA from it, refine that, learn a species. Needs torch."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..automaton.rollout import Interrupted
from .grower import Grower
from .news import pack_picture
from .pixel_block import PixelBlock
from .worker_errors import FilesError, TorchMissingError, what_to_do

if TYPE_CHECKING:
    import numpy as np

    from ..learning.judge import Judge, Likeness
    from ..learning.picture import Exemplar
    from ..manifold.manifold import Manifold

TOGETHER, RESTLESS = 2, 1.0
"""Searches at once: the first from what was read, the others from that with so much noise."""


class Tutor:
    """The tasks `read`, `refine` and `learn`.

    Parameters
    ----------
    grower : Grower
        That opens manifolds.
    tell : callable
        Called with news of the request: {"news": plain values}, {"progress": 0 to 1}.
    should_finish : callable
        Whether the request is to end now with what it has.
    """

    def __init__(self, grower: Grower, tell: Callable[[dict], None], should_finish: Callable[[], bool]):
        self._grower, self._tell, self._should_finish = grower, tell, should_finish

    def learn(self, request: dict, should_stop: Callable[[], bool]) -> dict:
        """Begin the lesson of a file, or go on with it, until its time is over."""
        manifold, version = self._open(request["manifold"])
        from ..learning.errors import LessonError
        from ..learning.lesson import About, Lesson, News
        from ..learning.subjects import grows_figures

        def tell(news: News) -> None:
            self._tell({"progress": min(1.0, news.seconds / lesson.budget)})
            now = {**_plain(news.likeness), "best": _plain(news.best), "picture": pack_picture(news.picture)}
            self._tell({"news": {"seconds": news.seconds, "iteration": news.iteration, **now}})

        path = Path(request["path"])
        # a figure begins as what is read from its picture, and there may be hundreds of others
        units = () if grows_figures(manifold) else self._grower.known(request["manifold"]).units
        try:
            if path.exists():
                lesson = Lesson.resume(path, manifold, version, self._device, units)
            else:
                if not request["maps"]:
                    raise LessonError(f"{path} is not there any more: learn from the picture again.")
                about, exemplar = About(**request["about"]), _exemplar(request, manifold)
                dnas, seconds = request["others"], float(request["seconds"])
                lesson = Lesson(
                    manifold, version, exemplar, about, dnas, seconds, path, self._device, units=units
                )
                lesson.keep()
            looked = itertools.count(1)

            def stops() -> bool:
                if lesson.learner is None:  # it still looks at one known species after the other
                    self._tell({"progress": min(1.0, next(looked) / max(1, len(lesson.others)))})
                return should_stop() or self._should_finish()

            learned = lesson.learn(tell, stops)
        except OSError as error:
            raise FilesError(what_to_do(str(path.parent), error)) from error
        if should_stop():
            raise Interrupted
        found = {"path": str(lesson.species_path), "key": learned.unit.key} if learned else {}
        return {**found, "done": lesson.done, "learned": learned and learned.learned}

    def read(self, request: dict, should_stop: Callable[[], bool]) -> dict:
        """Read a DNA from a picture in one pass, tell it, and then how near its growth comes."""
        judge, readings = self._judge(request)
        dna = judge.read_dna(readings)
        self._tell({"news": {"dna": dna, "picture": pack_picture(judge.picture)}})
        likeness = _compare(judge, dna)
        if should_stop():
            raise Interrupted
        return _found(judge, dna, likeness)

    def refine(self, request: dict, should_stop: Callable[[], bool]) -> dict:
        """Search for the DNA whose growth is nearest to a picture, from what the encoder reads on."""
        judge, readings = self._judge(request)
        import torch

        from ..genetics.relaxed import nearest_dna, relax
        from ..manifold.search import search_dna

        logits, iterations = judge.read(), int(request["iterations"])
        read = judge.read_dna(readings)
        if read != nearest_dna(logits.numpy()):  # it shows a learned species, whose letters these are not
            logits = torch.from_numpy(relax(read))
        nearest = math.inf

        def watch(iteration: int, distances: torch.Tensor, maps: torch.Tensor) -> bool:
            nonlocal nearest
            self._tell({"progress": iteration / max(1, iterations)})
            if float(distances.min()) < nearest:
                nearest = float(distances.min())
                best = maps[int(distances.argmin())][None]
                now = {"iteration": iteration, **_plain(judge.compare(best))}
                self._tell({"news": {**now, "picture": pack_picture(judge.show(best[0]))}})
            return not (should_stop() or self._should_finish())

        noise = torch.randn(TOGETHER, *logits.shape, generator=torch.Generator().manual_seed(0))
        noise[0] = 0
        found = search_dna(
            judge.known,
            logits + RESTLESS * logits.std() * noise,
            judge.difference,
            iterations,
            self._device,
            watch=watch,
        )
        if should_stop():
            raise Interrupted
        likeness = {dna: _compare(judge, dna) for dna in (read, *found)}
        best = min(likeness, key=lambda dna: likeness[dna].judged)
        return {**_found(judge, best, likeness[best]), "read": _found(judge, read, likeness[read])}

    def _judge(self, request: dict) -> tuple[Judge, dict[str, np.ndarray]]:
        """Who compares growths with the picture of a request, and what known species are recognised by."""
        manifold, _ = self._open(request["manifold"])
        from ..learning.subjects import judge_of

        known = self._grower.known(request["manifold"])
        return judge_of(_exemplar(request, manifold), manifold, self._device, known.units), known.readings

    def _open(self, name: str) -> tuple[Manifold, str]:
        if not self._grower.device.has_torch:
            raise TorchMissingError(
                "Learning from a picture needs torch: choose a Python that has it in the preferences of Neural Growth."
            )
        return self._grower.open(name)

    @property
    def _device(self) -> str:
        device = self._grower.device
        return device.backend if device.accelerator else "cpu"


def _exemplar(request: dict, manifold: Manifold) -> Exemplar:
    """The picture of a request, from its pixel block."""
    from ..learning.subjects import exemplar_of

    sizes = [(str(name), tuple(int(n) for n in shape)) for name, shape in request["maps"]]
    total = sum(math.prod(shape) for _, shape in sizes)
    with PixelBlock.open(request["block"], 4 * total) as block:
        flat = block.read((total,))
    given, first = {}, 0
    for name, shape in sizes:
        given[name] = flat[first : first + math.prod(shape)].reshape(shape)
        first += math.prod(shape)
    return exemplar_of(
        given, manifold, float(request["scale"]), bool(request["flatten"]), bool(request["cut_out"])
    )


def _compare(judge: Judge, dna: str) -> Likeness:
    """How near a DNA's growth comes to the picture."""
    return judge.compare(judge.grow_dna(dna))


def _found(judge: Judge, dna: str, likeness: Likeness) -> dict[str, object]:
    """What is answered of a DNA: it, the keys of the units that it grows by, and how near it comes."""
    return {"dna": dna, "learned": [unit.key for unit in judge.units_of(dna)], **_plain(likeness)}


def _plain(likeness: Likeness) -> dict[str, float]:
    return likeness._asdict()
