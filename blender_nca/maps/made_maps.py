# SPDX-License-Identifier: GPL-3.0-or-later
"""Made maps: every map that a texture may hold, made once of what was painted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

import numpy as np

from .channels import MAPS, ORDER_MAPS, check_maps
from .colour import linear_to_srgb, srgb_to_linear
from .normal import normal_from_height
from .relief import REACH_OF_CAVITY, ambient_occlusion, cavity, reach_of_occlusion
from .reveal import latest_of, reveal

DIELECTRIC = 0.04
"""Share of light that what is no metal mirrors when one looks straight at it."""


class MissingOrderError(ValueError):
    """A map tells when places came alive, and the growth's order was not asked for."""


class MadeMaps:
    """The maps of one frame, or of some of its rows. Each is made when it is asked for the first time.

    Parameters
    ----------
    painted : ndarray, shape (8, H, W)
        In the order of `channels.MAPS`, row 0 at the top.
    boundary : {'wrap', 'edge'}
    strength : float
        How many pixels high a height of 1 stands.
    order : ndarray, shape (2 or 3, H, W), optional
        `channels.ORDER_MAPS`, and after them `appearance`'s rise where it was watched.
    rows : range, optional
        Which of those that were painted are wanted: the others are around them, and belong to the picture, too. There
        are as many as `reach_of` says, or it ends there and has the boundary 'edge'.
    side : int, optional
        Longer side of the whole picture in pixels.
    end : float, optional
        `reveal.latest_of` the whole picture.

    Raises
    ------
    ValueError
        Maps of another shape.
    """

    def __init__(
        self,
        painted: np.ndarray,
        boundary: str,
        strength: float,
        order: np.ndarray | None = None,
        rows: range | None = None,
        side: int | None = None,
        end: float | None = None,
    ) -> None:
        self._all, self._all_order = check_maps(painted), order
        self.boundary, self.strength = boundary, strength
        self._wanted = rows or range(self._all.shape[1])
        self._side, self._end = side or max(self._all.shape[1:]), end
        self._made: dict[str, np.ndarray] = {}

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return len(self._wanted), self._all.shape[2]

    def __getitem__(self, name: str) -> np.ndarray:
        """One of `texture_maps.TEXTURE_MAPS`: float32 (1 or 3, H, W), colours encoded as sRGB.

        Raises
        ------
        KeyError
            There is no such map.
        MissingOrderError
            It needs the growth's order.
        """
        if name not in self._made:
            self._made[name] = _MADE[name](self)
        return self._made[name]

    def make_relief(self, names: Iterable[str]) -> None:
        """Make those of some maps that need what is around each place: all cores make one after the other."""
        for name in names:
            if name in _REACHES:
                self[name]

    def part(self, first: int, last: int) -> MadeMaps:
        """Some rows, from `first` to the one before `last`.

        It belongs to one thread, others may have their own, once `make_relief` has made what they need.
        """
        rows = self._wanted[first:last]
        end = self.end if self._all_order is not None else None
        part = MadeMaps(self._all, self.boundary, self.strength, self._all_order, rows, self._side, end)
        part._made = {name: made[:, first:last] for name, made in self._made.items() if name in _REACHES}
        return part

    def painted(self, name: str) -> np.ndarray:
        """One of `channels.MAPS`: float32, shape (1 or 3, height, width)."""
        return self._all[MAPS[name], self._wanted.start : self._wanted.stop]

    def dated(self, name: str) -> np.ndarray:
        """One of `channels.ORDER_MAPS`: float32, shape (1, height, width).

        Raises
        ------
        MissingOrderError
            The growth was not asked for its order.
        """
        if self._all_order is None:
            raise MissingOrderError(
                f"A texture holds {name.replace('_', ' ')}, which this growth was not asked for."
            )
        place = ORDER_MAPS.index(name)
        return self._all_order[place : place + 1, self._wanted.start : self._wanted.stop]

    @property
    def end(self) -> float:
        """`reveal.latest_of` the whole picture. Errors as of `dated`."""
        if self._end is None:
            self._end = latest_of(self.dated("growth_order"), self.painted("alpha") >= 0.5)
        return self._end

    @property
    def risen(self) -> np.ndarray | None:
        """How long places take to appear, of shape (1, height, width), where that was watched."""
        if self._all_order is None or len(self._all_order) == len(ORDER_MAPS):
            return None
        return self._all_order[2:3, self._wanted.start : self._wanted.stop]

    def relief(self, make: Callable[[np.ndarray, float, str], np.ndarray]) -> np.ndarray:
        """What is derived of the height by a function: what that gives, of shape (1 or 3, height, width)."""
        made = make(self._all[MAPS["height"]][0], self.strength, self.boundary)
        return made[..., self._wanted.start : self._wanted.stop, :].reshape(-1, *self.size)

    @property
    def side(self) -> int:
        """Longer side of the whole picture in pixels."""
        return self._side


