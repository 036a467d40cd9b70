# SPDX-License-Identifier: GPL-3.0-or-later
"""A picture of a figure, a logo or a drawing, made an exemplar: cut out of its background, and as large as it grows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
import torch.nn.functional as F

from .errors import PictureError
from .picture import Exemplar, check_sides, read_map, resize

INSIDE = 8 / 9
"""Share of a grid's side that a figure has: the rest is left free around it."""
CUT_SIDE = 512
"""Pixels a side, at most, at which a background is looked for."""
ALIKE, PLAIN = 0.08, 0.9
"""Difference of colour up to which pixels are of the background, and share of the border that is to be alike."""
FAINT = 0.02
"""Alpha up to which nothing is seen."""


def prepare_figure(given: Mapping[str, np.ndarray], pixels: int, cut_out: bool = True) -> Exemplar:
    """Make an exemplar of a picture that an artist gives.

    Parameters
    ----------
    given : mapping of str to ndarray
        'base_colour', in [0, 1], (3 or 4, height, width), sRGB-encoded, row 0 at the top.
    pixels : int
        A side of its grid.
    cut_out : bool
        Where all of it is opaque, and its border of one colour, take that away as far as it is joined to the border.

    Returns
    -------
    Exemplar
        Red, green, blue, alpha: a square in which the figure reaches two borders.

    Raises
    ------
    PictureError
        There is too little in it to learn from.
    """
    colour = read_map("base_colour", given, 3)
    check_sides(colour)
    has_alpha = np.ndim(given["base_colour"]) == 3 and len(given["base_colour"]) > 3
    alpha = read_map("base_colour", given, 4)[3] if has_alpha else np.ones(colour.shape[1:], np.float32)
    if cut_out and alpha.min() > 1 - FAINT:
        alpha = 1 - find_background(colour)
    rows, columns = (np.flatnonzero((alpha > FAINT).any(axis)) for axis in (1, 0))
    if len(rows) < 2 or len(columns) < 2:
        raise PictureError("Nothing is seen of the picture: choose one that is opaque somewhere.")
    piece = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    premultiplied = np.concatenate([colour * alpha, alpha[None]])[:, *piece]
    height, width = premultiplied.shape[1:]
    side = round(INSIDE * pixels / 2) * 2
    zoom = side / max(height, width)
    size = max(1, round(zoom * height)), max(1, round(zoom * width))
    small = resize(premultiplied, size).clip(0, 1)
    square = np.zeros((4, side, side), np.float32)
    top, left = ((side - one) // 2 for one in size)
    square[:, top : top + size[0], left : left + size[1]] = small
    square[:3] /= np.maximum(square[3:], 1 / 255)
    return Exemplar((square.clip(0, 1) * 255 + 0.5).astype(np.uint8), False, zoom)


def find_background(colour: np.ndarray) -> np.ndarray:
    """What is of the border's colour and joined to it.

    Parameters
    ----------
    colour : ndarray, shape (3, height, width)

    Returns
    -------
    ndarray, float32, shape (height, width)
        One there, and zero elsewhere; zero everywhere where the border has many colours.
    """
    height, width = colour.shape[1:]
    shrink = min(1.0, CUT_SIDE / max(height, width))
    small = resize(colour, (max(2, round(shrink * height)), max(2, round(shrink * width))))
    border = np.concatenate([small[:, 0], small[:, -1], small[:, :, 0], small[:, :, -1]], 1)
    paper = np.median(border, 1)[:, None]
    if (np.abs(border - paper).max(0) <= ALIKE).mean() < PLAIN:
        return np.zeros((height, width), np.float32)
    alike = torch.from_numpy((np.abs(small - paper[..., None]).max(0) <= ALIKE).astype(np.float32))[
        None, None
    ]
    found = F.pad(torch.zeros_like(alike)[..., 1:-1, 1:-1], [1] * 4, value=1.0) * alike
    while True:  # it spreads from the border, a pixel at a time
        spread = F.max_pool2d(found, 3, 1, 1) * alike
        if torch.equal(spread, found):
            break
        found = spread
    return resize(found[0].numpy(), (height, width))[0].clip(0, 1)
