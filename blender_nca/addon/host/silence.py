# SPDX-License-Identifier: GPL-3.0-or-later
"""Silence: frames of the scene are gone through without the add-on's own handlers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import bpy


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """The add-on's own handlers are not called: a growth need not be grown for each frame that is looked at."""
    ours = __name__.split(".addon.")[0]
    lists: list[Any] = [bpy.app.handlers.frame_change_pre, bpy.app.handlers.frame_change_post]
    lists += [bpy.app.handlers.depsgraph_update_pre, bpy.app.handlers.depsgraph_update_post]
    before = [list(each) for each in lists]
    try:
        for each in lists:
            each[:] = [function for function in each if not function.__module__.startswith(ours)]
        yield
    finally:
        for each, functions in zip(lists, before, strict=True):
            each[:] = functions
