# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the description of a growth."""

from __future__ import annotations


class GrowthError(ValueError):
    """A growth that cannot be grown; the message says what to change."""
