# SPDX-License-Identifier: GPL-3.0-or-later
"""Varieties: the makes in which each family is drawn. A manifold learns each as one species."""

from __future__ import annotations

from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from .combs import HONEYCOMB
from .concretes import CONCRETE
from .corals import CORAL
from .crusts import LICHEN, MOSS
from .crystals import CRYSTAL
from .fabrics import CLOTH
from .foliage import FOLIAGE
from .frosts import FROST, SNOW
from .furs import FUR
from .hides import GIRAFFE, SCALES, ZEBRA
from .knits import KNIT
from .leaves import LEAF
from .machines import CIRCUIT
from .masonry import MASONRY
from .meadows import GRASS
from .metals import RUST
from .moulds import MOULD
from .paints import PAINT
from .shells import SHELLS
from .slimes import SLIME
from .soils import MUD
from .stones import LAPIS, LAVA, MARBLE
from .timbers import TIMBER
from .woods import BARK

__all__ = ["VARIETIES", "find_variety"]

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
        "masonry": MASONRY,
        "timber": TIMBER,
        "grass": GRASS,
        "foliage": FOLIAGE,
        "frost": FROST,
        "snow": SNOW,
        "mould": MOULD,
        "shells": SHELLS,
        "concrete": CONCRETE,
        "paint": PAINT,
        "fur": FUR,
        "knit": KNIT,
        "slime": SLIME,
    }
)
"""Family -> name of a variety -> its parameters, where they are not the family's own. The first variety of each
family has only the family's own."""


def find_variety(name: str) -> tuple[str, dict[str, Any]]:
    """Family and parameters of a variety; raises ValueError where nothing is called so."""
    for family, makes in VARIETIES.items():
        if name in makes:
            return family, makes[name]
    every = [name for makes in VARIETIES.values() for name in makes]
    near = get_close_matches(name, every, 3) or every
    raise ValueError(f"no variety {name!r}: choose one such as {', '.join(near)}")
