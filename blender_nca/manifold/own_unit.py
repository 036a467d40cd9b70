# SPDX-License-Identifier: GPL-3.0-or-later
"""A unit of its own for one species, beside those of a manifold: what it adds to the rule and the painter of its DNA.

It is silent for all DNA that shares few letters with its own, so whatever a species learns, no other changes; and it
fades as a blend moves from its species to another, so blends stay between the two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np

from ..automaton.update_rule import Array, UpdateRule
from ..genetics.relaxed import relax
from .architecture import FINE, FINE_MAPS, GRAIN, MAP_CHANNELS, Architecture
from .renderer import Painter
from .transcription import show_finely

SILENT_BELOW = 14 / 32
"""Share of matching letters up to which a unit is silent. A quarter is chance."""
OF_RULE = tuple(each.name for each in fields(UpdateRule))
OF_PAINTER = ("weight_0", "bias_0", "weight_1", "bias_1")
"""What a unit adds to. The painter's last layer is that of all genotypes."""
OF_FINE = (*OF_PAINTER, "weight_2", "bias_2", "shown")
"""What paints what is finer than cells: see `OwnUnit.fine`."""
MOST = 127
"""The largest whole number that is kept of a number in 8 bits."""


@dataclass(frozen=True, eq=False)
class OwnUnit:
    """A unit of one species.

    Attributes
    ----------
    dna : str
        Of the species.
    silent_below : float
        Share of matching letters up to which it is silent, in [`SILENT_BELOW`, 1).
    added : mapping of str to ndarray, float32
        What it adds where all letters match, of the shapes that `shapes` gives.
    further : bool
        Whether it teaches a species further that the manifold itself has learned, whose DNA it then has: what the
        manifold paints finer than cells stays.
    fine : mapping of str to ndarray, float32, optional
        Units of a painter of its own that show what is finer than cells where all letters match, of the shapes that
        `fine_shapes` gives, in place of those that all species share: those learned nothing of it. Where a unit has
        none, nothing finer is shown.
    """

    dna: str
    silent_below: float
    added: Mapping[str, np.ndarray]
    further: bool = False
    fine: Mapping[str, np.ndarray] | None = None

    @cached_property
    def key(self) -> str:
        """A hash of all that grows by it: growths name it so."""
        summary = hashlib.sha256(f"{self.dna} {self.silent_below!r}{' further' * self.further}".encode())
        for name in (*OF_RULE, *OF_PAINTER):
            summary.update(np.ascontiguousarray(self.added[name], "<f4").tobytes())
        if self.fine is not None:
            for name in OF_FINE:
                summary.update(np.ascontiguousarray(self.fine[name], "<f4").tobytes())
        return summary.hexdigest()

    @property
    def rounded(self) -> OwnUnit:
        """The nearest one whose numbers 8 bits hold: half of a file, and no figure looks otherwise."""
        return self._round(lambda array: from_bytes(*to_bytes(array)))

    @property
    def halved(self) -> OwnUnit:
        """The nearest one whose numbers 16 bits hold: half of a file, and no texture looks otherwise."""
        return self._round(lambda array: array.astype(np.float16).astype(array.dtype))

    def _round(self, nearest: Callable[[np.ndarray], np.ndarray]) -> OwnUnit:
        fine = self.fine and {name: nearest(array) for name, array in self.fine.items()}
        return replace(self, added={name: nearest(array) for name, array in self.added.items()}, fine=fine)

    @cached_property
    def fine_painter(self) -> Painter | None:
        """The painter that `fine` tells of, without an axis of a batch."""
        if self.fine is None:
            return None
        painter = express_fine(self.fine)
        first = {name: getattr(painter, name)[0] for name in OF_PAINTER}
        return Painter(**first, weight_2=painter.weight_2[0], bias_2=painter.bias_2[0, 0])

    def loudness(self, relaxed: np.ndarray) -> float:
        """How much of it a DNA in relaxed form (dna_length, 4) calls for, in [0, 1]."""
        return call(relaxed, self.dna, self.silent_below)

    def join(self, relaxed: np.ndarray, rule: UpdateRule, painter: Painter) -> tuple[UpdateRule, Painter]:
        """Add it to what a manifold reads from a DNA.

        Parameters
        ----------
        relaxed : ndarray, shape (dna_length, 4)
            The DNA in relaxed form.
        rule, painter
            What the manifold reads from it, without an axis of a batch.

        Returns
        -------
        UpdateRule, Painter
            The very same, where it is silent.
        """
        loudness = np.float32(self.loudness(relaxed))
        if not loudness:
            return rule, painter
        sums = {
            name: getattr(part, name) + loudness * self.added[name]
            for part, names in ((rule, OF_RULE), (painter, OF_PAINTER))
            for name in names
        }
        rest = {name: value for name, value in vars(painter).items() if name not in OF_PAINTER}
        return (
            UpdateRule(**{name: sums[name] for name in OF_RULE}),
            Painter(**{name: sums[name] for name in OF_PAINTER}, **rest),
        )


