# SPDX-License-Identifier: GPL-3.0-or-later
"""Lesson requests: what a client asks of the worker that is read, searched or learned of a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .job import EngineError, Job, refused
from .supervisor import Supervisor


class LessonRequests:
    """Those of a client that begin with a picture. It has `_supervisor`, of the worker that plays, and `_learning`, of
    one at a low priority, so that playback goes on beside what takes minutes."""

    _supervisor: Supervisor
    _learning: Supervisor

    def encode(self, rgb: np.ndarray, manifold: str) -> Job:
        """Guess the DNA of a picture (needs torch).

        Parameters
        ----------
        rgb
            float32 (3, H, W) in [0, 1], row 0 at the top, sRGB-encoded.
        manifold
            Name of the model.

        Returns
        -------
        Job
            Its result is the DNA, a str.
        """
        rgb = np.asarray(rgb, np.float32)
        if rgb.ndim != 3 or rgb.shape[0] != 3 or rgb.size == 0:
            message = "A picture without pixels: choose an image that is loaded and not empty."
            return refused(EngineError(message, "growth"))
        task = {"do": "encode", "manifold": str(manifold), "shape": list(rgb.shape)}
        return self._supervisor.submit(Job(task, pixels_in=rgb))

    def read(
        self,
        maps: Mapping[str, np.ndarray],
        manifold: str,
        scale: float = 1.0,
        flatten: bool = True,
        cut_out: bool = True,
        slot: str = "read",
    ) -> Job:
        """Read the DNA of a picture, evened out and scaled as for `learn` (needs torch).

        Parameters
        ----------
        maps, manifold, scale, flatten, cut_out
            As for `learn`.
        slot
            As for `request`.

        Returns
        -------
        Job
            Its `news` have the DNA as soon as it was read. Its result is {"dna", "learned", "structure", "colour"}:
            "learned" has the keys of the units that grow by it, of a picture that shows a learned species.
        """
        return self._teach({"do": "read", "manifold": str(manifold)}, maps, scale, flatten, cut_out, slot)

    def refine(
        self,
        maps: Mapping[str, np.ndarray],
        manifold: str,
        iterations: int = 60,
        scale: float = 1.0,
        flatten: bool = True,
        cut_out: bool = True,
        slot: str = "refine",
    ) -> Job:
        """Search for the DNA whose growth is nearest to a picture, beside all other work (needs torch).

        Parameters
        ----------
        maps
            As for `learn`.
        manifold
            Name of the model.
        iterations
            Of the search.
        scale, flatten, cut_out
            As for `learn`.
        slot
            As for `request`.

        Returns
        -------
        Job
            `news` has the nearest so far, and `finish` keeps it. Its result is as that of `read`, and "read" with the
            same of what was read before the search.
        """
        return self._teach(
            {"do": "refine", "manifold": str(manifold), "iterations": int(iterations)},
            maps,
            scale,
            flatten,
            cut_out,
            slot,
        )

    def learn(
        self,
        path: Path,
        manifold: str,
        maps: Mapping[str, np.ndarray] | None = None,
        about: Mapping[str, Any] | None = None,
        others: Sequence[str] = (),
        seconds: float = 900,
        scale: float = 1.0,
        flatten: bool = True,
        cut_out: bool = True,
        slot: str = "learn",
    ) -> Job:
        """Learn a new species from a picture, beside all other work (needs torch).

        Parameters
        ----------
        path
            Of the lesson. Where there is one, it goes on, and nothing else is looked at; else it begins. Whatever ends
            it, at most 15 seconds of learning are lost.
        manifold
            Name of the model.
        maps
            In [0, 1], row 0 at the top: 'base_colour', (3 or 4, height, width), sRGB-encoded, and where there are some
            'height', 'roughness', 'metallic', 'emission', (height, width), and 'normal', (3, height, width), green up.
        about
            "name", and if known "author", "licence", "tags".
        others
            DNA of the species that are known: what is learned begins as the nearest and keeps apart from all.
        seconds
            Of learning in all.
        scale
            Finer structure below 1, coarser above.
        flatten
            Even the light out.
        cut_out
            Of a model that grows figures: take an opaque picture's background away, if it is of one color. Such a model
            looks at the color alone, scale and flatten are of textures.
        slot
            As for `request`.

        Returns
        -------
        Job
            `news` says how far it is. `finish` is both pause and stop: the lesson and the nearest so far are kept. Its
            result is {"done", "learned"}, and once something was found "path", of the species, and "key", by which
            growths name it.
        """
        about = {"name": "Learned", **(about or {})}
        task = {
            "do": "learn",
            "path": str(Path(path).absolute()),
            "manifold": str(manifold),
            "about": {**about, "tags": list(about.get("tags", ()))},
            "others": list(others),
            "seconds": float(seconds),
        }
        return self._teach(task, maps or {}, scale, flatten, cut_out, slot)

    def _teach(
        self,
        task: dict,
        maps: Mapping[str, np.ndarray],
        scale: float,
        flatten: bool,
        cut_out: bool,
        slot: str,
    ) -> Job:
        """Submit a task with maps to the worker of what takes minutes."""
        arrays = {name: np.asarray(values, np.float32) for name, values in maps.items()}
        if any(array.size == 0 for array in arrays.values()):
            message = "A picture without pixels: choose an image that is loaded and not empty."
            return refused(EngineError(message, "picture"))
        sizes = [[name, list(array.shape)] for name, array in arrays.items()]
        flat = np.concatenate([array.ravel() for array in arrays.values()]) if arrays else None
        task = {**task, "maps": sizes, "scale": float(scale), "flatten": bool(flatten)}
        task["cut_out"] = bool(cut_out)
        return self._learning.submit(Job(task, slot, pixels_in=flat, read=lambda value, _: value))
