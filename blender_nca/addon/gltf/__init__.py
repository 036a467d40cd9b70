# SPDX-License-Identifier: GPL-3.0-or-later
"""glTF: Blender's own exporter writes a growth as it is in the current frame."""

from __future__ import annotations

import sys

from ..host.extension import PACKAGE
from .hooks import GrowthHooks

_NAME = "glTF2ExportUserExtension"
"""What the exporter looks for in the modules of add-ons."""


def register() -> None:
    """Let the exporter find the hooks."""
    setattr(sys.modules[PACKAGE], _NAME, GrowthHooks)


def unregister() -> None:
    """Take them away."""
    delattr(sys.modules[PACKAGE], _NAME)
