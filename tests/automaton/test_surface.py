# SPDX-License-Identifier: GPL-3.0-or-later
"""A growth must go over the seams of a mesh as if there were none, and be the same growth wherever it is grown."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import numpy as np
import pytest

from blender_nca.automaton.growth import Genotype, Growth, Mask, Seeds
from blender_nca.automaton.growth_error import GrowthError
from blender_nca.automaton.rollout import Rollout
from blender_nca.automaton.seeding import seed_cells
from blender_nca.automaton.surface import FULL_TURN, Surface
from blender_nca.automaton.surface_building import build
from blender_nca.automaton.surface_error import SurfaceError
from blender_nca.automaton.surface_example import build_corner
from blender_nca.automaton.surface_guide import Line
from blender_nca.automaton.surface_mesh import connected
from blender_nca.automaton.surface_ways import find_ways, thin
from blender_nca.manifold.backend import open_automaton
from tests.automaton.test_backends import BACKENDS, automaton, dnas, manifold, to_numpy  # noqa: F401

torch = pytest.importorskip("torch")
SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
HALVES = np.array([[0, 1, 2], [0, 2, 3]])


def make_torus(cells_along: int, cells_around: int) -> tuple[np.ndarray, ...]:
    """A torus that is unwrapped onto the whole square: positions, triangles, uvs."""
    along, around = np.meshgrid(np.arange(cells_along), np.arange(cells_around))
    a, b = 2 * np.pi * along / cells_along, 2 * np.pi * around / cells_around
    ring = 1 + 0.4 * np.cos(b)
    positions = np.stack([ring * np.cos(a), ring * np.sin(a), 0.4 * np.sin(b)], -1).reshape(-1, 3)
    steps = SQUARE.astype(int)
    columns, rows = (each.reshape(-1, 1) + steps[:, i] for i, each in enumerate((along, around)))
    quads = rows % cells_around * cells_along + columns % cells_along
    uvs = np.stack([columns / cells_along, rows / cells_around], -1)
    return positions, np.concatenate(quads[:, HALVES]), np.concatenate(uvs[:, HALVES])


def make_squares(*placed: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, ...]:
    """Squares from corners in space and in UV: positions, triangles, uvs."""
    positions = np.concatenate([corners for corners, _ in placed])
    triangles = np.concatenate([HALVES + 4 * i for i in range(len(placed))])
    return positions, triangles, np.concatenate([uvs[HALVES] for _, uvs in placed])


def lay_flat(x: float, y: float = 0.0) -> np.ndarray:
    """A unit square in space."""
    return np.c_[SQUARE + (x, y), np.zeros(4)]


def grow_on(surface: Surface, dna: str, **how) -> Growth:
    size = {"width": surface.width, "height": surface.height}
    return Growth("materials", (Genotype((dna,)),), **size, boundary="surface", surface=surface, **how)


@pytest.mark.parametrize(("gap", "crowded"), [(0, 64), (1, 32), (2, 0)])
def test_cells_that_perceive_a_strange_island_are_counted(gap, crowded):
    """Two squares of 32 cells a side that do not touch in space, so many cells from each other on the grid."""
    side, shift = 80, (32 + gap) / 80
    first = 0.1 + SQUARE * 32 / side
    squares = make_squares((lay_flat(0), first), (lay_flat(5), first + (shift, 0)))
    surface = build(*squares, side, side)
    assert len(np.unique(surface.shell)) == 2 and surface.on.sum() == 2 * 32**2
    assert surface.crowded == crowded


@pytest.fixture(autouse=True)
def one_thread():
    """Torch's threads wait for each other longer than these small grids take."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("backend", ["numpy", *BACKENDS])
