# SPDX-License-Identifier: GPL-3.0-or-later
"""Rendering: whether Blender renders now. Then it reads the live images on a thread of its own."""

from __future__ import annotations

_rendering = _stopped = False


def is_rendering() -> bool:
    """Whether a render was begun and has not ended."""
    return _rendering


def is_stopped() -> bool:
    """Whether the artist has ended the render, which is not over yet: it needs no picture any more."""
    return _stopped


def begin() -> None:
    """A render begins."""
    global _rendering, _stopped
    _rendering, _stopped = True, False


def stop() -> None:
    """The artist ends the render, where there is one."""
    global _stopped
    _stopped = _rendering


def end() -> None:
    """It is over, or was never seen to end."""
    global _rendering, _stopped
    _rendering = _stopped = False
