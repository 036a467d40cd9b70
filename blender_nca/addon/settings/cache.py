# SPDX-License-Identifier: GPL-3.0-or-later
"""Cache: how large what is kept on the disk is, looked at now and then as it is drawn."""

from __future__ import annotations

import time

from . import preferences

LOOK_SECONDS = 2.0
"""Between two looks."""

_size, _looked = 0, float("-inf")


def size() -> int:
    """Bytes of the states that are kept."""
    from ...engine.cache_folder import size_of_cache

    global _size, _looked
    if time.monotonic() > _looked + LOOK_SECONDS:
        folder = preferences.cache_folder()
        _size, _looked = size_of_cache(folder) if folder else 0, time.monotonic()
    return _size


def look_again() -> None:
    """It was changed."""
    global _looked
    _looked = float("-inf")
