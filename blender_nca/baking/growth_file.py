# SPDX-License-Identifier: GPL-3.0-or-later
"""Growth file: a growth with all that a bake of it needs, in one file, for machines without Blender."""

from __future__ import annotations

import base64
import binascii
import itertools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..automaton.growth import Genotype, Growth
from ..automaton.growth_error import GrowthError
from ..genetics.learned import MOST_LEARNED_BYTES
from ..genetics.species import is_key
from ..genetics.translucency import Translucency
from ..maps.bake_preset import BakePreset, PresetFileError
from ..maps.look import Look
from ..maps.order import Order
from ..maps.texture import TextureError
from ..maps.whole_file import write_whole
from .bake_error import BakeError
from .layout import Layout
from .settings import LAYOUTS, BakeSettings

FORMAT, VERSION = "neural growth to bake", 1
MOST_BYTES = 2**28
"""A growth with a mesh of 1024 x 1024 cells and a habitat that moves has a tenth of that."""
MOST_FRAMES = 100_000
MOST_GROWN = 2**21
"""Frame of a growth: a scene of Blender has as many, from its first to its last one."""
MOST_LETTERS = 200
"""Of the name of a UV map."""
MOST_NUMBER = 2**31


class GrowthFileError(ValueError):
    """A file that holds no growth to bake. The message is for the artist."""


@dataclass(frozen=True, eq=False)
class GrowthFile:
    """A growth as a file has it: what is baked, as `plan.Subject` says it.

    Attributes
    ----------
    name : str
        Of the material.
    settings : BakeSettings
    presets : tuple of BakePreset
        First the chosen one, then those that the artist made.
    growth : Growth
        As far as any of the frames needs it.
    manifold_version : str
        Which training of its manifold it is grown by.
    first : int
        The first frame of the scene that it says something of.
    grown : tuple of int
        The growth's frames, from `first` on.
    order : Order
        Of the live growth.
    all_looks : tuple of (int, Look or None)
        From the growth's how manieth frame on files are changed, and how.
    layout : Layout, optional
        The other UV map that the pictures are for.
    learned : mapping of str to bytes
        Key of its unit -> the file of a learned species.
    """

    name: str
    settings: BakeSettings
    presets: tuple[BakePreset, ...]
    growth: Growth
    manifold_version: str
    first: int
    grown: tuple[int, ...]
    order: Order
    all_looks: tuple[tuple[int, Look | None], ...] = ((0, None),)
    layout: Layout | None = None
    learned: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def last(self) -> int:
        """The last frame of the scene that it says something of."""
        return self.first + len(self.grown) - 1

    def frame_of(self, scene_frame: int) -> int:
        """The growth's frame at a frame of the scene; raises `BakeError` where it is not in the file."""
        if not self.first <= scene_frame <= self.last:
            raise BakeError(
                f"The growth file of {self.name} holds the frames {self.first} to {self.last}, and not "
                f"{scene_frame}: choose among these, or export the growth again with a longer range to bake."
            )
        return self.grown[scene_frame - self.first]

    def describe(self, frame: int, is_dated: bool) -> tuple[Growth, Order | None]:
        """The growth, and its order where that is wanted."""
        return self.growth, self.order if is_dated else None

    def looks(self, scene_frames: Sequence[int]) -> list[Look | None]:
        """How files are changed in frames of the scene."""
        starts = [start for start, _ in self.all_looks]
        return [
            self.all_looks[int(np.searchsorted(starts, frame - self.first, "right")) - 1][1]
            for frame in scene_frames
        ]

    def version(self, growth: Growth) -> str:
        """Which training of its manifold the growth is grown by."""
        return self.manifold_version

    def grown_from(self, genotype: Genotype, name: str, learned: tuple[str, ...] = ()) -> GrowthFile:
        """The same from another species or blend in place of its first layer's, under another name.

        Parameters
        ----------
        genotype : Genotype
        name : str
        learned : tuple of str
            Keys of the units that it grows by; the model has them with it.
        """
        first, *others = self.growth.genotypes
        genotype = replace(genotype, region=first.region, strength=first.strength, border=first.border)
        learned = (*self.growth.learned, *learned)
        growth = replace(self.growth, genotypes=(genotype, *others), learned=learned)
        return replace(self, name=name, growth=growth)

    def to_json(self) -> dict[str, object]:
        """Plain values."""
        layout = self.layout and {
            "painted": self.layout.painted,
            "wanted": self.layout.wanted,
            "before": _packed(self.layout.before),
            "after": _packed(self.layout.after),
        }
        return {
            "format": FORMAT,
            "version": VERSION,
            "name": self.name,
            "manifold": self.growth.manifold,
            "manifold_version": self.manifold_version,
            "settings": asdict(self.settings),
            "presets": [preset.to_json() for preset in self.presets],
            "first": self.first,
            "grown": self.grown,
            "order": asdict(self.order),
            "looks": [(start, look and look.describe()) for start, look in self.all_looks],
            "layout": layout,
            "learned": {
                key: base64.b64encode(content).decode("ascii") for key, content in self.learned.items()
            },
            "growth": self.growth.to_json(),
        }


