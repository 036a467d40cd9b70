# SPDX-License-Identifier: GPL-3.0-or-later
"""Crystals: varieties of crystal."""

from __future__ import annotations

from typing import Any

CRYSTAL: dict[str, dict[str, Any]] = {
    "Amethyst": {},
    "Reactor Crystal": {
        "feature": 46.0,
        "lean": 0.6,
        "sides": 5,
        "glow": 1.0,
        "stone": ("#020a14", "#05304a", "#0a86a8", "#3fe6e0", "#dcfff4"),
    },
    "Pyrite": {
        "feature": 34.0,
        "sides": 4,
        "lean": 0.25,
        "table": 0.42,
        "metal": 1.0,
        "stone": ("#1f1608", "#5c431a", "#a8833a", "#dcbf6a", "#fbeeb4"),
    },
    "Rose Quartz": {
        "feature": 54.0,
        "sides": 7,
        "lean": 0.5,
        "table": 0.22,
        "stone": ("#6a2f45", "#b3667e", "#e0a0ae", "#f6cfd2", "#fff3f0"),
    },
}
