# SPDX-License-Identifier: GPL-3.0-or-later
"""The one engine of this Blender session: made when it is first needed, ended with the add-on or with Blender."""

from __future__ import annotations

import atexit
import threading

from . import preferences

_engine = None
_settings = None
_private = None  # the engine's private PyTorch: looked for when it is made, not at each request
self_test_report: dict | None = None
"""What the last self-test returned; {"error": message} if it failed."""


def current():
    """Give the engine, made with the preferences as they are now. It starts its worker with the first request."""
    global _engine, _settings, _private
    if _engine is None:
        _private = _find_private()
    settings = (tuple(preferences.model_folders()), preferences.python(), preferences.device(), _private)
    if _engine is None or settings != _settings:
        stop()
        from ..engine.client import Engine  # late: switching the add-on on shall cost nothing

        # Of two models of one name, the engine takes the first; the artist's own stand in for the bundled ones.
        folders, python, device, own = settings
        _engine = Engine(folders[::-1], python=python, device=device, own_folder=own)
        _settings = settings
        atexit.register(stop)
    return _engine


def knows_private_torch() -> bool:
    """Whether it was made with the private PyTorch that there is now, or without where there is none."""
    return _private == _find_private() if _engine is not None else _find_private() is None


def lacks_torch() -> bool:
    """Whether it is ready, with numpy alone."""
    return state() == "ready" and _engine.device_line.startswith("No torch")


def _find_private():
    from ..engine.installation import find_installed

    folder = preferences.torch_folder()
    installed = find_installed(folder) if folder else None
    return installed.environment if installed else None


def state() -> str:
    """'stopped', 'starting', 'ready' or 'failed'."""
    return "stopped" if _engine is None else _engine.state


def device_line() -> str:
    """One line on what computes."""
    return {
        "stopped": "The engine starts with the first growth",
        "starting": "The engine is starting…",
    }.get(state()) or _engine.device_line


def problem() -> str:
    """Why there is no engine, or not the chosen one, and what to do; empty while all is well."""
    return _engine.message if state() in {"failed", "ready"} else ""


def start_again() -> None:
    """Start an engine that has failed."""
    current().start()


def stop() -> None:
    """End the worker."""
    global _engine
    engine, _engine = _engine, None
    if engine is not None:
        atexit.unregister(stop)
        engine.stop()


def start_self_test(timeout: float = 120.0) -> threading.Thread:
    """Run the self-test beside Blender; `self_test_report` has its outcome when the thread ends."""
    engine = current()

    def test() -> None:
        global self_test_report
        try:
            self_test_report = engine.self_test(timeout)
        except Exception as error:  # shown to the artist, whatever it is
            self_test_report = {"error": str(error) or type(error).__name__}

    thread = threading.Thread(target=test, name="Neural Growth self-test", daemon=True)
    thread.start()
    return thread
