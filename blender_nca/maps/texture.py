# SPDX-License-Identifier: GPL-3.0-or-later
"""Texture: which map goes into which channel of a picture, and how that is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .colour import srgb_to_linear
from .made_maps import MadeMaps
from .picture_format import FORMATS
from .texture_maps import COMPONENTS, TEXTURE_MAPS

COLOURS = ("sRGB", "linear", "data")
INVERTED = "1 - "
NUMBERS = (0.0, 0.5, 1.0)
"""What a channel without a map may hold."""
_KEYS = frozenset({"name", "slot", "rgb", "r", "g", "b", "a", "grey", "format", "depth", "colour"})


class TextureError(ValueError):
    """A texture that cannot be; the message is for the artist."""


@dataclass(frozen=True)
class Channel:
    """What one channel of a texture holds.

    Attributes
    ----------
    map : str
        One of `TEXTURE_MAPS`; empty for a number.
    component : int
        Of a map with three.
    is_inverted : bool
        One minus the map.
    number : float
        Where there is no map.
    """

    map: str = ""
    component: int = 0
    is_inverted: bool = False
    number: float = 0.0

    @staticmethod
    def parse(text: str) -> Channel:
        """Read a channel: 'roughness', '1 - roughness', 'base_colour.r', '0.5'.

        Raises
        ------
        TextureError
            It names no map, or no component of it.
        """
        try:
            number = float(text)
        except ValueError:
            pass
        else:
            if number not in NUMBERS:
                raise TextureError(f"A channel holds {text}: give 0, 0.5 or 1, or a map")
            return Channel(number=number)
        is_inverted = text.startswith(INVERTED)
        name, _, component = text.removeprefix(INVERTED).partition(".")
        known = TEXTURE_MAPS.get(name)
        if known is None:
            raise TextureError(f"There is no map {name!r}: choose one of {', '.join(TEXTURE_MAPS)}")
        if known.components == 1 and not component:
            return Channel(name, 0, is_inverted)
        if known.components == 1 or component not in tuple(COMPONENTS):
            wanted = f"{name}.r, {name}.g or {name}.b" if known.components == 3 else name
            raise TextureError(f"{text!r} is no channel: write {wanted}")
        return Channel(name, COMPONENTS.index(component), is_inverted)

    def __str__(self) -> str:
        if not self.map:
            return f"{self.number:g}"
        ending = f".{COMPONENTS[self.component]}" if TEXTURE_MAPS[self.map].components == 3 else ""
        return f"{INVERTED if self.is_inverted else ''}{self.map}{ending}"

    @property
    def is_colour(self) -> bool:
        """Whether it holds a part of a colour."""
        return bool(self.map) and TEXTURE_MAPS[self.map].is_colour


@dataclass(frozen=True)
class Texture:
    """One picture of a texture set.

    Attributes
    ----------
    name : str
        As it stands in the names of files.
    channels : tuple of Channel
        One (grey), three, or four with alpha.
    format : str
        One of `picture_format.FORMATS`.
    depth : str
        '8' or '16' bits, 'half' or 'float'.
    colour : str
        Colours encoded as 'sRGB', or 'linear'; or 'data', of which nothing is changed.
    slot : str
        Where an engine's material takes it; empty where it takes it nowhere.

    Raises
    ------
    TextureError
        It cannot be written so; the message says what to do.
    """

    name: str
    channels: tuple[Channel, ...]
    format: str = "PNG"
    depth: str = "8"
    colour: str = "data"
    slot: str = ""

    def __post_init__(self) -> None:
        kind = FORMATS.get(self.format)
        if kind is None:
            raise self._refuse(f"has the format {self.format!r}: choose one of {', '.join(FORMATS)}")
        if self.depth not in kind.depths:
            raise self._refuse(
                f"has the depth {self.depth!r}, and {kind.label} has {' or '.join(kind.depths)}: choose one of these"
            )
        if self.colour not in COLOURS:
            raise self._refuse(f"has the colors {self.colour!r}: choose one of {', '.join(COLOURS)}")
        if len(self.channels) not in (1, 3, 4):
            raise self._refuse(f"has {len(self.channels)} channels: give one, three or four")
        if len(self.channels) == 1 and not self._is_grey_map:
            raise self._refuse("is gray, and holds no map that is: choose a map of one component")
        if len(self.channels) == 4 and not kind.has_alpha:
            raise self._refuse(
                f"has an alpha, which {kind.label} does not hold: take it out, or choose another format"
            )
        if self.is_of_floats:
            if self.colour == "sRGB":
                raise self._refuse("has sRGB colors, and files of floats hold linear ones: choose Linear")
        elif any(one.map and TEXTURE_MAPS[one.map].may_be_negative for one in self.channels):
            raise self._refuse("holds values below 0, which only files of floats hold: choose OpenEXR for it")
        if self.colour == "sRGB" and any(one.map and not one.is_colour for one in self.channels[:3]):
            raise self._refuse("has sRGB colors, and holds a map that is no color: choose Data")

    def _refuse(self, fault: str) -> TextureError:
        return TextureError(f"The texture {self.name!r} {fault}.")

    @property
    def _is_grey_map(self) -> bool:
        map = self.channels[0].map
        return bool(map) and TEXTURE_MAPS[map].components == 1

    @property
    def is_of_floats(self) -> bool:
        """Whether its numbers are floats, half or full ones."""
        return self.depth in ("half", "float")

    @property
    def is_dated(self) -> bool:
        """Whether it needs the growth's order."""
        return any(one.map and TEXTURE_MAPS[one.map].is_dated for one in self.channels)

    @property
    def holds(self) -> str:
        """The map with three components that its colours are, or the one that is its grey; empty where it is packed."""
        names = {one.map for one in self.channels[:3]}
        plain = [one.component for one in self.channels[:3]] == list(range(len(self.channels[:3])))
        is_whole = len(names) == 1 and plain and not any(one.is_inverted for one in self.channels[:3])
        return names.pop() if is_whole else ""

    def pixels(self, maps: MadeMaps) -> np.ndarray:
        """Put the maps together.

        Returns
        -------
        ndarray, float32, shape (H, W, channels)

        Raises
        ------
        MissingOrderError
        """
        return np.stack(self.planes(maps), 2)

    def planes(self, maps: MadeMaps) -> list[np.ndarray]:
        """The same, a channel each: float32 (H, W)."""
        planes = []
        for channel in self.channels:
            if not channel.map:
                planes.append(np.full(maps.size, channel.number, np.float32))
                continue
            values = maps[channel.map][channel.component]
            if self.colour == "linear" and channel.is_colour:
                values = srgb_to_linear(values)
            planes.append(1 - values if channel.is_inverted else values)
        return planes

    @property
    def maps(self) -> set[str]:
        """Those that its channels hold."""
        return {one.map for one in self.channels if one.map}

    def to_json(self) -> dict[str, str]:
        """Plain values that `from_json` reads."""
        values = {"name": self.name, "slot": self.slot}
        names = [str(channel) for channel in self.channels]
        if len(names) == 1:
            values["grey"] = names[0]
        elif self.holds:
            values["rgb"] = self.holds
        else:
            values.update(zip(COMPONENTS, names, strict=False))
        if len(names) == 4:
            values["a"] = names[3]
        values.update(format=self.format, depth=self.depth, colour=self.colour)
        return {key: value for key, value in values.items() if value}

    @staticmethod
    def from_json(values: object) -> Texture:
        """Read what stands in a file of a preset.

        Raises
        ------
        TextureError
            It is none, or cannot be written so; the message says what to do.
        """
        if not isinstance(values, Mapping):
            raise TextureError(f"A texture is an object with a name, not {values!r:.80}.")
        given = {_as_text(key): _as_text(value) for key, value in values.items()}
        name = check_name(given.get("name", ""))
        unknown = sorted(given.keys() - _KEYS)
        if unknown:
            raise TextureError(
                f"The texture {name!r} has {', '.join(unknown):.200}, which is not known: "
                f"a texture has {', '.join(sorted(_KEYS))}."
            )
        if "grey" in given:
            texts = [given["grey"]]
        elif "rgb" in given:
            texts = [f"{given['rgb']}.{component}" for component in COMPONENTS]
        else:
            texts = [given.get(component, "0") for component in COMPONENTS]
        if "a" in given:
            texts.append(given["a"])
        return Texture(
            name,
            tuple(Channel.parse(text) for text in texts),
            given.get("format", "PNG"),
            given.get("depth", "8"),
            given.get("colour", "data"),
            given.get("slot", ""),
        )


LONGEST_TEXT = 80
"""Letters of whatever a file says of a texture."""


def check_name(name: str) -> str:
    """Give a texture's name back where it can stand in the names of files.

    Raises
    ------
    TextureError
    """
    if not re.fullmatch(r"[\w][\w .\-]{0,39}", name) or name.endswith((" ", ".")):
        raise TextureError(
            f"A texture cannot be named {name!r}: use up to 40 letters, digits, spaces, points, - and _."
        )
    return name


def _as_text(value: object) -> str:
    if isinstance(value, float) or (type(value) is int and abs(value) < 10**9):
        return f"{value:g}"
    text = str(value)
    if len(text) > LONGEST_TEXT or not text.isprintable():
        raise TextureError(
            f"A texture holds {text!r:.40}, which is too long, or cannot be shown: take it out."
        )
    return text
