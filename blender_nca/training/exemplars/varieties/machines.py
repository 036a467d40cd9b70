# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines: varieties of circuit."""

from __future__ import annotations

from typing import Any

CIRCUIT: dict[str, dict[str, Any]] = {
    "Circuit Board": {},
    "Copper Maze": {
        "feature": 24.0,
        "square": True,
        "width": 9.0,
        "pad": 9.0,
        "hole": 3.4,
        "bends": 0.5,
        "board": ("#050506", "#121316", "#24262b"),
        "copper": ("#5a1f0c", "#b8582a", "#f2a878"),
    },
    "Neon Circuit": {
        "feature": 28.0,
        "width": 5.0,
        "pad": 7.5,
        "hole": 3.6,
        "clearance": 4.5,
        "glow": 1.0,
        "plate": 0.6,
        "length": 6,
        "bends": 0.3,
        "board": ("#04060f", "#0c1226", "#1c2748"),
        "copper": ("#0a5c9e", "#18c8ff", "#d2fbff"),
        "drill": "#02040a",
    },
    "Starship Hull": {
        "feature": 34.0,
        "width": 24.0,
        "pad": 12.0,
        "hole": 3.6,
        "clearance": 3.0,
        "length": 4,
        "bends": 0.3,
        "square": True,
        "plate": 1.0,
        "board": ("#0b0d10", "#1c2126", "#2c343c"),
        "copper": ("#3c454e", "#8a96a1", "#ccd5dc"),
        "drill": "#0a0b0d",
    },
}
