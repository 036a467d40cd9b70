# SPDX-License-Identifier: GPL-3.0-or-later
"""More figures than there are: mirrored, moved, turned, in other colours, one over another.

An encoder that has seen some hundred pictures knows those; of their variations it can learn what makes a picture.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

MIRRORED, MOVED, TINTED, COMPOSED = 0.5, 0.5, 0.5, 0.25
"""Shares of the variations in which each happens."""
SCALES, TURN, SHIFT = (0.75, 1.1), 0.25, 0.15
"""Of what is moved: least and greatest size, greatest angle in radians and shift in halves of a picture."""
INSET, OFF_CENTRE = (0.4, 0.65), 0.4
"""Of what lies over another figure: least and greatest size, greatest shift in halves of a picture."""


def vary(pictures: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
    """Draw a variation of each picture.

    Parameters
    ----------
    pictures : Tensor, shape (figures, 4, side, side)
        Premultiplied colour and alpha. What is laid over one of them is another of them.
    random : Generator

    Returns
    -------
    Tensor of the shape of `pictures`
        Premultiplied.
    """
    count = len(pictures)

    def happens(share: float) -> np.ndarray:
        return random.random(count) < share

    moved = happens(MOVED)
    scale = np.where(moved, random.uniform(*SCALES, count), 1.0)
    turn = np.where(moved, random.uniform(-TURN, TURN, count), 0.0)
    shift = np.where(moved, random.uniform(-SHIFT, SHIFT, (2, count)), 0.0)
    drawn = _place(pictures, scale, turn, shift, happens(MIRRORED))

    others = pictures[torch.from_numpy(random.permutation(count)).to(pictures.device)]
    inset = _place(
        others,
        random.uniform(*INSET, count),
        random.uniform(-TURN, TURN, count),
        random.uniform(-OFF_CENTRE, OFF_CENTRE, (2, count)),
        happens(MIRRORED),
    )
    over = inset * torch.from_numpy(happens(COMPOSED)).to(inset)[:, None, None, None]
    drawn = over + drawn * (1 - over[:, 3:4])

    tints = np.where(
        happens(TINTED)[:, None, None], _turn_hues(random.uniform(0, 2 * np.pi, count)), np.eye(3)
    )
    colours = torch.einsum("nij,njhw->nihw", torch.from_numpy(tints).to(drawn), drawn[:, :3])
    alpha = drawn[:, 3:4].clip(0, 1)
    return torch.cat([torch.minimum(colours.clip(min=0), alpha), alpha], 1)


def _place(
    pictures: torch.Tensor, scale: np.ndarray, turn: np.ndarray, shift: np.ndarray, mirrored: np.ndarray
) -> torch.Tensor:
    """Pictures of another size, turned about their middle and shifted; nothing is around them."""
    across = np.where(mirrored, -1.0, 1.0)
    # from a place of the result to that of the picture
    cosine, sine = np.cos(turn) / scale, np.sin(turn) / scale
    there = np.stack([np.stack([across * cosine, across * sine]), np.stack([-sine, cosine])]).transpose(
        2, 0, 1
    )
    origin = -there @ shift.T[:, :, None]
    affine = torch.from_numpy(np.concatenate([there, origin], 2)).to(pictures)
    grid = F.affine_grid(affine, list(pictures.shape), align_corners=False)
    return F.grid_sample(pictures, grid, mode="bilinear", align_corners=False)


def _turn_hues(angles: np.ndarray) -> np.ndarray:
    """Rotations of red, green and blue about grey: shape (angles, 3, 3)."""
    # Rodrigues' formula about (1, 1, 1) / sqrt(3): greys stay, and so does the mean of the three
    cross = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / 3**0.5
    cosine, sine = np.cos(angles)[:, None, None], np.sin(angles)[:, None, None]
    return cosine * np.eye(3) + sine * cross + (1 - cosine) / 3
