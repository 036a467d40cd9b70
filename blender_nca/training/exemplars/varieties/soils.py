# SPDX-License-Identifier: GPL-3.0-or-later
"""Soils: varieties of mud."""

from __future__ import annotations

from typing import Any

MUD: dict[str, dict[str, Any]] = {
    "Cracked Mud": {},
    "Red Clay": {
        "feature": 68.0,
        "crack": 9.0,
        "fine": 1.8,
        "clay": ("#6e2413", "#a03e20", "#c8633a", "#e39468"),
        "depth": ("#140403", "#2e0c06", "#541b0e"),
        "rim": "#f3bd94",
    },
    "Salt Flat": {
        "feature": 50.0,
        "crack": 4.5,
        "fine": 2.0,
        "curl": 1.0,
        "clay": ("#9a8779", "#bba998", "#d3c5b5", "#ece4d8"),
        "depth": ("#33231f", "#55403a", "#7d6558"),
        "rim": "#ffffff",
    },
    "River Silt": {
        "feature": 44.0,
        "crack": 6.0,
        "fine": 3.2,
        "curl": 0.4,
        "gloss": 0.8,
        "clay": ("#2c3234", "#4b5453", "#6e7872", "#98a195"),
        "depth": ("#050607", "#0e1113", "#1d2224"),
        "rim": "#b4bbac",
    },
}
