# SPDX-License-Identifier: GPL-3.0-or-later
"""Graphics: growths on the card that Blender draws on, whoever made it, without PyTorch.

What is seen growing in the window comes from there, where the card was found right and is faster; bakes, renders and
what the card does not do go on as before.
"""

from __future__ import annotations

from .. import engine
from ..host.additions import Additions
from ..host.late import late
from ..settings import device_table, operators, panel, preferences

_late = late(__package__)
_additions = Additions(
    hooks=(
        (engine.asked, _late("serving.serve")),
        (engine.computing, _late("serving.line")),
        (engine.ending, _late("serving.stop")),
        (preferences.changed, _late("serving.stop")),
        (operators.trials, _late("trial.begin")),
        (panel.boxes, _late("box.draw")),
        (device_table.further, _late("box.row")),
    ),
    timers=(_late("serving.work"),),
    endings=(_late("serving.stop"), _late("opened.close"), _late("card.free")),
)


def register() -> None:
    """Starts nothing: a card is opened when somebody asks."""
    _additions.add()


def unregister() -> None:
    """End what grows there, and let go of the card's memory."""
    _additions.remove()
