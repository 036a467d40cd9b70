# SPDX-License-Identifier: GPL-3.0-or-later
"""Translucency: into which of the varieties light goes. Stone, metal, bark, cloth and fur keep it at their surface."""

from __future__ import annotations

from types import MappingProxyType

from ...genetics.translucency import Translucency

_GREEN = (0.55, 1.0, 0.20)
"""Chlorophyll takes blue and red: what comes through a leaf is yellow-green."""
_MOSS = Translucency(0.35, _GREEN, 0.012)
_LEAF = Translucency(0.45, _GREEN, 0.012)
_POLYPS = Translucency(0.35, (1.0, 0.50, 0.30), 0.015)
_SKIN = Translucency(0.30, (1.0, 0.35, 0.20), 0.010)
_GLAZE = Translucency(0.25, (1.0, 0.90, 0.80), 0.008)
_WHITE_STONE = Translucency(0.35, (1.0, 0.85, 0.70), 0.015)
_CRYSTALS_OF_ICE = Translucency(0.50, (0.70, 0.90, 1.0), 0.015)
_SNOW = Translucency(0.75, (0.80, 0.92, 1.0), 0.015)

TRANSLUCENCY: MappingProxyType[str, Translucency] = MappingProxyType(
    {
        "Foxfire": Translucency(0.30, (0.40, 1.0, 0.60), 0.015),
        "Cushion Moss": _MOSS,
        "Sphagnum": _MOSS,
        "Reindeer Moss": _MOSS,
        "Coral": _POLYPS,
        "Brain Coral": _POLYPS,
        "Star Coral": _POLYPS,
        "Neon Reef": _POLYPS,
        "Cracked Glaze": _GLAZE,
        "Kintsugi": _GLAZE,
        "Stained Glass": Translucency(transmission=0.60, ior=1.52),
        "Angelfish": _SKIN,
        "Koi": _SKIN,
        "Honeycomb": Translucency(0.60, (1.0, 0.50, 0.12), 0.030),
        "Pomegranate": Translucency(0.60, (1.0, 0.18, 0.12), 0.025, 0.15, 1.37),
        "Ice Cracks": Translucency(0.55, (0.45, 0.80, 1.0), 0.040, 0.30, 1.31),
        "Amethyst": Translucency(0.40, (0.70, 0.30, 1.0), 0.035, 0.35, 1.54),
        "Rose Quartz": Translucency(0.60, (1.0, 0.60, 0.60), 0.040, 0.25, 1.54),
        "Reactor Crystal": Translucency(0.35, (0.20, 0.90, 1.0), 0.030, 0.30, 1.54),
        "Summer Leaf": _LEAF,
        "Autumn Leaf": Translucency(0.40, (1.0, 0.40, 0.10), 0.012),
        "Nerve Plant": _LEAF,
        "Savoy Leaf": _LEAF,
        "Salt Flat": Translucency(0.30, (1.0, 0.95, 0.90), 0.008),
        "White Marble": _WHITE_STONE,
        "Rose Marble": _WHITE_STONE,
        "Golden Marble": _WHITE_STONE,
        "Green Marble": Translucency(0.20, (0.60, 1.0, 0.70), 0.010),
        "Blue Marble": Translucency(0.20, (0.70, 0.88, 1.0), 0.010),
        "Meadow Grass": _LEAF,
        "English Ivy": _LEAF,
        "Virginia Creeper": Translucency(0.40, (1.0, 0.40, 0.15), 0.012),
        "Frost Ferns": _CRYSTALS_OF_ICE,
        "Hoarfrost": _CRYSTALS_OF_ICE,
        "Fresh Snow": _SNOW,
        "Wind Crust": _SNOW,
        "Bread Mould": Translucency(0.30, (1.0, 0.80, 0.55), 0.010),
        "Oyster Bed": Translucency(0.15, (1.0, 0.90, 0.80), 0.006),
        "Green Slime": Translucency(0.55, (0.45, 1.0, 0.20), 0.040, 0.30, 1.37),
        "Alien Resin": Translucency(0.50, (1.0, 0.50, 0.15), 0.035, 0.30, 1.52),
    }
)
"""Variety -> what its species hints at. Metal in a species stays metal: a renderer lets no light into that."""
