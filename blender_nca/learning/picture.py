# SPDX-License-Identifier: GPL-3.0-or-later
"""A picture, or a set of maps, made an exemplar: even light, a scale that cells can grow, maps that nobody gave.

What a photographer leaves in a picture is no texture: one side is brighter than the other, the structure is larger or
smaller than a manifold grows, the borders do not meet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from ..maps.channels import CHANNELS, MAPS
from .errors import PictureError
from .fine_textures import FINER
from .patches import LUMINANCE

LEAST_SIDE, LEAST_CONTRAST = 24, 0.008
"""Pixels, and deviation of colour, below which there is nothing to learn."""
LEAST_OPAQUE = 0.1
"""Share of a picture that is to be seen at least."""
SIDE = 128, 384
"""Pixels a side of an exemplar: the shorter one at least, the longer at most."""
PERIOD = 9.0, 20.0
"""Pixels of an exemplar from one part of its structure to the next: where all of a picture fits, up to the second;
otherwise a piece of it, of the first."""
ZOOM = 1 / 16, 2.0
"""How far a picture is reduced, and enlarged: beyond that it is blurred."""
FINER_BELOW = 0.55
"""How far a picture has to be reduced for something finer than cells to be in it: beyond that it is blurred there."""
SEAMLESS = 1.35
"""Difference across the borders over that of inner neighbours, up to which a picture is taken to tile."""
NEUTRAL = {"roughness": 0.6, "metallic": 0.0, "emission": 0.0}


@dataclass(frozen=True)
class Exemplar:
    """What a species is learned from.

    Attributes
    ----------
    maps : ndarray, uint8, shape (maps, height, width)
        As a manifold paints them, row 0 at the top.
    tiles : bool
        Whether it goes on beyond its borders as it begins on the other side.
    scale : float
        Pixels of the exemplar for each of the picture's.
    finer : ndarray, uint8, shape (maps, FINER * height, FINER * width), optional
        The same where the picture holds more than cells can: what is finer than they are is learned from it.
    """

    maps: np.ndarray
    tiles: bool
    scale: float
    finer: np.ndarray | None = None


def prepare(given: Mapping[str, np.ndarray], scale: float = 1.0, flatten: bool = True) -> Exemplar:
    """Make an exemplar of what an artist gives.

    Parameters
    ----------
    given : mapping of str to ndarray
        Maps in [0, 1], row 0 at the top: 'base_colour', (3 or 4, height, width), sRGB-encoded, and any of 'height',
        'roughness', 'metallic', 'emission', (height, width), and 'normal', (3, height, width), green up. Maps of other
        sizes than the colour's are brought to it.
    scale : float
        Finer structure below one and coarser above, against the scale that is chosen.
    flatten : bool
        Even the light out.

    Raises
    ------
    PictureError
        There is too little in it to learn from.
    """
    colour = read_map("base_colour", given, 3)
    if np.ndim(given["base_colour"]) == 3 and len(given["base_colour"]) > 3:
        colour = _cover(colour, read_map("base_colour", given, 4)[3])
    check_sides(colour)
    if float(colour.std((1, 2)).max()) < LEAST_CONTRAST:
        raise PictureError("The picture has one color only: choose one with a structure.")
    tiles = _tiles(colour)
    if flatten and not tiles:
        colour = flatten_light(colour)
    size = colour.shape[1:]
    maps = np.empty((len(CHANNELS), *size), np.float32)
    maps[MAPS["base_colour"]], maps[MAPS["alpha"]] = colour, 1
    for name, neutral in NEUTRAL.items():
        maps[MAPS[name]] = resize(read_map(name, given, 1), size) if name in given else neutral
    maps[MAPS["height"]] = _height(given, colour, tiles)
    period = structure_period(colour)
    fitting = min(PERIOD[1] / period, SIDE[1] / max(size))
    zoom = scale * float(np.clip(max(fitting, PERIOD[0] / period), *ZOOM))
    zoom = max(zoom, SIDE[0] / min(size))
    if zoom * max(size) > SIDE[1] + 1:
        maps, tiles = _crop(maps, round(SIDE[1] / zoom)), False
    sides = tuple(round(zoom * side / 8) * 8 for side in maps.shape[1:])
    finer = _to_bytes(resize(maps, tuple(FINER * side for side in sides))) if zoom <= FINER_BELOW else None
    return Exemplar(_to_bytes(resize(maps, sides)), tiles, zoom, finer)


def _to_bytes(maps: np.ndarray) -> np.ndarray:
    return (maps.clip(0, 1) * 255 + 0.5).astype(np.uint8)


def check_sides(colour: np.ndarray) -> None:
    """Make sure that a picture (3, height, width) is large enough, and no strip; raises `PictureError`."""
    if min(colour.shape[1:]) < LEAST_SIDE:
        raise PictureError(
            f"The picture has {colour.shape[2]} x {colour.shape[1]} pixels: "
            f"choose one of {LEAST_SIDE} pixels a side or more."
        )
    if max(colour.shape[1:]) > 8 * min(colour.shape[1:]):
        raise PictureError(
            "The picture is a narrow strip: crop it to a piece less than eight times as long as wide."
        )


def structure_period(colour: np.ndarray) -> float:
    """Pixels from one part of a structure to the next: of the mean wavelength of its luminance, by power.

    Parameters
    ----------
    colour : ndarray, shape (3, height, width)
    """
    grey = np.einsum("c,chw->hw", LUMINANCE, colour)
    grey = (grey - grey.mean()) * np.outer(*(np.hanning(side) for side in grey.shape))
    power = np.abs(np.fft.rfft2(grey)) ** 2
    frequency = np.hypot(np.fft.fftfreq(grey.shape[0])[:, None], np.fft.rfftfreq(grey.shape[1]))
    power[frequency < 2.5 / min(grey.shape)] = 0  # uneven light, and what there is too little of
    return float(np.exp(-(power * np.log(frequency + 1e-9)).sum() / max(power.sum(), 1e-12)))


def flatten_light(colour: np.ndarray) -> np.ndarray:
    """Even the light out: what a second-order surface says of the logarithm of luminance is divided away."""
    y, x = (np.linspace(-1, 1, side, dtype=np.float32) for side in colour.shape[1:])
    every = -(-max(colour.shape[1:]) // SIDE[1])  # so smooth a surface shows in some of the pixels
    few = slice(None, None, every)
    surface = np.stack(np.broadcast_arrays(*_second_order(y[few], x[few]), np.float32(1)), -1).reshape(-1, 6)
    for _ in range(2):  # near black, what is added before the logarithm hides some of it the first time
        grey = np.einsum("c,chw->hw", LUMINANCE, colour[:, few, few])
        found, *_ = np.linalg.lstsq(surface, np.log(grey + 0.02).reshape(-1), rcond=None)
        terms = zip(found.astype(np.float32), _second_order(y, x), strict=False)
        light = sum(weight * term for weight, term in terms)
        colour = (colour * np.exp(-light)).astype(np.float32)
    return colour.clip(0, 1)


def _second_order(y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, ...]:
    """The terms of a second-order surface but its height, each of a mean of 0; shapes that broadcast to a grid's."""
    y, x = y[:, None], x[None]
    return x, y, x * y, x * x - 1 / 3, y * y - 1 / 3


