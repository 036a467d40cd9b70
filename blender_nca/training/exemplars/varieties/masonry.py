# SPDX-License-Identifier: GPL-3.0-or-later
"""Masonry: varieties of masonry."""

from __future__ import annotations

from typing import Any

MASONRY: dict[str, dict[str, Any]] = {
    "Red Brick": {},
    "Limewashed Brick": {
        "feature": 60.0,
        "washed": 0.66,
        "worn": 1.4,
        "bloom": 0.3,
        "brick": ("#5a3324", "#8d5238", "#b5714e", "#d59a72"),
        "mortar": ("#8d8678", "#bdb5a5", "#ddd6c8"),
    },
    "Sandstone Ashlar": {
        "feature": 64.0,
        "aspect": 0.5,
        "joint": 3.5,
        "uneven": 0.16,
        "rounding": 3.5,
        "dome": 0.10,
        "worn": 1.3,
        "pitted": 0.5,
        "tooled": 1.0,
        "streaks": 1.2,
        "kinds": 0.14,
        "brick": ("#6e5232", "#a5824f", "#cba870", "#e3c793", "#f3e0b6"),
        "second": ("#6b4433", "#a0704e", "#c99a6f", "#e2bd92"),
        "share": 0.3,
        "mortar": ("#4a4136", "#7a6d5a", "#a89a82"),
        "bloom": 0.0,
    },
    "Granite Setts": {
        "feature": 36.0,
        "aspect": 0.86,
        "joint": 6.5,
        "uneven": 0.09,
        "rounding": 6.5,
        "dome": 0.34,
        "worn": 0.9,
        "pitted": 0.7,
        "streaks": 0.0,
        "kinds": 0.20,
        "brick": ("#2c3036", "#4c5259", "#737a81", "#9da2a5", "#c6c8c6"),
        "second": ("#3b322e", "#665750", "#8f7e75", "#b8aaa0"),
        "share": 0.3,
        "mortar": ("#14130f", "#2b2820", "#474235"),
        "bloom": 0.0,
        "moss": 0.85,
        "finish": (0.98, 0.58),
    },
}
