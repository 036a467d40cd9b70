# SPDX-License-Identifier: GPL-3.0-or-later
"""Paints: varieties of paint."""

from __future__ import annotations

from typing import Any

PAINT: dict[str, dict[str, Any]] = {
    "Yellow Machine Paint": {},
    "Ship Hull": {
        "feature": 54.0,
        "bare": 0.20,
        "primed": 0.22,
        "flake": 18.0,
        "crisp": 0.25,
        "curl": 0.5,
        "blisters": 1.0,
        "runs": 1.0,
        "coat": ("#10222e", "#1c3a4c", "#2d566c", "#50819a"),
        "primer": ("#6a1e14", "#93301f", "#b5503a"),
        "worn": 0.05,
        "finish": (0.48, 0.94),
    },
    "Army Green": {
        "feature": 46.0,
        "bare": 0.16,
        "primed": 0.14,
        "flake": 9.0,
        "crisp": 0.85,
        "curl": 0.35,
        "blisters": 0.1,
        "runs": 0.35,
        "scratched": 1.0,
        "coat": ("#22281a", "#3a4429", "#56613c", "#7c8758"),
        "primer": ("#5f5a4c", "#857f6c", "#a8a28e"),
        "oxide": ("#17100c", "#35221a", "#5f3a26", "#8a5a38", "#b5835a"),
        "worn": 0.62,
        "finish": (0.66, 0.80),
    },
}