def write_growth(path: Path, file: GrowthFile) -> None:
    """Write a growth file, whole or not at all.

    Raises
    ------
    GrowthFileError
        It would be larger than is read again.
    OSError
        No space, or no right to write there.
    """
    content = (json.dumps(file.to_json(), allow_nan=False) + "\n").encode()
    if len(content) > MOST_BYTES:
        raise GrowthFileError(
            f"The growth file would have {len(content) >> 20} MB, and at most {MOST_BYTES >> 20} are read again: "
            "bake fewer frames, or from fewer cells."
        )
    write_whole(path, content)


def read_growth_file(path: Path) -> GrowthFile:
    """Read what `write_growth` wrote.

    Raises
    ------
    GrowthFileError
        It cannot be read, or is broken, foreign, newer than this version or far too large; the message says what to do.
    """
    again = "export the growth again with Export Growth in Bake"
    try:
        if path.stat().st_size > MOST_BYTES:
            raise GrowthFileError(f"{path} is far too large for a growth file: {again}.")
        values = json.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise GrowthFileError(
            f"{path} cannot be read ({error.strerror}): choose the file that Export Growth wrote."
        ) from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, GrowthFileError):
            raise
        raise GrowthFileError(f"{path} is broken, or no growth file: {again}.") from error
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise GrowthFileError(f"{path} is no growth file: choose one that Export Growth in Bake wrote.")
    version = values.get("version")
    if type(version) is not int or version > VERSION:
        raise GrowthFileError(
            f"{path} is of version {version!r:.40}, newer than this Neural Growth, which knows {VERSION}: update it "
            "here."
        )
    try:
        return _read(values)
    except (GrowthError, TextureError, PresetFileError) as error:
        raise GrowthFileError(f"{path} cannot be used: {error}") from error
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, IndexError) as error:
        raise GrowthFileError(f"{path} is broken ({_short(error)}): {again}.") from error


def _read(values: Mapping[str, Any]) -> GrowthFile:
    grown = tuple(map(_whole, values["grown"]))
    looks = tuple((_whole(start), look and Look.read(look)) for start, look in values["looks"])
    if not 0 < len(grown) <= MOST_FRAMES or min(grown) < 0 or max(grown) > MOST_GROWN:
        raise ValueError("its frames are none")
    if not looks or looks[0][0] != 0 or any(a[0] >= b[0] for a, b in itertools.pairwise(looks)):
        raise ValueError("its looks are none")
    name, version = values["name"], values["manifold_version"]
    if not isinstance(name, str) or not isinstance(version, str):
        raise ValueError("its names are none")
    growth = Growth.from_json(values["growth"])
    if growth.manifold_version:
        version = growth.manifold_version
    presets = tuple(BakePreset.from_json(preset) for preset in values["presets"])
    if not presets:
        raise ValueError("it has no preset")
    order = values["order"]
    return GrowthFile(
        name=name,
        settings=_read_settings(values["settings"]),
        presets=presets,
        growth=growth,
        manifold_version=version,
        first=_frame(values["first"]),
        grown=grown,
        order=Order(_whole(order["end"]), _number(order["front"])),
        all_looks=looks,
        layout=_read_layout(values["layout"]),
        learned=_read_learned(values["learned"]),
    )


