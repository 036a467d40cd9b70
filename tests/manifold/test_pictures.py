# SPDX-License-Identifier: GPL-3.0-or-later
"""What DNA and cells are turned into."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from blender_nca.automaton.growth import Genotype, Growth, GrowthError, Seeds
from blender_nca.automaton.rollout import Rollout
from blender_nca.genetics import blend, hamming_distance, read_library, relax
from blender_nca.manifold.backend import open_automaton
from blender_nca.manifold.manifold import Manifold
from blender_nca.manifold.renderer import SUPPORT, interpolation
from blender_nca.manifold.transcription import transcribe

MODELS = Path(__file__).parents[2] / "models"
MANIFOLD = Manifold.open(MODELS / "materials")
SPECIES = read_library([MODELS]).by_dna_alone("materials")
SOME = SPECIES[::6]


def growth(dna: str, **options) -> Growth:
    options = {"width": 48, "height": 40, "seeds": Seeds("scattered", 4), "steps": (120.0,), **options}
    return Growth("materials", (Genotype((dna,)),), **options)


def test_flat_cells_are_painted_flat_and_ramps_stay_ramps():
    for pixels in (1, 3, 4, 16):
        fine = interpolation(6, pixels)
        np.testing.assert_allclose(fine.sum(1), 1, atol=1e-6)
        centres = (np.arange(6 * pixels) + 0.5) / pixels - 0.5 + SUPPORT
        np.testing.assert_allclose(fine @ np.arange(6 + 2 * SUPPORT), centres, atol=1e-5)
    np.testing.assert_array_equal(interpolation(5, 1), np.eye(9)[2:7])


def test_tiles_show_no_seam_whatever_the_grid():
    """A picture is the same whether one tile or many painted it: shifted by whole cells it is shifted alike."""
    for cells in (33, 64, 70):
        automaton = open_automaton(MANIFOLD, "numpy")
        one = growth(SPECIES[0].dna, width=cells, height=40, steps=(30.0,))
        state = Rollout(automaton).state(one, 1)
        weights = ((1.0,),)
        here = automaton.paint(state, one, weights)
        there = automaton.paint(np.roll(state, (5, 13), (1, 2)), one, weights)
        np.testing.assert_allclose(np.roll(here, (20, 52), (1, 2)), there, atol=1e-4)


def test_a_pattern_that_wraps_tiles_without_a_seam():
    for species in SPECIES[:3]:
        maps = Rollout(open_automaton(MANIFOLD, "numpy")).maps(growth(species.dna), 2)
        inside = np.abs(np.diff(maps, axis=2)).mean()
        across = np.abs(maps[:, :, 0] - maps[:, :, -1]).mean()
        assert across < 1.5 * inside


def test_every_species_grows_from_one_cell_and_covers_the_grid():
    for species in SOME:
        rollout = Rollout(open_automaton(MANIFOLD, "numpy"))
        single = growth(species.dna, seeds=Seeds(), width=40, height=40, steps=(20.0,))
        alive = [rollout.living(single, frame) for frame in (0, 1, 3, 8)]
        assert alive == sorted(alive) and alive[0] < 0.01 and alive[-1] == 1, (species.name, alive)
        alpha = rollout.maps(single, 1)[3]
        assert alpha[0, 0] < 0.1 and alpha[80, 80] > 0.8 and rollout.maps(single, 8)[3].min() > 0.5


def test_species_look_different():
    pictures = [Rollout(open_automaton(MANIFOLD, "numpy")).maps(growth(s.dna), 1) for s in SOME]
    for i, one in enumerate(pictures):
        assert one.min() >= 0 and one.max() <= 1
        for other in pictures[:i]:
            assert np.abs(one.mean((1, 2)) - other.mean((1, 2))).max() > 0.03


def test_no_two_species_have_the_same_dna():
    for i, one in enumerate(SPECIES):
        assert all(hamming_distance(one.dna, other.dna) >= 2 for other in SPECIES[:i]), one.name


def test_dna_of_another_length_is_refused_with_both_lengths():
    with pytest.raises(GrowthError, match=r"12 letters.*32"):
        Rollout(open_automaton(MANIFOLD, "numpy")).state(growth("ACGTACGTACGT"), 1)


def test_torch_transcribes_what_numpy_does():
    torch = pytest.importorskip("torch")
    relaxed = np.stack([relax(SPECIES[0].dna), blend([SPECIES[0].dna, SPECIES[1].dna], [0.4, 0.6])])
    ours = transcribe(MANIFOLD.weights, MANIFOLD.sizes, relaxed)
    tensors = {name: torch.from_numpy(value) for name, value in MANIFOLD.weights.items()}
    theirs = transcribe(tensors, MANIFOLD.sizes, torch.from_numpy(relaxed))
    for mine, other in zip(ours, theirs, strict=True):
        for name, value in vars(mine).items():
            np.testing.assert_allclose(value, getattr(other, name).numpy(), atol=1e-5, err_msg=name)


def test_the_encoder_reads_a_species_back_from_a_picture_of_its_family():
    pytest.importorskip("torch")
    exemplars = pytest.importorskip("blender_nca.training.exemplars")
    for species in SOME:
        family, make = exemplars.find_variety(species.name)
        dna = MANIFOLD.encode(exemplars.draw_exemplar(family, seed=77, **make)[:3])
        nearest = min(SPECIES, key=lambda other: hamming_distance(other.dna, dna))
        assert nearest == species and hamming_distance(species.dna, dna) <= 8


def test_finer_painting_shows_the_same_pattern():
    one = growth(SPECIES[0].dna, steps=(60.0,))
    rollout = Rollout(open_automaton(MANIFOLD, "numpy"))
    coarse, fine = rollout.maps(one, 1), rollout.maps(replace(one, pixels_per_cell=8), 1)
    halved = fine.reshape(8, coarse.shape[1], 2, coarse.shape[2], 2).mean((2, 4))
    assert np.abs(halved - coarse).mean() < 0.02