def test_a_plane_that_wraps_is_a_surface_like_any_other(manifold, dnas, backend):  # noqa: F811
    surface = build(*make_torus(7, 5), 16, 24)
    growth = grow_on(surface, dnas[0], random_seed=3)
    plain = replace(growth, boundary="wrap", surface=None)
    cells = open_automaton(manifold, "numpy") if backend == "numpy" else automaton(manifold, backend)
    state, weights = cells.seed(growth), ((1.0,),)
    wrapped, half = state, 0
    for index in range(60):
        state, wrapped = (
            cells.grow(each, how, weights, index, 1) for each, how in ((state, growth), (wrapped, plain))
        )
        assert (state == wrapped).all(), "bit by bit"
        half = half or (cells.living(state, growth) > 0.5 and index)
    assert 5 < half < 50 and cells.living(state, growth) == cells.living(wrapped, plain) > 0.95


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("several", [False, True])
def test_every_step_on_a_surface_is_the_same_on_every_backend(manifold, dnas, backend, several):  # noqa: F811
    plain, fast = open_automaton(manifold, "numpy"), automaton(manifold, backend)
    surface = build_corner(24, 44)
    left = Mask.pack(np.linspace(1, 0, 44)[None].repeat(24, 0))
    genotypes = Genotype((dnas[0],)), Genotype((dnas[1],), region=left)
    growth = replace(grow_on(surface, dnas[0], random_seed=5), genotypes=genotypes[: 1 + several])
    state, weights = plain.seed(growth), ((1.0,), (1.0,))[: 1 + several]
    for index in range(60):
        sent = np.moveaxis(state, 0, 2).copy()
        if backend != "kernels":
            sent = torch.from_numpy(sent)[None].to(backend)
        grown = fast.grow(sent, growth, weights, index, 1)
        state = plain.grow(state, growth, weights, index, 1)
        np.testing.assert_allclose(state, to_numpy(grown), atol=1e-5)
        assert (state.any(0) == to_numpy(grown).any(0)).all(), "the same cells live"
        assert not state[:, ~surface.on].any()
    assert (
        plain.living(state, growth) == pytest.approx(fast.living(grown, growth))
        and plain.living(state, growth) > 0.9
    )
    # many steps at once are as many single ones
    once, twice = fast.grow(sent, growth, weights, 0, 24), fast.grow(sent, growth, weights, 0, 12)
    assert (once == fast.grow(twice, growth, weights, 12, 12)).all()


def test_a_cell_lives_on_by_what_lives_over_its_seam():
    from blender_nca.automaton import native_step, reference
    from blender_nca.automaton.update_rule import LIFE, UpdateRule

    if not native_step.suits(16, 32):
        pytest.skip("there are no kernels here")
    surface, random = build_corner(24, 44), np.random.default_rng(0)
    for seed in range(20):
        rule = UpdateRule(
            *(0.3 * random.standard_normal(shape, np.float32) for shape in ((64, 32), (1, 32), (32, 16)))
        )
        rule.out_of_hidden[:, LIFE] = -0.1 * abs(rule.out_of_hidden[:, LIFE])  # life only fades
        state = 0.1 * random.standard_normal((24, 44, 16), np.float32) * surface.on[..., None]
        state[..., LIFE] = 0.13 * (random.random((24, 44)) < 0.15) * surface.on  # few, about to die
        grown = native_step.grow(state, [rule], [None], seed, 0, 1, surface)
        told = np.moveaxis(reference.step(np.moveaxis(state, 2, 0), [rule], [None], seed, 0, surface), 0, 2)
        assert (grown.any(2) == told.any(2)).all(), "the same cells live"


def test_a_growth_comes_over_a_seam_and_not_over_the_border(manifold, dnas):  # noqa: F811
    surface = build_corner(30, 52)
    away = build(
        *make_squares((lay_flat(0), 0.05 + SQUARE * 0.4), (lay_flat(5), (0.55, 0.05) + SQUARE * 0.4)), 40, 40
    )
    for each, islands in ((surface, {0, 1}), (away, {0})):
        growth = grow_on(each, dnas[0], seeds=Seeds("points", points=((0.2, 0.7),)), steps=(150.0,))
        state = Rollout(open_automaton(manifold, "kernels")).state(growth, 1)
        state = to_numpy(state) if state.shape[0] != 16 else state
        living = state[3] > 0.1
        assert set(np.unique(each.island[living])) == islands
        grown = each.island == 0
        assert living[grown].mean() > 0.9, "what is connected is covered"
    assert away.shell.tolist() == [0, 1] and surface.shell.tolist() == [0, 0]


