# SPDX-License-Identifier: GPL-3.0-or-later
"""The automaton by the kernels, on all cores of a processor: what `reference` says, with numpy alone."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from ..kernels import threads
from ..kernels.library import VECTOR, library, open_library
from .chance import FIRE_RATE
from .perception import Boundary
from .surface import Surface
from .update_rule import UpdateRule

CELLS_A_THREAD = 2048
"""A grid of fewer cells is grown by fewer threads: they would wait for one another."""
ROW_COSTS = 64
"""A row without a cell takes as long as this share of a full one."""
_OF_SURFACE = (
    *("on", "turn", "run_row", "run", "tie_row", "place", "source", "weight"),  # as `lay_out` gives them
    *("tied", "edge"),
)
_pointer = ctypes.c_void_p


class _Rule(ctypes.Structure):
    _fields_ = [(name, _pointer) for name in ("into_hidden", "hidden_bias", "out_of_hidden", "share")]


class _Work(ctypes.Structure):
    _fields_ = [
        *((name, ctypes.c_long) for name in ("height", "width", "channels", "hidden")),
        *((name, ctypes.c_int32) for name in ("wrap", "rules", "bands", "draft")),
        *((name, ctypes.c_uint32) for name in ("random_seed", "first", "steps", "threshold")),
        *((name, _pointer) for name in ("rule", "state", "beside", "alive", "peopled", "arrived")),
        *((name, _pointer) for name in (*_OF_SURFACE, "habitat")),
    ]


def suits(channels: int, hidden: int) -> bool:
    """Whether the kernels can grow cells of these sizes here."""
    return channels % VECTOR == hidden % VECTOR == 0 and open_library() is not None


@lru_cache(4)
def lay_out(surface: Surface) -> tuple[np.ndarray, ...]:
    """A surface as the kernel reads it, but for the states of its ties; see `work` in `step.c`."""
    rows = np.arange(surface.height + 3) * (surface.width + 2)
    around = np.pad(surface.on, 1)
    seen = np.any(
        [around[y : y + surface.height, x : x + surface.width] for y in range(3) for x in range(3)], axis=0
    )
    edges = np.diff(np.pad(seen, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    row, begin = (edges == 1).nonzero()
    end = (edges == -1).nonzero()[1]
    return (
        surface.on.astype(np.uint8),
        np.ascontiguousarray(surface.turns.transpose(2, 3, 0, 1)),
        np.searchsorted(row, np.arange(surface.height + 1)).astype(np.int64),
        np.stack([begin, end], 1).astype(np.int32),
        np.searchsorted(surface.places, rows).astype(np.int64),
        surface.places,
        surface.sources,
        surface.weights,
    )


def share_rows(surface: Surface, bands: int) -> np.ndarray:
    """Where bands of rows with as many cells each begin, and the last one ends: int64, shape (bands + 1,)."""
    until = np.cumsum(surface.on.sum(1) + surface.width / ROW_COSTS)
    edges = np.searchsorted(until, until[-1] * np.arange(bands + 1) / bands)
    edges[-1] = surface.height
    rows = np.arange(bands + 1)
    edges = np.maximum.accumulate(edges - rows) + rows  # none without a row
    return np.minimum(edges, surface.height - bands + rows).astype(np.int64)


def grow(
    state: np.ndarray,
    rules: Sequence[UpdateRule],
    shares: Sequence[np.ndarray | None],
    random_seed: int,
    first: int,
    steps: int,
    boundary: Boundary = "wrap",
    fire_rate: float = FIRE_RATE,
    draft: int = 0,
    habitat: np.ndarray | None = None,
) -> np.ndarray:
    """Run steps of the automaton; see `reference.step`.

    Parameters
    ----------
    state : ndarray, float32, shape (height, width, channels)
        A cell's channels lie together here.
    rules, shares, random_seed, boundary, fire_rate, habitat
        As there.
    first, steps : int
        `first` is the number of steps before.
    draft : int
        Products in bfloat16, another arrangement after some hundred steps: 1 of vectors, 2 of tiles, as far as
        `nca_drafts` goes; see `native_choice`.

    Returns
    -------
    ndarray of the shape of `state`
        Another one: what was given stays as it is.
    """
    height, width, channels = state.shape
    state = np.array(state, np.float32, order="C")
    weights = [
        [np.ascontiguousarray(w, np.float32) for w in (r.into_hidden, r.hidden_bias, r.out_of_hidden)]
        for r in rules
    ]
    counts = [None if share is None else np.ascontiguousarray(share, np.float32) for share in shares]
    arrays = (_Rule * len(rules))(
        *(
            _Rule(*(w.ctypes.data for w in rule), None if share is None else share.ctypes.data)
            for rule, share in zip(weights, counts, strict=True)
        )
    )
    beside = np.empty((height + 2, width), np.uint8)
    alive = np.zeros((height, width), np.uint8)
    peopled = state.any((1, 2)).astype(np.uint8)
    arrived = np.zeros(1, np.int64)
    bands = max(1, min(threads.count(), height * width // CELLS_A_THREAD, height // 4))
    work = _Work(
        height,
        width,
        channels,
        weights[0][2].shape[-2],
        boundary == "wrap",
        len(rules),
        bands,
        draft,
        random_seed & 0xFFFFFFFF,
        first & 0xFFFFFFFF,
        steps,
        min(round(fire_rate * 2**32), 2**32 - 1),
        ctypes.cast(arrays, _pointer),
        *(buffer.ctypes.data for buffer in (state, beside[1:], alive, peopled, arrived)),
    )
    if isinstance(boundary, Surface):
        tied = np.empty((len(boundary.places), channels), np.float32)
        edge = share_rows(boundary, bands)
        laid_out = (*lay_out(boundary), tied, edge)  # held until the work is done
        for name, array in zip(_OF_SURFACE, laid_out, strict=True):
            setattr(work, name, array.ctypes.data)
    if habitat is not None:
        habitat = np.ascontiguousarray(habitat, np.uint32)  # kept until the work is done
        work.habitat = habitat.ctypes.data
    threads.share_out(lambda band: library().nca_take_part(ctypes.byref(work), band), bands)
    return state
