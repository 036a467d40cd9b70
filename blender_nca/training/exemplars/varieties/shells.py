# SPDX-License-Identifier: GPL-3.0-or-later
"""Shells: varieties of shells."""

from __future__ import annotations

from typing import Any

SHELLS: dict[str, dict[str, Any]] = {
    "Mussel Bed": {},
    "Oyster Bed": {
        "feature": 54.0,
        "layers": 4.4,
        "breadth": 0.40,
        "tip": 0.35,
        "growth": 0.4,
        "frilled": 1.0,
        "lined": 0.15,
        "swell": 0.26,
        "shell": ("#3a3a38", "#6a675f", "#9a958a", "#c6c0b2", "#ebe6da"),
        "second": ("#3c3436", "#6b5c58", "#968680", "#bcb0a8", "#e0d8ce"),
        "share": 0.35,
        "worn": "#d8cfc0",
        "wear": 0.3,
        "barnacles": 0.12,
        "finish": (0.52, 0.74),
    },
}
