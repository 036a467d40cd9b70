# SPDX-License-Identifier: GPL-3.0-or-later
"""This checkout as an extension of the Blender that runs here as a Python module."""

from __future__ import annotations

import shutil
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
EXTENSION = "blender_nca"
EXTENSION_REPOSITORY = "checkout"
PACKAGE = f"bl_ext.{EXTENSION_REPOSITORY}.{EXTENSION}"
"""The add-on's name in Blender: the key in ``preferences.addons``, and what ``extension_path_user`` takes."""


def offer(resources: Path) -> None:
    """Make a local extension repository that holds this checkout.

    Parameters
    ----------
    resources
        Where Blender keeps the user's files in this run: set ``BLENDER_USER_RESOURCES`` to it before Blender is
        imported, or it is somebody's own preferences that are changed.
    """
    import bpy

    extensions = Path(resources) / EXTENSION_REPOSITORY
    extensions.mkdir(exist_ok=True)
    try:
        (extensions / EXTENSION).symlink_to(REPOSITORY, target_is_directory=True)
    except FileExistsError:  # another Blender of the same settings has made it
        pass
    except OSError:  # Windows gives this right to administrators and developers only
        shutil.copytree(
            REPOSITORY,
            extensions / EXTENSION,
            ignore=shutil.ignore_patterns(".*", "__pycache__", "tests", "dist", "out", "demo"),
        )
    bpy.context.preferences.extensions.repos.new(
        name="Checkout", module=EXTENSION_REPOSITORY, custom_directory=str(extensions), source="USER"
    )


def enable() -> None:
    """Enable the add-on, as the check box in Blender's preferences does; an error in ``register`` is raised."""
    import addon_utils

    def handle_error(error: BaseException) -> None:
        raise error

    addon_utils.enable(PACKAGE, default_set=True, handle_error=handle_error)


def disable() -> None:
    """Disable it, as the check box does."""
    import addon_utils

    addon_utils.disable(PACKAGE, default_set=True)
