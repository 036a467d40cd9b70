# SPDX-License-Identifier: GPL-3.0-or-later
"""Paints: varieties of paint."""

from __future__ import annotations

from typing import Any

_HULL: dict[str, Any] = {
    "feature": 54.0,
    "flake": 18.0,
    "crisp": 0.25,
    "curl": 0.5,
    "blisters": 1.0,
    "runs": 1.0,
    "worn": 0.05,
    "primer": ("#6a1e14", "#93301f", "#b5503a"),
}
"""Paint that blisters and runs with rust."""
_VEHICLE: dict[str, Any] = {
    "feature": 46.0,
    "bare": 0.16,
    "primed": 0.14,
    "flake": 9.0,
    "crisp": 0.85,
    "curl": 0.35,
    "blisters": 0.1,
    "runs": 0.35,
    "scratched": 1.0,
    "oxide": ("#17100c", "#35221a", "#5f3a26", "#8a5a38", "#b5835a"),
}
"""Paint that is chipped and scratched."""

PAINT: dict[str, dict[str, Any]] = {
    "Yellow Machine Paint": {},
    "Ship Hull": {
        **_HULL,
        "bare": 0.20,
        "primed": 0.22,
        "coat": ("#10222e", "#1c3a4c", "#2d566c", "#50819a"),
        "finish": (0.48, 0.94),
    },
    "Army Green": {
        **_VEHICLE,
        "coat": ("#22281a", "#3a4429", "#56613c", "#7c8758"),
        "primer": ("#5f5a4c", "#857f6c", "#a8a28e"),
        "worn": 0.62,
        "finish": (0.66, 0.80),
    },
    "Red Machine Paint": {
        "coat": ("#4e0d0b", "#851713", "#b5261d", "#d65a45"),
        "primer": ("#5b5952", "#7e7b72", "#a19d92"),
    },
    "Blue Machine Paint": {
        "feature": 58.0,
        "bare": 0.20,
        "primed": 0.14,
        "coat": ("#0d2f66", "#18509c", "#2f78c6", "#77abdf"),
        "primer": ("#8b8878", "#aba896", "#cbc8b8"),
    },
    "White Hull": {
        **_HULL,
        "bare": 0.18,
        "primed": 0.20,
        "coat": ("#84847e", "#b9b9b2", "#dddcd4", "#f6f5ee"),
        "finish": (0.44, 0.94),
    },
    "Desert Tan": {
        **_VEHICLE,
        "coat": ("#6b5233", "#93754c", "#b5966a", "#d4ba92"),
        "primer": ("#3f4434", "#5d634e", "#7e846b"),
        "worn": 0.55,
        "finish": (0.70, 0.82),
    },
    "Green Machine Paint": {
        "coat": ("#0c3a24", "#166a41", "#2c9a63", "#7cc9a0"),
        "primer": ("#6b6458", "#8e8676", "#b0a896"),
    },
}
