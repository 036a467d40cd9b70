# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a mesh that a growth is to live on."""

from __future__ import annotations


class SurfaceError(ValueError):
    """A surface that nothing can grow on; the message says what to change."""
