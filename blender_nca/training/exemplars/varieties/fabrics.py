# SPDX-License-Identifier: GPL-3.0-or-later
"""Fabrics: varieties of cloth."""

from __future__ import annotations

from typing import Any

CLOTH: dict[str, dict[str, Any]] = {
    "Woven Wool": {},
    "Denim": {
        "feature": 36.0,
        "over": 2,
        "fullness": 0.92,
        "fuzz": 0.14,
        "upright": ("#0b1430", "#1c3268", "#34569c", "#6f93cc"),
        "across": ("#6f7480", "#aab0b8", "#d6d8da", "#f4f2ec"),
        "depth": "#060a18",
    },
    "Carbon Fibre": {
        "feature": 52.0,
        "over": 2,
        "under": 2,
        "fullness": 1.0,
        "fuzz": 0.06,
        "twist": 0.0,
        "gloss": 0.9,
        "upright": ("#07080a", "#1e2125", "#3d4249", "#858d97"),
        "across": ("#030304", "#0b0c0e", "#16181b", "#34383d"),
        "depth": "#020203",
    },
    "Cloth of Gold": {
        "feature": 42.0,
        "under": 2,
        "fullness": 0.9,
        "fuzz": 0.07,
        "gloss": 0.7,
        "metal": 1.0,
        "upright": ("#2a0410", "#5e0a22", "#98163a", "#d0486a"),
        "across": ("#5e3a0a", "#b07c1e", "#e8bc4c", "#fff0b0"),
        "depth": "#120208",
    },
}
