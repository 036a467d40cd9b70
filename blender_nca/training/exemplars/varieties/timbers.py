# SPDX-License-Identifier: GPL-3.0-or-later
"""Timbers: varieties of timber."""

from __future__ import annotations

from typing import Any

TIMBER: dict[str, dict[str, Any]] = {
    "Oak": {},
    "Walnut": {
        "feature": 15.0,
        "figure": 2.2,
        "late": 0.7,
        "pores": 0.8,
        "rays": 0.0,
        "wood": ("#1e0f09", "#3d2114", "#5f3a25", "#80543a", "#a37a57"),
        "pore": "#120806",
        "finish": (0.26, 0.40),
    },
    "Knotty Pine": {
        "feature": 13.0,
        "figure": 0.9,
        "late": 0.85,
        "pores": 0.0,
        "rays": 0.0,
        "knots": 0.6,
        "relief": 0.06,
        "wood": ("#8a4a1a", "#c07c36", "#dfab64", "#efcd90", "#f8e4ba"),
        "pore": "#5a2a10",
        "finish": (0.42, 0.56),
    },
    "Weathered Boards": {
        "feature": 11.0,
        "figure": 1.2,
        "late": 0.5,
        "pores": 0.4,
        "rays": 0.0,
        "knots": 0.35,
        "boards": 43.0,
        "gap": 4.0,
        "checks": 1.0,
        "relief": 0.17,
        "kinds": 0.14,
        "wood": ("#3a3632", "#625d56", "#8b857c", "#b0aba1", "#d2cec4"),
        "pore": "#15110e",
        "finish": (0.88, 0.95),
    },
}
