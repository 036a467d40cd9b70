# SPDX-License-Identifier: GPL-3.0-or-later
"""A figure fills the picture of a grid that nobody has set, and a grid that an artist has set stays."""

from __future__ import annotations

import bpy

USUAL = {"width": 128, "height": 128, "pixels_per_cell": 4, "wrap": True}
FIGURES = {"width": 24, "height": 24, "pixels_per_cell": 16, "wrap": False}


def grid_of(material: bpy.types.Material) -> dict:
    return {name: getattr(material.nca, name) for name in USUAL}


def choose(growing, material: bpy.types.Material, model: str) -> None:
    material.nca.a.choose(growing.module("addon.library").species().of(model)[0])


def test_a_figure_fills_its_picture_and_a_texture_has_the_usual_grid_again(growing):
    material = growing.material(**USUAL)
    choose(growing, material, "emoji")
    assert grid_of(material) == FIGURES
    choose(growing, material, "materials")
    assert grid_of(material) == USUAL


def test_a_grid_that_an_artist_has_set_stays(growing):
    for changed in ({"width": 200}, {"pixels_per_cell": 2}, {"wrap": False}):
        material = growing.material(**USUAL | changed)
        choose(growing, material, "emoji")
        assert grid_of(material) == USUAL | changed
    material = growing.material(**USUAL)
    choose(growing, material, "emoji")
    material.nca.width = 96
    choose(growing, material, "materials")
    assert grid_of(material) == FIGURES | {"width": 96}


def test_a_growth_on_a_mesh_keeps_its_cells(growing):
    material = growing.material(**USUAL, over="MESH")
    choose(growing, material, "emoji")
    assert grid_of(material) == USUAL
