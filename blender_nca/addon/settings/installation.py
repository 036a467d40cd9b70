# SPDX-License-Identifier: GPL-3.0-or-later
"""The private PyTorch in the extension's user folder: begun, watched while Blender goes on, taken into use."""

from __future__ import annotations

import atexit
from typing import TYPE_CHECKING

import bpy

from .. import engine
from ..host.rendering import is_rendering
from ..host.window import redraw
from . import preferences

if TYPE_CHECKING:
    from ...engine.installation import Installation, Recipe

WATCH_SECONDS = 0.3
QUIT_SECONDS = 10
PREFERENCES = frozenset({"PREFERENCES"})
"""Only there is progress shown: drawing a 3D view again may take long."""

_installation: Installation | None = None


def current() -> Installation | None:
    """Give the installation; None where the add-on has no folder of its own."""
    global _installation
    folder = preferences.torch_folder()
    if folder is None:
        return None
    if _installation is None or (_installation.folder != folder and not _installation.busy):
        from ...engine.installation import Installation  # late: switching the add-on on shall cost nothing

        _installation = Installation(folder)
    return _installation


def busy() -> bool:
    """Whether something is being installed or removed."""
    return _installation is not None and _installation.busy


def recipe() -> Recipe:
    """What would be installed: the bundled PyTorch, where another extension's stands in its place, else a new one."""
    from ...engine.installation import bundled_recipe, is_displaced, torch_recipe

    if is_displaced():
        return bundled_recipe()
    return torch_recipe(custom_index=bool(preferences.package_index()))


def bundled() -> str:
    """The version of the PyTorch that came in the extension's zip; empty where none did."""
    from ...engine.installation import bundled_version

    return bundled_version()


def free_bytes(private: Installation) -> int:
    """What is free on the disk that it would be installed on."""
    from ...engine.installation import free_bytes

    return free_bytes(private.folder)


def why_not() -> str:
    """Why nothing can be installed now, and what to do; empty if it can."""
    if current() is None:
        return "Neural Growth runs as a legacy add-on, which has no folder for PyTorch: install it as an extension."
    if bpy.app.online_access or recipe().offline:
        return ""
    if bpy.app.online_access_override:
        return "Blender was started in offline mode: start it without."
    return "Online access is off: allow it in Preferences, System, Network."


def why_not_now() -> str:
    """Why the engine may not be started again at this moment; empty if it may."""
    if is_rendering() or any(engine.in_use()):
        return "Wait until the render or bake is done."
    return ""


def install() -> None:
    """Begin to install PyTorch. The engine starts with it when it is there."""
    private = current()
    if private is not None:
        private.install(recipe(), preferences.package_index())
        _watch_it(private)


def cancel() -> None:
    """Give the installation up."""
    if _installation is not None:
        _installation.cancel()


def remove() -> None:
    """Begin to remove it. The engine goes on with what else there is."""
    private = current()
    if private is None:
        return
    running = engine.state() != "stopped"
    engine.ending()
    engine.stop()
    private.remove()
    if running:
        engine.start()
    engine.renewed()
    _watch_it(private)


def stop() -> None:
    """Give up what is being installed, as the add-on or Blender ends."""
    global _installation
    atexit.unregister(_give_up)
    if bpy.app.timers.is_registered(_watch):
        bpy.app.timers.unregister(_watch)
    _give_up()
    _installation = None


def _give_up() -> None:
    if _installation is not None:
        _installation.cancel()
        _installation.wait(QUIT_SECONDS)


def _watch_it(private: Installation) -> None:
    atexit.unregister(_give_up)
    atexit.register(_give_up)
    if bpy.app.background:
        private.wait()
        _take_into_use()
    elif not bpy.app.timers.is_registered(_watch):
        bpy.app.timers.register(_watch, first_interval=WATCH_SECONDS, persistent=True)


def _watch() -> float | None:
    if busy() or why_not_now():
        redraw(PREFERENCES)
        return WATCH_SECONDS
    _take_into_use()
    redraw()
    return WATCH_SECONDS if engine.state() == "starting" else None  # the device line is to be seen changing


def _take_into_use() -> None:
    """Start the engine, or start it again, where a PyTorch has come that it does not know."""
    if not engine.knows_private_torch():
        engine.restart()
