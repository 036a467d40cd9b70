# SPDX-License-Identifier: GPL-3.0-or-later
"""Frosts: varieties of frost and of snow."""

from __future__ import annotations

from typing import Any

FROST: dict[str, dict[str, Any]] = {
    "Frost Ferns": {},
    "Hoarfrost": {
        "feature": 40.0,
        "layers": 2.8,
        "breadth": 0.16,
        "twig": 5.0,
        "slant": 1.05,
        "arms": 6,
        "feathered": 0.5,
        "pane": ("#141c16", "#26332a", "#3d4c40"),
        "ice": ("#7f98a0", "#b2c8cc", "#dceaec", "#ffffff"),
        "finish": (0.55, 0.60),
    },
}

SNOW: dict[str, dict[str, Any]] = {
    "Fresh Snow": {},
    "Wind Crust": {
        "feature": 60.0,
        "drift": 0.5,
        "ripples": 1.0,
        "clods": 0.0,
        "crust": 0.42,
        "sparkle": 0.3,
        "shade": ("#5f82ac", "#90b0d2", "#c0d6e8", "#e6f0f6", "#fbfdff"),
    },
}
