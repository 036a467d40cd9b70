# SPDX-License-Identifier: GPL-3.0-or-later
"""What someone who trains on the exemplars, or sells them as materials, would lose."""

from __future__ import annotations

import inspect
import itertools
from pathlib import Path

import numpy as np
import pytest

from blender_nca.training.exemplars import (
    FAMILIES,
    VARIETIES,
    draw_exemplar,
    random_parameters,
    sister_parameters,
)
from blender_nca.training.exemplars.noise import noise, pixels_from_zero, resized
from blender_nca.training.exemplars.ramp import colour
from blender_nca.training.exemplars.voronoi import (
    scattered_points,
    shift_by_owner,
    staggered_points,
    voronoi,
)

DRAWN = Path(__file__).parents[1] / "data" / "exemplars.npz"
"""Means of 32 x 32 pixels of every map of the varieties that the bundled manifold was trained on, and of marbles."""
SIDE = 128
"""Pixels of most exemplars here: a whole one has 256."""
LARGER = 192
"""Of those that are told apart by their statistics, which a smaller part does not have."""
SMALL = 96
"""Of those that are drawn once more in twice the resolution."""

every_family = pytest.mark.parametrize("family", list(FAMILIES))
FINER = [family for family, draw in FAMILIES.items() if "unit" in inspect.signature(draw).parameters]
every_finer_family = pytest.mark.parametrize("family", FINER)
POLISHED = {"Grey Marble", "Blue Marble", "Brown Marble", "Golden Marble", "Portoro"}
NAMES = [(family, name) for family, makes in VARIETIES.items() for name in makes]
every_variety = pytest.mark.parametrize(("family", "name"), NAMES, ids=[name for _, name in NAMES])


@pytest.fixture(scope="module")
def varieties() -> dict[str, dict[str, np.ndarray]]:
    return {
        family: {name: draw_exemplar(family, size=SIDE, **make) for name, make in makes.items()}
        for family, makes in VARIETIES.items()
    }


@pytest.fixture(scope="module")
def exemplars() -> dict[str, np.ndarray]:
    """The first variety of each family: the family itself."""
    return {family: draw_exemplar(family, size=LARGER) for family in FAMILIES}


@pytest.fixture(scope="module")
def sisters() -> dict[str, np.ndarray]:
    """A sister of each."""
    random = np.random.default_rng
    return {
        family: draw_exemplar(family, 7, LARGER, **sister_parameters(family, random(7)))
        for family in FAMILIES
    }


@pytest.fixture(scope="module")
def finer() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The same of each family that has finer structure, without it and with it."""
    return {
        family: (draw_exemplar(family, size=SMALL), draw_exemplar(family, size=SMALL, finer=2))
        for family in FINER
    }


def look(maps: np.ndarray) -> np.ndarray:
    """Means, spreads and quartiles of every channel but alpha: a material's make in numbers."""
    channels = maps[[0, 1, 2, 4, 5, 6, 7]].reshape(7, -1)
    quartiles = np.quantile(channels, (0.25, 0.5, 0.75), axis=1)
    return np.concatenate([channels.mean(1), channels.std(1), *quartiles])


def assert_no_seam(maps: np.ndarray, axis: int, room: float = 1.05) -> None:
    """No step across the wrap, and no kink there either: second differences see a mirrored edge too."""
    other = 3 - axis
    for order in (1, 2):
        change = maps
        for _ in range(order):
            change = np.roll(change, -1, axis) - change
        lines = np.abs(change).mean(axis=(0, other))
        across, inside = lines[-order:].max(), lines[:-order]
        assert across <= max(inside.max() * room, np.median(inside) * 1.5)


def finest_octave(maps: np.ndarray) -> float:
    """How much of the colours the means of 2 x 2 pixels leave out: the root of its mean square."""
    half = maps.shape[1] // 2
    means = maps[:3].reshape(3, half, 2, half, 2).mean((2, 4))
    return float((maps[:3] - means.repeat(2, 1).repeat(2, 2)).std())


@every_variety
def test_an_exemplar_is_a_whole_material_in_range(varieties, family, name):
    maps = varieties[family][name]
    assert maps.shape == (8, SIDE, SIDE) and maps.dtype == np.float32
    assert np.isfinite(maps).all() and maps.min() >= 0 and maps.max() <= 1
    assert (maps[3] == 1).all()
    low, high = np.quantile(maps[4], (0.01, 0.99))
    assert high - low > (0.08 if name in POLISHED else 0.5), "the height map uses little of its range"


@every_variety
@pytest.mark.parametrize("axis", [1, 2])
def test_every_exemplar_tiles_without_a_seam(varieties, family, name, axis):
    assert_no_seam(varieties[family][name], axis)


def test_what_the_bundled_manifold_has_learned_is_drawn_as_it_was(varieties):
    with np.load(DRAWN) as drawn:
        wanted = dict(zip(drawn["names"], drawn["means"], strict=True))
    found = {name: maps for makes in varieties.values() for name, maps in makes.items()}
    assert len(wanted) == 68
    for name, means in wanted.items():
        ours = found[name].reshape(8, 4, 32, 4, 32).mean((2, 4))
        np.testing.assert_allclose(ours, means, atol=1e-4, err_msg=name)


