# SPDX-License-Identifier: GPL-3.0-or-later
"""Log: what Neural Growth tells by Python's logging, in a file of the extension's user folder; warnings also in the
console.

Every module has `logging.getLogger(__name__)`, all below this one logger of the package. What the worker says comes
through the engine's client.
"""

from __future__ import annotations

import contextlib
import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

NAME = "neural_growth.log"
MOST_BYTES, OLDER_FILES = 2**20, 2
TAIL_BYTES = 2**16
FORMAT = "%(asctime)s %(levelname)s %(where)s: %(message)s"
_logger = logging.getLogger(__package__.rpartition(".addon")[0])
_handlers: list[logging.Handler] = []


class Console(logging.Handler):
    """Warnings and errors for whoever reads what Blender prints, as on a render farm."""

    def emit(self, record: logging.LogRecord) -> None:
        print(f"Neural Growth: {record.getMessage()}", file=sys.stderr)


class LogFile(RotatingFileHandler):
    """A file that is begun anew before it is large.

    Where several Blenders write to it, Windows does not let one of them rename it: then it grows on.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=MOST_BYTES, backupCount=OLDER_FILES, encoding="utf-8", delay=True)
        self.setFormatter(logging.Formatter(FORMAT))

    def doRollover(self) -> None:  # noqa: N802  # as logging calls it
        with contextlib.suppress(OSError):
            super().doRollover()

    def format(self, record: logging.LogRecord) -> str:
        record.where = record.name.removeprefix(f"{_logger.name}.")
        return super().format(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """A full or read-only disk is no reason to print a traceback for each line: the console has what matters."""


def open_log(folder: Path | None, level: int) -> None:
    """Begin to write; without a folder to the console alone. A folder that cannot be made costs the file alone.

    Parameters
    ----------
    folder : Path or None
        Made if need be.
    level : int
        Of logging; the console has warnings and errors in any case.
    """
    close_log()
    console = Console(logging.WARNING)
    _handlers.append(console)
    if folder is not None:
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            _handlers.append(LogFile(folder / NAME))
    for handler in _handlers:
        _logger.addHandler(handler)
    set_level(level)


def set_level(level: int) -> None:
    """Write what is of a level of logging's, or above it, into the file."""
    _logger.setLevel(min(level, logging.WARNING))
    for handler in _handlers:
        if isinstance(handler, LogFile):
            handler.setLevel(level)


def close_log() -> None:
    """Write no more."""
    for handler in _handlers:
        _logger.removeHandler(handler)
        handler.close()
    _handlers.clear()


def read_tail(path: Path, lines: int) -> list[str]:
    """The last lines of a log; none where there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL_BYTES))
            return file.read().decode("utf-8", "replace").splitlines()[-lines:]
    except OSError:
        return []