def reach_of(names: Iterable[str], strength: float, side: int) -> int:
    """How many rows around those that are wanted some of `TEXTURE_MAPS` need; the rest as of `MadeMaps`."""
    return max((_REACHES[name](strength, side) for name in names if name in _REACHES), default=0)


def _painted(name: str) -> Callable[[MadeMaps], np.ndarray]:
    return lambda maps: maps.painted(name)


def _dated(name: str) -> Callable[[MadeMaps], np.ndarray]:
    return lambda maps: maps.dated(name)


def _premultiplied(maps: MadeMaps) -> np.ndarray:
    """Multiplied in linear light, as it is when an engine has decoded the texture."""
    return linear_to_srgb(srgb_to_linear(maps.painted("base_colour")) * maps.painted("alpha"))


def _emission(maps: MadeMaps) -> np.ndarray:
    """The colour that glows, as game engines and glTF take it: base colour by emission, multiplied in linear light."""
    return linear_to_srgb(srgb_to_linear(maps.painted("base_colour")) * maps.painted("emission"))


def _diffuse(maps: MadeMaps) -> np.ndarray:
    return linear_to_srgb(srgb_to_linear(maps.painted("base_colour")) * (1 - maps.painted("metallic")))


def _specular(maps: MadeMaps) -> np.ndarray:
    """What is mirrored straight on: of metal its colour, of all else little and white."""
    colour, metallic = srgb_to_linear(maps.painted("base_colour")), maps.painted("metallic")
    return linear_to_srgb(DIELECTRIC + (colour - DIELECTRIC) * metallic)


def _normal(convention: str) -> Callable[[MadeMaps], np.ndarray]:
    return lambda maps: maps.relief(
        lambda height, strength, boundary: normal_from_height(height, strength, boundary, convention)
    )


def _occlusion(maps: MadeMaps) -> np.ndarray:
    return maps.relief(
        lambda height, strength, boundary: ambient_occlusion(height, strength, boundary, maps.side)
    )


def _rise(maps: MadeMaps) -> np.ndarray:
    """0, a hard edge, where nobody watched how places appear."""
    return maps.risen if maps.risen is not None else np.zeros_like(maps.dated("growth_order"))


def _stillness(maps: MadeMaps) -> np.ndarray:
    """No motion: one frame knows of none."""
    return np.broadcast_to(np.array([[[0.5]], [[0.5]], [[0]]], np.float32), (3, *maps.size))


def _reveal(maps: MadeMaps) -> np.ndarray:
    return reveal(maps.dated("growth_order"), maps.painted("alpha") >= 0.5, maps.end)


_MADE: Mapping[str, Callable[[MadeMaps], np.ndarray]] = MappingProxyType(
    {
        "base_colour": _painted("base_colour"),
        "base_colour_premultiplied": _premultiplied,
        "alpha": _painted("alpha"),
        "height": _painted("height"),
        "height_centred": lambda maps: maps.painted("height") - np.float32(0.5),
        "normal_opengl": _normal("opengl"),
        "normal_directx": _normal("directx"),
        "roughness": _painted("roughness"),
        "metallic": _painted("metallic"),
        "diffuse": _diffuse,
        "specular": _specular,
        "ambient_occlusion": _occlusion,
        "cavity": lambda maps: maps.relief(cavity),
        "emission": _emission,
        "emission_strength": _painted("emission"),
        "growth_order": _dated("growth_order"),
        "growth_rise": _rise,
        "front": _dated("front"),
        "motion": _stillness,
        "reveal": _reveal,
    }
)
"""Each of `texture_maps.TEXTURE_MAPS` -> what makes it, float32 (1 or 3, H, W)."""
_REACHES: Mapping[str, Callable[[float, int], int]] = MappingProxyType(
    {
        "normal_opengl": lambda strength, side: 1,
        "normal_directx": lambda strength, side: 1,
        "ambient_occlusion": reach_of_occlusion,
        "cavity": lambda strength, side: REACH_OF_CAVITY,
    }
)
"""Those that are made of what lies around each place -> how many pixels away, of strength and side."""