@every_family
def test_a_family_and_seed_draw_the_same_exemplar_twice(varieties, family):
    assert np.array_equal(draw_exemplar(family, size=SIDE), next(iter(varieties[family].values())))


@every_family
def test_sisters_differ_but_keep_their_colours(exemplars, sisters, family):
    ours, theirs = exemplars[family], sisters[family]
    assert np.abs(ours - theirs).mean() > 0.03
    assert np.abs(ours[:3].mean((1, 2)) - theirs[:3].mean((1, 2))).max() < 0.06
    assert np.abs(look(ours)[:14] - look(theirs)[:14]).max() < 0.10


def test_each_family_is_its_first_variety_and_no_name_is_given_twice():
    assert set(VARIETIES) == set(FAMILIES)
    assert all(next(iter(makes.values())) == {} for makes in VARIETIES.values())
    names = [name for _, name in NAMES]
    assert len(set(names)) == len(names)


@every_family
def test_varieties_look_unlike_each_other(varieties, family):
    looks = {name: look(maps) for name, maps in varieties[family].items()}
    for first, second in itertools.combinations(looks, 2):
        assert np.linalg.norm(looks[first] - looks[second]) > 0.25, f"{first} looks like {second}"


@every_variety
def test_a_sister_is_nearest_to_its_own_variety(varieties, family, name):
    sister_make = sister_parameters(family, np.random.default_rng(3), **VARIETIES[family][name])
    theirs = look(draw_exemplar(family, 3, SIDE, **sister_make))
    away = {other: np.linalg.norm(look(maps) - theirs) for other, maps in varieties[family].items()}
    assert min(away, key=away.get) == name


def test_only_what_is_hot_glows(varieties):
    """Lava glows where it is molten, and neither plates nor ice do."""
    red, _, _, _, height, _, _, emission = varieties["lava"]["Lava"]
    cold, molten = height > 0.5, height < 0.1
    assert emission[molten].mean() > 0.9 and (red[emission > 0.9] > 0.8).all()
    assert (emission[cold] == 0).mean() > 0.7
    assert varieties["lava"]["Ice Cracks"][7].max() == 0


def test_families_are_told_apart(exemplars, sisters):
    names = list(FAMILIES)
    looks = np.stack([look(exemplars[name]) for name in names])
    for family in names:
        nearest = np.linalg.norm(looks - look(sisters[family]), axis=1).argmin()
        assert names[nearest] == family


@every_family
def test_a_larger_exemplar_shows_more_not_larger_features(varieties, exemplars, family):
    """The share of fine change stays: features that grew with the picture would lose a third of their slope."""

    def slope(maps):
        return np.abs(np.diff(maps[:3], axis=2)).mean()

    smaller = next(iter(varieties[family].values()))
    assert slope(smaller) == pytest.approx(slope(exemplars[family]), rel=0.35)


@every_family
def test_no_quarter_is_a_landmark(exemplars, family):
    """Local patches teach a material only if every part of it is made alike."""
    maps = exemplars[family]
    half = LARGER // 2
    quarters = [maps[:3, y : y + half, x : x + half].mean((1, 2)) for y in (0, half) for x in (0, half)]
    assert np.ptp(quarters, axis=0).max() < 0.16


def test_metal_ends_where_rust_begins(exemplars):
    red, _, blue, _, height, roughness, metallic, _ = exemplars["rust"]
    bare, rusty = metallic > 0.9, metallic < 0.1
    assert bare.mean() > 0.2 and rusty.mean() > 0.2
    assert (red - blue)[rusty].mean() > 0.3 > 0.1 > (red - blue)[bare].mean()
    assert roughness[rusty].min() > roughness[bare].mean()
    assert height[rusty].mean() > height[bare].mean() + 0.2


def test_an_unknown_family_names_those_there_are():
    with pytest.raises(ValueError, match=r"no family 'granite'.*lichen.*lapis"):
        draw_exemplar("granite")
    with pytest.raises(ValueError, match="no family 'granite'"):
        sister_parameters("granite", np.random.default_rng(0))


def test_a_size_too_small_for_features_says_so():
    with pytest.raises(ValueError, match=r"size 16: .* 64 pixels"):
        draw_exemplar("lichen", size=16)


@every_finer_family
def test_a_finer_exemplar_shows_as_much_in_four_times_the_pixels(finer, family):
    maps = finer[family][1]
    assert maps.shape == (8, 2 * SMALL, 2 * SMALL) and maps.dtype == np.float32
    assert np.isfinite(maps).all() and maps.min() >= 0 and maps.max() <= 1
    assert (maps[3] == 1).all()


@every_finer_family
@pytest.mark.parametrize("axis", [1, 2])
def test_a_finer_exemplar_tiles_without_a_seam(finer, family, axis):
    # So few rows of cells as a small picture has may have their plainest wall just on the wrap.
    assert_no_seam(finer[family][1], axis, room=1.15)