def test_each_cell_beside_an_island_shows_what_lies_over_the_seam():
    """Two squares side by side in space, far apart in UV, the second turned by a quarter and twice as large: the cell
    right of the first one's border is the cell inside the second one."""
    turned = np.roll(SQUARE, -1, 0)  # its edge towards the first square lies at the bottom
    mesh = make_squares((lay_flat(0), (0.1, 0.1) + SQUARE * 0.2), (lay_flat(1), (0.5, 0.1) + turned * 0.4))
    surface = build(*mesh, 80, 80)
    u, v = (np.arange(80) + 0.5) / 80, 1 - (np.arange(80)[:, None] + 0.5) / 80
    first = surface.island == 0
    # where each cell lies in space; the second square's x goes up in the picture, its y to the left
    across = np.where(first, (u - 0.1) / 0.2, 1 + (v - 0.1) / 0.4)
    along = np.where(first, (v - 0.1) / 0.2, (0.9 - u) / 0.4)
    across, along = (np.where(surface.on, each, 0) for each in (across, along))
    seen = surface.surround(np.stack([across, along]))
    border = int(0.3 * 80)  # the first column beyond the first square
    for row in range(80 - 22, 80 - 10):
        x, y = seen[:, row + 1, border + 1]
        assert x == pytest.approx(1 + 0.5 / 16, abs=0.02) and y == pytest.approx(
            (80 - row - 0.5 - 8) / 16, abs=0.02
        )
    # at the mesh's own border the surface is reflected
    assert seen[0, 80 - 15, 8] == pytest.approx(0.5 / 16, abs=1e-6)


def test_patterns_point_up_on_every_island_however_it_lies_in_the_square():
    """A wall of four squares; the islands are turned by quarters and one is mirrored."""
    ways = [SQUARE, np.roll(SQUARE, -1, 0), np.roll(SQUARE, -2, 0), SQUARE[[1, 0, 3, 2]]]
    low = [(0.05, 0.05), (0.55, 0.05), (0.05, 0.55), (0.55, 0.55)]
    walls = [lay_flat(i)[:, [0, 2, 1]] for i in range(4)]  # standing, seen from -y
    mesh = make_squares(*((wall, way * 0.4 + at) for wall, way, at in zip(walls, ways, low, strict=True)))
    surface = build(*mesh, 64, 64, up=(0, 0, 1))
    expected = ([[1, 0], [0, 1]], [[0, -1], [1, 0]], [[-1, 0], [0, -1]], [[-1, 0], [0, 1]])
    assert surface.mirrored.tolist() == [False, False, False, True]
    for number, turn in enumerate(expected):
        inside = surface.turns[:, :, surface.island == number]
        np.testing.assert_allclose(
            inside, np.broadcast_to(np.array(turn)[..., None], inside.shape), atol=1e-3
        )
    # unless they are told to, patterns follow the UV, also on the mirrored island; turned, they lean to the left
    for turn in (0.0, 0.5):
        surface = build(*mesh, 64, 64, turn=turn)
        ups = find_ways(surface, *mesh).ups
        for number, way in enumerate(ways):
            along_u, along_v = (walls[0][np.argmin(np.abs(way - at).sum(1))] - walls[0][np.argmin(np.abs(way).sum(1))]
                                for at in ((1, 0), (0, 1)))  # fmt: skip
            left = along_u if surface.mirrored[number] else -along_u
            expected = np.cos(turn) * along_v + np.sin(turn) * left
            inside = ups[surface.island[surface.on] == number]
            np.testing.assert_allclose(inside, np.broadcast_to(expected, inside.shape), atol=1e-3)


@pytest.mark.parametrize("turn", [0.0, -1.0])
def test_patterns_follow_what_differs_from_cell_to_cell_on_a_mesh_of_two_triangles(turn):
    mesh = make_squares((lay_flat(0), SQUARE[[1, 2, 3, 0]]))  # a quarter turn in the picture
    corners = mesh[0][mesh[1]]
    angles = np.linspace(0, np.pi, 200)
    arc = np.stack([0.5 + 0.4 * np.cos(angles), 0.1 + 0.4 * np.sin(angles), 0 * angles], 1)
    guides = {
        "toward": ((0.3, 0.4, 0) - corners, lambda p: (0.3, 0.4, 0) - p),
        "around": (np.cross((0, 0, 1), corners - (0.5, 0.1, 0)), lambda p: np.cross((0, 0, 1), p - (0.5, 0.1, 0))),
        "line": (Line(arc, np.cross((0, 0, 1), arc - (0.5, 0.1, 0))), lambda p: np.cross((0, 0, 1), p - (0.5, 0.1, 0))),
    }  # fmt: skip
    for name, (up, said) in guides.items():
        ways = find_ways(build(*mesh, 48, 48, up, turn), *mesh)
        wanted = said(ways.places)
        away = np.linalg.norm(wanted, axis=1)
        error = np.arctan2(np.cross(wanted, ways.ups)[:, 2], (wanted * ways.ups).sum(1)) - turn
        error = np.abs(np.degrees(np.angle(np.exp(1j * error))))
        where = (away > 0.15) & ((name != "line") | (ways.places[:, 1] > 0.15))
        assert error[where].max() < 3, name  # where it turns fast neighbours pull
    # what is shown of it is even: none nearer than it should be on the whole, none missing
    chosen = thin(ways.places, 0.1)
    assert len(chosen) == 100 and np.ptp(ways.places[chosen] % 0.1, axis=0)[:2].max() < 0.05


