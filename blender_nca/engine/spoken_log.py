# SPDX-License-Identifier: GPL-3.0-or-later
"""Spoken log: the worker's log as it travels to the client, as lines of its stderr among those of libraries.

A line of the log begins with its level, and those that belong to it, such as a traceback's, with spaces.
"""

from __future__ import annotations

import logging

from .limits import LEVELS

CHATTER = logging.DEBUG
"""Level of what libraries print."""


class SpokenFormat(logging.Formatter):
    """A record as lines."""

    def __init__(self) -> None:
        super().__init__("%(levelname)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record).replace("\n", "\n    ")


class SpokenLevels:
    """Reads levels from lines, one after the other."""

    def __init__(self) -> None:
        self._level = CHATTER

    def read(self, line: str) -> tuple[int, str]:
        """Level and words of a line."""
        word, _, rest = line.partition(" ")
        if word in LEVELS:
            self._level = int(getattr(logging, word))
            return self._level, rest
        if not line.startswith("    "):
            self._level = CHATTER
        return self._level, line


def write_log() -> None:
    """Let this process, which is the worker, write its log to stderr."""
    handler = logging.StreamHandler()
    handler.setFormatter(SpokenFormat())
    logging.getLogger(__package__).addHandler(handler)
