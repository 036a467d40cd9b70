# SPDX-License-Identifier: GPL-3.0-or-later
"""Corals: varieties of coral."""

from __future__ import annotations

from typing import Any

CORAL: dict[str, dict[str, Any]] = {
    "Coral": {},
    "Brain Coral": {
        "feature": 38.0,
        "spots": 0.05,
        "width": 0.4,
        "grooved": 1.5,
        "colours": ("#12332b", "#2f6b4f", "#7f9f5c", "#cdbf7f", "#f3e6bd"),
        "finish": (0.55, 0.62),
    },
    "Star Coral": {
        "feature": 34.0,
        "dots": 0.85,
        "drive": 0.1,
        "width": 0.1,
        "grooved": 1.8,
        "colours": ("#120a3c", "#3d2190", "#7d4bc4", "#c98be0", "#ffe3f4"),
        "finish": (0.25, 0.55),
    },
    "Neon Reef": {
        "feature": 24.0,
        "spots": 0.10,
        "width": -0.45,
        "grooved": 0.0,
        "colours": ("#05061f", "#0c1a5c", "#0a5fb0", "#12c4c8", "#a4ffc4"),
        "finish": (0.30, 0.30),
        "light": 0.9,
    },
}
