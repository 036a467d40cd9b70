# SPDX-License-Identifier: GPL-3.0-or-later
"""Varieties: the makes in which each family is drawn. A manifold learns each as one species."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from .combs import HONEYCOMB
from .corals import CORAL
from .crusts import LICHEN, MOSS
from .crystals import CRYSTAL
from .fabrics import CLOTH
from .hides import GIRAFFE, SCALES, ZEBRA
from .leaves import LEAF
from .machines import CIRCUIT
from .metals import RUST
from .soils import MUD
from .stones import LAPIS, LAVA, MARBLE
from .woods import BARK

__all__ = ["VARIETIES"]

VARIETIES: MappingProxyType[str, dict[str, dict[str, Any]]] = MappingProxyType(
    {
        "lichen": LICHEN,
        "rust": RUST,
        "moss": MOSS,
        "coral": CORAL,
        "giraffe": GIRAFFE,
        "zebra": ZEBRA,
        "scales": SCALES,
        "honeycomb": HONEYCOMB,
        "lava": LAVA,
        "lapis": LAPIS,
        "crystal": CRYSTAL,
        "cloth": CLOTH,
        "circuit": CIRCUIT,
        "bark": BARK,
        "leaf": LEAF,
        "mud": MUD,
        "marble": MARBLE,
    }
)
"""Family -> name of a variety -> its parameters, where they are not the family's own. The first variety of each
family has only the family's own."""
