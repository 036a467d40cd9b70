# SPDX-License-Identifier: GPL-3.0-or-later
"""The one engine of this Blender session: made when it is first needed, ended with the add-on or with Blender.

It asks nobody what to run on: the settings tell it, by `configure`.
"""

from __future__ import annotations

import atexit
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..engine.limits import Limits
from .host.hook import Hook

if TYPE_CHECKING:
    from ..automaton.growth import Growth
    from ..engine.client import Engine, Job
    from ..engine.tried_devices import TriedDevice
    from ..maps.order import Order


class Configuration(NamedTuple):
    """What the engine is to run on.

    Attributes
    ----------
    model_folders : tuple of Path
        Folders that hold models. Of two models of one name, the one in the later folder counts.
    python : Path or None
        The Python that the artist named.
    device : str
        'auto', or a device as `engine.client.Engine` takes it.
    torch_folder : Path or None
        Where a private PyTorch would lie.
    earlier_models : Path or None
        Where earlier trainings of models are kept, as `engine.client.Engine` takes it.
    learned_species : Path or None
        Where the files of learned species are kept, as `engine.client.Engine` takes it.
    tried : tuple of TriedDevice
        What the self-test found of devices. Other speeds are no other configuration, another order of them is.
    """

    model_folders: tuple[Path, ...] = ()
    python: Path | None = None
    device: str = "auto"
    torch_folder: Path | None = None
    earlier_models: Path | None = None
    learned_species: Path | None = None
    tried: tuple[TriedDevice, ...] = ()

    def differs(self, other: Configuration | None) -> bool:
        """Whether an engine that was made of another configuration is to be replaced."""
        from ..engine.tried_devices import ranking

        if other is None or self == other:
            return other is None
        choice = ranking(self.tried) if self.device == "auto" else []
        others = ranking(other.tried) if other.device == "auto" else []
        return self._replace(tried=()) != other._replace(tried=()) or choice != others


ending = Hook()
"""Called before the engine is ended for another one: what it was asked for will not come."""
renewed = Hook()
"""Called when another engine is there: ask again for what is to be seen."""
awaited = Hook()
"""Asked whether a picture is awaited that is to be seen now: what can wait, waits for it."""
asked = Hook()
"""Asked for a picture that is to be seen in the window, with what `engine.client.Engine.request` takes: who grows it in
Blender itself gives its job, all others None."""
computing = Hook()
"""Asked for a line on what computed the last picture in the window, by who did so in Blender itself; others say ""."""
in_use = Hook()
"""Asked before the engine is ended for another one: whether somebody needs this one to the end."""

self_test_report: dict[str, Any] | None = None
"""What the last self-test returned; {"error": message} if it failed."""
self_test_rows: list[TriedDevice] = []
"""The devices that it has tried so far."""

_configuration = Configuration()
_limits = Limits()
_engine: Engine | None = None
_made_of: Configuration | None = None
_private: Path | None = None  # the engine's private PyTorch: looked for when it is made, not at each request


def configure(configuration: Configuration, limits: Limits = _limits) -> None:
    """Say what the engine is to run on, and what it may hold.

    One that runs on something else is replaced with the next request; to other limits it keeps as it goes on.
    """
    global _configuration, _limits
    _configuration, _limits = configuration, limits
    if _engine is not None:
        _engine.keep_to(limits)


def current() -> Engine:
    """Give the engine, made as it was configured. It starts its worker with the first request."""
    global _engine, _made_of, _private
    if _engine is not None and _configuration.differs(_made_of):
        stop()
    if _engine is None:
        _private, _made_of = _find_private(), _configuration
        _engine = another()
        atexit.register(stop)
    return _engine


def request(growth: Growth, frame: int, order: Order | None, slot: str) -> Job:
    """Ask for a picture that is to be seen in the window, as `engine.client.Engine.request` does."""
    served = next((job for job in asked(growth, frame, order, slot) if job is not None), None)
    return current().request(growth, frame, order, slot) if served is None else served


def another() -> Engine:
    """Make one more engine, as it is configured now. Who asks for it stops it."""
    from ..engine.client import Engine  # late: switching the add-on on shall cost nothing

    made_of = _configuration
    return Engine(
        made_of.model_folders[::-1],  # the client takes the first of two models of one name
        python=made_of.python,
        device=made_of.device,
        own_folder=_find_private(),
        earlier_models=made_of.earlier_models,
        learned_species=made_of.learned_species,
        limits=_limits,
        tried=made_of.tried,
    )


def knows_private_torch() -> bool:
    """Whether it was made with the private PyTorch that there is now, or without where there is none."""
    return _find_private() == (None if _engine is None else _private)


def lacks_torch() -> bool:
    """Whether it is ready, and grows without PyTorch."""
    return _engine is not None and _engine.state == "ready" and _engine.device_line.startswith("No torch")


def _find_private() -> Path | None:
    from ..engine.installation import find_installed

    folder = _configuration.torch_folder
    installed = find_installed(folder) if folder else None
    return installed.environment if installed else None


def state() -> str:
    """'stopped', 'starting', 'ready' or 'failed'."""
    return "stopped" if _engine is None else _engine.state


def device_line() -> str:
    """One line on what computes."""
    if _engine is None:
        return "The engine starts with the first growth"
    return "The engine is starting…" if _engine.state == "starting" else _engine.device_line


def picture_line() -> str:
    """One line on what computes the pictures in the window."""
    return next((line for line in computing() if line), device_line())


def problem() -> str:
    """Why there is no engine, or not the chosen one, and what to do; empty while all is well."""
    return _engine.message if _engine is not None and _engine.state in {"failed", "ready"} else ""


def log_lines() -> list[str]:
    """The last lines that the worker wrote, also of libraries in it."""
    return [] if _engine is None else _engine.log


def start() -> None:
    """Start it, also after it failed."""
    current().start()


def stop() -> None:
    """End the worker."""
    global _engine
    engine, _engine = _engine, None
    if engine is not None:
        atexit.unregister(stop)
        engine.stop()


def restart() -> None:
    """End the engine and start it again; who waits for it is told before and after."""
    ending()
    stop()
    start()
    renewed()


def start_self_test(timeout: float = 120.0) -> threading.Thread:
    """Run the self-test beside Blender; `self_test_report` has its outcome when the thread ends."""
    global self_test_report
    engine, self_test_report = current(), None
    self_test_rows.clear()

    def test() -> None:
        global self_test_report
        try:
            self_test_report = engine.self_test(timeout, self_test_rows.append)
        except Exception as error:  # shown to the artist, whatever it is
            self_test_report = {"error": str(error) or type(error).__name__}

    thread = threading.Thread(target=test, name="Neural Growth self-test", daemon=True)
    thread.start()
    return thread


def register() -> None:
    """Starts nothing: the engine comes with the first request."""


def unregister() -> None:
    """End the engine with the add-on."""
    stop()
