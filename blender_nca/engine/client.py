# SPDX-License-Identifier: GPL-3.0-or-later
"""Client: the engine as Blender's side sees it. Nothing waits but `Job.result`, `frame`, `self_test`, `stop`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ..automaton.growth import Growth, GrowthError
from ..maps.order import Order
from .interpreter import find_python
from .job import Cancelled, EngineError, Frame, Job
from .supervisor import Supervisor

__all__ = ["Cancelled", "Engine", "EngineError", "Frame", "Job"]


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
    """

    def __init__(
        self,
        model_folders: Sequence[Path],
        python: Path | None = None,
        device: str = "auto",
        own_folder: Path | None = None,
        earlier_models: Path | None = None,
    ):
        folders = [str(Path(folder).absolute()) for folder in model_folders]
        self._supervisor = Supervisor(
            lambda: find_python(python, own_folder, torch=device != "numpy"),
            {
                "device": device,
                "model_folders": folders,
                "earlier_models": earlier_models and str(Path(earlier_models).absolute()),
            },
        )

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

    def start(self) -> None:
        """Start the worker, also after it failed. Returns at once."""
        self._supervisor.start()

    def stop(self) -> None:
        """End the worker and all jobs. Waits for it, at most a few seconds."""
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
