# SPDX-License-Identifier: GPL-3.0-or-later
"""News of a job that takes minutes: how near to the picture it is, and a small picture of what has grown."""

from __future__ import annotations

import base64
import math
import zlib
from dataclasses import dataclass

import numpy as np

from ..automaton.packed import unpack

MOST_SIDE = 256
"""Pixels a side of a picture that travels with the news."""


@dataclass(frozen=True, eq=False)
class News:
    """How far a job is.

    Attributes
    ----------
    structure, colour : float
        How near to the picture what has grown now is; see `learning.judge.Likeness`. Infinite where that is not
        known yet.
    picture : ndarray, uint8, shape (height, width, 3 or 4)
        What has grown now, sRGB-encoded, row 0 at the top; of a DNA that was read, what it was read from.
    iteration : int
    seconds : float
        Of learning; 0 for a search.
    best : (float, float)
        Structure and colour of the nearest so far.
    dna : str
        That was read; empty of a search or lesson.
    """

    structure: float
    colour: float
    picture: np.ndarray
    iteration: int
    seconds: float
    best: tuple[float, float]
    dna: str = ""


def pack_picture(picture: np.ndarray) -> dict:
    """A picture (height, width, 3 or 4) of bytes as plain values, every n-th pixel of a larger one."""
    every = -(-max(picture.shape[:2]) // MOST_SIDE)
    small = np.ascontiguousarray(picture[::every, ::every])
    return {
        "shape": list(small.shape),
        "data": base64.b64encode(zlib.compress(small.tobytes())).decode("ascii"),
    }


def read_news(values: dict) -> News:
    """News as they travel."""
    packed = values["picture"]
    picture = np.frombuffer(unpack(packed["data"], math.prod(packed["shape"])), np.uint8)
    best = values.get("best", values)
    return News(
        float(values.get("structure", math.inf)),
        float(values.get("colour", math.inf)),
        picture.reshape(packed["shape"]),
        int(values.get("iteration", 0)),
        float(values.get("seconds", 0)),
        (float(best.get("structure", math.inf)), float(best.get("colour", math.inf))),
        str(values.get("dna", "")),
    )
