# SPDX-License-Identifier: GPL-3.0-or-later
"""Preferences: what the artist chose of Python, device and folders, pushed into the engine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import bpy

from .. import engine
from ..host.extension import BUNDLED_MODELS, PACKAGE, user_folder
from ..host.hook import Hook

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
        package_index: str
        model_folders: bpy.types.bpy_prop_collection_idprop[ModelFolder]


changed = Hook()
"""Called when another device, Python or folder was chosen."""


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


def push() -> None:
    """Tell the engine what is chosen now."""
    folders = tuple(model_folders())
    kept = earlier_models(), learned_species()
    engine.configure(engine.Configuration(folders, python(), device(), torch_folder(), *kept))


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
