# SPDX-License-Identifier: GPL-3.0-or-later
"""A stranger's file stops no Blender, fills no memory and leads nowhere: it is refused in a sentence."""

from __future__ import annotations

import importlib
import importlib.util
import io
import itertools
import json
import sys
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from blender_nca.automaton.growth import Growth, Mask
from blender_nca.automaton.growth_error import GrowthError
from blender_nca.automaton.kept_states import KeptStates
from blender_nca.automaton.packed import unpack, unpack_up_to
from blender_nca.automaton.surface import Surface
from blender_nca.automaton.surface_error import SurfaceError
from blender_nca.baking.growth_file import GrowthFileError, read_growth_file, write_growth
from blender_nca.engine.growths_told import GrowthsTold, hear, read_growth
from blender_nca.genetics.learned import read_learned_header
from blender_nca.genetics.species import SpeciesError, is_plain_name, unpack_species
from blender_nca.manifold import tensors
from blender_nca.maps.bake_preset import BakePreset, PresetFileError, bundled
from blender_nca.maps.texture import TextureError

SCRIPTS = Path(__file__).parents[1] / "scripts"
INPUTS = 150


@pytest.fixture
def fuzz(monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    spec = importlib.util.spec_from_file_location("fuzz_script", SCRIPTS / "fuzz.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


@pytest.fixture
def samples(monkeypatch):
    """What readers are given when all is well."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    return importlib.import_module("fuzz_readers")


@pytest.fixture
def bomb(monkeypatch):
    """A megabyte that unpacks to a gibibyte."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    return importlib.import_module("fuzz_inputs").bomb()


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
def test_every_reader_takes_damaged_and_hostile_content(fuzz, tmp_path):
    faults, left_out = [], []
    for name, make in fuzz.readers(tmp_path).items():
        if name == "lesson" and "torch" not in sys.modules:
            continue  # to load it takes longer than all of this
        try:
            reader = make()
        except ImportError as error:
            left_out.append((name, error.name))
            continue
        contents = itertools.islice(fuzz.inputs(reader, 5), INPUTS)
        faults += [f"{name}: {fault}" for each in contents if (fault := fuzz.fault_of(reader, each, None))]
        faults += [f"{name} refuses its own" for each in reader.valid if fuzz.fault_of(reader, each, None)]
    assert not faults
    assert {module for _, module in left_out} <= {"bpy", "torch"}


def test_a_reader_that_breaks_hangs_or_rambles_is_found(fuzz, samples):
    def breaks(content):
        raise KeyError(content)

    def rambles(content):
        raise GrowthError("a" * 3000)

    def stutters(content):
        raise GrowthError("\ud800")

    def reader(read):
        return samples.Reader((b"{}",), read, (GrowthError,))

    assert "KeyError" in fuzz.fault_of(reader(breaks), b"")
    assert "3000 letters" in fuzz.fault_of(reader(rambles), b"")
    assert "printed" in fuzz.fault_of(reader(stutters), b"")
    assert "second" in fuzz.fault_of(reader(lambda content: None), b"", -1.0)
    assert not fuzz.fault_of(reader(lambda content: None), b"")


def test_a_small_text_does_not_fill_the_memory(bomb, samples):
    surface = samples.a_surface().to_json()
    tracemalloc.start()
    try:
        with pytest.raises(GrowthError, match="damaged"):
            Mask(8, 8, bomb)
        with pytest.raises(SurfaceError, match="damaged"):
            Surface.from_json({**surface, "island": [[8, 8], bomb]})
        with pytest.raises(SurfaceError, match="damaged"):
            Surface.from_json({**surface, "island": [[2**30, 1], bomb]})
        for read in (unpack, unpack_up_to):
            with pytest.raises(ValueError, match="1000"):
                read(bomb, 1000)
        # parts of a file that are told again and again
        entry = {"dtype": "F16", "shape": [2**20], "data_offsets": [0, 2**21]}
        header = json.dumps({f"a{number}": entry for number in range(1000)}).encode()
        with pytest.raises(ValueError, match="damaged"):
            tensors.unpack(len(header).to_bytes(8, "little") + header + bytes(2**21))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2**25


def test_a_state_that_claims_more_than_it_has_is_grown_again(tmp_path):
    states = KeptStates(tmp_path, "numpy")
    numbers = {
        "state": np.arange(24, dtype=np.float32).reshape(2, 3, 4).T,
        "none": np.zeros((0, 3)),
        "step": np.array(3),
    }
    path = states.write("key", numbers)
    read = states.read("key")
    assert read is not None and all(np.array_equal(read[name], numbers[name]) for name in numbers)
    read["state"][0] = 1  # a rollout goes on in it
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    huge = members["step.npy"].replace(b"'shape': ()", b"'shape': (1000000000000,)")
    for change, how in (({"step.npy": huge}, zipfile.ZIP_STORED), ({}, zipfile.ZIP_DEFLATED)):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", how) as archive:
            for name, content in {**members, **change}.items():
                archive.writestr(name, content)
        path.write_bytes(packed.getvalue())
        assert states.read("key") is None


@pytest.mark.parametrize(
    "name", ["", "..", "../x", "/etc", "C:x", "\\\\host\\share", "a\\b", "a\0", ". ", None, 3]
)
def test_a_name_in_a_file_leads_to_no_other_folder_and_no_other_machine(name, samples):
    assert not is_plain_name(name)
    values = samples.growths()[0].to_json()
    with pytest.raises(GrowthError, match="no name of a model"):
        Growth.from_json({**values, "manifold": name})
    assert is_plain_name("materials") and is_plain_name("My Model 2.1")


@pytest.mark.parametrize(
    "change",
    [
        {"settling": 2.5},
        {"steps": [10**400]},
        {"loop": {"start": 8, "length": 8.5, "overlap": 4}},
        {"seeds": {"kind": "scattered", "count": 2.5}},
        {"seeds": {"kind": "x" * 9999}},
        {"boundary": "x" * 9999},
        {"loop": ""},
        {"x" * 9999: 1},
        {"\ud800": 1},
        {"manifold_version": ["../x"]},
        {"genotypes": [{"dnas": [["A"]]}]},
        {"genotypes": [{"dnas": ["A"], "region": {"width": 64.0, "height": 1, "data": ""}}]},
        {"environment": {"masks": [], "wounds": {"frames": [1], "masks": [3]}, "heals": 1, "plantings": []}},
    ],
)
def test_a_growth_of_senseless_values_is_refused_in_a_short_sentence(change, samples):
    with pytest.raises(GrowthError) as refused:
        Growth.from_json({**samples.growths()[0].to_json(), **change})
    assert len(str(refused.value)) < 400 and str(refused.value).encode()


def test_the_worker_goes_on_reading_after_a_growth_that_is_none():
    told = GrowthsTold()
    hear({"do": "growth", "key": "a", "growth": [1], "surface": "b"}, told)
    with pytest.raises(GrowthError):
        read_growth(told.get("a"))


def test_other_files_of_senseless_values_are_refused_in_a_short_sentence(samples, tmp_path):
    preset = next(iter(list(bundled().values())[1:])).to_json()
    texture = preset["textures"][0]
    for change in ({"slot": "x" * 9999}, {"format": "x" * 9999}, {"colour": 10**400}, {"\ud800": "a"}):
        with pytest.raises(TextureError) as refused:
            BakePreset.from_json({**preset, "textures": [{**texture, **change}]})
        assert len(str(refused.value)) < 400 and str(refused.value).encode()
    for change in ({"\ud800": 1}, {"x" * 9999: 1}, {"name": "x" * 9999}, {"version": "x" * 9999}):
        with pytest.raises(PresetFileError) as refused:
            BakePreset.from_json({**preset, **change})
        assert len(str(refused.value)) < 400 and str(refused.value).encode()
    path = tmp_path / "a.growth.json"
    write_growth(path, samples.growth_files()[0])
    values = json.loads(path.read_text())
    settings = values["settings"]
    for change in (
        {"grown": [10**12] * 12},
        {"first": 10**30},
        {"order": {"end": 3, "front": float("nan")}},
        {"settings": {**settings, "range": [0, 10**12]}},
        {"growth": {**values["growth"], "manifold": "../../x"}},
    ):
        path.write_text(json.dumps({**values, **change}))
        with pytest.raises(GrowthFileError):
            read_growth_file(path)
    said = {"format": "neural growth species", "version": 1, "name": "a", "manifold": "b", "dna": "ACGT"}
    for change in (
        {"tags": "x" * 9999},
        {"learned": ["x" * 9999]},
        {"version": "x" * 9999},
        {"dna": ["x" * 9999]},
    ):
        with pytest.raises(SpeciesError) as refused:
            unpack_species(json.dumps({**said, **change}).encode())
        assert len(str(refused.value)) < 400


def test_a_learned_species_without_offsets_or_of_endless_sizes_is_refused(samples, tmp_path):
    (content,) = samples.readers(tmp_path)["learned_header"]().valid
    end = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:end])
    for change in ({"data_offsets": []}, {"shape": [10**30, 1, 3]}, {"data_offsets": [0, 10**30]}):
        said = json.dumps({**header, "picture": {**header["picture"], **change}}).encode()
        with pytest.raises(SpeciesError, match="damaged"):
            read_learned_header(len(said).to_bytes(8, "little") + said + content[end:], "a file")


