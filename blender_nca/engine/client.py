# SPDX-License-Identifier: GPL-3.0-or-later
"""Client: the engine as Blender's side sees it. Nothing waits but `Job.result`, `frame`, `self_test`, `stop`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ..automaton.growth import Growth
from ..automaton.growth_error import GrowthError
from ..maps.order import Order
from . import memory
from .bake_requests import BakeRequests
from .interpreter import find_python
from .job import Cancelled, EngineError, Frame, Job, plain, refused
from .lesson_requests import LessonRequests
from .limits import Limits
from .news import News
from .supervisor import Supervisor
from .tried_devices import TriedDevice

__all__ = ["Cancelled", "Engine", "EngineError", "Frame", "Job", "Limits", "News", "TriedDevice"]
FEW = "64"
"""Cells along the side of the grid by which steps a second are told."""
DIED = "It ended the engine, so it is not used. A newer driver may help."


class Engine(BakeRequests, LessonRequests):
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
    limits
        What it may hold; `keep_to` changes that.
    tried
        What `self_test` found before: by it "auto" chooses.
    """

    def __init__(
        self,
        model_folders: Sequence[Path],
        python: Path | None = None,
        device: str = "auto",
        own_folder: Path | None = None,
        earlier_models: Path | None = None,
        learned_species: Path | None = None,
        limits: Limits | None = None,
        tried: Sequence[TriedDevice] = (),
    ):
        folders = [str(Path(folder).absolute()) for folder in model_folders]
        self._limits = limits or Limits()
        settings = {
            "device": device,
            "model_folders": folders,
            "earlier_models": earlier_models and str(Path(earlier_models).absolute()),
            "learned_species": learned_species and str(Path(learned_species).absolute()),
            "limits": self._limits.to_json(),
            "tried": [one.to_json() for one in tried],
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

    def keep_to(self, limits: Limits) -> None:
        """Set other limits: the worker goes on, and keeps to them from the next request on."""
        if limits != self._limits:
            self._limits = limits
            for each in (self._supervisor, self._learning):
                each.keep_to(limits)

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
            growth = plain(growth)
        except GrowthError as error:
            return refused(EngineError(str(error), "growth"))
        needed, allowed = memory.LIVE_PIXEL * memory.pixels_of(growth), memory.allowed(self._limits.memory)
        if needed > allowed:  # before memory is taken for its pixels
            return refused(EngineError(memory.too_large(needed, allowed), "memory"))
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

    def self_test(
        self, timeout: float | None = 120, tell: Callable[[TriedDevice], None] = lambda tried: None
    ) -> dict:
        """Try the engine: start it if need be, also after it failed, and grow on every device that it has.

        Parameters
        ----------
        timeout
            Seconds that each device may take.
        tell
            Called with each device as it is tried.

        Returns
        -------
        dict
            device (its line), backend ("cuda", "torch", "kernels", "numpy", ...), versions ("python", "torch", "numpy";
            torch None without), python and torch (their paths), manifolds (names), tried (of each device what
            `TriedDevice.to_json` gives), steps_per_second (of 64 x 64 cells by the backend that is used; None where it
            was not timed), speeds (the same of each backend that grew right), speeds_by_side (cells along the side of a
            grid, as text, and the same of the backend that is used), problems (texts: models that do not open, Pythons
            that could not be used).

        Raises
        ------
        EngineError
        TimeoutError
        """
        if self.state == "failed":
            self.start()
        report = _wait(self._supervisor.submit(Job({"do": "self_test"})), timeout)
        tried = []
        for backend, name in report.pop("devices"):
            tried.append(self._try_device(backend, name, timeout))
            tell(tried[-1])
        speeds = {one.backend: one.speeds[FEW] for one in tried if FEW in one.speeds}
        used = next((one.speeds for one in tried if one.backend == report["backend"]), {})
        return {
            **report,
            "tried": [one.to_json() for one in tried],
            "steps_per_second": used.get(FEW),
            "speeds": speeds,
            "speeds_by_side": dict(used),
            "problems": [*report["problems"], *self._supervisor.refusals],
        }

    def _try_device(self, backend: str, name: str, timeout: float | None) -> TriedDevice:
        """Try one device. A driver may end the worker, which is started again for the next one."""
        if self.state == "failed":
            self.start()
        job = Job({"do": "try_device", "backend": backend, "name": name}, most_tries=1)
        try:
            return TriedDevice.from_json(_wait(self._supervisor.submit(job), timeout))
        except (EngineError, TimeoutError) as error:
            died = isinstance(error, EngineError) and error.kind == "died"
            return TriedDevice(backend, name, problem=DIED if died else str(error))


def _frame(value: dict, pixels: np.ndarray) -> Frame:
    return Frame(pixels, value["frame"], value["steps"], value["living"])


def _wait(job: Job, timeout: float | None) -> Any:
    try:
        return job.result(timeout)
    except TimeoutError:
        job.cancel()
        raise
