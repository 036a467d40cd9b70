# SPDX-License-Identifier: GPL-3.0-or-later
"""A crack must not come out as a row of dots."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")
F = torch.nn.functional

from blender_nca.learning.lines import DIRECTIONS, Lines  # noqa: E402
from blender_nca.learning.patches import STRUCTURE_PATCH, rank_gaussian  # noqa: E402
from blender_nca.learning.sliced_wasserstein import SlicedWasserstein  # noqa: E402
from blender_nca.training.evaluation.material_scores import score_lines  # noqa: E402
from blender_nca.training.exemplars import draw_variety  # noqa: E402


def stripe(angle: float, dashes: bool = False) -> torch.Tensor:
    """A dark line of 4 pixels through the middle of 96 x 96, or every second piece of it: shape (1, 1, 96, 96)."""
    y, x = torch.meshgrid(torch.arange(96.0) - 47.5, torch.arange(96.0) - 47.5, indexing="ij")
    across = x * np.cos(angle) + y * np.sin(angle)
    ink = torch.exp(-((across / 2) ** 2))
    if dashes:
        ink = 2 * ink * ((y * np.cos(angle) - x * np.sin(angle)) % 16 < 8)
    return -ink[None, None]


def break_lines(picture: np.ndarray) -> np.ndarray:
    """The picture with its lines rubbed out at random places, a third of it in all."""
    smooth = torch.from_numpy(picture)[None]
    rubbed = smooth
    for _ in range(3):  # grow the light over the dark, then back
        rubbed = F.max_pool2d(F.pad(rubbed, [2] * 4, "circular"), 5, 1)
    noise = torch.randn(1, 1, 32, 32, generator=torch.Generator().manual_seed(1))
    noise = F.interpolate(noise, smooth.shape[2:], mode="bilinear")
    return torch.where(noise > noise.quantile(2 / 3), rubbed, smooth)[0].numpy()


def test_a_broken_crack_is_told_from_a_whole_one_better_than_by_patches():
    whole = draw_variety("giraffe", "Cracked Glaze")[:3]
    sister, broken = np.roll(draw_variety("giraffe", "Cracked Glaze", 5)[:3], 31, 2), break_lines(whole)
    whole, sister, broken = (torch.from_numpy(rank_gaussian(each))[None] for each in (whole, sister, broken))

    def tell(distance) -> float:
        return float(distance.of_others(broken) / distance.of_others(sister))

    by_patches = tell(SlicedWasserstein(whole, STRUCTURE_PATCH))
    by_lines = tell(Lines(whole))
    assert by_lines > 2 * by_patches


def test_the_evaluation_says_where_lines_are_broken():
    whole, sister = (draw_variety("giraffe", "Cracked Glaze", number) for number in (0, 5))
    shifted, broken = np.roll(whole, (31, 90), (1, 2)), break_lines(whole[:3])
    assert score_lines(shifted, whole, sister) < 0.02 < 0.2 < score_lines(broken, whole, sister)


@pytest.mark.parametrize("direction", [0, 1, 3, 6])
def test_a_line_is_found_in_its_own_direction_and_tone(direction):
    lines = Lines(stripe(0))
    angle = np.pi * direction / DIRECTIONS
    found = lines.respond(F.avg_pool2d(stripe(angle), 2))[0, :, 24, 24]
    assert int(found.argmax()) == DIRECTIONS + direction  # dark ones come second
    dashes = lines.respond(F.avg_pool2d(stripe(angle, dashes=True), 2))[0, :, 16:32, 16:32].mean((1, 2))
    whole = lines.respond(F.avg_pool2d(stripe(angle), 2))[0, :, 16:32, 16:32].mean((1, 2))
    assert dashes[DIRECTIONS + direction] < whole[DIRECTIONS + direction]  # with as much ink


def tiles(chance: int, joints: bool) -> torch.Tensor:
    """Black and white tiles of 16 pixels in an arrangement of chance, with grey joints or without: (1, 1, 192, 192)."""
    random = np.random.default_rng(chance)
    picture = np.kron(random.permutation(np.repeat([-1.0, 1.0], 72)).reshape(12, 12), np.ones((16, 16)))
    if joints:
        lines = np.arange(192) % 16 < 3
        picture[lines] *= 0.8
        picture[:, lines] *= 0.8
    return torch.from_numpy(picture.astype(np.float32))[None, None]


def test_a_faint_joint_counts_among_strong_tones():
    exemplar = tiles(0, joints=True)
    lines = Lines(exemplar)
    assert lines.of_others(tiles(0, joints=False)) > 5 * lines.of_others(tiles(1, joints=True))


def test_what_painting_learns_from_is_the_slope_of_the_distance():
    generator = torch.Generator().manual_seed(0)
    exemplars, picture = (torch.randn(2, 1, 64, 64, generator=generator) for _ in range(2))
    lines, one = Lines(exemplars), torch.tensor([1])
    direction = torch.randn(1, 1, 64, 64, generator=generator)

    def distance(shift):
        return lines.between(picture[:1] + shift * direction, one, one * 0, torch.tensor([0.3]), 0).sum()

    shift = torch.zeros((), requires_grad=True)
    distance(shift).backward()
    with torch.no_grad():
        slope = (distance(1e-3) - distance(-1e-3)) / 2e-3
    assert float(shift.grad) == pytest.approx(float(slope), rel=0.1)
