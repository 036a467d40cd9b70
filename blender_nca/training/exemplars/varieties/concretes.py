# SPDX-License-Identifier: GPL-3.0-or-later
"""Concretes: varieties of concrete."""

from __future__ import annotations

from typing import Any

_CRAZED: dict[str, Any] = {
    "feature": 36.0,
    "crack": 4.8,
    "hairline": 0.0,
    "wander": 1.5,
    "missing": 0.0,
    "spalled": 0.0,
    "voids": 0.0,
}
"""Cracks that close around each piece."""
CONCRETE: dict[str, dict[str, Any]] = {
    "Cracked Concrete": {},
    "Old Asphalt": {
        "feature": 56.0,
        "crack": 3.2,
        "hairline": 0.9,
        "missing": 0.25,
        "spalled": 0.2,
        "pebble": 8.0,
        "exposed": 0.86,
        "bare": 0.55,
        "voids": 0.0,
        "stained": 0.4,
        "cement": ("#1c1c1f", "#2c2d31", "#3e4044", "#56585c"),
        "pebbles": ("#4a4c50", "#6b6d70", "#5a5856", "#8a8a88", "#a9a69e", "#74706a"),
        "stain": ("#0c0c0d", "#1a1a1c"),
        "depth": ("#050505", "#111112", "#1e1e20"),
        "relief": 0.26,
        "finish": (0.92, 0.72, 0.60),
    },
    "Washed Pebbles": {
        "feature": 70.0,
        "crack": 0.0,
        "hairline": 0.0,
        "spalled": 0.0,
        "pebble": 19.0,
        "exposed": 0.995,
        "bare": 0.0,
        "rugged": 0.0,
        "voids": 0.0,
        "stained": 0.0,
        "cement": ("#4a453e", "#6d675d", "#8d867a", "#aaa396"),
        "pebbles": ("#6b5a4a", "#b7a58c", "#8d8f90", "#4f5356", "#d8cdb8", "#94745e", "#c9c9c4"),
        "relief": 0.52,
        "finish": (0.94, 0.36, 0.6),
    },
    "Alligatored Asphalt": {
        **_CRAZED,
        "pebble": 7.0,
        "exposed": 0.9,
        "bare": 0.35,
        "rugged": 0.6,
        "stained": 0.2,
        "cement": ("#3c3d40", "#4e4f53", "#626468", "#7a7c80"),
        "pebbles": ("#5c5e62", "#74767a", "#66645f", "#868684", "#7e7a72"),
        "stain": ("#0c0c0d", "#1a1a1c"),
        "depth": ("#050505", "#0b0b0c", "#141416"),
        "relief": 0.12,
        "finish": (0.92, 0.72, 0.60),
    },
    "Crazed Concrete": {**_CRAZED, "exposed": 0.0, "stained": 0.5},
}
