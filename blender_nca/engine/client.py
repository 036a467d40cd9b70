# SPDX-License-Identifier: GPL-3.0-or-later
"""Client: the engine as Blender's side sees it. Nothing waits but `Job.result`, `frame`, `self_test`, `stop`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ..automaton.growth import Growth, GrowthError
from ..maps.look import Look
from ..maps.order import Order
from .interpreter import find_python
from .job import Cancelled, EngineError, Frame, Job
from .news import News
from .supervisor import Supervisor

__all__ = ["Cancelled", "Engine", "EngineError", "Frame", "Job", "News"]


class Engine:
    """The worker process and what is asked of it. It starts on the first request, or on `start`.

    All methods may be called from any thread.

    Parameters
    ----------
    model_folders
        Folders that hold models, each in a folder of the manifold's name. Where two have the same, the first counts.
    python
        The Python that the artist chose for the worker; without it, or where it has no torch, the others that
        `interpreter.find_python` knows. Last comes numpy alone: slower, with the same pictures.
    device
        "auto", "cpu" (the kernels), "torch" (torch on the CPU), "cuda", "mps", "xpu", one of several ("cuda:1"), or
        "numpy".
    own_folder
        A virtual environment with torch in the extension's own folder, where there is one.
    earlier_models
        A folder with earlier trainings: in it one for each version, that holds models as `model_folders` do.
    learned_species
        A folder with learned species, each in a file that `manifold.learned_file.place` names.
    """

    def __init__(
        self,
        model_folders: Sequence[Path],
        python: Path | None = None,
        device: str = "auto",
        own_folder: Path | None = None,
        earlier_models: Path | None = None,
        learned_species: Path | None = None,
    ):
        folders = [str(Path(folder).absolute()) for folder in model_folders]
        settings = {
            "device": device,
            "model_folders": folders,
            "earlier_models": earlier_models and str(Path(earlier_models).absolute()),
            "learned_species": learned_species and str(Path(learned_species).absolute()),
        }

        def supervise(background: bool) -> Supervisor:
            return Supervisor(
                lambda: find_python(python, own_folder, torch=device != "numpy"),
                {**settings, "background": background},
            )

        # what takes minutes has a worker of its own, that gives way: playback goes on beside it
        self._supervisor, self._learning = supervise(False), supervise(True)

    @property
    def state(self) -> str:
        """One of "stopped", "starting", "ready", "failed" (`message` says why, and only `start` tries again)."""
        return self._supervisor.state

    @property
    def message(self) -> str:
        """What the artist should know of the engine's state: why it failed, or why a Python could not be used."""
        return self._supervisor.message

    @property
    def device_line(self) -> str:
        """What it runs on: "CUDA: NVIDIA GeForce RTX 3060"; empty until the worker was ready once."""
        return self._supervisor.device_line

    @property
    def log(self) -> list[str]:
        """The last lines that the worker wrote, for a report."""
        return self._supervisor.log

    @property
    def worker_pid(self) -> int | None:
        """Number of the worker's process, the last one that there was."""
        return self._supervisor.worker_pid

    @property
    def learning_pid(self) -> int | None:
        """Number of the process that learns and searches, the last one that there was."""
        return self._learning.worker_pid

    def start(self) -> None:
        """Start the worker, also after it failed. Returns at once."""
        self._supervisor.start()

    def stop(self) -> None:
        """End the workers and all jobs. Waits for them, at most a few seconds."""
        self._learning.stop()
        self._supervisor.stop()

    def request(self, growth: Growth | dict, frame: int, order: Order | None = None, slot: str = "") -> Job:
        """Ask for a frame.

        Parameters
        ----------
        growth
            Or what its `to_json` gives.
        frame
            Of the growth, 0 the seeded grid.
        order
            With it there is a third image, of growth order, front and coverage.
        slot
            Who asks, for instance a material. A newer request of the same slot takes the place of the older ones: they
            end as cancelled, and the worker leaves their rollout at its next step. Without a slot all are served.
            Slots that begin with "later" give way sooner to others, and nothing is grown ahead of them.

        Returns
        -------
        Job
            Its result is a `Frame`.
        """
        try:
            growth = _plain(growth)
        except GrowthError as error:
            return _refused(EngineError(str(error), "growth"))
        size = growth.height * growth.pixels_per_cell, growth.width * growth.pixels_per_cell
        shape = (2 if order is None else 3, *size, 4)
        task = {"do": "frame", "frame": int(frame), "order": order and asdict(order)}
        return self._supervisor.submit(Job(task, slot, growth, pixels_out=shape, read=_frame))

    def frame(self, growth: Growth | dict, frame: int, timeout: float | None = None) -> Frame:
        """Grow a frame and wait for it; a worker that dies is restarted and asked again.

        Parameters
        ----------
        growth, frame
            As for `request`.
        timeout
            Seconds; None waits as long as it takes.

        Raises
        ------
        EngineError
        TimeoutError
            Not done within `timeout` seconds; the job is cancelled.
        """
        return _wait(self.request(growth, frame), timeout)

    def write(
        self,
        growth: Growth | dict,
        frame: int,
        folder: Path,
        stem: str,
        file_frame: int,
        which: Sequence[str] | None = None,
        normal_strength: float = 1.0,
        order: Order | None = None,
        slot: str = "",
        corners: Path | None = None,
        look: Look | None = None,
    ) -> Job:
        """Grow a frame and write its maps with `maps.sequence.write_frame`.

        Parameters
        ----------
        growth, frame
            As for `request`.
        folder, stem, file_frame
            Where, and the name's first part and number. The folder is made if it is not there.
        which
            Names of the maps; `maps.sequence.SEQUENCE_MAPS` without it.
        normal_strength
            Of the normal map.
        order
            For the maps of growth order and front.
        slot
            As for `request`.
        corners
            A file of `maps.corners.write_corners`, where the maps are wanted by another UV map of the mesh.
        look
            How the maps are changed before they are written.

        Returns
        -------
        Job
            Its result is the list of paths. A full or read-only folder is an `EngineError` of kind "files"; nothing
            half-written is left.
        """
        try:
            growth = _plain(growth)
        except GrowthError as error:
            return _refused(EngineError(str(error), "growth"))
        task = {
            "do": "write",
            "frame": int(frame),
            "folder": str(Path(folder).absolute()),
            "stem": str(stem),
            "file_frame": int(file_frame),
            "which": None if which is None else list(which),
            "normal_strength": float(normal_strength),
            "order": order and asdict(order),
            "corners": None if corners is None else str(corners),
            "look": look and look.describe(),
        }
        return self._supervisor.submit(
            Job(task, slot, growth, read=lambda value, _: [Path(path) for path in value])
        )

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
            return _refused(EngineError(message, "growth"))
        task = {"do": "encode", "manifold": str(manifold), "shape": list(rgb.shape)}
        return self._supervisor.submit(Job(task, pixels_in=rgb))

    def read(
        self,
        maps: Mapping[str, np.ndarray],
        manifold: str,
        scale: float = 1.0,
        flatten: bool = True,
        slot: str = "read",
    ) -> Job:
        """Read the DNA of a picture, evened out and scaled as for `learn` (needs torch).

        Parameters
        ----------
        maps, manifold, scale, flatten
            As for `learn`.
        slot
            As for `request`.

        Returns
        -------
        Job
            Its `news` have the DNA as soon as it was read. Its result is {"dna", "structure", "colour"}.
        """
        return self._teach({"do": "read", "manifold": str(manifold)}, maps, scale, flatten, slot)

    def refine(
        self,
        maps: Mapping[str, np.ndarray],
        manifold: str,
        iterations: int = 60,
        scale: float = 1.0,
        flatten: bool = True,
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
        scale, flatten
            As for `learn`.
        slot
            As for `request`.

        Returns
        -------
        Job
            `news` has the nearest so far, and `finish` keeps it. Its result is {"dna", "structure", "colour"}, and
            "read" with the same of what the encoder reads.
        """
        return self._teach(
            {"do": "refine", "manifold": str(manifold), "iterations": int(iterations)},
            maps,
            scale,
            flatten,
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
        return self._teach(task, maps or {}, scale, flatten, slot)

    def _teach(
        self, task: dict, maps: Mapping[str, np.ndarray], scale: float, flatten: bool, slot: str
    ) -> Job:
        """Submit a task with maps to the worker of what takes minutes."""
        arrays = {name: np.asarray(values, np.float32) for name, values in maps.items()}
        if any(array.size == 0 for array in arrays.values()):
            message = "A picture without pixels: choose an image that is loaded and not empty."
            return _refused(EngineError(message, "picture"))
        sizes = [[name, list(array.shape)] for name, array in arrays.items()]
        flat = np.concatenate([array.ravel() for array in arrays.values()]) if arrays else None
        task = {**task, "maps": sizes, "scale": float(scale), "flatten": bool(flatten)}
        return self._learning.submit(Job(task, slot, pixels_in=flat, read=lambda value, _: value))

    def self_test(self, timeout: float | None = 120) -> dict:
        """Try the engine: start it if need be, also after it failed, and measure it on a small growth.

        Returns
        -------
        dict
            device (its line), backend ("cuda", "torch", "kernels", "numpy", ...), versions ("python", "torch", "numpy";
            torch None without), python and torch (their paths), manifolds (names), steps_per_second (of 64 x 64 cells;
            None without a manifold), speeds (the same of each backend that there is), problems (texts: models that do
            not open, Pythons that could not be used).

        Raises
        ------
        EngineError
        TimeoutError
        """
        if self.state == "failed":
            self.start()
        report = _wait(self._supervisor.submit(Job({"do": "self_test"})), timeout)
        return {**report, "problems": [*report["problems"], *self._supervisor.refusals]}


def _plain(growth: Growth | dict) -> Growth:
    return growth if isinstance(growth, Growth) else Growth.from_json(growth)


def _frame(value: dict, pixels: np.ndarray) -> Frame:
    return Frame(pixels, value["frame"], value["steps"], value["living"])


def _refused(error: EngineError) -> Job:
    job = Job({})
    job.end(error=error)
    return job


def _wait(job: Job, timeout: float | None) -> Any:
    try:
        return job.result(timeout)
    except TimeoutError:
        job.cancel()
        raise
