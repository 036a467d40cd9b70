# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings: the add-on's preferences, and the PyTorch that is installed from there."""

from __future__ import annotations

from ..host import log
from ..host.additions import Additions
from . import installation, operators, preferences, properties, upkeep_operators

_additions = Additions((*properties.classes, *operators.classes, *upkeep_operators.classes))


def register() -> None:
    """Add the preferences, and push into the engine what is chosen there."""
    _additions.add()
    log.open_log(preferences.log_folder(), preferences.limits().level)
    preferences.push()


def unregister() -> None:
    """Take them away; an installation that runs is given up."""
    installation.stop()
    _additions.remove()
    log.close_log()
