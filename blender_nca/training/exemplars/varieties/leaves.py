# SPDX-License-Identifier: GPL-3.0-or-later
"""Leaves: varieties of leaf."""

from __future__ import annotations

from typing import Any

LEAF: dict[str, dict[str, Any]] = {
    "Summer Leaf": {},
    "Autumn Leaf": {
        "feature": 56.0,
        "slant": (2, 1),
        "vein": 5.5,
        "mesh": 14.0,
        "relief": 0.8,
        "blade": ("#5a0d10", "#a3200f", "#dd5413", "#f79a2a"),
        "nerve": ("#f2b04a", "#ffe39a"),
    },
    "Nerve Plant": {
        "feature": 48.0,
        "vein": 5.5,
        "mesh": 12.0,
        "relief": 0.9,
        "ribbed": False,
        "blade": ("#0b2a1a", "#134726", "#237036", "#4d9e4c"),
        "nerve": ("#b8336a", "#ffb3cd"),
    },
    "Savoy Leaf": {
        "feature": 60.0,
        "vein": 5.0,
        "mesh": 16.0,
        "relief": -0.9,
        "ribbed": False,
        "blade": ("#0b2b26", "#1c544a", "#3f8a74", "#8cc7a6"),
        "nerve": ("#7fb08f", "#d5ebc9"),
    },
}
