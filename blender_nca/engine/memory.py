# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory: how much of it the engine may hold, what a growth takes of it, and what is left for what is only kept.

What a growth takes was measured as the most that a process held beyond what it held before, of one and of two
genotypes, on 256 to 1024 cells a side and 1 to 8 pixels a cell: 268 to 319 bytes a cell by the kernels, 1359 to 1710 by
numpy and torch (16 channels, 96 hidden); 39 to 117 bytes a pixel for a live picture, and 98 to 127 with all maps and
their PNG files for one that is baked.
"""

from __future__ import annotations

import ctypes
import os
import sys
from dataclasses import dataclass

from ..automaton.growth import Growth
from .limits import GIB

LIVE_PIXEL, BAKED_PIXEL = 150, 160
"""Bytes a pixel of a picture that is seen, with the memory in which it travels; of one that is baked."""
KERNELS_STATES, ARRAYS_CHANNELS, ARRAYS_HIDDEN, CARDS_STATES = 5.5, 12.0, 3.5, 1.0
"""How many states the kernels hold in a step; how often arrays a cell's channels and hidden units; a card's own memory
is not counted here, only what travels."""
STATES_SHARE, PICTURES_SHARE = 1 / 4, 1 / 8
"""Of the room: for states of frames before, and for pictures that nobody has asked for (yet)."""
UNKNOWN_MACHINE = 8 * GIB
TRIAL = 0.45 * GIB
"""Bytes that a row of the self-test takes: 512 x 512 cells by torch."""
ADVICE = "choose fewer cells or fewer pixels a cell"


class TooLargeError(Exception):
    """A growth that does not fit into what the engine may hold; the message says what to do."""


@dataclass(frozen=True)
class Memory:
    """What a worker may hold.

    Attributes
    ----------
    limit : int
        Bytes.
    base : int
        Bytes that it held before it grew anything: Python, its libraries, a driver.
    """

    limit: int
    base: int = 0

    @property
    def room(self) -> int:
        """Bytes for all that is grown and kept."""
        return max(0, self.limit - self.base)

    def check(self, needed: float) -> None:
        """See that so many bytes fit in.

        Raises
        ------
        TooLargeError
            They do not.
        """
        if needed > self.room:
            raise TooLargeError(too_large(needed + self.base, self.limit))

    def states(self, needed: float) -> int:
        """Bytes of states that may be held beside a growth that takes so many."""
        return int(max(0.0, min(STATES_SHARE * self.room, self.room - needed)))

    def pictures(self, needed: float) -> int:
        """Bytes of pictures that may be kept beside a growth that takes so many, and beside its states."""
        return int(max(0.0, min(PICTURES_SHARE * self.room, self.room - needed - self.states(needed))))

    def pixels(self, grown: float) -> int:
        """Pixels that may be painted at a time for a bake, beside a growth whose steps take so many bytes."""
        return int(max(0.0, self.room - grown) / BAKED_PIXEL)


def allowed(limit: int) -> int:
    """The bytes that a chosen limit stands for: 0 is the automatic one."""
    return limit or automatic()


def automatic() -> int:
    """Half of what the machine has: Blender and its scene need the rest."""
    return (of_machine() or UNKNOWN_MACHINE) // 2


def needed_to_grow(growth: Growth, channels: int, hidden: int, backend: str) -> float:
    """Bytes that the steps of a growth take beside its states of before.

    Parameters
    ----------
    growth : Growth
    channels, hidden : int
        Of the manifold's rule.
    backend : str
        As of `devices.Device`; "cpu" and "kernels" are the kernels.
    """
    if backend in ("kernels", "cpu"):
        numbers = KERNELS_STATES * channels
    elif backend in ("numpy", "torch"):
        numbers = ARRAYS_CHANNELS * channels + ARRAYS_HIDDEN * hidden
    else:
        numbers = CARDS_STATES * channels
    layers = 2 * (len(growth.genotypes) - 1)  # where each counts
    return 4.0 * (numbers + layers) * growth.width * growth.height


def pixels_of(growth: Growth) -> int:
    """Pixels of a picture of a growth."""
    return growth.width * growth.height * growth.pixels_per_cell**2


def too_large(needed: float, limit: int) -> str:
    """What an artist is told of a growth that does not fit."""
    return (
        f"This growth needs {needed / GIB:.1f} GiB of memory, and the engine may hold {limit / GIB:.1f}: {ADVICE}, "
        "or a higher Memory Limit in the preferences of Neural Growth."
    )


def of_machine() -> int:
    """Bytes of memory that the machine has; 0 where it does not say."""
    if sys.platform == "win32":
        return _windows_total()
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError, AttributeError):
        return 0


def held() -> int:
    """Bytes of memory that this process holds; 0 where the system does not say."""
    if sys.platform == "win32":
        return _windows_held()
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        pass
    import resource

    # the most that it ever held, which is asked as it starts; in bytes on macOS, which has no /proc
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


class _MemoryStatus(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong)]
    _fields_ += [(name, ctypes.c_ulonglong) for name in ("total", "free", *"abcde")]


class _ProcessMemory(ctypes.Structure):
    _fields_ = [("size", ctypes.c_ulong), ("faults", ctypes.c_ulong)]
    _fields_ += [(name, ctypes.c_size_t) for name in ("most", "held", *"abcdef")]


def _windows_total() -> int:
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # type: ignore[attr-defined]
    return int(status.total)


def _windows_held() -> int:
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    said = _ProcessMemory(size=ctypes.sizeof(_ProcessMemory))
    pointer = ctypes.byref(said)
    done = kernel.K32GetProcessMemoryInfo(ctypes.c_void_p(kernel.GetCurrentProcess()), pointer, said.size)
    return int(said.held) if done else 0
