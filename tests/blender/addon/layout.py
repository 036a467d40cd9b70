# SPDX-License-Identifier: GPL-3.0-or-later
"""Layout: stands in for a panel's, and keeps what is drawn."""

from __future__ import annotations

from types import SimpleNamespace


class Layout:
    """What a panel draws: texts with their icons, and operators."""

    def __init__(self):
        self.labels, self.operators = [], []

    def label(self, text="", icon="NONE"):
        self.labels.append((icon, text))

    def operator(self, name, **_):
        self.operators.append(name)
        return SimpleNamespace()

    def column(self, **_):
        return self

    row = column
