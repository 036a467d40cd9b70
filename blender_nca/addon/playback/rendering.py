# SPDX-License-Identifier: GPL-3.0-or-later
"""Rendering: whether Blender renders now. Then it reads the live images on a thread of its own."""

from __future__ import annotations

_rendering = False


def is_rendering() -> bool:
    """Whether a render was begun and has not ended."""
    return _rendering


def begin() -> None:
    """A render begins."""
    global _rendering
    _rendering = True


def end() -> None:
    """It is over, or was never seen to end."""
    global _rendering
    _rendering = False
