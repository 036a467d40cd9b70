# SPDX-License-Identifier: GPL-3.0-or-later
"""Rendering: whether Blender renders or bakes beside the window. Then it reads images on a thread of its own.

Blender is asked, not counted along with: a render may begin and never end for handlers (no frame could be set up), and
that of a scene strip ends within another one's.
"""

from __future__ import annotations

import bpy


def is_rendering() -> bool:
    """Whether a job of the window renders. One of a script, or without a window, holds the main thread instead."""
    return bpy.app.is_job_running("RENDER") or bpy.app.is_job_running("OBJECT_BAKE")


def is_of_render(depsgraph: bpy.types.Depsgraph | None) -> bool:
    """Whether a handler was called with what a render evaluates; values of the file's data-blocks stay as they were."""
    return depsgraph is not None and depsgraph.mode == "RENDER"
