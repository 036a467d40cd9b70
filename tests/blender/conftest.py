# SPDX-License-Identifier: GPL-3.0-or-later
"""A Blender for the tests: the add-on enabled as an extension, and a clean file for each test."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import bpy
import pytest

from scripts import checkout


class NeuralGrowth:
    """The enabled add-on.

    Attributes
    ----------
    package
        Its name in Blender: the key in ``preferences.addons``, and what ``extension_path_user`` takes.
    user_folder
        The add-on's own folder in this run, as ``bpy.utils.extension_path_user`` names it. It may be missing.
    """

    package = checkout.PACKAGE

    @property
    def user_folder(self) -> Path:
        return Path(bpy.utils.extension_path_user(self.package))

    @property
    def preferences(self) -> bpy.types.AddonPreferences | None:
        """The add-on's preferences."""
        return bpy.context.preferences.addons[self.package].preferences

    def module(self, name: str) -> ModuleType:
        """A module of the add-on as Blender runs it.

        Parameters
        ----------
        name
            Below the package ``blender_nca``, such as ``"addon.growths"``.

        Notes
        -----
        ``import blender_nca.addon.growths`` would be a second copy, whose classes Blender doesn't know.
        """
        return importlib.import_module(f"{self.package}.blender_nca.{name}")

    def enable(self) -> None:
        """Enable it, as the check box in Blender's preferences does; an error in ``register`` is raised."""
        checkout.enable()

    def disable(self) -> None:
        """Disable it, as the check box does."""
        checkout.disable()


def open_clean_file() -> None:
    """Open an empty file from factory startup; the preferences stay as they are."""
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)


@pytest.fixture(scope="session")
def enabled_neural_growth() -> Iterator[NeuralGrowth]:
    """The add-on, enabled once for the whole run out of this checkout."""
    checkout.offer(Path(os.environ["BLENDER_USER_RESOURCES"]))
    neural_growth = NeuralGrowth()
    neural_growth.enable()
    yield neural_growth
    neural_growth.disable()


@pytest.fixture
def neural_growth(enabled_neural_growth: NeuralGrowth) -> NeuralGrowth:
    """The enabled add-on and a clean, empty file."""
    open_clean_file()
    return enabled_neural_growth


@pytest.fixture
def clean_file() -> None:
    """A clean, empty file for a test that doesn't need the add-on."""
    open_clean_file()
