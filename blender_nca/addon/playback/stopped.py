# SPDX-License-Identifier: GPL-3.0-or-later
"""Stopped: whether the artist has ended the render that still goes on."""

from __future__ import annotations

from ..host.rendering import is_rendering

_stopped = False


def is_stopped() -> bool:
    """Whether the render that goes on needs no picture any more."""
    return _stopped and is_rendering()


def stop() -> None:
    """The artist ends the render, where there is one."""
    global _stopped
    _stopped = is_rendering()


def forget() -> None:
    """Another render begins."""
    global _stopped
    _stopped = False
