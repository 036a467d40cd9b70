# SPDX-License-Identifier: GPL-3.0-or-later
"""File: a .blend file that is baked in a Python which has Blender as a module."""

from __future__ import annotations

import sys
from types import ModuleType

import bpy

from ...baking.command import BAD_ARGUMENTS
from . import command


def bake_file(file: str, arguments: list[str], addon: ModuleType, name: str) -> int:
    """Bake the growths of a .blend file, as the command does in Blender.

    Parameters
    ----------
    file : str
    arguments : list of str
        The command's.
    addon : module
        The add-on, which is registered for as long as that takes.
    name : str
        Of the program, for what it says.

    Returns
    -------
    int
        The exit status.
    """
    bpy.ops.wm.read_factory_settings(use_empty=True)
    addon.register()
    try:
        bpy.ops.wm.open_mainfile(filepath=file)
        return command.run(arguments)
    except RuntimeError as error:  # what Blender says of a file that is none
        print(f"{name}: {str(error).strip()}", file=sys.stderr)
        return BAD_ARGUMENTS
    finally:
        addon.unregister()
