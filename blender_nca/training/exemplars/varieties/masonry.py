# SPDX-License-Identifier: GPL-3.0-or-later
"""Masonry: varieties of masonry."""

from __future__ import annotations

from typing import Any

_ASHLAR: dict[str, Any] = {
    "feature": 64.0,
    "aspect": 0.5,
    "joint": 3.5,
    "uneven": 0.16,
    "rounding": 3.5,
    "dome": 0.1,
    "share": 0.3,
    "bloom": 0.0,
}
"""Courses of hewn stone."""
_SETTS: dict[str, Any] = {
    "aspect": 0.86,
    "joint": 6.5,
    "uneven": 0.09,
    "rounding": 6.5,
    "dome": 0.34,
    "worn": 0.9,
    "streaks": 0.0,
    "kinds": 0.2,
    "share": 0.3,
    "bloom": 0.0,
}
"""Rows of small domed stones."""

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
        **_ASHLAR,
        "worn": 1.3,
        "pitted": 0.5,
        "tooled": 1.0,
        "streaks": 1.2,
        "kinds": 0.14,
        "brick": ("#6e5232", "#a5824f", "#cba870", "#e3c793", "#f3e0b6"),
        "second": ("#6b4433", "#a0704e", "#c99a6f", "#e2bd92"),
        "mortar": ("#4a4136", "#7a6d5a", "#a89a82"),
    },
    "Granite Setts": {
        **_SETTS,
        "feature": 36.0,
        "pitted": 0.7,
        "brick": ("#2c3036", "#4c5259", "#737a81", "#9da2a5", "#c6c8c6"),
        "second": ("#3b322e", "#665750", "#8f7e75", "#b8aaa0"),
        "mortar": ("#14130f", "#2b2820", "#474235"),
        "moss": 0.85,
        "finish": (0.98, 0.58),
    },
    "Stock Brick": {
        "worn": 1.3,
        "bloom": 0.06,
        "brick": ("#5f4a26", "#93793f", "#bd9f5c", "#dcc384", "#efe0b4"),
        "second": ("#2c2722", "#4f453a", "#75674f", "#97876a"),
        "share": 0.22,
        "mortar": ("#6f6a60", "#a09a8c", "#c9c3b4"),
    },
    "Blue Brick": {
        "joint": 4.6,
        "worn": 0.5,
        "pitted": 0.5,
        "streaks": 0.7,
        "kinds": 0.13,
        "brick": ("#14171e", "#262c37", "#3b4453", "#566073", "#7c8698"),
        "second": ("#1d151c", "#382a36", "#554353", "#746072"),
        "share": 0.3,
        "mortar": ("#79756c", "#a8a398", "#cdc8bc"),
        "bloom": 0.04,
        "finish": (0.92, 0.46),
    },
    "White Brick": {
        "joint": 5.0,
        "worn": 1.2,
        "pitted": 0.8,
        "kinds": 0.08,
        "brick": ("#8e8c86", "#bdbbb4", "#dddbd4", "#f0eee8", "#fbfaf6"),
        "second": ("#8a8272", "#b9b09d", "#d8d0be", "#ece5d6"),
        "mortar": ("#55524c", "#807c73", "#a8a398"),
        "bloom": 0.0,
        "finish": (0.94, 0.55),
    },
    "Limestone Ashlar": {
        **_ASHLAR,
        "worn": 1.1,
        "pitted": 0.8,
        "tooled": 0.8,
        "streaks": 0.8,
        "kinds": 0.10,
        "brick": ("#6f6c66", "#a09c93", "#c6c2b7", "#dfdbd0", "#f0ede4"),
        "second": ("#6d6455", "#9c927f", "#c1b7a3", "#dbd2c0"),
        "mortar": ("#4b4842", "#77736a", "#a29d92"),
    },
    "Porphyry Setts": {
        **_SETTS,
        "feature": 42.0,
        "pitted": 0.5,
        "brick": ("#3a1f1c", "#6b3c35", "#98604f", "#bd8a73", "#dcb49b"),
        "second": ("#2f2c30", "#534e53", "#7c7578", "#a49b9b"),
        "mortar": ("#2e2920", "#544c3e", "#7d7361"),
        "finish": (0.98, 0.55),
    },
    "Basalt Setts": {
        **_SETTS,
        "feature": 36.0,
        "pitted": 0.7,
        "brick": ("#090a0c", "#16181b", "#262a2e", "#3b4045", "#5a6066"),
        "second": ("#1a1513", "#332b28", "#4f4540", "#70645d"),
        "mortar": ("#4a4234", "#756a55", "#9f937a"),
        "moss": 0.85,
        "greens": ("#6d6238", "#a6985a", "#d8cc8c"),
        "finish": (0.98, 0.58),
    },
}
