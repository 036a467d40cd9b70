# SPDX-License-Identifier: GPL-3.0-or-later
"""A surface on a card: its ties and turns for steps, and the pixels beside its islands' borders for painting."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..automaton.surface import Surface
from ..kernels import glsl
from .canvas import Canvas
from .card import Card, Ties, Told
from .shader_packing import in_lines


def lay_canvas(card: Card, canvas: Canvas) -> Told:
    """What is painted beside the borders of a canvas: its pixels, and the cells that they are painted of."""
    surface = canvas.surface
    told = np.concatenate([canvas.patch, canvas.mixed[:, None], np.zeros_like(canvas.mixed)[:, None]], 1)
    down, across = np.divmod(surface.tie_source, surface.width)
    sources = np.stack([down + 1, across + 1, surface.tie_weight, np.zeros_like(surface.tie_weight)], 2)
    taps = surface.tie_source.shape[1]
    patches = in_lines(canvas.patches, glsl.PATCHES)
    send = card.send
    pixels, offsets = (in_lines(each, glsl.LINE) for each in (told, canvas.offset.reshape(-1, 4)))
    laid = in_lines(sources.reshape(-1, taps * 4), glsl.LINE)
    return Told(
        send(pixels),
        send(offsets),
        send(patches.reshape(len(patches), -1, 1)),
        send(laid.reshape(len(laid), -1, 4)),
        len(pixels),
        len(laid),
    )


def lay_grain(card: Card, canvas: Canvas) -> Any:
    """The grain of what is painted beside the borders of a canvas."""
    grain = in_lines(canvas.grain, glsl.LINE)
    return card.send(grain.reshape(len(grain), -1, 4))


def lay_ties(card: Card, surface: Surface) -> Ties:
    """The ties of a surface, what they take their states from, and the turn of each cell."""
    wide, count = surface.width + 2, len(surface.places)
    lines = max(1, -(-count // glsl.LINE))
    places = np.zeros((lines * glsl.LINE, 4), np.float32)
    places[:count, 0], places[:count, 1] = np.divmod(surface.places, wide)
    taps = surface.sources.shape[1]
    sources = np.zeros((lines * glsl.LINE, taps, 4), np.float32)
    down, across = np.divmod(surface.sources, surface.width)
    sources[:count, :, 0], sources[:count, :, 1] = down + 1, across + 1
    sources[:count, :, 2] = surface.weights
    (cosine, sine), (other_sine, other_cosine) = surface.turns
    side = np.sign(cosine * other_cosine - sine * other_sine)
    turns = np.pad(np.stack([cosine, sine, side, surface.on], 2).astype(np.float32), ((1, 1), (1, 1), (0, 0)))
    return Ties(
        card.send(places.reshape(lines, -1, 4)),
        card.send(sources.reshape(lines, -1, 4)),
        card.send(turns),
        count,
    )
