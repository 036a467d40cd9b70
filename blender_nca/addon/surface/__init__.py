# SPDX-License-Identifier: GPL-3.0-or-later
"""Surface: growths that live on a mesh, over its seams, from seeds where one clicks or where the scene says."""

from __future__ import annotations

from ..host.additions import Additions
from ..material import events, sowing, subpanels
from . import (
    dots,
    handlers,
    making,
    operators,
    panel,
    recorded,
    seed_operators,
    seed_panel,
    seed_properties,
    seeding,
    tool,
)

_additions = Additions(
    (*operators.classes, *seed_operators.classes, *panel.classes),
    handlers=handlers.HANDLERS,
    hooks=(
        (events.reshaped, making.make_where_wanted),
        (events.reshaped, seeding.replace_seeds),
        (events.changed, seeding.follow),
        (events.replaced, making.look_again),
        (events.replaced, seeding.note_all),
        (sowing.recorded, recorded.sown),
        (subpanels.seed_lines, seed_panel.draw),
    ),
)


def register() -> None:
    """Let growths live on meshes."""
    seed_properties.register()
    _additions.add()
    tool.register()
    dots.register()


def unregister() -> None:
    """Take that away; growths keep the surfaces that they have."""
    dots.unregister()
    tool.unregister()
    _additions.remove()
    seed_properties.unregister()
