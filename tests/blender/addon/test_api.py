# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts: what the page about them says works, and what they ask wrongly is told."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import bpy
import numpy as np
import pytest

PAGE = Path(__file__).resolve().parents[3] / "docs" / "manual" / "scripting.md"
RECIPES = dict(re.findall(r"## ([^\n]+)\n```python\n(.+?)```", PAGE.read_text("utf-8"), re.DOTALL))


@pytest.fixture
def api(growing):
    package = importlib.import_module(growing.neural_growth.package)
    return package.api


def run(growing, title: str) -> dict:
    """Run a recipe as it stands there, but for the repository that this add-on is installed in."""
    text = RECIPES[title].replace("bl_ext.user_default.blender_nca", growing.neural_growth.package)
    names: dict = {}
    exec(compile(text, title, "exec"), names)
    return names


def test_the_page_has_five_recipes():
    assert len(RECIPES) == 5 and all("import api" in text for text in RECIPES.values())


def test_every_recipe_of_the_page_runs(growing, api):
    first, second, third, fourth, fifth = RECIPES
    run(growing, first)
    growth = api.growth_of(bpy.context.object)
    assert growing.shows(growth.material, 40) and growth.species == "Map Lichen"
    run(growing, second)
    assert len(api.growths()) == 4 and len({one.material.nca.random_seed for one in api.growths()}) == 3
    track = growing.module("addon.material.track").read_tracks(bpy.context.object.active_material, 40)
    assert track["nca.blend"][0] == 0.0 and track["nca.blend"][-1] == 1.0
    assert [point.start for point in bpy.context.object.active_material.nca.points] == [0, 10]
    names = run(growing, third)
    assert names["growth"].dna in names["covered"] and max(names["covered"].values()) > 0.5
    names = run(growing, fourth)
    assert len(list(names["folder"].glob("*_linear_base_colour_*.png"))) == 4
    assert names["growth"].material.nca.baked
    pixels = run(growing, fifth)["pixels"]
    assert pixels.shape == (48, len(api.species("materials")[::16]) * 48, 4)
    means = [part[..., :3].mean() for part in np.split(pixels, pixels.shape[1] // 48, 1)]
    assert len({round(float(mean), 3) for mean in means}) == len(means)
    assert np.isfinite(pixels).all() and "Sheet" not in [one.material.name for one in api.growths()]


def test_a_script_gets_what_the_material_shows(growing, api):
    material = growing.material(blend=0.4, seeds="SCATTERED")
    growth = api.growth_of("Wood").show(6)
    maps = growth.maps()
    colour, data = growing.pixels(material)
    np.testing.assert_array_equal(maps["base_colour"], colour[..., :3])
    for name, shown in (("alpha", colour[..., 3]), ("roughness", data[..., 0]), ("height", data[..., 2])):
        np.testing.assert_array_equal(maps[name], shown)
    assert bpy.context.scene.frame_current == 6 and growth.species == "Ash" and growth.second == "Birch"
    growth.choose("Cedar", model="tiny")
    assert growth.dna == growth.second_dna == "GGATTACA"
    growth.dna = "ttga ccag"
    assert growth.dna == "TTGACCAG"
    growth.remove()
    assert api.growths() == [] and not material.nca.growing


def test_what_a_script_asks_wrongly_is_told_and_changes_nothing(growing, api, tmp_path):
    material = growing.material()
    growth = api.growth_of(material)
    empty = bpy.data.materials.new("Plain")
    for call, said in (
        (lambda: api.grow(material, "Zebra"), "grows already"),
        (lambda: api.grow(empty, "Zebrra"), "did you mean Zebra"),
        (lambda: api.grow(empty, "Zebra", widht=32), "did you mean width"),
        (lambda: api.growth_of("Nobody"), "Nothing grows"),
        (lambda: api.growth_of(empty), "Nothing grows"),
        (lambda: api.species("emojis"), "did you mean emoji"),
        (lambda: growth.set(random_seed=5, course="ROUND"), "course"),
        (lambda: growth.set(random_seed=5, width="wide"), "width"),
        (lambda: growth.seed([]), "one point"),
        (lambda: setattr(growth, "dna", "ACGX"), "X"),
        (lambda: growth.bake(tmp_path, 5, 2), "before it starts"),
        (lambda: growth.free_bake(), "not baked"),
    ):
        with pytest.raises(api.ApiError, match=said):
            call()
    assert not empty.nca.growing and growth.dna == "ACGTACGT" and material.nca.random_seed == 0
    growth.bake(tmp_path, 2, 2)
    with pytest.raises(api.ApiError, match="bake"):
        growth.set(random_seed=5)
