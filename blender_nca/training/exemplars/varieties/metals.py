# SPDX-License-Identifier: GPL-3.0-or-later
"""Metals: varieties of rust."""

from __future__ import annotations

from typing import Any

RUST: dict[str, dict[str, Any]] = {
    "Rust": {},
    "Verdigris": {
        "feature": 46.0,
        "amount": 0.62,
        "stretch": (1.7, 0.85),
        "ragged": 0.5,
        "steel": ("#8a4a2c", "#b86a41", "#dc9566"),
        "oxide": ("#20463f", "#2f7d6d", "#4fb39a", "#86d6bd", "#cdeedd"),
        "scabby": 0.6,
        "mottle": 0.06,
        "brushed": 0.5,
        "pitted": 0.6,
        "finish": (0.22, 0.82),
    },
    "Flaking Paint": {
        "feature": 66.0,
        "amount": 0.66,
        "ragged": 0.42,
        "edge": (-0.02, 0.06),
        "steel": ("#2b130b", "#63301a", "#a15a2c"),
        "oxide": ("#d6d2bd", "#2b7f93", "#1f7187", "#1c6a80", "#175b70"),
        "mottle": 0.22,
        "brushed": 0.0,
        "stained": 0.0,
        "pitted": 0.0,
        "scabby": 0.15,
        "curl": 0.22,
        "finish": (0.85, 0.30),
        "metal": 0.25,
    },
    "Gilded Slate": {
        "feature": 44.0,
        "amount": 0.70,
        "stretch": (0.6, 2.4),
        "ragged": 0.55,
        "edge": (-0.02, 0.10),
        "steel": ("#a8701c", "#e0ac3f", "#ffe08c"),
        "oxide": ("#0e1114", "#1c2329", "#2c363e", "#414e58", "#66757e"),
        "mottle": 0.05,
        "brushed": 0.0,
        "stained": 0.0,
        "scabby": 1.3,
        "pitted": 0.0,
        "finish": (0.18, 0.72),
    },
}
