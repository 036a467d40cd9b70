# SPDX-License-Identifier: GPL-3.0-or-later
"""Furs: varieties of fur."""

from __future__ import annotations

from typing import Any

FUR: dict[str, dict[str, Any]] = {
    "Fox Fur": {},
    "Wolf Fur": {
        "feature": 54.0,
        "breadth": 0.11,
        "kinds": 0.16,
        "hair": ("#14120f", "#3d372f", "#8a8174", "#c9c1b2", "#e6e0d4"),
        "tip": "#15120f",
        "tipped": 1.0,
        "guard": 1.0,
    },
    "Calico Fur": {
        "feature": 36.0,
        "breadth": 0.13,
        "swirl": 0.45,
        "hair": ("#7d6c58", "#b9a88f", "#e2d6c2", "#f6efe2", "#fffaf2"),
        "patches": ("#0d0806", "#1f130d", "#38241a", "#57402f", "#7d6650"),
        "share": 0.38,
        "guard": 0.4,
    },
}