@every_finer_family
def test_a_finer_exemplar_is_the_same_material(finer, family):
    """Its mean colours stay, but for what another draw changes in so small a part."""
    plain, fine = (maps[:3].mean((1, 2)) for maps in finer[family])
    assert np.abs(plain - fine).max() < 0.1


@every_finer_family
def test_a_finer_exemplar_has_detail_that_an_enlarged_one_lacks(finer, family):
    plain, fine = finer[family]
    enlarged = np.stack([resized(channel, 2 * SMALL) for channel in plain])
    assert finest_octave(fine) > 1.1 * finest_octave(enlarged)


@pytest.mark.parametrize("family", [family for family in FAMILIES if family not in FINER])
def test_a_family_without_finer_structure_says_so(family):
    with pytest.raises(ValueError, match=f"{family} is drawn in one resolution"):
        draw_exemplar(family, size=SMALL, finer=2)


@every_family
def test_no_make_changes_the_resolution(family):
    """A sister or a make drawn by chance is as fine as the picture that was asked for."""
    assert "unit" not in sister_parameters(family, np.random.default_rng(0))
    assert "unit" not in random_parameters(family, 0)


def test_a_mistyped_colour_says_how_to_write_one():
    with pytest.raises(ValueError, match="six hexadecimal digits"):
        colour("#fff")


def test_cell_borders_lie_where_the_second_point_is_as_near():
    """Against the plain definition, with every copy of every point around the torus."""
    size = 64
    points = scattered_points(size, 16, np.random.default_rng(1))
    cells = voronoi(size, points, 40)
    shifts = [np.array([dy, dx]) for dy in (-size, 0, size) for dx in (-size, 0, size)]
    copies = np.concatenate([points + shift for shift in shifts])
    for y, x in [(0, 0), (63, 5), (31, 40), (10, 63)]:
        away = np.hypot(*(copies - (y + 0.5, x + 0.5)).T)
        first = copies[away.argmin()]
        others = np.delete(copies, away.argmin(), axis=0)
        ways = others - first
        length = np.hypot(*ways.T)
        border = (length / 2 - (ways @ ((y + 0.5, x + 0.5) - first)) / length).min()
        assert cells.distance[y, x] == pytest.approx(away.min())
        assert cells.border[y, x] == pytest.approx(border)


def test_a_cell_has_one_drawn_number_all_over():
    rng = np.random.default_rng(2)
    cells = voronoi(64, scattered_points(64, 16, rng), 40)
    drawn = cells.draw_each(-3.0, 2.0, rng)
    assert all(np.ptp(drawn[cells.nearest == number]) == 0 for number in np.unique(cells.nearest))
    assert len(np.unique(drawn)) == len(np.unique(cells.nearest)) and -3 <= drawn.min() < drawn.max() < 2


def test_each_owner_looks_up_another_part_of_a_tiling():
    owner = np.repeat([0, 1], 32)[:, None] + np.zeros((64, 64), int)
    common = np.arange(64.0)[:, None] + np.zeros((64, 64)), np.zeros((64, 64))
    moved = [
        new - old
        for new, old in zip(
            shift_by_owner(owner, common, 0.5, 20.0, np.random.default_rng(0)), common, strict=True
        )
    ]
    for way in moved:
        assert np.ptp(way[:32]) < 1e-9 and np.ptp(way[32:]) < 1e-9
        assert abs(way[0, 0] - way[-1, 0]) > 0.1 and np.abs(way).max() <= 10


@pytest.mark.parametrize("size", [256, 384, 512])
def test_a_comb_stays_six_sided_when_rounded_to_tile(size):
    points, rows, columns = staggered_points(size, 36)
    assert rows % 2 == 0 and len(points) == rows * columns
    assert columns / rows == pytest.approx(np.sqrt(0.75), rel=0.07)
    assert size / columns == pytest.approx(36, rel=0.1)


def test_enlarging_keeps_a_wave_a_wave():
    def waves(size):
        turn = 2 * np.pi * np.arange(size) / size
        return np.cos(3 * turn)[None, :] * np.sin(2 * turn)[:, None]

    assert np.allclose(resized(waves(64), 160), waves(160))
    assert np.allclose(resized(waves(160), 64), waves(64))


def test_pixels_to_a_zero_line_are_pixels():
    """A wave of any height crosses nought at 0 and 32 of 64 pixels."""
    place = np.arange(64)
    wave = 7.0 * np.sin(2 * np.pi * place / 64)[:, None] + np.zeros((64, 64))
    pixels = pixels_from_zero(wave, 1.0, 1e-6)[:, 5]
    assert pixels[[0, 32]] == pytest.approx([0, 0], abs=1e-6)
    assert pixels[[2, 30, 34, 62]] == pytest.approx([2, 2, -2, -2], rel=0.05)


def test_noise_has_the_wavelength_asked_for():
    power = np.abs(np.fft.rfft2(noise(256, 32, np.random.default_rng(0)))) ** 2
    cycles = np.hypot(np.fft.fftfreq(256)[:, None], np.fft.rfftfreq(256)[None])
    assert 1 / ((power * cycles).sum() / power.sum()) == pytest.approx(32, rel=0.25)
