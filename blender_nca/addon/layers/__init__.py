# SPDX-License-Identifier: GPL-3.0-or-later
"""Layers: further species in one growth, each with a weight, a region, and a say where two of them meet."""

from __future__ import annotations

from ..habitat import properties as conditions
from ..host.additions import Additions
from ..material import layering, subpanels, track
from ..material import panel as first_screen
from ..surface import seeding
from . import laid, operators, panel, properties, seeds

_additions = Additions(
    (*properties.classes, *operators.classes, *panel.classes),
    hooks=(
        (layering.layered, laid.layered_of),
        (layering.parents, laid.parents_of),
        (track.further, laid.ranges_of),
        (conditions.further, properties.regions_of),
        (seeding.given, seeds.give),
        (first_screen.problems, panel.problems_of),
        (subpanels.seed_lines, panel.draw_seed),
    ),
)


def register() -> None:
    """Let growths have layers."""
    _additions.add()
    properties.register()


def unregister() -> None:
    """Take that away; growths are of their two species alone then, and files keep what they hold."""
    properties.unregister()
    _additions.remove()
    laid.forget()
