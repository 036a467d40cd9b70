# SPDX-License-Identifier: GPL-3.0-or-later
"""Stones, molten and cold: varieties of lava, lapis and marble."""

from __future__ import annotations

from typing import Any

LAVA: dict[str, dict[str, Any]] = {
    "Lava": {},
    "Cooling Lava": {
        "feature": 58.0,
        "crack": 1.4,
        "glow": 4.5,
        "ropes": 1.8,
        "light": 0.6,
        "crust": ("#191a20", "#3a3d46", "#767a86"),
        "heat": ("#160405", "#4a0a08", "#8f160a", "#c92c0c", "#ff6a1e"),
        "finish": (0.40, 0.50),
    },
    "Blue Plasma": {
        "feature": 38.0,
        "crack": 1.8,
        "glow": 7.5,
        "ropes": 0.0,
        "crust": ("#07061a", "#120c38", "#241a5c"),
        "heat": ("#0d0a4a", "#2a1fc0", "#3a7cff", "#7fdcff", "#f4ffff"),
        "finish": (0.15, 0.35),
    },
    "Ice Cracks": {
        "feature": 44.0,
        "crack": 1.5,
        "glow": 7.0,
        "ropes": 0.15,
        "kinds": 0.22,
        "mottle": 0.04,
        "light": 0.0,
        "crust": ("#0e4a68", "#2a8aa8", "#7fcadb"),
        "heat": ("#4aa6c0", "#86cbdc", "#bfe6ee", "#e6f7fa", "#ffffff"),
        "finish": (0.70, 0.10),
    },
}

LAPIS: dict[str, dict[str, Any]] = {
    "Lapis": {},
    "Malachite": {
        "feature": 64.0,
        "vein": 0.9,
        "wander": 1.2,
        "bands": 0.95,
        "clouds": 0.3,
        "deep": 0.8,
        "threads": 0.0,
        "stone": ("#03241a", "#07573a", "#169263", "#7fd3a0"),
        "gold": ("#021510", "#04261b", "#06382a"),
        "relief": (0.62, 0.05),
        "finish": (0.12, 0.20),
        "metal": 0.0,
    },
    "Kintsugi": {
        "feature": 60.0,
        "vein": 2.4,
        "wander": 1.0,
        "clouds": 0.35,
        "deep": 0.92,
        "threads": 0.12,
        "stone": ("#b9b2a4", "#dcd6c8", "#efeae0", "#fbf9f3"),
        "pale": "#8f8a80",
        "gold": ("#7a4a0c", "#d79a26", "#ffe28a"),
        "finish": (0.16, 0.24),
    },
    "Red Jasper": {
        "feature": 48.0,
        "vein": 1.3,
        "wander": 4.0,
        "clouds": 1.5,
        "deep": 0.7,
        "threads": 0.8,
        "stone": ("#2a0806", "#6e1a10", "#b0401f", "#e08a4a"),
        "pale": "#f0dcc4",
        "gold": ("#1a0f0e", "#2c1c1a", "#4a3430"),
        "relief": (0.62, 0.10),
        "finish": (0.22, 0.45),
        "metal": 0.0,
    },
}

MARBLE: dict[str, dict[str, Any]] = {
    "White Marble": {},
    "Black Marble": {
        "feature": 60.0,
        "vein": 3.6,
        "thread": 1.6,
        "drift": 0.3,
        "clouds": 0.6,
        "stone": ("#4b4a4c", "#1d1c1f", "#101012", "#0a0a0c"),
        "veins": ("#8f8a84", "#d8d2c8", "#fbf7ef"),
        "fine": "#c9a46a",
    },
    "Green Marble": {
        "feature": 44.0,
        "vein": 5.0,
        "thread": 2.2,
        "drift": 0.5,
        "clouds": 2.0,
        "stone": ("#5f9d7c", "#2a6e4f", "#124a36", "#06261d"),
        "veins": ("#5fa987", "#a9dcc0", "#e6f7ec"),
        "fine": "#bfe5cd",
    },
    "Rose Marble": {
        "feature": 56.0,
        "vein": 6.0,
        "thread": 2.0,
        "drift": 1.6,
        "clouds": 1.6,
        "stone": ("#8a3f3c", "#c47f74", "#e6b3a4", "#f6dccf"),
        "veins": ("#8c3c38", "#5c2022", "#341014"),
        "fine": "#fff3e8",
    },
}
