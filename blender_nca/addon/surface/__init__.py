# SPDX-License-Identifier: GPL-3.0-or-later
"""Surface: growths on a mesh, over its seams, along directions, from seeds where one clicks or the scene says."""

from __future__ import annotations

from ..host.additions import Additions
from ..host.late import late
from ..material import events, kept_surface, sowing, subpanels
from ..material import panel as first_screen
from . import (
    arrows,
    dots,
    handlers,
    operators,
    panel,
    properties,
    seed_operators,
    seed_properties,
    tool,
)
from .hooks import made

_late = late(__package__)
_additions = Additions(
    (*properties.classes, *operators.classes, *seed_operators.classes, *panel.classes),
    handlers=handlers.HANDLERS,
    hooks=(
        (events.reshaped, _late("making.make_where_wanted")),
        (events.reshaped, _late("seeding.replace_seeds")),
        (events.changed, _late("seeding.follow")),
        (events.needed, _late("making.finish")),
        (events.replaced, _late("outdated.forget")),
        (events.replaced, _late("making.go_on")),
        (events.replaced, arrows.forget),
        (events.replaced, _late("seeding.note_all")),
        (kept_surface.corners, _late("faces.corners_on")),
        (made, _late("outdated.settle")),
        (sowing.recorded, _late("recorded.sown")),
        (first_screen.remedies, panel.draw_remedy),
        (subpanels.seed_lines, _late("seed_panel.draw")),
    ),
    timers=(_late("making.attend"), _late("outdated.look_at_rest")),
    endings=(_late("making.stop"),),
)


def register() -> None:
    """Let growths live on meshes."""
    seed_properties.register()
    _additions.add()
    properties.register()
    tool.register()
    dots.register()
    arrows.register()


def unregister() -> None:
    """Take that away; growths keep the surfaces that they have."""
    arrows.unregister()
    dots.unregister()
    tool.unregister()
    properties.unregister()
    _additions.remove()
    seed_properties.unregister()
