# SPDX-License-Identifier: GPL-3.0-or-later
"""Card: what runs shaders, and what of a growth lies on it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from ..kernels import glsl

MOST_SENT = 32
"""Rules, painters, shares or habitats that a card holds."""


class Card(Protocol):
    """A card that runs shaders. Pictures and blocks are its own; nothing waits but `fetch`.

    Attributes
    ----------
    widest : int
        Places along a side of a picture, at most.
    """

    widest: int

    def send(self, numbers: np.ndarray) -> Any:
        """A picture of float32 numbers (height, width, 4 or 1)."""

    def empty(self, height: int, width: int, form: str) -> Any:
        """A picture without content.

        Parameters
        ----------
        height, width : int
        form : str
            'RGBA32F', 'RG32F' or 'R32F'.
        """

    def block(self, numbers: np.ndarray) -> Any:
        """A block of float32 numbers (fours, 4) that all threads of a shader read."""

    def run(
        self,
        shader: glsl.Shader,
        size: tuple[int, int],
        given: dict[str, Any],
        constants: dict[str, int],
        bands: bool = True,
    ) -> None:
        """Let a shader run after all that was asked before.

        Parameters
        ----------
        shader : Shader
        size : (int, int)
            Threads across and down.
        given : dict
            Pictures, images, numbers and the block, by the names that the shader has for them. An absent picture is
            not read.
        constants : dict
            What its source leaves open.
        bands : bool
            Whether it may run in pieces, by rows from `top` to `bottom`.
        """

    def fetch(self, picture: Any) -> np.ndarray:
        """The numbers of a picture, once all that was asked is done: float32, shape (height, width, components)."""


@dataclass(frozen=True)
class Cells:
    """Cells on a card.

    Attributes
    ----------
    picture
        Their channels, in fours side by side.
    height, width, channels : int
        Without surroundings.
    edge : int
        How many cells of surroundings there are on each side: one on a surface, where ties write into them.
    """

    picture: Any
    height: int
    width: int
    channels: int
    edge: int

    @property
    def nbytes(self) -> int:
        """Bytes of the card's memory."""
        return 4 * self.channels * (self.height + 2 * self.edge) * (self.width + 2 * self.edge)


@dataclass(frozen=True)
class Arrivals:
    """When cells came alive, on a card; `edge` as that of their cells."""

    picture: Any
    height: int
    width: int
    edge: int

    @property
    def nbytes(self) -> int:
        """Bytes of the card's memory."""
        return 4 * self.height * self.width


@dataclass(frozen=True)
class Habitat:
    """Below which of its numbers each cell fires, on a card: in halves, with the surroundings of its cells."""

    picture: Any


@dataclass(frozen=True)
class Ties:
    """Ties of a surface, on a card: `count` of them."""

    places: Any
    sources: Any
    turns: Any
    count: int


@dataclass(frozen=True)
class Told:
    """What is told of pixels beside the borders of islands, on a card, in lines side by side."""

    pixels: Any
    offsets: Any
    patches: Any
    sources: Any
    lines: int
    tie_lines: int


class Sent:
    """What was sent to a card, by the object that it was made of, which nobody writes to."""

    def __init__(self, send: Callable[[Any], Any]):
        self._send = send
        self._held: OrderedDict[int, tuple[Any, Any]] = OrderedDict()

    def __call__(self, what: Any) -> Any:
        if what is None:
            return None
        if id(what) not in self._held:
            self._held[id(what)] = what, self._send(what)
            while len(self._held) > MOST_SENT:
                self._held.popitem(last=False)
        self._held.move_to_end(id(what))
        return self._held[id(what)][1]
