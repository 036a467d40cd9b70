# SPDX-License-Identifier: GPL-3.0-or-later
"""Bake preset: what an engine or a program is given: its textures, their names, and its material."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from .flipbook import moves
from .materials import DOWNWARD, READS
from .materials.growth_shader import CHANNELS, plays
from .name_pattern import USUAL_NAMES
from .picture_format import FORMATS
from .sequence import BAKED_MAPS, SEQUENCE_MAPS
from .texture import Channel, Texture, TextureError
from .texture_files import check_names
from .whole_file import write_whole

FORMAT, VERSION = "neural growth bake preset", 1
_KEYS = frozenset({"format", "version", "name", "description", "names", "material", "textures"})
FOLDER = Path(__file__).parent / "bake_presets"
BLENDER = "Blender"
"""The preset whose files the material in Blender shows."""
_LONGEST_FILE = 1_000_000
_LONGEST_TEXT = 1000


class PresetFileError(ValueError):
    """A file that holds no preset. The message is for the artist."""


@dataclass(frozen=True)
class BakePreset:
    """The textures of a material for one engine or program.

    Attributes
    ----------
    name, description : str
        For the artist.
    textures : tuple of Texture
    names : str
        Pattern of the names of files, as for `texture_files.check_names`.
    material : str
        Which material is written beside the textures, one of `materials.WRITERS`; empty for none.

    Raises
    ------
    TextureError
        There are no textures, or their files would have the same names, or the engine does not open them.
    """

    name: str
    textures: tuple[Texture, ...]
    names: str = USUAL_NAMES
    material: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        if not self.textures:
            raise TextureError(f"The preset {self.name!r} has no textures: add one.")
        check_names(self.names, self.textures)
        if not self.material:
            return
        if self.material not in READS:
            raise TextureError(
                f"The preset {self.name!r} wants a material for {self.material!r}, which is not known: update the "
                "extension."
            )
        for texture in self.textures:
            if texture.format not in READS[self.material] and not plays(texture):
                known = " or ".join(FORMATS[name].label for name in READS[self.material])
                raise TextureError(
                    f"The texture {texture.name!r} is of a format that the engine does not open: choose {known}."
                )

    @property
    def is_dated(self) -> bool:
        """Whether it needs the growth's order."""
        return any(texture.is_dated for texture in self.textures)

    def changed(self, **changes: object) -> BakePreset:
        """The same with other attributes; raises as the class."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def to_json(self) -> dict[str, object]:
        """Plain values that `from_json` reads."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "name": self.name,
            "description": self.description,
            "names": self.names,
            "material": self.material,
            "textures": [texture.to_json() for texture in self.textures],
        }

    @staticmethod
    def from_json(values: object) -> BakePreset:
        """Read what `to_json` gives.

        Raises
        ------
        PresetFileError
            It is none, or of a newer version.
        TextureError
            A texture or the names cannot be.
        """
        if not isinstance(values, Mapping) or values.get("format") != FORMAT:
            raise PresetFileError("is no bake preset: choose a file that was saved as one")
        if values.get("version") != VERSION:
            raise PresetFileError(
                f"is a bake preset of version {values.get('version')!r:.40}, and this Neural Growth knows {VERSION}: "
                "update the extension"
            )
        unknown = ", ".join(sorted(str(key) for key in values if key not in _KEYS))
        unknown = (unknown if unknown.isprintable() else ascii(unknown))[:200]
        if unknown:
            raise PresetFileError(
                f"has {unknown}, which is not known: a bake preset has {', '.join(sorted(_KEYS))}"
            )
        textures = values.get("textures")
        if not isinstance(textures, list):
            raise PresetFileError("is a bake preset without textures: choose another one")
        texts = {
            key: str(values.get(key) or default)
            for key, default in (("name", ""), ("description", ""), ("names", USUAL_NAMES), ("material", ""))
        }
        for key, text in texts.items():
            if len(text) > _LONGEST_TEXT or not "".join(text.split()).isprintable():
                raise PresetFileError(f"has a {key} that is too long, or cannot be shown: write another one")
        if not texts["name"].strip():
            raise PresetFileError("is a bake preset without a name: give it one")
        return BakePreset(
            texts["name"].strip()[:60],
            tuple(Texture.from_json(texture) for texture in textures),
            texts["names"],
            texts["material"],
            texts["description"],
        )


def with_growth_order(preset: BakePreset) -> BakePreset:
    """The same for one set of textures by which an engine plays the whole growth.

    Straight alpha says when a place is revealed instead of where the growth is, for materials without a shader. For
    those with one there is a texture more, with 16 bits: half floats for engines, which keep them as they are.
    """
    textures = [_revealing(texture) for texture in preset.textures]
    if not any(plays(texture) for texture in textures):
        first, names = textures[0], {texture.name for texture in textures}
        format, depth = "PNG", "16"
        if preset.material:
            format, depth = "OPEN_EXR", "half"
        elif first.is_of_floats or "16" in FORMATS[first.format].depths:
            format, depth = first.format, first.depth if first.is_of_floats else "16"
        name = "growth_order" if "growth_order" not in names else "growth_order_and_rise"
        textures.append(Texture(name, CHANNELS, format, depth))
    return preset.changed(textures=tuple(textures))


def with_motion(preset: BakePreset) -> BakePreset:
    """The same with a texture of how the tiles of a flipbook move into each other."""
    if any(map(moves, preset.textures)):
        return preset
    first = preset.textures[0]
    up = Channel("motion", 1, is_inverted=preset.material in DOWNWARD)
    channels = Channel("motion", 0), up, Channel()
    format, depth = (first.format, first.depth) if first.is_of_floats else ("PNG", "8")
    return preset.changed(textures=(*preset.textures, Texture("motion", channels, format, depth)))


def _revealing(texture: Texture) -> Texture:
    is_straight = texture.holds != "base_colour_premultiplied"
    if len(texture.channels) == 4 and texture.channels[3] == Channel("alpha") and is_straight:
        return replace(texture, channels=(*texture.channels[:3], Channel("reveal")))
    return texture


def read_preset(path: Path) -> BakePreset:
    """Read a file of a preset.

    Raises
    ------
    PresetFileError
        It holds none, or one that cannot be used; the message says why and what to do.
    OSError
        It may not be read.
    """
    if path.stat().st_size > _LONGEST_FILE:
        raise PresetFileError(f"{path} is no bake preset: choose a file that was saved as one.")
    try:
        return BakePreset.from_json(json.loads(path.read_bytes().decode("utf-8")))
    except (PresetFileError, TextureError) as error:
        middle = " " if isinstance(error, PresetFileError) else ": "
        raise PresetFileError(f"{path}{middle}{str(error).rstrip('.')}.") from error
    except (ValueError, RecursionError) as error:
        raise PresetFileError(f"{path} is no bake preset: choose a file that was saved as one.") from error


def write_preset(path: Path, preset: BakePreset) -> None:
    """Write a file of a preset, whole or not at all.

    Raises
    ------
    OSError
        No space, or no right to write there.
    """
    write_whole(path, (json.dumps(preset.to_json(), indent=2) + "\n").encode("utf-8"))


@cache
def bundled() -> dict[str, BakePreset]:
    """The presets that come with the extension, by their names, in the order of the menu."""
    blender = BakePreset(
        BLENDER,
        tuple(BAKED_MAPS[name].texture for name in SEQUENCE_MAPS),
        description="Numbered PNG files that this material shows instead of the live growth, also without this add-on",
    )
    read = [read_preset(path) for path in sorted(FOLDER.glob("*.json"))]
    return {preset.name: preset for preset in (blender, *read)}
