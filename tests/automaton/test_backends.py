# SPDX-License-Identifier: GPL-3.0-or-later
"""Numpy, the kernels and torch must show the artist the same growth."""

from __future__ import annotations

import functools
import itertools
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from blender_nca.automaton.chance import cell_numbers, fires
from blender_nca.automaton.growth import Genotype, Growth, Mask, Seeds
from blender_nca.automaton.native_choice import choose_products
from blender_nca.automaton.perception import perceive
from blender_nca.automaton.rollout import Rollout
from blender_nca.genetics import read_library
from blender_nca.kernels.library import open_library
from blender_nca.manifold import native_automaton
from blender_nca.manifold.backend import open_automaton
from blender_nca.manifold.manifold import Manifold
from blender_nca.manifold.native_automaton import NativeAutomaton
from blender_nca.maps.order import Order

torch = pytest.importorskip("torch")

from blender_nca.manifold.torch_automaton import TorchAutomaton  # noqa: E402

MODELS = Path(__file__).parents[2] / "models"
DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
BACKENDS = [*(["kernels"] if open_library() else []), *DEVICES]
WEIGHTS = ((1.0,),)


def automaton(manifold: Manifold, backend: str):
    """The kernels, or torch on a device."""
    return NativeAutomaton(manifold) if backend == "kernels" else TorchAutomaton(manifold, backend)


@pytest.fixture(scope="module")
def manifold() -> Manifold:
    return Manifold.open(MODELS / "materials")


@pytest.fixture(scope="module")
def dnas() -> list[str]:
    """One species of every other family."""
    return [species.dna for species in read_library([MODELS]).by_dna_alone("materials")[::8]]


HABITAT = np.random.default_rng(2).integers(0, 3, (20, 24), np.uint32) * np.uint32(2**30)
WOKEN = np.random.default_rng(3).integers(0, 150, (20, 24), np.int32)


def to_numpy(state) -> np.ndarray:
    return np.moveaxis(state if isinstance(state, np.ndarray) else state[0].cpu().numpy(), 2, 0)


def as_sent(state: np.ndarray, backend: str):
    """A state of the reference as a backend has it."""
    sent = np.moveaxis(state, 0, 2).copy()
    return sent if backend == "kernels" else torch.from_numpy(sent)[None].to(backend)


@functools.cache
def grown_plainly(dna: str, boundary: str) -> tuple[Growth, np.ndarray, np.ndarray]:
    """A growth that has covered its grid, with its state and its maps as numpy grows them."""
    growth = Growth(
        "materials",
        (Genotype((dna,)),),
        40,
        32,
        boundary=boundary,
        seeds=Seeds("scattered", 3),
        steps=(100.0,),
    )
    rollout = Rollout(open_automaton(Manifold.open(MODELS / "materials"), "numpy"))
    assert growth.steps_until(2) == 200 and rollout.living(growth, 2) > 0.9
    return growth, rollout.state(growth, 2), rollout.maps(growth, 2)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("boundary", ["wrap", "edge"])
def test_a_growth_looks_the_same_on_every_backend(backend, boundary):
    """Rounding differs by 1e-6 a step. Where a pattern has yet to decide between two arrangements it is amplified, so
    single cells may differ by more than the mean; and a pattern that never comes to rest parts altogether some time
    after it has covered the grid."""
    manifold = Manifold.open(MODELS / "materials")
    for species in read_library([MODELS]).by_dna_alone("materials")[3::10]:
        growth, plain, plain_maps = grown_plainly(species.dna, boundary)
        fast = Rollout(automaton(manifold, backend))
        difference = np.abs(plain - to_numpy(fast.state(growth, 2)))
        assert difference.mean() < 1e-4 and np.mean(difference < 1e-4) > 0.9, species.name
        difference = np.abs(plain_maps - fast.maps(growth, 2))
        assert difference.mean() < 1e-4 and difference.max() < 1 / 255, "an eye could see it"


