# SPDX-License-Identifier: GPL-3.0-or-later
"""Foliage: varieties of foliage."""

from __future__ import annotations

from typing import Any

FOLIAGE: dict[str, dict[str, Any]] = {
    "English Ivy": {},
    "Virginia Creeper": {
        "feature": 48.0,
        "cleft": 0.62,
        "leaf": ("#2a0408", "#5e0c12", "#9a1a18", "#cf3a22", "#ee7a3c"),
        "other": ("#3a0a1c", "#7a1a34", "#b23a4a", "#e0806a"),
        "young": 0.3,
        "nerve": "#f0b08a",
        "spots": 0.2,
        "spot": "#3a1408",
        "finish": (0.40, 0.66),
    },
    "Beech Litter": {
        "feature": 42.0,
        "layers": 3.4,
        "palm": 0,
        "breadth": 0.62,
        "teeth": 0.05,
        "hanging": 0.0,
        "curl": 1.0,
        "kinds": 0.20,
        "leaf": ("#2a1209", "#5c2e14", "#935226", "#c38546", "#e2b67c"),
        "other": ("#3a2a1c", "#6e5638", "#a58a60", "#d3bd94"),
        "young": 0.3,
        "nerve": "#e8c894",
        "veined": 0.6,
        "spots": 0.3,
        "spot": "#23100a",
        "stems": 0.0,
        "ground": ("#0a0604", "#1a100a", "#2e1e12"),
        "finish": (0.66, 0.86),
    },
    "Oak Litter": {
        "feature": 56.0,
        "layers": 3.4,
        "palm": 0,
        "breadth": 0.56,
        "lobes": 3.6,
        "depth": 0.30,
        "hanging": 0.0,
        "curl": 0.7,
        "kinds": 0.18,
        "leaf": ("#3a1606", "#7d340c", "#bd5c14", "#e6922e", "#f8c862"),
        "other": ("#4a3008", "#8f6a12", "#d0a42a", "#f2da6e"),
        "young": 0.35,
        "nerve": "#f6dc9a",
        "spots": 0.45,
        "spot": "#40180a",
        "stems": 0.0,
        "ground": ("#0a0705", "#1c120b", "#352515"),
        "finish": (0.56, 0.84),
    },
}
