# SPDX-License-Identifier: GPL-3.0-or-later
"""Hairs and pores finer than cells are the same whatever paints them, and nothing else is painted otherwise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from blender_nca.automaton.growth import Genotype, Growth, Mask, Seeds
from blender_nca.automaton.growth_error import GrowthError
from blender_nca.automaton.rollout import Rollout
from blender_nca.automaton.surface_example import build_corner
from blender_nca.genetics.library import read_library
from blender_nca.genetics.relaxed import relax
from blender_nca.kernels.library import open_library
from blender_nca.manifold import model_file
from blender_nca.manifold.architecture import GRAIN
from blender_nca.manifold.backend import open_automaton
from blender_nca.manifold.grain import CELLS, COARSE, draw_grain
from blender_nca.manifold.learned_file import read_units
from blender_nca.manifold.manifold import Manifold
from blender_nca.manifold.own_unit import OF_PAINTER, OF_RULE, OwnUnit, fine_shapes, shapes

MODELS = Path(__file__).parents[2] / "models"
MANIFOLD = Manifold.open(MODELS / "materials")
SPECIES = read_library([MODELS]).by_dna_alone("materials")
PLAIN = Growth(
    "materials", (Genotype((SPECIES[3].dna,)),), 44, 40, 8, seeds=Seeds("scattered", 6), steps=(20.0,)
)
FINE = replace(PLAIN, fine=True)
LEFT = Mask.pack(np.linspace(1, 0, 44)[None].repeat(40, 0))
TWO = replace(FINE, genotypes=(Genotype((SPECIES[3].dna,), region=LEFT), Genotype((SPECIES[20].dna,))))
SURFACE = replace(FINE, boundary="surface", surface=build_corner(40, 44))
BACKENDS = ["kernels"] * (open_library() is not None)


@pytest.fixture(scope="module", params=[*BACKENDS, "torch"])
def backend(request):
    if request.param == "torch":
        pytest.importorskip("torch")
    return request.param


@pytest.fixture(scope="module")
def others(backend):
    return Rollout(open_automaton(MANIFOLD, backend))


@pytest.fixture(scope="module")
def reference():
    return Rollout(open_automaton(MANIFOLD, "numpy"))


@pytest.mark.parametrize("growth", [FINE, TWO, replace(TWO, boundary="edge", pixels_per_cell=5), SURFACE])
def test_fine_detail_is_the_same_whatever_paints_it(growth, others, reference):
    expected = reference.maps(growth, 2)
    np.testing.assert_allclose(others.maps(growth, 2), expected, atol=2e-4)
    live = reference.live(growth, 2)
    np.testing.assert_allclose(others.live(growth, 2), live, atol=2e-3)
    plain = reference.maps(replace(growth, fine=False), 2)
    assert np.abs(expected - plain).mean() > 0.003, "there is some"


@pytest.mark.parametrize("growth", [TWO, SURFACE])
def test_rows_that_are_painted_alone_have_the_grain_of_the_whole(growth, others):
    whole, pixels = others.maps(growth, 2), growth.pixels_per_cell
    for rows in (range(3, 9), range(30, 40)):
        part = others.maps(growth, 2, rows=rows)
        np.testing.assert_allclose(part, whole[:, rows.start * pixels : rows.stop * pixels], atol=1e-5)
    if growth.boundary == "wrap":
        around = np.arange(-4 * pixels, 5 * pixels) % whole.shape[1]
        np.testing.assert_allclose(others.maps(growth, 2, rows=range(-4, 5)), whole[:, around], atol=1e-5)


def test_up_to_four_pixels_a_cell_nothing_is_painted_otherwise(others):
    for pixels in (1, COARSE):
        fine, plain = (replace(each, pixels_per_cell=pixels) for each in (FINE, PLAIN))
        np.testing.assert_array_equal(others.maps(fine, 2), others.maps(plain, 2))


def test_fine_detail_leaves_the_large_as_it_was(reference):
    """Seen from so far that a cell has two pixels, it is the picture that was there before."""
    added = reference.maps(FINE, 8) - reference.maps(PLAIN, 8)
    far = added.reshape(len(added), 80, 4, 88, 4).mean((2, 4))
    assert np.abs(far[:3]).mean() < 0.02 < np.abs(added[:3]).max()


def test_grain_repeats_without_a_seam_and_has_no_mean_of_its_own():
    for pixels in (5, 8, 16):
        grain = draw_grain(pixels)
        assert grain.shape == (CELLS * pixels, CELLS * pixels, GRAIN) and grain.dtype == np.float32
        assert np.abs(grain.mean((0, 1))).max() < 0.05 and (grain.std((0, 1)) > 0.5).all()
    grain = draw_grain(8)
    for axis in (0, 1):
        inside = np.abs(np.diff(grain, axis=axis)).mean((0, 1))
        across = np.abs(grain.take(0, axis) - grain.take(-1, axis)).mean(0)
        assert (across < 1.6 * inside).all()


def test_grain_is_the_same_on_every_machine():
    drawn = draw_grain(8)[0, 1, [0, 2, 3, 4]], draw_grain(16)[3, 2, [0, 4]]
    np.testing.assert_allclose(np.concatenate(drawn), DRAWN, atol=1e-6)


DRAWN = [0.918788, -0.574077, -0.000349, 1.033898, -1.562492, 1.494683]


def test_what_was_learned_from_a_picture_is_painted_as_it_was_learned():
    """Nobody taught the finer painter what a learned species' own unit paints."""
    dna, random = SPECIES[3].dna, np.random.default_rng(0)
    added = {
        name: 0.01 * random.standard_normal(shape).astype(np.float32)
        for name, shape in shapes(MANIFOLD.sizes).items()
    }
    assert set(added) == {*OF_RULE, *OF_PAINTER}
    taught = MANIFOLD.with_units((OwnUnit(dna, 0.5, added),))
    of_unit, fine = (taught.transcribe(relax(dna), fine)[1] for fine in (False, True))
    pixels = random.standard_normal((50, MANIFOLD.sizes.channels + GRAIN)).astype(np.float32)
    plain = of_unit.paint(pixels[:, : MANIFOLD.sizes.channels])
    np.testing.assert_allclose(fine.paint(pixels), plain, atol=1e-4)
    other = SPECIES[20].dna
    for mine, theirs in zip(
        vars(taught.transcribe(relax(other), True)[1]).values(),
        vars(MANIFOLD.transcribe(relax(other), True)[1]).values(),
        strict=True,
    ):
        np.testing.assert_array_equal(mine, theirs)


