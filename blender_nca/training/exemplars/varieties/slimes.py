# SPDX-License-Identifier: GPL-3.0-or-later
"""Slimes: varieties of slime."""

from __future__ import annotations

from typing import Any

SLIME: dict[str, dict[str, Any]] = {
    "Green Slime": {},
    "Alien Resin": {
        "feature": 40.0,
        "strings": 1.0,
        "thick": 3.0,
        "pits": 0.9,
        "bubbles": 0.25,
        "largest": 6.0,
        "specks": 0.2,
        "ooze": ("#08050c", "#1c1226", "#38244a", "#664474", "#b48ab0"),
        "ground": ("#020103", "#0a0610", "#160c1e"),
        "vein": "#ff4fa8",
        "light": 0.7,
        "finish": (0.10, 0.55),
    },
    "Alien Webbing": {
        "feature": 38.0,
        "strings": 0.0,
        "thick": 5.0,
        "pits": 0.8,
        "bubbles": 0.0,
        "specks": 0.0,
        "ooze": ("#14060f", "#3a0f2a", "#7a1f55", "#c04a86", "#f0a0c4"),
        "ground": ("#06030a", "#0d0716", "#180d24"),
        "vein": "#ff4fa8",
        "light": 0.9,
        "finish": (0.10, 0.55),
    },
}
