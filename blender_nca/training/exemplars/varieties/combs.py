# SPDX-License-Identifier: GPL-3.0-or-later
"""Combs: varieties of honeycomb."""

from __future__ import annotations

from typing import Any

HONEYCOMB: dict[str, dict[str, Any]] = {
    "Honeycomb": {},
    "Hex Tiles": {
        "feature": 40.0,
        "wall": 4.5,
        "filled": 0.42,
        "wobble": 0.15,
        "jitter": 0.0,
        "rounding": 0.9,
        "dome": 0.10,
        "kinds": 0.08,
        "lit": 0.08,
        "gleam": 0.0,
        "wax": ("#8d867c", "#a89f92", "#c2b8a8"),
        "honey": ("#0b2a4a", "#12406a", "#1a5488", "#2668a0"),
        "hollow": ("#dcd8cc", "#efece2", "#faf8f2"),
        "finish": (0.90, 0.12, 0.12),
    },
    "Reactor Hive": {
        "feature": 32.0,
        "wall": 5.0,
        "filled": 0.30,
        "wobble": 0.0,
        "jitter": 0.0,
        "rounding": 0.8,
        "dome": 0.22,
        "lit": 0.25,
        "gleam": 0.0,
        "wax": ("#02171c", "#063c46", "#0a6470"),
        "honey": ("#033a4c", "#067f9c", "#1cd0d0", "#b4fff0"),
        "hollow": ("#4a525c", "#343a44", "#20242c"),
        "finish": (0.50, 0.25, 0.34),
        "metal": (0.2, 0.0, 1.0),
        "light": (0.2, 0.75, 0.0),
    },
    "Pomegranate": {
        "feature": 29.0,
        "wall": 3.4,
        "filled": 0.75,
        "jitter": 3.0,
        "rounding": 3.0,
        "dome": 0.40,
        "kinds": 0.12,
        "lit": 0.50,
        "wax": ("#c98f6a", "#ecc79a", "#fbe9c8"),
        "honey": ("#2d0210", "#7d0620", "#c91638", "#ff8a8c"),
        "hollow": ("#f0707e", "#a80f30", "#5a0418"),
        "finish": (0.60, 0.07, 0.10),
    },
}