def test_a_species_that_came_later_shows_hairs_and_pores_where_the_finer_painter_was_taught_it():
    dna = SPECIES[3].dna
    none = {name: np.zeros(shape, np.float32) for name, shape in shapes(MANIFOLD.sizes).items()}
    unit = OwnUnit(dna, 0.5, none)
    later = replace(MANIFOLD, card={**MANIFOLD.card, "fine": {"learned": [dna]}})
    for ours, theirs in zip(
        vars(later.with_units((unit,)).transcribe(relax(dna), True)[1]).values(),
        vars(MANIFOLD.transcribe(relax(dna), True)[1]).values(),
        strict=True,
    ):
        np.testing.assert_array_equal(ours, theirs)


def test_all_bundled_species_show_what_is_finer_than_cells():
    """All but those that are nearer to their exemplars without."""
    of = MANIFOLD.card["fine"]
    taught = MANIFOLD.with_units(read_units(MODELS / "materials"))
    names = {one.name: one.dna for one in read_library([MODELS]).of("materials")}
    pixels = np.random.default_rng(3).standard_normal((50, MANIFOLD.sizes.channels + GRAIN))
    pixels = pixels.astype(np.float32)
    for name, dna in names.items():
        plain, fine = (taught.transcribe(relax(dna), each)[1] for each in (False, True))
        change = np.abs(fine.paint(pixels) - plain.paint(pixels[:, : MANIFOLD.sizes.channels]))
        assert dna in of["bare"] or change.mean() > 1e-3, f"{name} shows nothing finer"


def test_a_species_that_was_taught_further_keeps_what_is_finer_than_cells():
    dna = SPECIES[3].dna
    none = {name: np.zeros(shape, np.float32) for name, shape in shapes(MANIFOLD.sizes).items()}
    taught = MANIFOLD.with_units((OwnUnit(dna, 0.5, none, further=True),))
    for ours, theirs in zip(
        vars(taught.transcribe(relax(dna), True)[1]).values(),
        vars(MANIFOLD.transcribe(relax(dna), True)[1]).values(),
        strict=True,
    ):
        np.testing.assert_array_equal(ours, theirs)


