# SPDX-License-Identifier: GPL-3.0-or-later
"""Several genotypes in one growth: how much each counts, and what happens where two of them meet."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from blender_nca.automaton.descent import GAP, begin, neighbours, surroundings
from blender_nca.automaton.environment import Environment, MaskTrack
from blender_nca.automaton.growth import Genotype, Growth, Loop, Mask, Seeds
from blender_nca.automaton.growth_error import GrowthError
from blender_nca.automaton.regions import region_shares
from blender_nca.automaton.rollout import Rollout
from blender_nca.automaton.seeding import NOBODY, seed_layers
from blender_nca.automaton.surface_example import build_corner
from blender_nca.kernels.library import open_library
from blender_nca.manifold.backend import open_automaton
from tests.automaton.test_frames import DNAS, MANIFOLD

torch = pytest.importorskip("torch")

CARD = ["cuda"] if torch.cuda.is_available() else []
BACKENDS = ["torch", *(["kernels"] if open_library() else []), *CARD]
TWO = Seeds("points", points=((0.2, 0.5), (0.7, 0.5)), layers=(0, 1))


def layered(meeting="nearest", strengths=((1.0,), (1.0,)), border=0.0, **values) -> Growth:
    genotypes = tuple(
        Genotype((dna,), strength=strength, border=border)
        for dna, strength in zip(DNAS[::8], strengths, strict=False)
    )
    values = {"width": 40, "height": 20, "seeds": TWO, "steps": (4.0,), "pixels_per_cell": 2, **values}
    return Growth("materials", genotypes, meeting=meeting, **values)


def rollout(backend="numpy") -> Rollout:
    return Rollout(open_automaton(MANIFOLD, backend))


def descent_of(growth: Growth, frame: int, backend="kernels") -> np.ndarray:
    descent = rollout(backend)._grow(growth, frame, lambda: False).descent
    assert descent is not None
    return descent


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("meeting", "boundary"), [("nearest", "edge"), ("stronger", "surface"), ("none", "wrap"), ("mix", "edge")]
)
def test_layers_grow_alike_on_every_backend(meeting, boundary, backend):
    surface = build_corner(20, 40) if boundary == "surface" else None
    growth = layered(
        meeting, ((1.0,), (0.6, 0.6, 0.6, 0.2)), 4, boundary=boundary, surface=surface, random_seed=2
    )
    third = Genotype((DNAS[5],), region=Mask.pack(np.eye(8)), border=3)
    growth = replace(growth, genotypes=(*growth.genotypes, third))
    plain, fast = rollout(), rollout(backend)
    for frame in (2, 9):
        ours, theirs = (each._grow(growth, frame, lambda: False) for each in (plain, fast))
        if meeting != "mix":
            assert (ours.descent == theirs.descent).all() and len(np.unique(ours.descent)) > 1
        np.testing.assert_allclose(plain.maps(growth, frame), fast.maps(growth, frame), atol=2e-3)


def test_a_frame_of_layers_asked_alone_is_the_one_that_was_played():
    growth = layered("stronger", ((1.0,), (0.2, 0.2, 0.2, 0.2, 1.0, 0.5)), 6)
    played = rollout("kernels")
    for frame in (3, 12, 7, 0, 12):
        alone = rollout("kernels")
        assert (played.maps(growth, frame) == alone.maps(growth, frame)).all()
        assert (
            played._grow(growth, frame, bool).descent == alone._grow(growth, frame, bool).descent
        ).all(), frame


def test_who_was_there_first_stays_the_stronger_one_takes_over_and_gaps_stay_open():
    early, late = (descent_of(layered("nearest"), frame) for frame in (12, 40))
    assert (early[early != NOBODY] == late[early != NOBODY]).all()
    share = [(late == number).mean() for number in (0, 1)]
    assert sum(share) == 1 and min(share) > 0.3, "both have about half"
    taken = descent_of(layered("stronger", ((0.2,), (1.0,))), 90)
    assert (taken == 1).mean() > 0.9, "also of what the weaker one had"
    growth = layered("none")
    apart = descent_of(growth, 40)
    near = surroundings("wrap", 20, 40)
    beside = np.append(apart.reshape(-1), NOBODY)[neighbours(np.arange(800), near)]
    assert not ((apart.reshape(-1) == 0) & (beside == 1).any(0)).any(), "nowhere are they neighbours"
    gap = apart == GAP
    assert 0.02 < gap.mean() < 0.25 and not rollout("kernels").state(growth, 40)[gap].any()
    wound = Environment(wounds=MaskTrack((41,), (Mask.pack(np.ones((4, 8)) * [1, 1, 1, 1, 1, 1, 0, 0]),)))
    healed = descent_of(replace(growth, environment=wound), 60)
    assert not ((healed == GAP) & gap)[:, :20].all(), "what grows anew meets anew"


def test_a_layer_counts_in_its_region_as_much_as_it_is_strong_and_fades_over_its_border():
    left = np.zeros((16, 64))
    left[:, :32] = 1
    first, second = Genotype((DNAS[0],)), Genotype((DNAS[1],), region=Mask.pack(left), border=10)
    growth = Growth("materials", (first, second), 64, 16, boundary="edge")
    ours, theirs = region_shares(growth, (1.0, 0.5))
    np.testing.assert_allclose(ours + theirs, 1, atol=1e-6)
    assert theirs[8, 4] == pytest.approx(0.5, abs=1e-6) and theirs[8, 60] == 0
    row = region_shares(growth)[1][8]
    fading = (row < 0.9) & (row > 0.1)
    assert 8 <= fading.sum() <= 12, "from nine tenths to one tenth in about ten cells"
    wide = region_shares(replace(growth, genotypes=(first, replace(second, border=30))))[1][8]
    assert 26 <= ((wide < 0.9) & (wide > 0.1)).sum() <= 34
    over = replace(second, dnas=(DNAS[2],), border=0)
    covered = region_shares(replace(growth, genotypes=(first, second, over)), (1.0, 1.0, 0.75))
    assert [share[8, 4] for share in covered] == pytest.approx([0, 0.25, 0.75]), "a later one lies over it"
    three = Growth("materials", tuple(Genotype((dna,)) for dna in DNAS[:3]), 16, 16)
    shares = [share[0, 0] for share in region_shares(three, (1.0, 0.5, 0.5))]
    assert shares == pytest.approx([0.5, 0.25, 0.25])
    assert (region_shares(three, (0.0, 0.0, 0.0))[0] == 1).all(), "the first one rules where nobody else does"


@pytest.mark.parametrize("backend", ["numpy", *BACKENDS])
def test_a_layer_costs_where_it_counts(backend, monkeypatch):
    """One without strength is not even read from its DNA."""
    growth = layered("mix", ((1.0,), (0.0,)))
    cells = open_automaton(MANIFOLD, backend)
    read = []
    monkeypatch.setattr(cells, "_read", lambda *of: read.append(of) or cells._transcribe(*of))
    alone = replace(growth, genotypes=growth.genotypes[:1], seeds=replace(TWO, layers=()))
    maps = Rollout(cells).maps(growth, 6)
    assert {dnas for dnas, *_ in read} == {growth.genotypes[0].dnas}
    assert (maps == rollout(backend).maps(alone, 6)).all()


def test_seeds_are_of_the_layer_that_they_name():
    growth = layered()
    assert begin(growth)[10, [8, 28]].tolist() == [0, 1]
    strewn = replace(growth, seeds=Seeds("scattered", 8))
    labels = begin(strewn)
    assert [(labels == number).sum() for number in (0, 1)] == [4, 4], "of all in turn"
    later = Environment(plantings=((3, Seeds("points", points=((0.5, 0.2),), layers=(1,))),))
    begun = replace(growth, seeds=Seeds("points", points=((0.1, 0.8),)), environment=later)
    assert 1 not in descent_of(begun, 2) and descent_of(begun, 3)[4, 20] == 1
    with pytest.raises(GrowthError, match="layer 3"):
        seed_layers(growth, replace(TWO, layers=(0, 2)))


@pytest.mark.parametrize("backend", ["numpy", *BACKENDS])
def test_a_layers_region_moves_over_the_frames(backend):
    left, right = (Mask.pack(np.arange(2)[None] == side) for side in (0, 1))
    moving = MaskTrack((0, 3), (left, right))

    def growth_in(region, **values):
        genotypes = Genotype((DNAS[0],)), Genotype((DNAS[8],), region=region)
        plain = layered("mix", seeds=Seeds("scattered", count=30), steps=(3.0,), **values)
        return replace(plain, genotypes=genotypes)

    growth, there = growth_in(moving), rollout(backend)
    maps = {frame: there.maps(growth, frame) for frame in (2, 6)}
    np.testing.assert_array_equal(maps[2], rollout(backend).maps(growth_in(left), 2))
    np.testing.assert_array_equal(maps[6], rollout(backend).maps(growth, 6), "asked alone it is the same")
    assert np.abs(maps[6] - rollout(backend).maps(growth_in(left), 6)).max() > 0.1
    read = Growth.from_json(json.loads(json.dumps(growth.to_json())))
    assert read == growth and read.key == growth.key
    keys = {growth_in(region).moment(6).key for region in (moving, left, MaskTrack((0, 4), (left, right)))}
    assert len(keys) == 3
    assert growth_in(MaskTrack.still(left)) == growth_in(left), "what stands still is what it was"
    looped = growth_in(moving, loop=Loop(4, 4, 4))
    there.maps(looped, 7)  # a fade between frames of different masks


def test_growths_without_layers_are_what_they_were():
    """Keys of states, of growths and of bakes, as versions wrote them that knew no strength, border or meeting."""
    genotypes = (
        Genotype(("ACGT", "GGTT"), ((1, 0), (0.5, 0.5))),
        Genotype(("TTTT",), region=Mask.pack(np.eye(8))),
    )
    later = Environment(plantings=((3, Seeds("points", points=((0.1, 0.1),))),))
    seeds = Seeds("points", points=((0.5, 0.5),))
    growth = Growth("materials", genotypes, 24, 16, seeds=seeds, environment=later)
    assert growth.key == "564b42009cd824c5d1761affbb6893952faf5984e59ffbd35a8bf037baccd8b5"
    assert growth.moment(5).key == "281ac4f58e9ebc34dd8462129dfba7e6e6cee88e7c161aeb0bae00856e6c201a"
    assert growth.chain(4)[-1][0] == "85d7ca364fa42f3baa02d2d54889733b2dfbb2c62dc9faecf9f7aa179d600c94"


def test_layers_survive_being_written_and_tell_their_frames_apart():
    growth = layered("stronger", ((1.0,), (1.0, 1.0, 0.5)), 3)
    assert Growth.from_json(json.loads(json.dumps(growth.to_json()))) == growth
    keys = [moment.key for moment in growth.plan(3)]
    later = [moment.key for moment in layered("stronger", ((1.0,), (1.0, 1.0, 0.4)), 3).plan(3)]
    assert keys[1] == later[1] and keys[2] != later[2] and growth.weights_at(2)[-1] == (1.0, 0.5)
    changes = [{"meeting": "none"}, {"seeds": replace(TWO, layers=(1, 0))}]
    assert len({replace(growth, **change).moment(2).key for change in ({}, *changes)}) == 3


@pytest.mark.parametrize(
    "make",
    [
        lambda: layered("fight"),
        lambda: replace(layered(), genotypes=(Genotype((DNAS[0],)),) * 9),
        lambda: Genotype((DNAS[0],), strength=(1.5,)),
        lambda: Genotype((DNAS[0],), strength=()),
        lambda: Genotype((DNAS[0],), border=-1),
        lambda: Seeds("points", points=((0, 0),), layers=(0, 1)),
    ],
)
def test_layers_that_cannot_be_grown_are_refused_with_a_reason(make):
    with pytest.raises(GrowthError, match=r"[a-z]{3}"):
        make()
