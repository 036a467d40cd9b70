# SPDX-License-Identifier: GPL-3.0-or-later
"""Kept pictures: what slots showed last of the growths that they have left. Who looks through species comes back."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np

MOST_BYTES = 2**27
"""Of 512 x 512 pixels, sixteen."""

Picture = tuple[np.ndarray, float]
"""Live images, and the share of cells that live."""


class KeptPictures:
    """The last pictures of growths, so long as they are few enough.

    Attributes
    ----------
    most_bytes : int
        Of all that are kept.
    """

    def __init__(self) -> None:
        self.most_bytes = MOST_BYTES
        self._shown: dict[str, tuple[str, tuple, Picture]] = {}
        self._left: OrderedDict[tuple, Picture] = OrderedDict()

    def find(self, key: tuple) -> Picture | None:
        """The picture of a key, where a slot has left its growth at it."""
        if key in self._left:
            self._left.move_to_end(key)
        return self._left.get(key)

    def show(self, slot: str, growth: str, key: tuple, picture: Picture) -> None:
        """A slot shows a picture of a growth; where that is another growth than before, what it showed is kept.

        Parameters
        ----------
        slot : str
        growth : str
            The growth's key.
        key : tuple
            Of all that the picture depends on.
        picture : Picture
            Nobody writes to it any more.
        """
        before = self._shown.get(slot)
        if before is not None and before[0] != growth:
            self._left[before[1]] = before[2]
            self._left.move_to_end(before[1])
        if picture[0].nbytes > self.most_bytes:  # painting it again is less than holding it
            self.forget(slot)
        else:
            self._shown[slot] = growth, key, picture
        self._let_go()

    def hold_at_most(self, most_bytes: int) -> None:
        """Keep no more than so many bytes from now on."""
        self.most_bytes = most_bytes
        self._let_go()

    def _let_go(self) -> None:
        while self._left and sum(images.nbytes for images, _ in self._left.values()) > self.most_bytes:
            self._left.popitem(last=False)

    def forget(self, slot: str) -> None:
        """A slot is not played any more."""
        self._shown.pop(slot, None)
