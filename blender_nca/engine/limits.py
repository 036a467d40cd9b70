# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits: what an artist allows the engine of memory and disk, and how much it tells."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

GIB = 2**30
LEVELS = ("ERROR", "WARNING", "INFO", "DEBUG")
"""Of the log, by the names of Python's logging."""


@dataclass(frozen=True)
class Limits:
    """What the worker is told as it starts, and again when it changes; it goes on meanwhile.

    Attributes
    ----------
    memory : int
        Bytes that the worker may hold; 0 for what `memory.automatic` says.
    cache : Path or None
        The folder of states that are kept on the disk; without one none is.
    cache_bytes : int
        How large that folder may grow.
    log_level : str
        Of `LEVELS`: what the worker writes of.
    """

    memory: int = 0
    cache: Path | None = None
    cache_bytes: int = 0
    log_level: str = "WARNING"

    def to_json(self) -> dict:
        """Plain values, as they travel."""
        cache = self.cache and str(self.cache.absolute())
        return {
            "memory": self.memory,
            "cache": cache,
            "cache_bytes": self.cache_bytes,
            "log_level": self.log_level,
        }

    @classmethod
    def from_json(cls, values: object) -> Limits:
        """Read what `to_json` gave; what it lacks, or is of another kind, is as by default."""
        said = values if isinstance(values, dict) else {}
        memory, cache_bytes = (_whole(said.get(name)) for name in ("memory", "cache_bytes"))
        cache, level = said.get("cache"), said.get("log_level")
        return cls(
            memory,
            Path(cache) if isinstance(cache, str) and cache else None,
            cache_bytes,
            level if level in LEVELS else "WARNING",
        )

    @property
    def level(self) -> int:
        """The log's level as Python's logging counts it."""
        return int(getattr(logging, self.log_level, logging.WARNING))


def _whole(value: object) -> int:
    return max(0, value) if isinstance(value, int) else 0
