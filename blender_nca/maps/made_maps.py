# SPDX-License-Identifier: GPL-3.0-or-later
"""Made maps: every map that a texture may hold, made once of what was painted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from .channels import MAPS, check_maps
from .colour import linear_to_srgb, srgb_to_linear
from .normal import normal_from_height
from .order import ORDER_MAPS
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
        `order.ORDER_MAPS`, and after them `appearance`'s rise where it was watched.
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
        """One of `TEXTURE_MAPS`: float32 (1 or 3, H, W), colours encoded as sRGB.

        Raises
        ------
        KeyError
            There is no such map.
        MissingOrderError
            It needs the growth's order.
        """
        if name not in self._made:
            self._made[name] = TEXTURE_MAPS[name].make(self)
        return self._made[name]

    def make_relief(self, names: Iterable[str]) -> None:
        """Make those of some maps that need what is around each place: all cores make one after the other."""
        for name in names:
            if TEXTURE_MAPS[name].reach is not None:
                self[name]

    def part(self, first: int, last: int) -> MadeMaps:
        """Some rows, from `first` to the one before `last`.

        It belongs to one thread, others may have their own, once `make_relief` has made what they need.
        """
        rows = self._wanted[first:last]
        end = self.end if self._all_order is not None else None
        part = MadeMaps(self._all, self.boundary, self.strength, self._all_order, rows, self._side, end)
        part._made = {
            name: made[:, first:last]
            for name, made in self._made.items()
            if TEXTURE_MAPS[name].reach is not None
        }
        return part

    def painted(self, name: str) -> np.ndarray:
        """One of `channels.MAPS`: float32, shape (1 or 3, height, width)."""
        return self._all[MAPS[name], self._wanted.start : self._wanted.stop]

    def dated(self, name: str) -> np.ndarray:
        """One of `order.ORDER_MAPS`: float32, shape (1, height, width).

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
    reaches = (TEXTURE_MAPS[name].reach for name in names)
    return max((reach(strength, side) for reach in reaches if reach is not None), default=0)


@dataclass(frozen=True)
class TextureMap:
    """One map that a texture may hold.

    Attributes
    ----------
    label, description : str
        For the artist.
    make : function
        From `MadeMaps` to (1 or 3, H, W).
    components : int
        1 or 3.
    is_colour : bool
        Encoded as sRGB; otherwise numbers.
    is_dated : bool
        It needs the growth's order.
    may_be_negative : bool
        Only formats of floats hold it.
    reach : function, optional
        Of maps that are made of what lies around each place: how many pixels away, of strength and side.
    """

    label: str
    description: str
    make: Callable[[MadeMaps], np.ndarray]
    components: Literal[1, 3] = 1
    is_colour: bool = False
    is_dated: bool = False
    may_be_negative: bool = False
    reach: Callable[[float, int], int] | None = None


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


TEXTURE_MAPS = MappingProxyType(
    {
        "base_colour": TextureMap("Base Colour", "Colour of the surface", _painted("base_colour"), 3, True),
        "base_colour_premultiplied": TextureMap(
            "Base Colour × Alpha", "Colour of the surface, multiplied by alpha", _premultiplied, 3, True
        ),
        "alpha": TextureMap("Alpha", "Where the growth is", _painted("alpha")),
        "height": TextureMap("Height", "From 0, the lowest, to 1", _painted("height")),
        "height_centred": TextureMap(
            "Height, Centred",
            "From -0.5 to 0.5, for displacement around the surface",
            lambda maps: maps.painted("height") - np.float32(0.5),
            may_be_negative=True,
        ),
        "normal_opengl": TextureMap(
            "Normal, OpenGL", "Green is up", _normal("opengl"), 3, reach=lambda strength, side: 1
        ),
        "normal_directx": TextureMap(
            "Normal, DirectX", "Green is down", _normal("directx"), 3, reach=lambda strength, side: 1
        ),
        "roughness": TextureMap("Roughness", "Inverted, it is smoothness or gloss", _painted("roughness")),
        "metallic": TextureMap("Metallic", "Where it is metal", _painted("metallic")),
        "diffuse": TextureMap(
            "Diffuse", "Colour of what is no metal, for specular materials", _diffuse, 3, True
        ),
        "specular": TextureMap(
            "Specular", "Colour of what is mirrored, for specular materials", _specular, 3, True
        ),
        "ambient_occlusion": TextureMap(
            "Ambient Occlusion",
            "How much of the sky each place sees",
            _occlusion,
            reach=reach_of_occlusion,
        ),
        "cavity": TextureMap(
            "Cavity",
            "Grooves are dark, ridges bright",
            lambda maps: maps.relief(cavity),
            reach=lambda strength, side: REACH_OF_CAVITY,
        ),
        "emission": TextureMap("Emission", "Colour of what glows, as bright as it glows", _emission, 3, True),
        "emission_strength": TextureMap("Emission Strength", "How strongly it glows", _painted("emission")),
        "growth_order": TextureMap(
            "Growth Order", "When each place came alive, from 0 to 1", _dated("growth_order"), is_dated=True
        ),
        "growth_rise": TextureMap(
            "Growth Rise",
            "How long each place takes to appear, as a share of the time. In the layout Growth Order only",
            _rise,
            is_dated=True,
        ),
        "front": TextureMap("Front", "The living edge", _dated("front"), is_dated=True),
        "motion": TextureMap(
            "Motion",
            "How a flipbook's tile moves into the next one: red to the right, green up; in other layouts not at all",
            _stillness,
            3,
        ),
        "reveal": TextureMap(
            "Reveal",
            "Growth order for an alpha cutoff: falling from 1 to 0, it lets the growth appear",
            _reveal,
            is_dated=True,
        ),
    }
)
"""Map name -> what it is. A new map of textures is a new row here."""