def test_what_a_growth_says_of_itself_is_kept_as_it_was(samples):
    for growth in samples.growths():
        read = Growth.from_json(json.loads(json.dumps(growth.to_json())))
        assert read.key == growth.key and replace(read) == growth


def test_a_file_that_lies_about_its_key_takes_no_learned_species_away(samples, tmp_path, monkeypatch):
    pytest.importorskip("bpy")
    from blender_nca.addon.library import learned, versions

    (content,) = samples.readers(tmp_path)["learned_header"]().valid
    own = tmp_path / "own"
    monkeypatch.setattr(learned.preferences, "learned_species", lambda: own)
    (key,) = learned.keep(content, "mine").species.learned
    lie = content[:-1] + bytes([content[-1] ^ 1])
    learned.keep(lie, "a stranger's")
    learned.keep(lie, "a stranger's")
    assert {path.name: path.read_bytes() for path in own.iterdir()} == {
        f"{key}.safetensors": lie,
        f"{key}.safetensors.replaced": content,
    }
    monkeypatch.setattr(learned.preferences, "earlier_models", lambda: own)
    assert versions._place("materials", "f00d") == own / "f00d" / "materials"
    for manifold, version in (
        ("..", "f00d"),
        ("materials", "\\\\host\\share"),
        ("/etc", "f00d"),
        ("a", "../b"),
    ):
        assert versions._place(manifold, version) is None
