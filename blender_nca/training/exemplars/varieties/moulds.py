# SPDX-License-Identifier: GPL-3.0-or-later
"""Moulds: varieties of mould."""

from __future__ import annotations

from typing import Any

MOULD: dict[str, dict[str, Any]] = {
    "Bread Mould": {},
    "Black Mildew": {
        "feature": 22.0,
        "amount": 1.1,
        "smallest": 0.12,
        "clustered": 1.0,
        "rings": 0.2,
        "fuzz": 0.9,
        "blue": ("#0c0d0c", "#1a1c19", "#30332d", "#55584e", "#85877a"),
        "second": ("#14160c", "#262a17", "#434827", "#6f7448", "#a0a377"),
        "share": 0.3,
        "rise": 0.08,
        "ground": ("#a9a596", "#cbc7b9", "#dedbd0", "#eeece4"),
        "porous": 0.0,
        "uneven": 0.095,
        "stain": "#8f8254",
        "stained": 0.9,
        "finish": (0.72, 0.94),
    },
    "Blue Mould": {
        "feature": 34.0,
        "amount": 0.9,
        "smallest": 0.6,
        "clustered": 0.0,
        "fuzz": 0.6,
        "share": 0.0,
        "porous": 0.0,
    },
}
