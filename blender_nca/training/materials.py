# SPDX-License-Identifier: GPL-3.0-or-later
"""Materials as what a manifold learns: varieties of exemplars, judged by their patches."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..genetics.species import Species
from ..learning.textures import Textures
from ..manifold import encoder
from .config import ConfigError, TrainingConfig
from .exemplars import FAMILIES, VARIETIES, draw_exemplar, sister_parameters


class Materials(Textures):
    """The materials of a configuration.

    Attributes
    ----------
    names, tags : list of str, of tuple of str
        Of the species.
    learned : int
        How many the pool grows: the species, and for figures variations of them.
    sisters : int
        Exemplars a species; that of species i and sister j has the number i sisters + j.
    thumbnails : Tensor, shape (exemplars, 3, encoder.PIXELS, encoder.PIXELS)
        What the encoder sees of them.
    """

    kind = "materials"

    def __init__(self, config: TrainingConfig, device: torch.device, cache: Path | None):
        unknown = [family for family in config.families if family not in FAMILIES]
        if unknown:
            raise ConfigError(f"No exemplars of {', '.join(unknown)}. There are: {', '.join(FAMILIES)}.")
        self.names = [name for family in config.families for name in VARIETIES[family]]
        self.tags = [(family,) for family in config.families for _ in VARIETIES[family]]
        self.learned = len(self.names)
        super().__init__(torch.from_numpy(draw_exemplars(config, cache)).to(device), config.sisters)
        self.thumbnails = encoder.resize(self._exemplars()[:, :3])

    @cached_property
    def likeness(self) -> torch.Tensor:
        """Share of the letters that two exemplars shall have in common: Tensor, shape (exemplars, exemplars)."""
        variety = torch.arange(len(self._bytes), device=self._bytes.device) // self.sisters
        distance = self._colours.exemplar_distances().sqrt()
        near = 0.25 + 0.35 * (1 - distance / distance.max().clip(min=1e-9)).square()  # a quarter is chance
        return torch.where(variety[:, None] == variety, 1.0, near)


def trained_on(card: Mapping[str, Any], species: Iterable[Species]) -> tuple[Species, ...]:
    """Those of a model's species that it was trained on, as its card says, in their order: none of a model of figures.

    That some of them were taught further since makes no difference.
    """
    families = card.get("training", {}).get("config", {}).get("families", ())
    names = {name for family in families for name in VARIETIES[family]}
    return tuple(one for one in species if one.name in names)


def draw_exemplars(config: TrainingConfig, cache: Path | None = None) -> np.ndarray:
    """All exemplars of a run, variety by variety.

    Parameters
    ----------
    cache : Path, optional
        An .npz that holds those of an earlier run, or will; used where they are the same.

    Returns
    -------
    ndarray, uint8, shape (varieties * sisters, 8, exemplar_pixels, exemplar_pixels)
    """
    makes = [(family, *item) for family in config.families for item in VARIETIES[family].items()]
    drawn = json.dumps([makes, config.sisters, config.exemplar_pixels, config.random_seed])
    if cache and Path(cache).exists():
        with np.load(cache) as held:
            if "drawn" in held and str(held["drawn"]) == drawn:
                return held["exemplars"]
    pictures = []
    for family, name, make in makes:
        for sister in range(config.sisters):
            random = np.random.default_rng([config.random_seed, sister, *name.encode()])
            varied = sister_parameters(family, random, **make) if sister else make
            maps = draw_exemplar(family, sister, config.exemplar_pixels, **varied)
            pictures.append((maps * 255 + 0.5).astype(np.uint8))
    exemplars = np.stack(pictures)
    if cache:
        np.savez_compressed(cache, exemplars=exemplars, drawn=drawn)
    return exemplars
