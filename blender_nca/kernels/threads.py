# SPDX-License-Identifier: GPL-3.0-or-later
"""Threads that run kernels side by side: a kernel lets go of the interpreter while it works."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

THREADS = "NCA_THREADS"
"""Environment variable that names another number of threads than one a core."""


def count() -> int:
    """How many threads kernels may use."""
    named = os.environ.get(THREADS, "")
    if named.isdigit() and int(named):
        return int(named)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def share_out(work: Callable[[int], None], parts: int) -> None:
    """Call `work` with every number below `parts`, all at once: the parts may wait for each other."""
    others = [_pool(parts).submit(work, part) for part in range(1, parts)] if parts > 1 else []
    work(0)
    for other in others:
        other.result()


def for_each(work: Callable[[int], None], number: int) -> None:
    """Call `work` with every number below `number`, as many at once as there are threads. None may wait for another."""
    numbers = iter(range(number))

    def take_some(_: int) -> None:
        for i in numbers:  # whoever is ready takes the next
            work(i)

    share_out(take_some, min(count(), number))


def share_rows(work: Callable[[int, int], None], rows: int, least: int = 16) -> None:
    """Call `work` with the first and the last but one of all rows, in as many bands as there are threads.

    A band has at least `least` rows. None may wait for another.
    """
    bands = max(1, min(count(), rows // least))
    edges = [band * rows // bands for band in range(bands + 1)]
    share_out(lambda band: work(edges[band], edges[band + 1]), bands)


@lru_cache(8)
def _pool(parts: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(parts - 1, "kernels")
