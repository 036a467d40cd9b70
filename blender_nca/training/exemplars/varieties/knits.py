# SPDX-License-Identifier: GPL-3.0-or-later
"""Knits: varieties of knit."""

from __future__ import annotations

from typing import Any

KNIT: dict[str, dict[str, Any]] = {
    "Knitted Wool": {},
    "Striped Knit": {
        "feature": 22.0,
        "twist": 1.2,
        "fuzz": 0.5,
        "yarn": ("#3a0610", "#7d1020", "#bb2432", "#e2605a", "#f6a894"),
        "stripes": (("#7d705c", "#b9ab92", "#e0d5be", "#f6efe0", "#fffcf4"),),
        "stripe": 2,
        "depth": "#12060a",
    },
}
