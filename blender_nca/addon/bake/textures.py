# SPDX-License-Identifier: GPL-3.0-or-later
"""Textures: the rows of a preset's table, as a material keeps them while an artist edits them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty

from ...maps.picture_format import FORMATS
from ...maps.texture_maps import COMPONENTS, TEXTURE_MAPS
from ..host.text import CONTEXT

if TYPE_CHECKING:
    from ...maps.texture import Channel, Texture


PACKED = "PACKED"
NONE = "NONE"
_LETTERS = (*COMPONENTS, "a")


def _items_of_channels() -> list[tuple[str, str, str]]:
    items = [("0", "Black", "0"), ("0.5", "Gray", "One half"), ("1", "White", "1")]
    for name, known in TEXTURE_MAPS.items():
        if known.components == 1:
            items.append((name, known.label, known.description))
        else:
            for letter in COMPONENTS:
                items.append((f"{name}.{letter}", f"{known.label}, {letter.upper()}", known.description))
    return items


_CHANNELS = _items_of_channels()
_DEPTHS = (
    ("8", "8 Bits", "256 steps"),
    ("16", "16 Bits", "65536 steps, for heights and growth orders"),
    ("half", "Half Float", "Floats of 16 bits"),
    ("float", "Full Float", "Floats of 32 bits"),
)


def _fit_depth(self: NCA_PG_texture, context: bpy.types.Context) -> None:
    """A format that has no such depth takes the nearest that it has, and what then cannot be encoded is linear."""
    depths = FORMATS[self.file_format].depths
    if self.depth not in depths:
        self.depth = "16" if "16" in depths and self.depth in ("half", "float") else depths[0]
    if self.depth in ("half", "float") and self.colour == "sRGB":
        self.colour = "linear"


def _fit_colour(self: NCA_PG_texture, context: bpy.types.Context) -> None:
    """What a texture holds is written as what it is."""
    if self.content == PACKED:
        return
    if not TEXTURE_MAPS[self.content].is_colour:
        self.colour = "data"
    elif self.colour == "data":
        self.colour = "linear" if self.depth in ("half", "float") else "sRGB"


def _channel(label: str) -> Any:
    return EnumProperty(
        name=label, description=f"The map in {label}", items=_CHANNELS, default="0", options=set()
    )


def _inverted(label: str) -> Any:
    return BoolProperty(
        name="Inverted",
        description=f"One minus the map in {label}: roughness becomes smoothness",
        options=set(),
    )


class NCA_PG_texture(bpy.types.PropertyGroup):
    """One texture of a material's preset."""

    name: StringProperty(
        name="Name", description="As it stands in the names of files", default="texture", options=set()
    )
    slot: StringProperty(
        name="Slot",
        translation_context=CONTEXT,
        description="Where the engine's material takes it; empty where it takes it nowhere",
        options=set(),
    )
    content: EnumProperty(
        name="Content",
        description="The map that the texture holds",
        items=[
            (PACKED, "Packed", "Another map in each channel"),
            *((name, known.label, known.description) for name, known in TEXTURE_MAPS.items()),
        ],
        default="height",
        update=_fit_colour,
        options=set(),
    )
    r: _channel("Red")
    g: _channel("Green")
    b: _channel("Blue")
    a: EnumProperty(
        name="Alpha",
        description="The map in alpha",
        items=[(NONE, "None", "No alpha"), *_CHANNELS],
        default=NONE,
        options=set(),
    )
    r_inverted: _inverted("red")
    g_inverted: _inverted("green")
    b_inverted: _inverted("blue")
    a_inverted: _inverted("alpha")
    file_format: EnumProperty(
        name="Format",
        description="Of the file",
        items=[(name, kind.label, f"Files that end in {kind.suffix}") for name, kind in FORMATS.items()],
        default="PNG",
        update=_fit_depth,
        options=set(),
    )
    depth: EnumProperty(
        name="Depth",
        description="How finely values are told apart",
        items=_DEPTHS,
        default="8",
        update=_fit_depth,
        options=set(),
    )
    colour: EnumProperty(
        name="Color Space",
        description="How colors are written",
        items=[
            ("sRGB", "sRGB", "Colors, as pictures have them"),
            ("linear", "Linear", "Colors, in proportion to their light"),
            ("data", "Data", "Numbers, of which nothing is changed"),
        ],
        default="data",
        options=set(),
    )


def is_whole(row: NCA_PG_texture) -> bool:
    """Whether a row's colours are one map with three components."""
    return row.content != PACKED and TEXTURE_MAPS[row.content].components == 3


def texture_of(row: NCA_PG_texture) -> Texture:
    """The texture that a row describes.

    Raises
    ------
    TextureError
        It cannot be; the message says what to do.
    """
    from ...maps.texture import Channel, Texture, check_name

    if is_whole(row):
        channels = [Channel(row.content, place) for place in range(3)]
    elif row.content == PACKED:
        channels = [_read_channel(row, letter) for letter in COMPONENTS]
    else:
        channels = [Channel(row.content, 0, row.r_inverted)]
    if len(channels) == 3 and row.a != NONE:
        channels.append(_read_channel(row, "a"))
    return Texture(
        check_name(row.name), tuple(channels), row.file_format, row.depth, row.colour, row.slot.strip()
    )


def _read_channel(row: NCA_PG_texture, letter: str) -> Channel:
    from ...maps.texture import Channel

    channel = Channel.parse(getattr(row, letter))
    if not getattr(row, f"{letter}_inverted"):
        return channel
    # black inverted is white
    return replace(channel, is_inverted=True) if channel.map else Channel(number=1 - channel.number)


def describe(row: NCA_PG_texture, texture: Texture) -> None:
    """Let a row describe a texture."""
    from ...maps.texture import INVERTED

    row.name, row.slot = texture.name, texture.slot
    is_grey = len(texture.channels) == 1
    row.content = texture.channels[0].map if is_grey else texture.holds or PACKED
    # what is set last stays: format and content choose what fits them
    row.file_format, row.depth = texture.format, texture.depth
    row.colour = texture.colour
    for letter, channel in zip(_LETTERS, texture.channels, strict=False):
        setattr(row, letter, str(channel).removeprefix(INVERTED))
        setattr(row, f"{letter}_inverted", channel.is_inverted)
    if len(texture.channels) < 4:
        row.a = NONE


def summary_of(row: NCA_PG_texture) -> str:
    """What a row holds, in a few words: "Base Colour + A, PNG"."""
    kind = FORMATS[row.file_format].label.partition(",")[0]
    if row.content == PACKED:
        what = "Packed"
    else:
        what = TEXTURE_MAPS[row.content].label
    return f"{what}{' + A' if row.a != NONE and (is_whole(row) or row.content == PACKED) else ''}, {kind}"
