# SPDX-License-Identifier: GPL-3.0-or-later
"""Graphics: growths on the card that Blender draws on, whoever made it, without PyTorch."""

from __future__ import annotations


def register() -> None:
    """Starts nothing: a card is opened when somebody asks."""


def unregister() -> None:
    """Nothing is left."""
