# SPDX-License-Identifier: GPL-3.0-or-later
"""Layers: further species in one growth, each with a weight, a region, and a say where two of them meet."""

from __future__ import annotations

from ..habitat import properties as conditions
from ..host.additions import Additions
from ..host.late import late
from ..material import layering, subpanels
from ..material import panel as first_screen
from ..surface import hooks as seeds_of_meshes
from . import operators, panel, properties

_late = late(__package__)
_additions = Additions(
    (*properties.classes, *operators.classes, *panel.classes),
    hooks=(
        (layering.layered, _late("laid.layered_of")),
        (layering.parents, _late("laid.parents_of")),
        (layering.ranges, _late("laid.ranges_of")),
        (conditions.further, properties.regions_of),
        (seeds_of_meshes.given, _late("seeds.give")),
        (first_screen.problems, panel.problems_of),
        (subpanels.seed_lines, panel.draw_seed),
    ),
    endings=(_late("laid.forget"),),
)


def register() -> None:
    """Let growths have layers."""
    _additions.add()
    properties.register()


def unregister() -> None:
    """Take that away; growths are of their two species alone then, and files keep what they hold."""
    properties.unregister()
    _additions.remove()