def _read_settings(values: Mapping[str, Any]) -> BakeSettings:
    read: dict[str, Any] = {}
    for name, usual in asdict(BakeSettings()).items():
        # versions wrote none that did not know it
        value = values[name] if name in ("range", "cells") else values.get(name, usual)
        if name == "loop":
            read[name] = None if value is None else _pair(value)
        elif isinstance(usual, tuple):
            read[name] = _pair(value)
        elif isinstance(usual, float):
            read[name] = float(value)
        elif type(usual) is int:
            read[name] = _whole(value)
        elif type(value) is type(usual):
            read[name] = value
        else:
            raise ValueError(f"its {name} is none")
    settings = BakeSettings(**read)
    numbers = settings.normal_strength, settings.fps
    try:
        Translucency(settings.subsurface, transmission=settings.transmission, ior=settings.ior)
    except ValueError:
        raise ValueError("its settings are none") from None
    if settings.layout not in LAYOUTS or not all(map(math.isfinite, numbers)) or settings.fps <= 0:
        raise ValueError("its settings are none")
    if min(settings.cells) < 1 or settings.pixels_per_cell < 1 or settings.side < 0:
        raise ValueError("its size is none")
    return settings


def _read_layout(values: Mapping[str, Any] | None) -> Layout | None:
    if values is None:
        return None
    before, after = _unpacked(values["before"]), _unpacked(values["after"])
    names = values["painted"], values["wanted"]
    if not all(isinstance(name, str) and name.isprintable() and len(name) <= MOST_LETTERS for name in names):
        raise ValueError("its UV maps have no names")
    if before.shape != after.shape or not before.size:
        raise ValueError("its UV maps are of two meshes, or of none")
    return Layout(*names, before, after)


def _read_learned(values: Mapping[str, Any]) -> dict[str, bytes]:
    learned = {}
    for key, text in values.items():
        if not is_key(key) or len(text) > 2 * MOST_LEARNED_BYTES:
            raise ValueError("its learned species are none")
        learned[key] = base64.b64decode(text, validate=True)
    return learned


def _packed(corners: np.ndarray) -> str:
    return base64.b64encode(corners.astype("<f4").tobytes()).decode("ascii")


def _unpacked(text: str) -> np.ndarray:
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("its UV maps are damaged") from error
    corners = np.frombuffer(raw, "<f4").reshape(-1, 3, 2).astype(np.float32)
    if not np.isfinite(corners).all():
        raise ValueError("its UV maps are damaged")
    return corners


def _pair(values: Any) -> tuple[int, int]:
    first, second = map(_frame, values)
    return first, second


def _frame(value: Any) -> int:
    """Also cells, of which there are fewer."""
    if not -MOST_GROWN <= _whole(value) <= MOST_GROWN:
        raise ValueError(f"{value} is no frame")
    return int(value)


def _whole(value: Any) -> int:
    if type(value) is not int or abs(value) > MOST_NUMBER:
        raise ValueError(f"{value!r:.40} is no whole number")
    return value


def _number(value: Any) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{value!r:.40} is no number")
    return float(value)


def _short(error: Exception) -> str:
    # what a file says cannot always be shown
    return f"{type(error).__name__}: {error}".encode("ascii", "backslashreplace").decode()[:120]
