# SPDX-License-Identifier: GPL-3.0-or-later
"""A growth file for parts of the torture that need no Blender."""

from __future__ import annotations

import sys
from pathlib import Path

from torture_start import REPOSITORY

sys.path.insert(0, str(REPOSITORY))

from blender_nca.automaton.growth import Genotype, Growth
from blender_nca.baking.growth_file import GrowthFile, write_growth
from blender_nca.baking.settings import BakeSettings
from blender_nca.genetics import read_library
from blender_nca.maps.bake_preset import bundled
from blender_nca.maps.order import Order


def write_moss(path: Path, frames: int) -> None:
    """Write the growth file of a bundled species, baked for two programs."""
    species = read_library([REPOSITORY / "models"]).by_dna_alone("materials")[0]
    growth = Growth("materials", (Genotype((species.dna,)),), 24, 24, 4)
    settings = BakeSettings(range=(1, frames), cells=(24, 24), pixels_per_cell=4)
    presets = bundled()["Blender"], bundled()["Plain"]
    grown = tuple(range(frames))
    write_growth(path, GrowthFile("Moss", settings, presets, growth, "", 1, grown, Order(2 * frames, 12.0)))
