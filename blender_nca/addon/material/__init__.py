# SPDX-License-Identifier: GPL-3.0-or-later
"""Material: a growth on a material. Its properties, node group, wiring and live images; material -> Growth."""

from __future__ import annotations

from ..host.additions import Additions
from . import handlers, learned, operators, order, panel, properties, relief, subpanels

_additions = Additions(
    (*properties.classes, *learned.classes, *operators.classes, *panel.classes, *subpanels.classes),
    handlers=handlers.HANDLERS,
    timers=(handlers.on_enabled,),
)


def register() -> None:
    """Let materials grow."""
    _additions.add()
    properties.register()
    learned.register()
    order.register()
    relief.register()
    handlers.register()


def unregister() -> None:
    """Take that away; materials of the open file keep their growths, out of sight."""
    properties.unregister()
    learned.unregister()
    order.unregister()
    relief.unregister()
    _additions.remove()