@functools.cache
def stepped_plainly(dna: str, boundary: str) -> tuple[Growth, list[np.ndarray]]:
    """A small growth, and its state before and after each of its steps as numpy grows it."""
    growth = Growth(
        "materials",
        (Genotype((dna,)),),
        24,
        20,
        boundary=boundary,
        seeds=Seeds("scattered", 2),
        random_seed=3,
    )
    plain = open_automaton(Manifold.open(MODELS / "materials"), "numpy")
    states = [plain.seed(growth)]
    for index in range(200):
        states.append(plain.grow(states[-1], growth, WEIGHTS, index, 1))
    return growth, states


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("boundary", ["wrap", "edge"])
def test_every_step_of_a_growth_is_the_same_on_every_backend(manifold, dnas, backend, boundary):
    plain, fast = open_automaton(manifold, "numpy"), automaton(manifold, backend)
    for dna in dnas:
        growth, states = stepped_plainly(dna, boundary)
        arrival = dated = None
        for index, (before, after) in enumerate(pairwise(states)):
            theirs = to_numpy(fast.grow(as_sent(before, backend), growth, WEIGHTS, index, 1))
            np.testing.assert_allclose(after, theirs, atol=1e-5)
            assert (after.any(0) == theirs.any(0)).all(), "the same cells live"
            arrival = plain.date(arrival, after, index + 1)
            dated = fast.date(dated, as_sent(after, backend), index + 1)
        assert (arrival == fast._fetch(dated)).all(), "and have come alive in the same steps"
        for habitat, woken in itertools.product((None, HABITAT), (0, 60, WOKEN)):
            slowed = plain.quiet(habitat, arrival, woken, 200, 120)
            assert (slowed == fast._fetch(fast.quiet(habitat, dated, woken, 200, 120))).all()
        assert len(np.unique(slowed)) > 10, "some rest, some fire as ever, most are between"
        pictures = (
            cells.paint_order(dates, replace(growth, pixels_per_cell=3), Order(300, 40.0), 200)
            for cells, dates in ((plain, arrival), (fast, dated))
        )
        np.testing.assert_allclose(*pictures, atol=1e-5)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_draft_is_the_same_growth_with_fewer_digits(manifold, dnas, backend):
    fast = automaton(manifold, backend)
    growth = Growth("materials", (Genotype((dnas[0],)),), 40, 32, seeds=Seeds("scattered", 3), random_seed=3)
    weights, draft = ((1.0,),), replace(growth, quality="draft")
    state = fast.grow(fast.seed(growth), growth, weights, 0, 20)
    full, short = (to_numpy(fast.grow(state, each, weights, 20, 1)) for each in (growth, draft))
    has_draft = backend == "kernels" and choose_products().draft > 0
    assert (full != short).any() == has_draft, "shorter products where there are any, else the full ones"
    np.testing.assert_allclose(full, short, atol=2e-2 * np.abs(full).max())


@pytest.mark.parametrize("backend", BACKENDS)
def test_regions_of_several_genotypes_look_the_same_on_every_backend(manifold, dnas, backend):
    left = np.zeros((24, 40))
    left[:, :18] = 1
    growth = Growth(
        "materials",
        (Genotype(dnas[:2], ((0.3, 0.7),)), Genotype((dnas[2],), region=Mask.pack(left))),
        40,
        24,
        seeds=Seeds("scattered", 4),
        steps=(25.0,),
    )
    plain, fast = Rollout(open_automaton(manifold, "numpy")), Rollout(automaton(manifold, backend))
    np.testing.assert_allclose(plain.state(growth, 2), to_numpy(fast.state(growth, 2)), atol=1e-4)
    np.testing.assert_allclose(plain.maps(growth, 2), fast.maps(growth, 2), atol=1e-3)
    alone = Rollout(automaton(manifold, backend))
    pure = Growth(
        "materials", (Genotype(dnas[:2], ((0.3, 0.7),)),), 40, 24, seeds=growth.seeds, steps=(40.0,)
    )
    assert np.abs(fast.maps(growth, 2)[:, :, 4:60] - alone.maps(pure, 2)[:, :, 4:60]).mean() > 0.02


@pytest.mark.skipif(open_library() is None, reason="no kernels")
@pytest.mark.parametrize("boundary", ["wrap", "edge"])
def test_a_live_picture_is_the_same_whatever_was_shown_before(manifold, dnas, boundary, monkeypatch):
    """Only the pixels of cells that changed are painted anew."""
    seeds = Seeds("points", points=((0.02, 0.9), (0.6, 0.3)))
    growth = Growth(
        "materials",
        (Genotype(dnas[:2], ((1, 0), (1, 0), (0.5, 0.5))),),
        72,
        40,
        3,
        boundary,
        seeds,
        1,
        (4.0,),
    )
    painted, share_out = [], native_automaton._share_out

    def watch(*given, where=None):
        painted.append(1.0 if where is None else where.mean())
        share_out(*given, where=where)

    monkeypatch.setattr(native_automaton, "_share_out", watch)
    played = Rollout(NativeAutomaton(manifold))
    others = [replace(growth, pixels_per_cell=2), replace(growth, width=48)]
    shown = [(growth, frame) for frame in (0, 1, 2, 3, 5, 5, 1, 0, 30)]
    shown += [(each, 4) for each in others] + [(growth, 4), (growth, 6)]
    kept = []
    for each, frame in shown:
        picture = played.live(each, frame)
        count = len(painted)
        np.testing.assert_array_equal(picture, Rollout(NativeAutomaton(manifold)).live(each, frame))
        del painted[count:]
        kept.append((picture, picture.copy()))
    assert all((picture == copy).all() for picture, copy in kept), "a picture given is never written to again"
    first, second, blended, third, fifth, again = painted[:6]
    assert first == 1 and 0 < second < 0.5 and 0 < third < fifth, "what did not change is not painted"
    assert blended == 1, "another genotype paints every pixel in its own way"
    assert again == 0 and painted[9:12] == [1, 1, 1]


