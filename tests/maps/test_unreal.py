# SPDX-License-Identifier: GPL-3.0-or-later
"""Unreal guesses by the pixels of an imported texture whether it is a normal map, also where nobody runs the script."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from blender_nca.automaton.growth import Genotype, Growth
from blender_nca.automaton.rollout import Rollout
from blender_nca.genetics.library import read_library
from blender_nca.manifold.backend import open_automaton
from blender_nca.manifold.manifold import Manifold
from blender_nca.maps.bake_preset import bundled, with_motion
from blender_nca.maps.made_maps import MadeMaps

MODELS = Path(__file__).parents[2] / "models"


def is_taken_for_normals(pixels: np.ndarray) -> bool:
    """Guess as Unreal does, by what is publicly known of its guess.

    It looks at squares of 4 x 4 texels, at most 16 in each direction, and reads them as vectors. Those that are not
    about of length 1 (0.45 more or less), or point into the surface, count against it: less than a third as many as the
    others may do so. The mean of these others is 0.55 to 1.1 long, and points outwards.
    """
    vectors = np.rint(pixels[..., :3] * 255) / 127.5 - 1
    rows, columns = (np.linspace(0, size - 4, min(16, size // 4)).astype(int) for size in vectors.shape[:2])
    squares = [vectors[row : row + 4, column : column + 4] for row in rows for column in columns]
    looked_at = np.concatenate(squares).reshape(-1, 3)
    lengths = np.linalg.norm(looked_at, axis=1)
    is_good = (np.abs(lengths - 1) <= 0.45) & (looked_at[:, 2] > 0)
    if not is_good.any():
        return False
    mean = looked_at[is_good].mean(0)
    length = float(np.linalg.norm(mean))
    points_outwards = 0.55 <= length <= 1.1 and mean[2] / length >= 0.8
    return points_outwards and (~is_good).sum() < 0.33 * is_good.sum()


def test_the_guess_knows_normals_from_other_vectors():
    flat = np.broadcast_to(np.array([0.5, 0.5, 1]), (64, 64, 3))
    assert is_taken_for_normals(flat)
    assert not is_taken_for_normals(1 - flat) and not is_taken_for_normals(flat[..., ::-1])
    assert not is_taken_for_normals(0 * flat) and not is_taken_for_normals(0 * flat + 1)


@pytest.mark.parametrize(
    ("model", "names"),
    [("materials", ("Gilded Slate", "Cracked Mud", "Cloth of Gold", "Lava")), ("emoji", ("Aries",))],
)
def test_unreal_takes_normals_for_normals_and_no_other_texture(model, names):
    rollout = Rollout(open_automaton(Manifold.open(MODELS / model), "cpu"))
    library = read_library([MODELS])
    textures = with_motion(bundled()["Unreal Engine"]).textures
    for name in names:
        dna = library.find(model, name).dna
        growth = Growth(model, (Genotype((dna,)),), 32, 32, 4, steps=(8.0,))
        maps = MadeMaps(rollout.maps(growth, 12), "wrap", 8.0)
        taken = {
            one.name for one in textures if len(one.channels) > 1 and is_taken_for_normals(one.pixels(maps))
        }
        assert taken == {"N"}, name
