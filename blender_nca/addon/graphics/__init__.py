# SPDX-License-Identifier: GPL-3.0-or-later
"""Graphics: growths on the card that Blender draws on, whoever made it, without PyTorch.

What is seen growing in the window comes from there, where the card was found right and is faster; bakes, renders and
what the card does not do go on as before.
"""

from __future__ import annotations

from .. import engine
from ..host.additions import Additions
from ..settings import device_table, operators, panel, preferences
from . import box, opened, serving, trial
from .card import free

_additions = Additions(
    hooks=(
        (engine.asked, serving.serve),
        (engine.computing, serving.line),
        (engine.ending, serving.stop),
        (preferences.changed, serving.stop),
        (operators.trials, trial.begin),
        (panel.boxes, box.draw),
        (device_table.further, box.row),
    ),
    timers=(serving.work,),
)


def register() -> None:
    """Starts nothing: a card is opened when somebody asks."""
    _additions.add()


def unregister() -> None:
    """End what grows there, and let go of the card's memory."""
    _additions.remove()
    serving.stop()
    opened.close()
    free()
