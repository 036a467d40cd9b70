# SPDX-License-Identifier: GPL-3.0-or-later
"""Meadows: varieties of grass."""

from __future__ import annotations

from typing import Any

GRASS: dict[str, dict[str, Any]] = {
    "Meadow Grass": {},
    "Straw": {
        "feature": 58.0,
        "width": 4.6,
        "layers": 3.4,
        "bend": 0.25,
        "pointed": 0.0,
        "ribbed": 0.4,
        "kinds": 0.20,
        "green": ("#4c3510", "#8a6622", "#c49a3e", "#e8c870", "#fbeab0"),
        "dry": ("#5a4a28", "#94804c", "#c9b47a", "#efe0ae"),
        "dryness": 0.3,
        "soil": ("#140d05", "#2a1c0b", "#453013"),
        "finish": (0.70, 0.42),
    },
    "Pine Needles": {
        "feature": 44.0,
        "width": 2.9,
        "layers": 2.8,
        "bend": 0.4,
        "pointed": 0.5,
        "ribbed": 0.3,
        "kinds": 0.18,
        "green": ("#1c0b06", "#47200f", "#7c4018", "#b06a2c", "#dba05a"),
        "dry": ("#1d1c0c", "#3c401a", "#64702e", "#98a250"),
        "dryness": 0.16,
        "soil": ("#0b0705", "#1a110b", "#2f2115"),
        "finish": (0.82, 0.55),
    },
}
