# SPDX-License-Identifier: GPL-3.0-or-later
"""Labyrinths, stripes and spots that form by themselves, reckoned in Fourier space and so without a seam."""

from __future__ import annotations

import numpy as np

from .noise import frequencies, resized


def labyrinth(
    size: int,
    feature: float,
    rng: np.random.Generator,
    *,
    steps: int = 160,
    drive: float = 0.6,
    spots: float = 0.0,
    straightness: float = 0.0,
    direction: float = 0.0,
) -> np.ndarray:
    """Grow a Swift-Hohenberg pattern.

    Its equation is the plainest one (the normal form) of the patterns that reaction and diffusion make near their
    onset. It is simulated at half resolution and enlarged by Fourier coefficients.

    Parameters
    ----------
    size : int
        Side in pixels.
    feature : float
        Distance from one stripe to the next, in pixels.
    rng : numpy.random.Generator
    steps : int
        Steps of one time unit; fewer leave more forks and ends.
    drive : float
        How far above the onset of patterns it is; more gives squarer, stiffer stripes.
    spots : float
        0 gives stripes, above about 1 dots.
    straightness : float
        0 lets stripes turn every way, 1 keeps them nearly straight.
    direction : float
        Angle in radians that straight stripes run along, from the x axis downwards.

    Returns
    -------
    ndarray (size, size)
        About -1 in the valleys to 1 on the crests.
    """
    small = max(16, size // 2)
    along_y, along_x = frequencies(small)
    period = feature * small / size
    waves = np.hypot(along_y, along_x) * period
    along = (along_x * np.cos(direction) + along_y * np.sin(direction)) * period
    growth = drive - (1 - waves**2) ** 2 - 2.0 * straightness * along**2
    # The step is implicit in the linear part; the divisor stays above zero as the drive is below 1 / time step.
    time_step = 0.8
    divisor = 1 - time_step * growth
    kept = waves < 4
    field = 0.3 * rng.standard_normal((small, small))
    for _ in range(steps):
        force = np.fft.rfft2(field + time_step * (spots * field**2 - field**3))
        field = np.fft.irfft2(force * kept / divisor, (small, small))
    crest = np.quantile(np.abs(field), 0.97)
    return np.clip(resized(field, size) / crest, -1.2, 1.2)