@pytest.mark.parametrize("shared", [False, True])
def test_a_growth_is_the_same_whether_all_cells_are_computed_or_those_that_fire(
    manifold, dnas, shared, monkeypatch
):
    from blender_nca.automaton import firing, torch_step

    left = np.zeros((24, 40))
    left[:, :18] = 0.6
    genotypes = (Genotype((dnas[0],)), *([Genotype((dnas[1],), region=Mask.pack(left))] if shared else []))
    growth = Growth("materials", genotypes, 40, 24, seeds=Seeds("scattered", 4), steps=(30.0,))
    pictures = []
    for way in (firing.Sparse, firing.Dense):
        monkeypatch.setattr(torch_step, "pick", way)
        pictures.append(Rollout(TorchAutomaton(manifold, "cpu")).maps(growth, 1))
    np.testing.assert_allclose(*pictures, atol=1e-4)


@pytest.mark.parametrize("device", DEVICES)
def test_the_same_cells_fire_on_every_backend(device):
    cells = cell_numbers(61, 47)
    for random_seed, step in [(0, 0), (7, 1), (2**32 - 1, 399), (-5, 12345)]:
        ours = fires(random_seed, step, cells, 0.5)
        theirs = fires(random_seed, step, torch.from_numpy(cells).to(device), 0.5)
        assert (ours == theirs.cpu().numpy()).all()


def test_half_of_the_cells_fire_without_a_pattern():
    masks = np.stack([fires(3, step, cell_numbers(64, 64), 0.5) for step in range(64)]) * 1.0
    assert abs(masks.mean() - 0.5) < 0.005
    for shifted in (np.roll(masks, 1, 0), np.roll(masks, 1, 1), np.roll(masks, 1, 2)):
        assert abs(((masks - 0.5) * (shifted - 0.5)).mean()) < 0.002
    other = np.stack([fires(4, step, cell_numbers(64, 64), 0.5) for step in range(64)])
    assert abs((other == masks).mean() - 0.5) < 0.005


@pytest.mark.parametrize("boundary", ["wrap", "edge"])
def test_torch_perceives_what_the_reference_does(boundary):
    from blender_nca.automaton import torch_step

    state = np.random.default_rng(0).normal(size=(5, 9, 7)).astype(np.float32)
    ours = perceive(state, boundary)
    theirs = torch_step.perceive(torch.from_numpy(state).movedim(0, 2)[None], boundary)
    np.testing.assert_allclose(ours, to_numpy(theirs), atol=1e-5)


@pytest.mark.parametrize("boundary", ["wrap", "edge"])
@pytest.mark.parametrize("way", ["Sparse", "Dense"])
def test_training_grows_what_artists_see_and_has_its_gradient(boundary, way, monkeypatch):
    """Against autograd through the plain step: the gradient that is written by hand is that of the growth. Whether
    all cells are computed or those that fire makes no difference."""
    from blender_nca.automaton import firing, through_time, torch_step
    from blender_nca.automaton.update_rule import UpdateRule

    monkeypatch.setattr(through_time, "pick", getattr(firing, way))

    generator = torch.Generator().manual_seed(0)
    state = torch.rand(2, 9, 11, 6, generator=generator) * 0.5
    shapes = (2, 24, 10), (2, 1, 10), (2, 10, 6)
    weights = [(0.2 * torch.randn(shape, generator=generator)).double().requires_grad_() for shape in shapes]
    cells = torch.from_numpy(cell_numbers(9, 11))
    rule = UpdateRule(*weights)
    shown = torch_step.grow(state.double(), [rule], [None], 5, 0, 7, cells, boundary)
    learned = through_time.grow(state.double(), rule, 5, 7, cells, boundary, torch.float64)
    torch.testing.assert_close(shown, learned)
    weighting = torch.randn(shown.shape, generator=generator).double()
    ours = torch.autograd.grad((learned * weighting).sum(), weights)
    theirs = torch.autograd.grad((shown * weighting).sum(), weights)
    for one, other in zip(ours, theirs, strict=True):
        assert other.abs().max() > 0
        torch.testing.assert_close(one, other)
