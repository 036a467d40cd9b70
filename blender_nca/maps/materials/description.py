# SPDX-License-Identifier: GPL-3.0-or-later
"""Description: what a material is made of, before an engine's words are put to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ..reveal import LEAST
from ..texture import Texture

LAST_CUTOFF = LEAST / 2
"""Alpha from which on a place has arrived, in textures whose alpha is `reveal`: half a stage below the least, so that
an engine's rounding takes nothing away."""


@dataclass(frozen=True)
class TextureFile:
    """A texture, and the file that a material shows of it.

    Attributes
    ----------
    texture : Texture
    name : str
        Of the file, in the material's folder.
    others : tuple of str
        Files of the other frames.
    """

    texture: Texture
    name: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class MaterialDescription:
    """A material of one texture set.

    Attributes
    ----------
    name : str
        Of the material; the beginning of its files' names.
    textures : tuple of TextureFile
    folder : Path, optional
        Where they lie.
    largest : int
        Pixels of the longer side of its textures.
    grid : (int, int)
        Columns and rows, where a texture holds several frames.
    seconds : float
        In which a growth that is played by its order is full.
    subsurface, transmission, ior : float
        Share of the light that goes in and comes out elsewhere; that goes through; and how it is bent there.
    """

    name: str
    textures: tuple[TextureFile, ...]
    folder: Path | None = None
    largest: int = 2048
    grid: tuple[int, int] = (1, 1)
    seconds: float = 4.0
    subsurface: float = 0.0
    transmission: float = 0.0
    ior: float = 1.5

    def find(self, slot: str) -> TextureFile | None:
        """The texture of a slot."""
        return next((one for one in self.textures if one.texture.slot == slot), None)

    @property
    def _alpha(self) -> str:
        alphas = [one.texture.channels[3].map for one in self.textures if len(one.texture.channels) == 4]
        return next((map for map in alphas if map in ("alpha", "reveal")), "")

    @property
    def is_cut_out(self) -> bool:
        """Whether its alpha says where there is something."""
        return bool(self._alpha)

    @property
    def is_revealed(self) -> bool:
        """Whether a cutoff plays its growth."""
        return self._alpha == "reveal"

    @property
    def cutoff(self) -> float:
        """Alpha from which on it is shown; where it is revealed, all that has grown in the end."""
        return LAST_CUTOFF if self.is_revealed else 0.5

    @property
    def identifier(self) -> str:
        """Its name in the letters that every engine takes."""
        return re.sub(r"\W+", "_", self.name, flags=re.ASCII).strip("_") or "Growth"
