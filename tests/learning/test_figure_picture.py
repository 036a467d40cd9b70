# SPDX-License-Identifier: GPL-3.0-or-later
"""A logo is cut out as an artist would cut it, and what cannot be one says so."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

from blender_nca.learning.errors import PictureError
from blender_nca.learning.figure_picture import prepare_figure

INK, PAPER = (0.8, 0.1, 0.2), (1.0, 0.98, 0.96)
HEIGHT, WIDTH = 90, 120


def drawing(ink=INK, paper=PAPER) -> tuple[np.ndarray, np.ndarray]:
    """An oblong ring, twice as wide as high, with paper inside; its colours, and where it is."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    far = np.maximum(np.abs(y - 44.5) / 20, np.abs(x - 59.5) / 40)
    ring = (far < 1) & (far > 0.5)
    colours = np.where(ring, np.reshape(ink, (3, 1, 1)), np.reshape(paper, (3, 1, 1)))
    return colours.astype(np.float32), ring.astype(np.float32)


def test_what_is_transparent_stays_so_and_the_figure_reaches_two_borders():
    colours, ring = drawing(paper=(0, 1, 0))
    exemplar = prepare_figure({"base_colour": np.concatenate([colours, ring[None]])}, 72)
    assert exemplar.maps.shape == (4, 64, 64)
    alpha = exemplar.maps[3]
    rows, columns = np.flatnonzero(alpha.max(1) > 127), np.flatnonzero(alpha.max(0) > 127)
    assert (columns[0], columns[-1]) == (0, 63) and (rows[0], rows[-1]) == (16, 47)
    assert alpha[32, 32] == 0
    opaque = exemplar.maps[:3, alpha > 200] / 255
    np.testing.assert_allclose(opaque, np.reshape(INK, (3, 1)).repeat(opaque.shape[1], 1), atol=0.01)


def test_paper_around_a_logo_goes_and_paper_inside_it_stays():
    colours, _ = drawing()
    alpha = prepare_figure({"base_colour": colours}, 72).maps[3]
    assert alpha[0].max() == 0 and alpha[20:44, 8:56].min() > 250
    kept = prepare_figure({"base_colour": colours}, 72, cut_out=False).maps[3]
    assert kept.shape == (64, 64) and kept[8:56].min() == 255, "a picture that is opaque to its borders"


def test_a_photograph_has_no_background_to_take_away():
    photograph = np.random.default_rng(0).random((3, 60, 60)).astype(np.float32)
    assert prepare_figure({"base_colour": photograph}, 72).maps[3].min() == 255


@pytest.mark.parametrize(
    "colours, words",
    [
        (np.zeros((4, 40, 40)), "Nothing is seen"),
        (np.ones((3, 40, 40)), "Nothing is seen"),
        (np.ones((3, 10, 40)), "40 x 10 pixels: choose one of 24"),
        (np.ones((3, 30, 400)), "narrow strip"),
    ],
    ids=["transparent", "paper alone", "small", "strip"],
)
def test_a_picture_without_a_figure_says_what_to_choose(colours, words):
    with pytest.raises(PictureError, match=words):
        prepare_figure({"base_colour": colours}, 72)
