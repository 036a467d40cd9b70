# SPDX-License-Identifier: GPL-3.0-or-later
"""Bake error: why there is no bake."""

from __future__ import annotations


class BakeError(Exception):
    """A bake that cannot be; the message is for the artist."""


class TakenError(BakeError):
    """The bake would replace files that somebody else shows; it begins where that is wanted."""
