# SPDX-License-Identifier: GPL-3.0-or-later
"""What an artist finds on opening the extension for the first time: the bundled manifolds."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from blender_nca.automaton.growth import Genotype, Growth
from blender_nca.automaton.growth_limits import USUAL_SETTLING
from blender_nca.automaton.rollout import Rollout
from blender_nca.genetics.library import read_library
from blender_nca.manifold.backend import open_automaton
from blender_nca.manifold.learned_file import read_units
from blender_nca.manifold.manifold import Manifold

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "models"
LIBRARY = read_library([MODELS])

sys.path.insert(0, str(ROOT / "scripts"))
from evaluation_report import FIGURES  # noqa: E402

bundled = pytest.mark.parametrize("name", sorted(path.parent.name for path in MODELS.glob("*/card.json")))


@bundled
def test_a_bundled_manifold_opens_and_every_species_of_it_has_its_picture(name):
    manifold = Manifold.open(MODELS / name)
    assert LIBRARY.of(name) and not LIBRARY.problems
    for species in LIBRARY.of(name):
        assert len(species.dna) == manifold.dna_length
        assert species.picture is not None and species.picture.stat().st_size > 500


def test_there_are_materials_and_figures_to_choose_from():
    materials = LIBRARY.of("materials")
    assert len(materials) >= 64 and len({tag for one in materials for tag in one.tags}) >= 16
    assert len(LIBRARY.of("emoji")) >= 512


def test_the_download_stays_small():
    shipped = [path for path in MODELS.rglob("*") if path.is_file() and path.name != "atlas.png"]
    assert sum(path.stat().st_size for path in shipped) < 20e6


@pytest.mark.parametrize("name", [name for name in FIGURES if (MODELS / name).is_dir()])
def test_a_card_says_how_good_its_manifold_is_and_which_goals_it_misses(name):
    card = Manifold.open(MODELS / name).card
    figures = card["quality"]["figures"]
    assert set(FIGURES[name]) <= set(figures)
    missed = [key for key in FIGURES[name] if not figures[key]["reached"]]
    assert not missed or card["notes"], "what held it back is said"


def test_a_figure_grows_from_one_cell_and_keeps_its_outline():
    species = LIBRARY.of("emoji")[0]  # it settles, as new growths do
    manifold = Manifold.open(MODELS / "emoji").with_units(read_units(MODELS / "emoji"))
    cells = manifold.card["cells"]
    growth = Growth(
        "emoji",
        (Genotype((species.dna,)),),
        cells,
        cells,
        2,
        boundary="edge",
        steps=(100.0,),
        settling=USUAL_SETTLING,
    )
    rollout = Rollout(open_automaton(manifold, "numpy"))
    early, late = (rollout.maps(growth, frame)[3] for frame in (1, 5))
    height, roughness, metallic, emission = rollout.maps(growth, 5)[4:]
    assert np.ptp(height) == np.ptp(roughness) == metallic.max() == emission.max() == 0, (
        "it is flat, and no lamp"
    )
    border = np.ones_like(late, bool)
    border[2:-2, 2:-2] = False
    assert 0.05 < early.mean() < 0.9 and late[border].max() < 0.2
    assert np.abs(early - late).mean() < 0.05, "it lasts"