def read_map(name: str, given: Mapping[str, np.ndarray], channels: int) -> np.ndarray:
    """The first channels of a map in [0, 1]: shape (channels, height, width); raises `PictureError`."""
    values = np.nan_to_num(np.asarray(given[name], np.float32), nan=0, posinf=1, neginf=0).clip(0, 1)
    values = values if values.ndim == 3 else values[None]
    if values.ndim != 3 or len(values) < channels or values.size == 0:
        raise PictureError(
            f"The {name.replace('_', ' ')} is no picture: choose an image that is loaded and not empty."
        )
    return values[:channels]


def _cover(colour: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Colour with what is transparent in the mean colour of the rest."""
    if alpha.mean() < LEAST_OPAQUE:
        raise PictureError("The picture is transparent nearly everywhere: choose one that is opaque.")
    mean = (colour * alpha).mean((1, 2), keepdims=True) / alpha.mean()
    return colour * alpha + mean * (1 - alpha)


def _tiles(colour: np.ndarray) -> bool:
    """Whether its borders meet."""
    for axis in (1, 2):
        steps = np.abs(np.diff(colour, axis=axis)).mean((0, 3 - axis))
        across = np.abs(np.take(colour, 0, axis) - np.take(colour, -1, axis)).mean()
        if across > SEAMLESS * max(steps.mean(), (steps[0] + steps[-1]) / 2):
            return False
    return True


def _height(given: Mapping[str, np.ndarray], colour: np.ndarray, tiles: bool) -> np.ndarray:
    """Height as it is given, as a normal map says, or else what is bright is high."""
    size = colour.shape[1:]
    if "height" in given:
        return resize(read_map("height", given, 1), size)[0]
    if "normal" in given:
        height = _integrate(resize(read_map("normal", given, 3), size), tiles)
    else:
        height = np.einsum("c,chw->hw", LUMINANCE, colour)
    low, high = np.quantile(height, (0.01, 0.99))
    return ((height - low) / max(high - low, 1e-3)).clip(0, 1) * 0.8 + 0.1


def _integrate(normal: np.ndarray, tiles: bool) -> np.ndarray:
    """Height whose slopes are nearest to a normal map's (Frankot & Chellappa 1988); mirrored where it does not tile."""
    x, y, z = 2 * normal - 1
    z = z.clip(0.05)
    right, down = -x / z, y / z
    if not tiles:
        right = np.block([[right, -right[:, ::-1]], [right[::-1], -right[::-1, ::-1]]])
        down = np.block([[down, down[:, ::-1]], [-down[::-1], -down[::-1, ::-1]]])
    u = 2j * np.pi * np.fft.fftfreq(right.shape[1])
    v = 2j * np.pi * np.fft.fftfreq(right.shape[0])[:, None]
    power = np.abs(u) ** 2 + np.abs(v) ** 2
    power[0, 0] = 1
    found = (np.conj(u) * np.fft.fft2(right) + np.conj(v) * np.fft.fft2(down)) / power
    return np.real(np.fft.ifft2(found))[: normal.shape[1], : normal.shape[2]]


def _crop(maps: np.ndarray, most: int) -> np.ndarray:
    """The middle of maps, so many pixels a side at most."""
    sides = [min(side, most) for side in maps.shape[1:]]
    top, left = ((side - kept) // 2 for side, kept in zip(maps.shape[1:], sides, strict=True))
    return maps[:, top : top + sides[0], left : left + sides[1]]


def resize(maps: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    """Maps (maps, height, width) at another size; means over what becomes one pixel."""
    if maps.shape[1:] == tuple(size):
        return maps
    sharp = torch.from_numpy(np.ascontiguousarray(maps, np.float32))[None]
    return F.interpolate(sharp, tuple(size), mode="bilinear", antialias=True, align_corners=False)[0].numpy()
