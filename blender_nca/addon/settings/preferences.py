# SPDX-License-Identifier: GPL-3.0-or-later
"""Preferences: what the artist chose of Python, device and folders, pushed into the engine."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import bpy

from ...engine.limits import GIB, Limits
from .. import engine
from ..host.extension import BUNDLED_MODELS, PACKAGE, user_folder
from ..host.hook import Hook
from ..host.log import set_level
from ..host.text import fill

if TYPE_CHECKING:
    from ...automaton.growth import Growth
    from ...engine.client import Engine, Job
    from ...maps.order import Order

    class ModelFolder(bpy.types.PropertyGroup):
        path: str

    class Preferences(bpy.types.AddonPreferences):
        """What `properties.NCA_AP_preferences` holds, which is above this file."""

        python: str
        device: str
        card_trial: str
        tried_devices: str
        memory_limit: float
        cache_limit: float
        cache_folder: str
        log_level: str
        package_index: str
        model_folders: bpy.types.bpy_prop_collection_idprop[ModelFolder]

    from ...engine.tried_devices import TriedDevice


changed = Hook()
"""Called when another device, Python or folder was chosen."""
SMALLEST_MEMORY = GIB
"""Bytes: Python, numpy and torch alone take 0.1 to 0.4 GiB."""
_writable: dict[Path, str] = {}  # folders that were tried as a cache -> why they cannot be one


def current() -> Preferences | None:
    """The add-on's preferences; None while it runs without being enabled in Blender."""
    addon = bpy.context.preferences.addons.get(PACKAGE)
    return addon.preferences if addon else None


def python() -> Path | None:
    """The Python that the artist named, if any."""
    own = current()
    return _absolute(own.python) if own and own.python else None


def chosen_device() -> str:
    """The chosen device: 'auto' where none was."""
    own = current()
    return own.device if own else "auto"


def device() -> str:
    """What the worker runs on: Blender's own card, which it has not, leaves it the choice."""
    chosen = chosen_device()
    return "auto" if chosen == "graphics" else chosen


def package_index() -> str:
    """The address of the package index that the artist named, if any."""
    own = current()
    return own.package_index.strip() if own else ""


def torch_folder() -> Path | None:
    """The place of a private PyTorch, in the extension's user folder. It need not exist."""
    return user_folder("torch")


def model_folders() -> list[Path]:
    """Where models and species are looked for, the later winning over the earlier."""
    own = current()
    named = [_absolute(folder.path) for folder in own.model_folders if folder.path] if own else []
    return [folder for folder in (BUNDLED_MODELS, user_folder("models"), *named) if folder is not None]


def earlier_models() -> Path | None:
    """Where models are kept that updates replace: in it a folder for each version. It need not exist."""
    return user_folder("earlier_models")


def learned_species() -> Path | None:
    """Where the files of learned species are kept. It need not exist."""
    return user_folder("learned")


def log_folder() -> Path | None:
    """Where the log is written. It need not exist; None for an old-style add-on."""
    return user_folder("log")


def limits() -> Limits:
    """What the engine may hold of memory and disk, and how much it tells."""
    own = current()
    if own is None:
        return Limits()
    memory = max(SMALLEST_MEMORY, int(own.memory_limit * GIB)) if own.memory_limit else 0
    return Limits(memory, cache_folder(), int(own.cache_limit * GIB), own.log_level)


def cache_folder() -> Path | None:
    """Where states are kept: the folder that the artist named, or the extension's own where that cannot be written."""
    own = current()
    named = _absolute(own.cache_folder) if own and own.cache_folder else None
    return user_folder("cache") if named is None or _why_not_writable(named) else named


def cache_problem() -> str:
    """Why the named folder is not used for the cache, and what is; empty if it is, or none was named."""
    own = current()
    named = _absolute(own.cache_folder) if own and own.cache_folder else None
    reason = _why_not_writable(named) if named else ""
    if not reason:
        return ""
    return fill(
        "{folder} cannot be written to ({reason}): the cache stays in its own folder.",
        folder=named,
        reason=reason,
    )


def _why_not_writable(folder: Path) -> str:
    """Why a folder cannot be a cache; looked at once, until something is changed."""
    from ...engine.cache_folder import mark

    if folder not in _writable:
        _writable[folder] = ""
        try:
            mark(folder)
        except OSError as error:
            _writable[folder] = error.strerror or str(error)
        else:
            if not os.access(folder, os.W_OK):
                _writable[folder] = fill("read only")
    return _writable[folder]


def tried_devices() -> tuple[TriedDevice, ...]:
    """What the last self-test found of each device; it is kept with the preferences."""
    own = current()
    return _read(own.tried_devices) if own and own.tried_devices else ()


@lru_cache(1)
def _read(kept: str) -> tuple[TriedDevice, ...]:
    from ...engine.tried_devices import read_tried

    try:
        return read_tried(json.loads(kept))
    except (ValueError, RecursionError):
        return ()


def keep_tried(tried: Iterable[TriedDevice]) -> None:
    """Keep what a self-test found, and choose by it."""
    own = current()
    if own is not None:
        own.tried_devices = json.dumps([one.to_json() for one in tried])
        push()


def push() -> None:
    """Tell the engine what is chosen now."""
    folders = tuple(model_folders())
    kept = earlier_models(), learned_species()
    configuration = engine.Configuration(
        folders, python(), device(), torch_folder(), *kept, tried=tried_devices()
    )
    engine.configure(configuration, limits())


def tell_limits() -> None:
    """Push other limits into the engine, which goes on meanwhile; the log keeps to its level, too."""
    _writable.clear()
    push()
    set_level(limits().level)


def chosen_engine() -> Engine:
    """Give the engine, as it is chosen now: scripts may have changed the preferences without a word."""
    push()
    return engine.current()


def ask_for_picture(growth: Growth, frame: int, order: Order | None, slot: str) -> Job:
    """Ask for a picture that is to be seen in the window, of whatever grows it as it is chosen now."""
    push()
    return engine.request(growth, frame, order, slot)


def tell_change() -> None:
    """Push a change into the engine, and tell who depends on it."""
    push()
    changed()


def _absolute(path: str) -> Path:
    # While Blender starts, an add-on may not ask for the open file: then there is none yet.
    file = getattr(bpy.data, "filepath", "")
    return Path(bpy.path.abspath(path, start=os.path.dirname(file)))
