# SPDX-License-Identifier: GPL-3.0-or-later
"""A learned species goes where its growth goes, and where it is missing that is told."""

from __future__ import annotations

import shutil

import bpy
import numpy as np
import pytest

from blender_nca.genetics.species import Species
from blender_nca.manifold import learned_file, own_unit
from blender_nca.manifold.architecture import Architecture

from ..conftest import DNA, MODEL

SIZES = Architecture(dna_length=8, channels=8, hidden=16, painting=8)


@pytest.fixture
def given(growing, neural_growth, tmp_path):
    """The file of a species that was learned on the tiny model."""
    random = np.random.default_rng(1)
    shapes = own_unit.shapes(SIZES).items()
    added = {name: random.normal(0, 0.02, shape).astype(np.float32) for name, shape in shapes}
    unit = own_unit.OwnUnit("CCGTTCGA", 0.5, added)
    version = growing.module("addon.library.versions").present(MODEL)
    picture = np.zeros((16, 16, 3), np.uint8)
    path = tmp_path / "given.safetensors"
    learned_file.write(
        path,
        learned_file.LearnedSpecies(Species("Blue Wall", unit.dna, MODEL), unit, version, picture, "CC0-1.0"),
    )
    yield path
    shutil.rmtree(neural_growth.user_folder / "learned", ignore_errors=True)


def test_a_learned_species_goes_where_its_growth_goes(growing, neural_growth, given, tmp_path):
    material = growing.material()
    nca = material.nca
    assert bpy.ops.nca.import_learned(filepath=str(given)) == {"FINISHED"}
    (key,) = nca.a.learned.split()
    own = neural_growth.user_folder / "learned" / f"{key}.safetensors"
    assert nca.a.species == "Blue Wall" and own.is_file()
    bpy.context.scene.frame_set(6)
    before = growing.pixels(material)
    assert growing.shows(material, 6)
    assert growing.module("addon.material.growth").growth_of(material, 5).learned == (key,)
    nca.a.learned = ""
    assert not growing.shows(material, 6), "it grows by its unit"
    nca.a.learned = key

    # bred, exchanged, kept as a preset, given away
    bpy.ops.nca.breed(random_seed=1)
    assert all(one.learned == key for one in nca.offspring)
    bpy.ops.nca.swap()
    assert nca.b.learned == key and not nca.a.learned
    bpy.ops.nca.swap()
    preset = growing.module("addon.presets.preset")
    kept = preset.describe(nca)["growth"]
    assert kept["a"]["learned"] == key and "readings" not in kept and "units" not in kept
    again = tmp_path / "again.safetensors"
    assert bpy.ops.nca.export_learned(filepath=str(again)) == {"FINISHED"}
    assert again.read_bytes() == given.read_bytes()
    with pytest.raises(RuntimeError, match="“Birch” is no learned species"):
        bpy.ops.nca.export_learned(filepath=str(again), parent="B")

    # opened, and appended, where its file is not
    path = str(tmp_path / "wall.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    for way in ("appended", "opened"):
        shutil.rmtree(own.parent)
        if way == "opened":
            bpy.ops.wm.open_mainfile(filepath=path)
        else:
            bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
            with bpy.data.libraries.load(path) as (_, wanted):
                wanted.objects = ["Plane"]
            bpy.context.scene.collection.objects.link(wanted.objects[0])
        bpy.context.scene.frame_set(6)
        np.testing.assert_array_equal(growing.pixels(bpy.data.materials["Wood"]), before, err_msg=way)
        assert own.is_file(), way

    # unless the artist does not want that: then it is named, with what to do
    bpy.data.materials["Wood"].nca.packs_units = False
    path = str(tmp_path / "unpacked.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    assert not [text for text in bpy.data.texts if text.name.startswith("Blue Wall")]
    shutil.rmtree(own.parent)
    bpy.ops.wm.open_mainfile(filepath=path)
    nca = bpy.data.materials["Wood"].nca
    why_missing = growing.module("addon.material.learned").why_missing
    assert "“Blue Wall” was learned from a picture, and its file is not on this machine" in why_missing(nca)
    for content, said in (
        (b"no species", "damaged, or no learned"),
        (given.read_bytes()[:-9], "end is missing"),
    ):
        again.write_bytes(content)
        with pytest.raises(RuntimeError, match=said):
            bpy.ops.nca.import_learned(filepath=str(again))
    assert bpy.ops.nca.import_learned(filepath=str(given)) == {"FINISHED"} and not why_missing(nca)
    bpy.context.scene.frame_set(5)
    bpy.context.scene.frame_set(6)
    np.testing.assert_array_equal(growing.pixels(bpy.data.materials["Wood"]), before)

    preset.apply(nca, {"a": {"dna": DNA["Cedar"], "species": "Cedar"}})
    assert not nca.a.learned, "what was never learned is not grown by what the one before it learned"
    layer = nca.layers.add()
    layer.on, layer.parent.learned, nca.packs_units = False, key, True
    learned = growing.module("addon.material.learned")
    learned.pack(bpy.data.materials["Wood"])
    assert [unit.key for unit in nca.units] == [key], "a layer that is off may be switched on again"
    assert learned.keys_of(nca) == (), "and until then nothing grows by it"