def test_what_nothing_is_asked_for_follows_its_neighbours():
    mesh = make_squares((lay_flat(0), SQUARE * 0.4 + 0.05), (lay_flat(1), SQUARE[[1, 2, 3, 0]] * 0.4 + 0.5))
    up = np.zeros((4, 3, 3))
    up[0] = (0.6, 0.8, 0)  # one triangle of four, of the other island
    ups = find_ways(build(*mesh, 48, 48, up), *mesh).ups
    np.testing.assert_allclose(ups, np.broadcast_to((0.6, 0.8, 0), ups.shape), atol=0.02)


def test_directions_bend_over_an_edge_without_a_jump():
    surface = build_corner(40, 72)
    turn = surface.angle * (2 * np.pi / FULL_TURN)
    for island in (0, 1):
        inside = np.where(surface.island == island, turn, np.nan)
        for axis in (0, 1):
            step = np.abs(np.angle(np.exp(1j * np.diff(inside, axis=axis))))
            assert np.nanmax(step) < np.radians(6)


def test_meshes_that_files_really_have(dnas):  # noqa: F811
    flat = lay_flat(0)
    square = 0.1 + 0.8 * SQUARE
    whole = build(*make_squares((flat, square)), 32, 32)
    # triangles that share no vertex but lie together are one surface
    positions, triangles, uvs = make_squares((flat, square))
    split = build(positions[triangles].reshape(-1, 3), np.arange(6).reshape(2, 3), uvs, 32, 32)
    assert split == whole and len(whole.shell) == 1
    # two squares on the same place in UV: the first has the cells, and ties of both look there
    both = build(*make_squares((flat, square), (lay_flat(1), square)), 32, 32)
    assert (both.on == whole.on).all() and set(both.tie_island) == {0, 1}
    # triangles without area, in space or in UV, and edges with three faces
    stray = np.concatenate([triangles, [[0, 1, 1]], [[0, 1, 2]]])
    surface = build(positions, stray, np.concatenate([uvs, uvs[:1], np.zeros((1, 3, 2))]), 32, 32)
    assert (surface.on == whole.on).all()
    # faces that wind against each other
    wound = build(
        positions,
        np.array([[0, 1, 2], [0, 3, 2]]),
        uvs[[0, 1]][:, [0, 1, 2]] * 0 + np.stack([square[[0, 1, 2]], square[[0, 3, 2]]]),
        32,
        32,
        up=(1, 0, 0),
    )
    assert len(wound.shell) == 1 and np.ptp(wound.angle[wound.on]) < FULL_TURN / 100
    # UV beyond the square
    for size in (3, 3000):
        outside = build(
            *make_squares((flat, SQUARE * size - size / 3), (lay_flat(1), SQUARE * size + 7)), 16, 16
        )
        assert outside.on.all()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda p, t, u: (p, t[:0], u[:0]), "no faces"),
        (lambda p, t, u: (p, t, u[:1]), "unwrap"),
        (lambda p, t, u: (p, t + 9, u), "clean it up"),
        (lambda p, t, u: (p * np.nan, t, u), "no numbers"),
        (lambda p, t, u: (p, t, u * 1e6), "far outside"),
        (lambda p, t, u: (p, t, u * 0), "unwrap the mesh inside the UV square"),
        (lambda p, t, u: (p, t, u + 7), "unwrap the mesh inside the UV square"),
    ],
)
def test_a_mesh_without_a_surface_is_told(change, says):
    with pytest.raises(SurfaceError, match=says):
        build(*change(*make_squares((lay_flat(0), SQUARE))), 16, 16)
    with pytest.raises(SurfaceError, match="8 to 4096"):
        build(*make_squares((lay_flat(0), SQUARE)), 4, 16)


