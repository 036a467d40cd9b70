# SPDX-License-Identifier: GPL-3.0-or-later
"""How far light goes into a species is kept with it, and a blend is between its species."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from blender_nca.genetics.species import Species, SpeciesError, pack_species, read_species, unpack_species
from blender_nca.genetics.translucency import Translucency, mix
from blender_nca.training.exemplars.translucency import TRANSLUCENCY
from blender_nca.training.exemplars.varieties import VARIETIES

ICE = Translucency(0.6, (0.5, 0.8, 1.0), 0.04, 0.3, 1.31)
WAX = Translucency(0.3, (1.0, 0.5, 0.1), 0.01)
SPECIES = Path(__file__).resolve().parents[2] / "models" / "materials" / "species"


def test_a_species_keeps_it_and_one_without_is_the_file_that_it_was():
    one = Species("Ice", "ACGT", "materials", translucency=ICE)
    assert unpack_species(pack_species(one))[0] == one
    assert "translucency" not in json.loads(pack_species(Species("Stone", "ACGT", "materials")))


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ([], "a table of numbers"),
        ({"subsurface": 1.5}, "subsurface is a number from 0 to 1, not 1.5"),
        ({"ior": True}, "ior is a number"),
        ({"scale": float("nan")}, "scale is a number"),
        ({"radius": [1, 2, 3]}, "radius is a number from 0 to 1, not 2"),
        ({"radius": 1}, "radius is three numbers"),
    ],
)
def test_what_is_no_translucency_is_said(said, message):
    values = json.loads(pack_species(Species("Ice", "ACGT", "materials")))
    with pytest.raises(SpeciesError, match=message):
        unpack_species(json.dumps({**values, "translucency": said}).encode())


def test_light_goes_as_far_into_a_blend_as_into_that_of_both_which_lets_it_in():
    half = mix((ICE, Translucency()), (0.5, 0.5))
    assert (half.subsurface, half.transmission) == (0.3, 0.15)
    assert (half.scale, half.ior) == pytest.approx((ICE.scale, ICE.ior))
    assert half.radius == pytest.approx(ICE.radius)
    both = mix((ICE, WAX), (0.5, 0.5))
    assert both.scale == pytest.approx((0.3 * 0.04 + 0.15 * 0.01) / 0.45)
    assert mix((ICE, WAX), (1.0, 0.0)) == ICE and mix((Translucency(),) * 2, (0.4, 0.6)).is_opaque


def test_bundled_species_hint_at_what_they_were_trained_as():
    assert set(TRANSLUCENCY) <= {name for makes in VARIETIES.values() for name in makes}
    species = [read_species(path) for path in SPECIES.glob("*.json")]
    assert {one.name: one.translucency for one in species} == {
        one.name: TRANSLUCENCY.get(one.name) for one in species
    }
