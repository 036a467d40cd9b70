# SPDX-License-Identifier: GPL-3.0-or-later
"""Woods: varieties of bark."""

from __future__ import annotations

from typing import Any

BARK: dict[str, dict[str, Any]] = {
    "Oak Bark": {},
    "Pine Bark": {
        "feature": 46.0,
        "length": 1.9,
        "furrow": 7.5,
        "splits": 0.35,
        "plate": ("#4a1f12", "#8c4526", "#c07a4e", "#e3b48c"),
        "deep": ("#0d0403", "#220c07", "#401a0f"),
    },
    "Birch Bark": {
        "feature": 56.0,
        "length": 2.4,
        "furrow": 11.0,
        "ragged": 0.7,
        "splits": 0.0,
        "dashes": 0.65,
        "plate": ("#8d7f70", "#cfc6b8", "#ece6da", "#fbf8f1"),
        "deep": ("#070606", "#17130f", "#3b3027"),
    },
    "Mossy Bark": {
        "feature": 38.0,
        "length": 2.8,
        "furrow": 10.0,
        "moss": 0.55,
        "plate": ("#2a2522", "#514a44", "#7d766d", "#aba597"),
    },
}
