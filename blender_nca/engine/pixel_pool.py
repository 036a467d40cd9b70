# SPDX-License-Identifier: GPL-3.0-or-later
"""Pixel pool: the client's pixel blocks, used again, since making one costs as much as filling it."""

from __future__ import annotations

import threading

from .pixel_block import PixelBlock, block_prefix

SPARE_BLOCKS = 3


class PixelPool:
    """Blocks to take and to give back, from any thread."""

    def __init__(self) -> None:
        self.prefix = block_prefix()
        self._spare: list[PixelBlock] = []
        self._lock = threading.Lock()

    def take(self, size: int) -> PixelBlock:
        """A block of `size` bytes; raises OSError where there is no memory for it."""
        with self._lock:
            for block in self._spare:
                if block.size == size:
                    self._spare.remove(block)
                    return block
        return PixelBlock.create(self.prefix, size)

    def give_back(self, block: PixelBlock | None) -> None:
        """Take a block back that no process writes to any more."""
        if block is not None:
            with self._lock:
                self._spare.insert(0, block)
            self._discard(SPARE_BLOCKS)

    def clear(self) -> None:
        """Discard the blocks that are not in use."""
        self._discard(0)

    def _discard(self, keep: int) -> None:
        with self._lock:
            unwanted, self._spare = self._spare[keep:], self._spare[:keep]
        for block in unwanted:
            block.close()
            block.unlink()
