# SPDX-License-Identifier: GPL-3.0-or-later
"""A picture on a mesh must not show where its islands end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from blender_nca.automaton.growth import Genotype, Growth, Mask, Seeds
from blender_nca.automaton.surface_building import build
from blender_nca.automaton.surface_example import build_corner
from blender_nca.manifold.backend import open_automaton
from blender_nca.manifold.canvas import open_canvas
from blender_nca.maps.order import Order
from tests.automaton.test_backends import BACKENDS, automaton, dnas, manifold  # noqa: F401
from tests.automaton.test_surface import grow_on, lay_flat, make_squares, make_torus, one_thread  # noqa: F401

torch = pytest.importorskip("torch")
SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
WEIGHTS = ((1.0,),)


def as_backend(state: np.ndarray, backend: str):
    """A state of the reference as another backend has it."""
    if backend == "numpy":
        return state
    state = np.moveaxis(state, 0, 2).copy()
    return state if backend == "kernels" else torch.from_numpy(state)[None].to(backend)


def open_backend(manifold, backend: str):  # noqa: F811
    return open_automaton(manifold, "numpy") if backend == "numpy" else automaton(manifold, backend)


@pytest.fixture(scope="module")
def grown(manifold, dnas) -> tuple[Growth, np.ndarray]:  # noqa: F811
    """A growth on two islands, and a state of it."""
    fast = open_automaton(manifold, "kernels")
    growth = grow_on(build_corner(24, 44), dnas[0], seeds=Seeds("scattered", 3))
    state = fast.grow(fast.seed(growth), growth, WEIGHTS, 0, 30)
    return growth, np.ascontiguousarray(np.moveaxis(state, 2, 0)) if state.shape[2] == 16 else state


@pytest.mark.parametrize("backend", ["numpy", *BACKENDS])
@pytest.mark.parametrize("pixels", [1, 3])
def test_a_plane_that_wraps_is_painted_as_wrap_is(manifold, dnas, backend, pixels):  # noqa: F811
    """Pixels by the border are mixed from both sides: of the same cells here."""
    growth = grow_on(build(*make_torus(7, 5), 16, 24), dnas[0], pixels_per_cell=pixels)
    state = np.random.default_rng(0).normal(0.4, 0.3, (16, 16, 24)).astype(np.float32)
    cells, given = open_backend(manifold, backend), as_backend(state, backend)
    plain = replace(growth, boundary="wrap", surface=None)
    for paint in (cells.paint, cells.paint_live):
        np.testing.assert_allclose(paint(given, growth, WEIGHTS), paint(given, plain, WEIGHTS), atol=1e-5)
    dates, order = cells.date(None, given, 7), Order(20, 9.0)
    on_surface, on_grid = (cells.paint_order(dates, each, order, 9) for each in (growth, plain))
    np.testing.assert_allclose(on_surface, on_grid, atol=1e-5)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("several", [False, True])
def test_a_surface_is_painted_alike_by_every_backend(manifold, dnas, grown, backend, several):  # noqa: F811
    growth, state = grown
    left = Mask.pack(np.linspace(1, 0, growth.width)[None].repeat(growth.height, 0))
    if several:
        growth = replace(growth, genotypes=(*growth.genotypes, Genotype((dnas[1],), region=left)))
    plain, fast = open_backend(manifold, "numpy"), open_backend(manifold, backend)
    weights, given = ((1.0,), (1.0,))[: 1 + several], as_backend(state, backend)
    np.testing.assert_allclose(
        plain.paint(state, growth, weights), fast.paint(given, growth, weights), atol=1e-4
    )
    shown = plain.paint_live(state, growth, weights), fast.paint_live(given, growth, weights)
    np.testing.assert_allclose(*shown, atol=1e-4)


@pytest.mark.parametrize("backend", ["numpy", *BACKENDS])
def test_a_picture_painted_some_rows_at_a_time_is_the_same(manifold, dnas, grown, backend):  # noqa: F811
    """Large bakes are: over borders, seams, margins and regions."""
    growth, state = grown
    cells, given, order = open_backend(manifold, backend), as_backend(state, backend), Order(20, 9.0)
    left = Mask.pack(np.linspace(1, 0, growth.width)[None].repeat(growth.height, 0))
    several = replace(growth, genotypes=(*growth.genotypes, Genotype((dnas[1],), region=left)))
    wraps, ends = (replace(several, surface=None, boundary=one) for one in ("wrap", "edge"))
    for one in (growth, several, wraps, ends):
        weights = ((1.0,),) * len(one.genotypes)
        whole = cells.paint(given, one, weights)
        parts = [cells.paint(given, one, weights, rows=range(*rows)) for rows in ((0, 7), (7, 8), (8, 24))]
        np.testing.assert_allclose(np.concatenate(parts, 1), whole, atol=1e-6)
        dates = cells.date(None, given, 7)
        whole = cells.paint_order(dates, one, order, 9)
        parts = [cells.paint_order(dates, one, order, 9, range(*rows)) for rows in ((0, 7), (7, 24))]
        np.testing.assert_array_equal(np.concatenate(parts, 1), whole)
    over = cells.paint(given, wraps, weights, rows=range(-3, 26))
    rows = np.arange(-3 * wraps.pixels_per_cell, 26 * wraps.pixels_per_cell) % (24 * wraps.pixels_per_cell)
    np.testing.assert_allclose(over, cells.paint(given, wraps, weights)[:, rows], atol=1e-6)


def test_islands_are_painted_beyond_their_borders_as_far_as_they_are_told(manifold, grown):  # noqa: F811
    growth, state = grown
    cells = open_backend(manifold, "numpy")
    state = state + 0.3  # nothing inside is black
    pictures = {
        margin: cells.paint(state * growth.surface.on, replace(growth, margin=margin), WEIGHTS)
        for margin in (0, 3, 40)
    }
    canvas = open_canvas(growth.surface, growth.pixels_per_cell, 0)
    inside = canvas.mask.copy().reshape(-1)
    inside[canvas.pixels] = True
    inside = inside.reshape(canvas.mask.shape)
    painted = {margin: picture.any(0) for margin, picture in pictures.items()}
    assert (painted[0] == inside).all() and 0.5 < inside.mean() < 0.95
    around = np.pad(inside, 3)
    size = inside.shape
    within = np.any([around[y : y + size[0], x : x + size[1]] for y in range(7) for x in range(7)], axis=0)
    assert (painted[3] == within).all() and painted[40].all()
    assert (pictures[3][:, inside] == pictures[0][:, inside]).all(), "what lies inside stays as it is"
    # the triangles themselves: a square of 0.44 by 0.92 of the picture
    assert inside.mean() == pytest.approx(2 * 0.44 * 0.92, abs=0.01)
    edge = np.argwhere(within & ~inside)[0]
    beside = pictures[0][:, edge[0] : edge[0] + 4, edge[1] : edge[1] + 4].reshape(8, -1)
    assert (np.abs(beside - pictures[3][:, edge[0], edge[1], None]).max(0) == 0).any(), "a copy of one near"


def test_both_sides_of_a_seam_show_the_same_colours(manifold, dnas, grown):  # noqa: F811
    growth, state = grown
    growth = replace(growth, pixels_per_cell=8)
    cells = open_backend(manifold, "numpy")
    maps = cells.paint(state, growth, WEIGHTS)[:3]
    surface, seen = growth.surface, []
    seam = np.flatnonzero(surface.beyond_side)[0]
    share = np.linspace(0.1, 0.9, 60)[:, None]
    for ends, side in ((surface.seam[seam], 1), (surface.beyond[seam], surface.beyond_side[seam])):
        along = ends[1] - ends[0]
        inward = side * np.array([-along[1], along[0]]) / np.linalg.norm(along)
        x, y = ((ends[0] + share * along + 0.1 * inward) * growth.pixels_per_cell).astype(int).T
        seen.append(maps[:, y, x])
    across, along = np.abs(seen[0] - seen[1]).mean(), np.abs(seen[0] - seen[0][:, ::-1]).mean()
    assert across < along / 4


def test_pixels_are_shown_of_islands_of_any_kind():
    """Smaller than a cell, overlapping, and wound against each other."""
    low = [np.array([0.1, 0.1]), np.array([0.7, 0.2]), np.array([0.1, 0.1])]
    sizes = 0.5, 0.01, 0.3
    mesh = make_squares(
        *((lay_flat(i), at + SQUARE * size) for i, (at, size) in enumerate(zip(low, sizes, strict=True)))
    )
    surface = build(*mesh, 32, 32)
    canvas = open_canvas(surface, 8, 0)
    shown = canvas.mask.copy().reshape(-1)
    shown[canvas.pixels] = True
    assert shown.sum() / 256**2 == pytest.approx(0.5**2 + 0.01**2, abs=2e-3)
    small = shown.reshape(256, 256)[:, 170:]
    assert 4 <= small.sum() <= 9, "an island without a cell is painted of the one over its seam"
    assert (np.diff(canvas.pixels) > 0).all()


@pytest.mark.skipif("kernels" not in BACKENDS, reason="no kernels")
def test_a_live_picture_on_a_surface_is_the_same_whatever_was_shown_before(manifold, dnas):  # noqa: F811
    growth = grow_on(build_corner(24, 44), dnas[0], seeds=Seeds("points", points=((0.4, 0.5),)))
    played, states = automaton(manifold, "kernels"), []
    state = played.seed(growth)
    for index in range(0, 24, 4):
        states.append(state)
        state = played.grow(state, growth, WEIGHTS, index, 4)
    others = [growth, replace(growth, margin=2), replace(growth, surface=build_corner(24, 44, 0.06))]
    for number, which in [
        *((i, 0) for i in (0, 1, 2, 2, 5, 1, 0, 4)),
        (4, 1),
        (4, 0),
        (4, 2),
        (3, 2),
        (4, 0),
    ]:
        how = others[which]
        state = states[number] * how.surface.on[..., None]
        shown = played.paint_live(state, how, WEIGHTS)
        alone = automaton(manifold, "kernels").paint_live(state, how, WEIGHTS)
        np.testing.assert_array_equal(shown, alone)