def test_a_surface_is_kept_and_told_apart(dnas):  # noqa: F811
    surface, other = build_corner(30, 52), build_corner(30, 52, 0.05)
    growth = grow_on(surface, dnas[0])
    read = Growth.from_json(json.loads(json.dumps(growth.to_json())))
    assert read == growth and read.surface == surface and hash(read) == hash(growth)
    assert read.moment(3).key == growth.moment(3).key != replace(growth, surface=other).moment(3).key
    assert growth.key == read.key != replace(growth, surface=other).key
    assert replace(growth, margin=2).moment(3).key == growth.moment(3).key, "the margin is painted, not grown"
    assert "surface" not in replace(growth, boundary="wrap", surface=None).to_json()
    assert all(not getattr(surface, each.name).flags.writeable for each in fields(surface))


@pytest.mark.parametrize("name", [each.name for each in fields(Surface)])
def test_a_damaged_surface_never_reaches_the_kernels(name, dnas):  # noqa: F811
    growth = grow_on(build_corner(30, 52), dnas[0]).to_json()
    for damaged in (None, [[1], "####"], [[2, 2], growth["surface"][name][1]]):
        wrong = {**growth, "surface": {**growth["surface"], name: damaged}}
        with pytest.raises(GrowthError, match="make it again from its mesh"):
            Growth.from_json(wrong)
    values = {each.name: getattr(build_corner(30, 52), each.name) for each in fields(Surface)}
    if name not in ("angle", "mirrored", "tie_cell"):
        array = values[name].copy()
        array.reshape(-1)[-1] = (
            np.nan if array.dtype.kind == "f" else 10**6 if array.dtype.itemsize > 1 else 77
        )
        with pytest.raises(SurfaceError, match="make it again from its mesh"):
            Surface(**{**values, name: array})


def test_seeds_fall_onto_the_surface(dnas):  # noqa: F811
    surface = build(
        *make_squares((lay_flat(0), 0.05 + SQUARE * 0.4), (lay_flat(5), (0.55, 0.05) + SQUARE * 0.4)), 40, 40
    )
    growth = grow_on(surface, dnas[0])
    each_shell = seed_cells(growth)
    assert [each_shell[surface.island == shell].sum() for shell in (0, 1)] == [1, 1]
    above = Seeds("points", points=((0.2, 0.1),))
    y, x = np.argwhere(seed_cells(replace(growth, seeds=above)))[0]
    assert (y, x) == (np.flatnonzero(surface.on.any(1))[0], 8) or (y, x) == (
        np.flatnonzero(surface.on.any(1))[0],
        7,
    )
    scattered = seed_cells(replace(growth, seeds=Seeds("scattered", 12)))
    assert scattered.sum() == 12 and surface.on[scattered].all()
    painted = Mask.pack(np.tile([1.0, 0.0], (2, 1)))
    assert (seed_cells(replace(growth, seeds=Seeds("mask", mask=painted))) == (surface.island == 0)).all()
    with pytest.raises(GrowthError, match="black wherever the mesh is"):
        seed_cells(replace(growth, seeds=Seeds("mask", mask=Mask.pack([[1, 1], [0, 0]]))))
    for wrong, says in (
        ({"boundary": "wrap"}, "needs one"),
        ({"surface": None}, "needs one"),
        ({"width": 48}, "make the surface again"),
        ({"margin": -1}, "choose 0 to"),
    ):
        with pytest.raises(GrowthError, match=says):
            replace(growth, **wrong)


def test_threads_have_rows_of_as_many_cells_each():
    from blender_nca.automaton.native_step import share_rows

    top = build(*make_squares((lay_flat(0), (0.1, 0.7) + SQUARE * 0.25)), 64, 64)
    for bands in (1, 2, 5, 16, 64):
        edges = share_rows(top, bands)
        assert edges[0] == 0 and edges[-1] == 64 and (np.diff(edges) > 0).all()
    cells = np.add.reduceat(top.on.sum(1), share_rows(top, 2)[:-1])
    assert 0.6 < cells[0] / cells[1] < 1.7


def test_connected_parts_are_numbered_in_order():
    one, other = np.array([5, 1, 2, 7]), np.array([0, 4, 4, 5])
    assert connected(8, one, other).tolist() == [0, 1, 1, 2, 1, 0, 3, 0]
    chain = np.random.default_rng(0).permutation(999)
    assert not connected(999, chain[:-1], chain[1:]).any()
