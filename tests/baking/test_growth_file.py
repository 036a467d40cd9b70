# SPDX-License-Identifier: GPL-3.0-or-later
"""A growth file comes back as it was, and one that cannot be used says what to do."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from blender_nca.automaton.growth import Genotype, Growth
from blender_nca.baking import growth_file
from blender_nca.baking.bake_error import BakeError
from blender_nca.baking.growth_file import GrowthFile, GrowthFileError, read_growth_file, write_growth
from blender_nca.baking.layout import Layout
from blender_nca.baking.plan import plan_bake
from blender_nca.baking.settings import BakeSettings
from blender_nca.maps.bake_preset import bundled
from blender_nca.maps.look import Look
from blender_nca.maps.order import Order

CORNERS = np.arange(12, dtype=np.float32).reshape(2, 3, 2) / 12
FILE = GrowthFile(
    name="Moss: old/wet",
    settings=BakeSettings(range=(-2, 9), loop=(3, 8), cells=(8, 16), pixels_per_cell=2, fps=23.976),
    presets=(bundled()["Godot 4"],),
    growth=Growth("tiny", (Genotype(("ACGTACGT",)),), 16, 8, 2),
    manifold_version="f00d",
    first=-2,
    grown=(0, 0, 0, *range(1, 10)),
    order=Order(18, 12.0),
    all_looks=((0, None), (4, Look(hue=0.5)), (6, None)),
    layout=Layout("Growth UV", "UVMap", CORNERS, CORNERS[::-1].copy()),
    learned={"0" * 64: b"a species"},
)


def test_what_an_artist_exported_is_planned_as_it_was(tmp_path):
    path = tmp_path / "moss.growth.json"
    write_growth(path, FILE)
    read = read_growth_file(path)
    assert json.dumps(read.to_json()) == json.dumps(FILE.to_json())
    older = FILE.to_json()
    for name in ("flipbook_motion", "subsurface", "transmission", "ior"):
        del older["settings"][name]
    path.write_text(json.dumps(older))
    assert read_growth_file(path).settings == FILE.settings
    for settings in (FILE.settings, replace(FILE.settings, layout="ORDER", wants_loop=False)):
        plans = [plan_bake(file, settings, file.presets) for file in (FILE, read)]
        assert plans[0].keys() == plans[1].keys() and plans[0].order == plans[1].order
        assert plans[0].looks == plans[1].looks and plans[0].stem == "Moss_ old_wet"
    assert [look and look.hue for look in read.looks([-2, 1, 2, 3, 4, 9])] == [
        None,
        None,
        0.5,
        0.5,
        None,
        None,
    ]
    with pytest.raises(BakeError, match="holds the frames -2 to 9, and not 10"):
        read.frame_of(10)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "neural growth species"}, "is no growth file: choose one that Export Growth"),
        ({"version": 2}, "newer than this Neural Growth, which knows 1: update it here"),
        ({"grown": [0, -1]}, "is broken"),
        ({"grown": "all"}, "is broken"),
        ({"first": 0.5}, "0.5 is no whole number"),
        ({"looks": []}, "its looks are none"),
        # a text among numbers would have made an array of a gibibyte
        ({"looks": [[0, {"levels": {}, "to_scene": [["1" * 999_999] * 3] * 9}]]}, "no matrix of 3 x 3"),
        ({"settings": {"layout": "SCROLL"}}, "is broken"),
        ({"presets": [{"format": "x"}]}, "is no bake preset"),
        ({"growth": {"manifold": "tiny"}}, "cannot be used: This is not a growth"),
        ({"learned": {"../../etc/passwd": "AAAA"}}, "its learned species are none"),
        ({"order": {"end": 0, "front": 1}}, "is broken"),
        ({"layout": {"painted": "", "wanted": "", "before": "!", "after": ""}}, "its UV maps are damaged"),
        ({"layout": {**FILE.to_json()["layout"], "wanted": "U" * 9999}}, "its UV maps have no names"),
        ({"layout": {**FILE.to_json()["layout"], "wanted": "\ud800"}}, "its UV maps have no names"),
        ({"layout": {"painted": "", "wanted": "", "before": "", "after": ""}}, "or of none"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_to_do(tmp_path, change, said):
    path = tmp_path / "moss.json"
    path.write_text(json.dumps({**FILE.to_json(), **change}))
    with pytest.raises(GrowthFileError, match=said):
        read_growth_file(path)


def test_files_that_are_none_are_told(tmp_path, monkeypatch):
    path = tmp_path / "moss.json"
    with pytest.raises(GrowthFileError, match="cannot be read"):
        read_growth_file(path)
    for content in (
        b"",
        b"\x89PNG",
        b"[" * 100_000,
        json.dumps(FILE.to_json()).encode()[:-9],
        b"[1]",
        b"null",
    ):
        path.write_bytes(content)
        with pytest.raises(GrowthFileError, match=r"broken, or no growth file|is no growth file"):
            read_growth_file(path)
    monkeypatch.setattr(growth_file, "MOST_BYTES", 100)
    with pytest.raises(GrowthFileError, match="at most"):
        write_growth(path, FILE)
    path.write_bytes(b" " * 101)
    with pytest.raises(GrowthFileError, match="far too large"):
        read_growth_file(path)