def call(relaxed: np.ndarray, dna: str, silent_below: float = SILENT_BELOW) -> float:
    """How much a DNA is another one.

    Parameters
    ----------
    relaxed : ndarray, shape (dna_length, 4)
        The DNA in relaxed form.
    dna : str
        The other one.
    silent_below : float
        Share of matching letters up to which it is not at all.

    Returns
    -------
    float
        In [0, 1].
    """
    match = float((relaxed * relax(dna)).sum() / len(dna))
    return max(0.0, (match - silent_below) / (1 - silent_below))


def to_bytes(array: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Numbers as whole ones of 8 bits, each a multiple of the power of two of its column.

    Parameters
    ----------
    array : ndarray, float32, shape (rows, columns)

    Returns
    -------
    ndarray, int8, shape (rows, columns)
        The nearest multiples.
    ndarray, int8, shape (columns,)
        Exponents of the powers.
    """
    largest = np.abs(array).max(0).astype(np.float64)
    exponents = np.ceil(np.log2(np.maximum(largest, 2.0**-100) / MOST)).clip(-128, 127).astype(np.int8)
    whole = np.rint(np.ldexp(array.astype(np.float64), -exponents.astype(np.int32))).clip(-MOST, MOST)
    return whole.astype(np.int8), exponents


def from_bytes(whole: np.ndarray, exponents: np.ndarray) -> np.ndarray:
    """Numbers, float32, of the whole ones that stand for them; see `to_bytes`."""
    with np.errstate(over="ignore"):  # of a damaged file: who reads it looks at what came of it
        return np.ldexp(whole.astype(np.float32), exponents.astype(np.int32))


def shapes(sizes: Architecture) -> dict[str, tuple[int, ...]]:
    """Name and shape of each array that a unit adds to."""
    of_all = sizes.shapes()
    width = sizes.painting
    return {
        **{name: of_all[f"rule.{name}"] for name in ("into_hidden", "out_of_hidden")},
        "hidden_bias": (1, sizes.hidden),
        "weight_0": (sizes.channels, width),
        "bias_0": (1, width),
        "weight_1": (width, width),
        "bias_1": (1, width),
    }


def express_fine(fine: Mapping[str, Array]) -> Painter:
    """The painter of units that paint what is finer than cells, with an axis of a batch of one.

    Parameters
    ----------
    fine : mapping of str to array
        Of the shapes that `fine_shapes` gives, in numpy or torch.
    """
    weight_2, bias_2 = show_finely(fine["weight_2"], fine["bias_2"][0], fine["shown"])
    return Painter(**{name: fine[name][None] for name in OF_PAINTER}, weight_2=weight_2, bias_2=bias_2)


def fine_shapes(sizes: Architecture) -> dict[str, tuple[int, int]]:
    """Name and shape of each array of units that paint what is finer than cells: all are columns of a layer."""
    outputs = max(FINE_MAPS) + 1
    return {
        "weight_0": (sizes.channels + GRAIN, FINE),
        "bias_0": (1, FINE),
        "weight_1": (FINE, FINE),
        "bias_1": (1, FINE),
        "weight_2": (FINE, outputs),
        "bias_2": (1, outputs),
        "shown": (1, len(MAP_CHANNELS)),
    }