def test_what_a_picture_showed_finer_than_cells_is_shown_and_fades_in_a_blend():
    random = np.random.default_rng(5)
    added = {name: np.zeros(shape, np.float32) for name, shape in shapes(MANIFOLD.sizes).items()}
    sizes = fine_shapes(MANIFOLD.sizes).items()
    fine = {name: random.standard_normal(shape).astype(np.float32) for name, shape in sizes}
    dna, other = SPECIES[3].dna, SPECIES[20].dna
    unit = OwnUnit(dna, 0.5, added, fine=fine)
    taught = replace(MANIFOLD, card={**MANIFOLD.card, "fine": {"bare": [dna]}}).with_units((unit,))
    pixels = random.standard_normal((50, MANIFOLD.sizes.channels + GRAIN)).astype(np.float32)

    def finest(manifold: Manifold, share: float) -> np.ndarray:
        """What is added for a blend of the learned species with another."""
        relaxed = share * relax(dna) + (1 - share) * relax(other)
        plain, shown = (manifold.transcribe(relaxed, each)[1] for each in (False, True))
        return shown.paint(pixels) - plain.paint(pixels[:, : MANIFOLD.sizes.channels])

    painter = unit.fine_painter
    wanted = painter.read(pixels)
    wanted[:, 3] *= (pixels[:, 3] / 0.5).clip(0, 1)
    np.testing.assert_allclose(finest(taught, 1), wanted, atol=1e-3)
    np.testing.assert_array_equal(finest(taught, 0), finest(MANIFOLD, 0))
    away = [np.abs(finest(taught, share) - wanted).mean() for share in (1, 0.9, 0.7, 0)]
    assert away == sorted(away) and away[1] < away[3]
    # what is light and dark in one colour is in the others: specks of colours of their own are not learned
    ratio = painter.weight_2[:, 1] / painter.weight_2[:, 0]
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-4)


@pytest.mark.parametrize("growth", [FINE, TWO])
def test_what_a_picture_showed_finer_than_cells_is_the_same_whatever_paints_it(growth, backend, others):
    random = np.random.default_rng(6)
    added = {name: np.zeros(shape, np.float32) for name, shape in shapes(MANIFOLD.sizes).items()}
    sizes = fine_shapes(MANIFOLD.sizes).items()
    fine = {name: 0.2 * random.standard_normal(shape).astype(np.float32) for name, shape in sizes}
    taught = MANIFOLD.with_units((OwnUnit(SPECIES[3].dna, 0.5, added, fine=fine),))
    theirs, ours = (Rollout(open_automaton(taught, name)).maps(growth, 2) for name in (backend, "numpy"))
    np.testing.assert_allclose(theirs, ours, atol=2e-4)
    assert np.abs(ours - others.maps(growth, 2)).mean() > 0.003, "it is its own"


def test_a_species_that_is_better_without_finer_structure_has_none_and_others_have_theirs():
    dna, other = SPECIES[3].dna, SPECIES[20].dna
    bare = replace(MANIFOLD, card={**MANIFOLD.card, "fine": {"bare": [dna]}})
    with_none, without = bare.transcribe(relax(dna), True)[1], bare.transcribe(relax(dna))[1]
    pixels = np.random.default_rng(2).standard_normal((50, MANIFOLD.sizes.channels + GRAIN))
    pixels = pixels.astype(np.float32)
    plain = without.paint(pixels[:, : MANIFOLD.sizes.channels])
    np.testing.assert_allclose(with_none.paint(pixels), plain, atol=1e-4)
    for mine, theirs in zip(
        vars(bare.transcribe(relax(other), True)[1]).values(),
        vars(replace(bare, card={}).transcribe(relax(other), True)[1]).values(),
        strict=True,
    ):
        np.testing.assert_array_equal(mine, theirs)


def test_growths_of_before_are_described_and_painted_as_they_were():
    assert "fine" not in PLAIN.to_json()
    assert Growth.from_json(FINE.to_json()) == FINE
    assert FINE.moment(2).key == PLAIN.moment(2).key, "its cells are the same"
    with pytest.raises(GrowthError, match="true or false"):
        replace(PLAIN, fine="yes")


def test_a_manifold_without_a_finer_painter_paints_as_ever():
    bare = replace(MANIFOLD, fine=None)
    ours, theirs = (Rollout(open_automaton(bare, "numpy")).maps(each, 1) for each in (FINE, PLAIN))
    np.testing.assert_array_equal(ours, theirs)


def test_a_broken_finer_painter_is_named(tmp_path):
    sizes = MANIFOLD.sizes
    model_file.write(tmp_path / "m", {"name": "m"}, sizes, MANIFOLD.weights)
    model_file.write_fine(tmp_path / "m", MANIFOLD.fine, {"iterations": 3})
    again = Manifold.open(tmp_path / "m")
    assert again.card["fine"]["iterations"] == 3
    for name, weight in MANIFOLD.fine.items():
        np.testing.assert_array_equal(again.fine[name], weight)
    for about in ({"bare": ["GATTACA"]}, {"learned": "GATTACA"}):
        model_file.write_fine(tmp_path / "m", MANIFOLD.fine, about)
        with pytest.raises(model_file.ManifoldError, match="finer painter"):
            Manifold.open(tmp_path / "m")
    model_file.write_fine(tmp_path / "m", MANIFOLD.fine, {})
    path = tmp_path / "m" / model_file.FINE
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(model_file.ManifoldError, match=f"{model_file.FINE} is damaged"):
        Manifold.open(tmp_path / "m")
    model_file.write(tmp_path / "m", {"name": "m"}, sizes, MANIFOLD.weights)
    assert Manifold.open(tmp_path / "m").fine is None and not path.exists()
