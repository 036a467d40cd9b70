# SPDX-License-Identifier: GPL-3.0-or-later
"""Crusts over stone: varieties of lichen and moss."""

from __future__ import annotations

from typing import Any

LICHEN: dict[str, dict[str, Any]] = {
    "Map Lichen": {},
    "Sunburst Lichen": {
        "feature": 46.0,
        "amount": 1.0,
        "yellow": 0.94,
        "rock": ("#84868a", "#a6a8a8", "#cfcec8"),
        "gold": ("#7c2207", "#c2420a", "#ee7a12", "#ffc247"),
        "sage": ("#5d7078", "#82969b", "#aabbb9", "#d9e2da"),
        "fruits": ("#2f3a40", "#6b1404"),
    },
    "Barnacles": {
        "feature": 38.0,
        "amount": 1.0,
        "yellow": 0.3,
        "mouth": 0.30,
        "fruiting": 0.0,
        "rock": ("#0c1a22", "#1b313b", "#35505a"),
        "sage": ("#d9cdd2", "#efe8e2", "#c6b3bb", "#8a7383"),
        "gold": ("#d8b9b4", "#f2dcd0", "#c08f92", "#7a4a5e"),
        "fruits": ("#171019", "#1d0d14"),
    },
    "Foxfire": {
        "feature": 36.0,
        "amount": 0.8,
        "yellow": 0.35,
        "light": 0.9,
        "rock": ("#120d0c", "#241a15", "#3b2b20"),
        "sage": ("#06312f", "#0b6e62", "#1fd3a6", "#b6ffe0"),
        "gold": ("#102a4d", "#1659a0", "#35b4f2", "#c9f3ff"),
        "fruits": ("#041c1d", "#06122b"),
    },
}

MOSS: dict[str, dict[str, Any]] = {
    "Cushion Moss": {},
    "Sphagnum": {
        "feature": 27.0,
        "softness": 2.4,
        "tuft": 11.0,
        "tufting": 1.35,
        "kinds": 0.16,
        "greens": ("#2a0712", "#6b1420", "#b23a24", "#e08a34", "#f6d77c"),
        "soil": ("#14060a",),
    },
    "Reindeer Moss": {
        "feature": 50.0,
        "softness": 6.0,
        "tuft": 7.0,
        "tufting": 1.6,
        "greens": ("#2a3530", "#5d6f63", "#94a892", "#c8d6bd", "#f2f6e2"),
        "soil": ("#2b1a16",),
    },
    "Mossy Cobbles": {
        "feature": 46.0,
        "softness": 3.2,
        "gap": 4.5,
        "tufting": 0.0,
        "carpet": 0.22,
        "kinds": 0.22,
        "grain": 0.06,
        "sheen": 0.50,
        "tuft": 7.5,
        "greens": ("#33322f", "#55534f", "#7b7772", "#a29c93", "#cbc4b8"),
        "soil": ("#0f1c08", "#2f5212", "#7aa02a"),
    },
}
