# SPDX-License-Identifier: GPL-3.0-or-later
"""F1: what an artist who asks what a button does would not find."""

from __future__ import annotations

import importlib
import re
import webbrowser
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

import bpy
import pytest

SCRIPTS = Path(__file__).resolve().parents[4] / "scripts"


@pytest.fixture
def built(neural_growth, tmp_path, monkeypatch) -> Path:
    """The manual, made of its pages, where the add-on looks for it."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    path = importlib.import_module("manual").build(tmp_path)
    monkeypatch.setattr(neural_growth.module("addon.manual"), "BUILT", tmp_path)
    return path


def package_of(neural_growth) -> str:
    return neural_growth.module("addon").__name__.removesuffix(".addon")


def path_of(address: str) -> Path:
    return Path(url2pathname(urlparse(address).path))


def shown(package: str) -> list[str]:
    """All that one can rest the mouse on: operators, and properties that say what they are, as F1 names them."""
    texts = importlib.import_module("texts")
    bases = (bpy.types.Operator, bpy.types.PropertyGroup, bpy.types.AddonPreferences)
    found = ["WindowManager.nca_preset_name"]
    for one in (one for base in bases for one in texts._below(base)):
        if not one.__module__.startswith(f"{package}.") or "bl_rna" not in vars(one):
            continue
        if issubclass(one, bpy.types.Operator):
            found.append(one.bl_idname)
        else:
            told = [prop for prop in one.bl_rna.properties if prop.is_runtime and prop.description]
            told = [prop for prop in told if prop.identifier != "name"]  # to Blender that of any group's
            found += [f"{one.__name__}.{prop.identifier}" for prop in told]
    return found


def test_f1_leads_to_a_place_in_the_manual(neural_growth, built, monkeypatch):
    """Every operator and property of the panel, as Blender itself looks it up."""
    anchors = set(re.findall(r'<h[1-3] id="([\w-]+)"', built.read_text("utf-8")))
    names, lost = shown(package_of(neural_growth)), []
    assert len(names) > 250
    for name in names:
        kind = "ops" if name.startswith("nca.") else "types"
        address = bpy.types.WM_OT_doc_view_manual._lookup_rna_url(f"bpy.{kind}.{name}", verbose=False)
        way = path_of(address) if address else built
        if way.parent != built.parent / "go" or not way.exists() or way.stem not in anchors:
            lost.append(name)
    assert not lost, f"addon/manual/places.py knows no place for {', '.join(lost)}"


def test_f1_opens_it_in_the_browser(neural_growth, built, monkeypatch):
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    bpy.ops.wm.doc_view_manual(doc_id="nca.bake")
    bpy.ops.wm.doc_view_manual(doc_id="NCA_PG_growth.loop_fade")
    ways = [path_of(address) for address in opened]
    assert [way.stem for way in ways] == ["bake-bake-and-free", "time-loops"]
    assert "../manual.html#time-loops" in ways[1].read_text("utf-8")


def test_no_pattern_is_for_what_is_gone(neural_growth, built):
    """A pattern that fits nothing was for a name that was changed: what has the new one would be lost."""
    package = package_of(neural_growth)
    places = neural_growth.module("addon.manual.places").PLACES
    groups = importlib.import_module("texts")._below(bpy.types.PropertyGroup)
    known = {f"bpy.ops.{name}" for name in shown(package) if name.startswith("nca.")}
    known |= {
        f"bpy.types.{one.__name__}.{prop.identifier}" for one in groups for prop in one.bl_rna.properties
    }
    known |= {f"bpy.types.{name}" for name in shown(package)}
    ids = {name.lower() for name in known}
    unused = [
        pattern
        for patterns in places.values()
        for pattern in patterns
        if not any(fnmatchcase(one, pattern) for one in ids)
    ]
    assert not unused


def test_a_checkout_without_a_manual_leaves_blender_its_own(neural_growth, tmp_path, monkeypatch):
    monkeypatch.setattr(neural_growth.module("addon.manual"), "BUILT", tmp_path)
    assert neural_growth.module("addon.manual").find() == ("", [])
    assert bpy.types.WM_OT_doc_view_manual._lookup_rna_url("bpy.types.scene.frame_current", verbose=False)
