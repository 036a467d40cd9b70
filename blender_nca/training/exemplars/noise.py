# SPDX-License-Identifier: GPL-3.0-or-later
"""Periodic noise and what is done to fields: all of it tiles, as it works in Fourier space or wraps its indices."""

from __future__ import annotations

import numpy as np


def frequencies(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies in cycles a pixel along y (size, 1) and x (1, size // 2 + 1), for `np.fft.rfft2`."""
    return np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None, :]


def noise(
    size: int,
    feature: float,
    rng: np.random.Generator,
    octaves: int = 1,
    gain: float = 0.5,
    stretch: tuple[float, float] = (1.0, 1.0),
) -> np.ndarray:
    """Draw band-limited Gaussian noise that wraps around.

    The band keeps low frequencies out, so that no picture has one landmark that the next lacks.

    Parameters
    ----------
    size : int
        Side in pixels.
    feature : float
        Wavelength of the first octave, in pixels.
    rng : numpy.random.Generator
    octaves : int
        Number of octaves, each of half the wavelength of the one before.
    gain : float
        Amplitude of an octave over that of the one before.
    stretch : (float, float)
        How many times longer the features are along y and along x.

    Returns
    -------
    ndarray (size, size)
        Mean 0, standard deviation 1.
    """
    along_y, along_x = frequencies(size)
    cycles = np.hypot(along_y * stretch[0], along_x * stretch[1]) * feature
    cycles[0, 0] = 1e-9
    level = np.log2(cycles)
    # A ring an octave up has four times as many frequencies: half the amplitude gives it the same power at gain 1.
    spectrum = np.zeros_like(level)
    for octave in range(octaves):
        spectrum += (0.5 * gain) ** octave * np.exp(-(((level - octave) / 0.45) ** 2))
    spectrum[0, 0] = 0.0
    field = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((size, size))) * spectrum, (size, size))
    return field / field.std()


def evened(field: np.ndarray) -> np.ndarray:
    """Turn Gaussian values of mean 0 and standard deviation 1 into values spread evenly over [0, 1]."""
    return 0.5 + 0.5 * np.tanh(0.7979 * (field + 0.0447 * field**3))


def random_shift(
    size: int, pixels: float, feature: float, rng: np.random.Generator, octaves: int = 1, gain: float = 0.5
) -> tuple[np.ndarray, np.ndarray]:
    """Draw noise that bends outlines: by how many pixels each place is moved.

    Parameters
    ----------
    size : int
        Side in pixels.
    pixels : float
        Standard deviation of the moves.
    feature, rng, octaves, gain
        As of `noise`.

    Returns
    -------
    shift_y, shift_x : ndarray (size, size)
        Pixels along y and along x, for `warp` or `voronoi`.
    """
    shift_y = pixels * noise(size, feature, rng, octaves, gain)
    shift_x = pixels * noise(size, feature, rng, octaves, gain)
    return shift_y, shift_x


def warp(field: np.ndarray, shift_y: np.ndarray, shift_x: np.ndarray) -> np.ndarray:
    """Read a field (size, size) at places shifted by so many pixels, bilinearly and around the wrap."""
    size = len(field)
    y = np.arange(size)[:, None] + shift_y
    x = np.arange(size)[None, :] + shift_x
    top, left = np.floor(y).astype(int), np.floor(x).astype(int)
    down, right = y - top, x - left
    top, left = top % size, left % size
    below, beside = (top + 1) % size, (left + 1) % size
    upper = field[top, left] * (1 - right) + field[top, beside] * right
    lower = field[below, left] * (1 - right) + field[below, beside] * right
    return upper * (1 - down) + lower * down


def slope(field: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """By how much a field (size, size) rises a pixel, along y and along x: central differences around the wrap."""
    along_y = (np.roll(field, -1, 0) - np.roll(field, 1, 0)) / 2
    along_x = (np.roll(field, -1, 1) - np.roll(field, 1, 1)) / 2
    return along_y, along_x


def softened(field: np.ndarray, radius: float) -> np.ndarray:
    """Blur a field around the wrap with a Gaussian of the given standard deviation in pixels."""
    along_y, along_x = frequencies(len(field))
    spectrum = np.exp(-2 * np.pi**2 * radius**2 * (along_y**2 + along_x**2))
    return np.fft.irfft2(np.fft.rfft2(field) * spectrum, field.shape)


def pixels_from_zero(field: np.ndarray, radius: float, least_slope: float) -> np.ndarray:
    """Turn a field into signed pixels from its zero line: its value over its slope.

    Parameters
    ----------
    field : ndarray (size, size)
        Of any unit.
    radius : float
        Standard deviation in pixels of a blur of the squared slope, which evens out single flat places.
    least_slope : float
        Added to the slope, in the field's unit a pixel, so that flat places do not divide by nought.

    Returns
    -------
    ndarray (size, size)
        Exact near the line, and rougher the farther away.
    """
    along_y, along_x = slope(field)
    return field / (np.sqrt(softened(along_y**2 + along_x**2, radius)) + least_slope)


def resized(field: np.ndarray, size: int) -> np.ndarray:
    """Enlarge or shrink a periodic square field to `size` pixels a side by its Fourier coefficients."""
    old = len(field)
    if size == old:
        return field
    small = min(old, size)
    half = (small - 1) // 2
    kept = np.r_[0 : half + 1, -half:0] if half else np.array([0])
    spectrum = np.zeros((size, size), complex)
    spectrum[np.ix_(kept, kept)] = np.fft.fft2(field)[np.ix_(kept, kept)]
    return np.fft.ifft2(spectrum).real * (size / old) ** 2
