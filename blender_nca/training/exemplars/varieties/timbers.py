# SPDX-License-Identifier: GPL-3.0-or-later
"""Timbers: varieties of timber."""

from __future__ import annotations

from typing import Any

_WALNUT: dict[str, Any] = {"feature": 15.0, "figure": 2.2, "late": 0.7, "pores": 0.8, "rays": 0.0}
"""The figure that woods share with walnut."""
_BOARDS: dict[str, Any] = {
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
}
"""Boards as they are sawn and weathered."""

TIMBER: dict[str, dict[str, Any]] = {
    "Oak": {},
    "Walnut": {
        **_WALNUT,
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
        **_BOARDS,
        "wood": ("#3a3632", "#625d56", "#8b857c", "#b0aba1", "#d2cec4"),
        "pore": "#15110e",
        "finish": (0.88, 0.95),
    },
    "Cherry": {
        **_WALNUT,
        "wood": ("#4f1f0e", "#84401f", "#ae6238", "#cb885a", "#e2b089"),
        "pore": "#431a0c",
        "finish": (0.28, 0.40),
    },
    "Ebony": {
        **_WALNUT,
        "wood": ("#070504", "#14100d", "#261e19", "#3d3129", "#5f4f42"),
        "pore": "#030202",
        "finish": (0.20, 0.32),
    },
    "Ash": {
        **_WALNUT,
        "wood": ("#8f6f48", "#b9976a", "#d8bd92", "#ead7b4", "#f5e9d2"),
        "pore": "#7a5c3a",
        "finish": (0.42, 0.60),
    },
    "Mahogany": {
        **_WALNUT,
        "wood": ("#2c0c07", "#561b10", "#7f2f1c", "#a34a2e", "#c47049"),
        "pore": "#1e0705",
        "finish": (0.24, 0.40),
    },
    "Charred Boards": {
        **_BOARDS,
        "late": 0.6,
        "relief": 0.20,
        "kinds": 0.10,
        "wood": ("#08090a", "#141517", "#25272a", "#3d4044", "#63676c"),
        "pore": "#020202",
        "finish": (0.62, 0.85),
    },
    "Larch Boards": {
        **_BOARDS,
        "figure": 1.3,
        "late": 0.75,
        "pores": 0.2,
        "knots": 0.4,
        "gap": 3.5,
        "checks": 0.6,
        "relief": 0.12,
        "kinds": 0.12,
        "wood": ("#6a3415", "#9c5a29", "#c68747", "#e0b073", "#f0d3a4"),
        "pore": "#3a1b0a",
        "finish": (0.60, 0.78),
    },
    "Sea-Green Boards": {
        **_BOARDS,
        "late": 0.6,
        "pores": 0.3,
        "knots": 0.3,
        "checks": 0.8,
        "relief": 0.15,
        "wood": ("#6b5d4a", "#3f6a68", "#5b918c", "#86b5ac", "#b9d6cc"),
        "pore": "#171310",
        "finish": (0.60, 0.80),
    },
    "Barn Boards": {
        **_BOARDS,
        "wood": ("#33150f", "#6a2218", "#943426", "#b4543f", "#c98a72"),
        "pore": "#150a08",
        "finish": (0.80, 0.92),
    },
}
