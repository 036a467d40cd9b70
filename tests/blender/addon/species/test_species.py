# SPDX-License-Identifier: GPL-3.0-or-later
"""An artist's own species: kept, found again, given away and taken over; nothing of them is lost."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bpy
import numpy as np
import pytest

from blender_nca.genetics.species import Species, pack_species
from blender_nca.manifold import learned_file, own_unit
from blender_nca.manifold.architecture import Architecture

MOSS = Species("Moss", "ACGTTTTT", "tiny", ("green", "soft"), "Ada", licence="CC0")


@pytest.fixture
def own(growing):
    """The artist's own species, of whom there are none yet."""
    own = growing.module("addon.library.own")
    shutil.rmtree(own.folder(), ignore_errors=True)
    shutil.rmtree(growing.neural_growth.user_folder / "library", ignore_errors=True)
    growing.module("addon.library").forget()
    yield own
    shutil.rmtree(own.folder(), ignore_errors=True)
    growing.module("addon.library").forget()


def test_favourites_that_two_blenders_mark_at_once_are_all_kept(growing, own):
    shelf = growing.module("addon.library.shelf")
    marked = [f"tiny/{number}" for number in range(60)]
    with ThreadPoolExecutor(4) as blenders:
        list(blenders.map(lambda one: shelf.mark(one, True), marked))
    assert sorted(shelf.favourites()) == sorted(marked)


def names(own) -> list[str]:
    return [one.name for one in own.listed()]


def test_a_growth_is_kept_as_a_species_with_its_picture_and_chosen_again(growing, own):
    material = growing.material()
    material.nca.a.text = "ACGTACGA"
    said = {"name": " Wet  Ash ", "tags": "wood, wet, wood", "author": "Ada", "licence": "CC BY 4.0"}
    assert bpy.ops.nca.save_species(**said) == {"FINISHED"}
    (one,) = own.listed()
    assert (one.name, one.dna, one.tags) == ("Wet Ash", "ACGTACGA", ("wood", "wet"))
    assert (one.author, one.licence) == ("Ada", "CC BY 4.0")
    image = bpy.data.images.load(str(one.picture))
    assert tuple(image.size) == (128, 128) and max(image.pixels[:4096]) > 0.1, "the engine drew it"
    assert material.nca.a.label == "Wet Ash", "what was edited is that species now"
    with pytest.raises(RuntimeError, match="have a species"):
        bpy.ops.nca.save_species(name="Wet Ash")
    with pytest.raises(RuntimeError, match="not one of your own"):
        bpy.ops.nca.save_species(name="Birch")
    bpy.ops.nca.choose_species(parent="A", species="Cedar")
    assert material.nca.a.dna == "GGATTACA"
    bpy.ops.nca.choose_species(parent="B", species="Wet Ash")
    assert (material.nca.b.species, material.nca.b.dna) == ("Wet Ash", "ACGTACGA")
    shelf = growing.module("addon.library.shelf")
    assert shelf.recent()[:2] == ["tiny/Wet Ash", "tiny/Cedar"]
    bpy.ops.nca.mark_species(manifold="tiny", species="Wet Ash")
    layer = material.nca.layers.add()
    layer.on, layer.parent.manifold, layer.parent.species = False, "tiny", "Wet Ash"
    assert bpy.ops.nca.change_species(manifold="tiny", species="Wet Ash", name="Damp Ash") == {"FINISHED"}
    (other,) = own.listed()
    assert (other.name, other.tags, other.author) == ("Damp Ash", ("wood", "wet"), "Ada"), "the rest stays"
    assert other.picture is not None and not one.file.exists()
    assert layer.parent.species == "Damp Ash", "a layer that is off knows it by its new name, too"
    bpy.ops.nca.choose_species(layer=1, species="Cedar")
    assert (layer.name, layer.parent.dna) == ("Cedar", "GGATTACA"), "it has the name of what grows in it"
    layer.name = "Moss on Top"
    bpy.ops.nca.choose_species(layer=1, species="Ash")
    assert layer.name == "Moss on Top", "until the artist names it"
    with pytest.raises(RuntimeError, match="no layer 2"):
        bpy.ops.nca.choose_species(layer=2, species="Ash")
    assert material.nca.b.species == "Damp Ash" and shelf.favourites() == ["tiny/Damp Ash"]
    assert bpy.ops.nca.delete_species(manifold="tiny", species="Damp Ash") == {"FINISHED"}
    assert not list(own.folder().iterdir()) and shelf.favourites() == []
    assert material.nca.b.dna == "ACGTACGA", "a growth keeps its DNA"
    with pytest.raises(RuntimeError, match="not one of your own"):
        bpy.ops.nca.delete_species(manifold="tiny", species="Ash")


def test_species_are_given_away_as_one_file_and_as_text(growing, own, tmp_path, monkeypatch):
    material = growing.material()
    bpy.ops.nca.save_species(name="Ash of Mine", licence="CC0")
    picture = own.picture_of(own.listed()[0])
    path = tmp_path / "given.json"
    assert bpy.ops.nca.export_species(manifold="tiny", species="Ash of Mine", filepath=str(path)) == {
        "FINISHED"
    }
    bpy.ops.nca.delete_species(manifold="tiny", species="Ash of Mine")
    (tmp_path / "bad.json").write_text("{")
    files = [{"name": "given.json"}, {"name": "bad.json"}]
    assert bpy.ops.nca.import_species(directory=str(tmp_path), files=files) == {"FINISHED"}
    (one,) = own.listed()
    assert (one.name, one.dna, one.licence) == ("Ash of Mine", material.nca.a.dna, "CC0")
    assert own.picture_of(one) == picture, "its picture came along"
    assert own.read_file(path).name == "Ash of Mine" and len(own.listed()) == 1, "the same again is the same"
    own.read_text(pack_species(Species("Ash", "ACGTTTTT", "tiny")), "A text")
    assert names(own) == ["Ash 2", "Ash of Mine"], "another of a name that is taken goes beside it"
    own.read_text(pack_species(Species("Sea", "ACGTACGTAC", "lost")), "A text")
    with pytest.raises(RuntimeError, match="“lost” of Sea is not here"):
        bpy.ops.nca.choose_species(manifold="lost", species="Sea")


def test_a_name_never_leads_out_of_the_folder(own):
    for name in ("../../evil", "/etc/passwd", "C:\\evil", "CON", "…", "苔", "a" * 200):
        one = own.take(Species(name, "ACGTACGT", "../tiny"))
        assert one.file.parent == own.folder() and one.name == name and len(one.file.name) < 64
    assert {path.parent for path in own.folder().rglob("*")} == {own.folder()}


BAD = {
    "empty": (b"", "broken JSON"),
    "broken": (b'{"format": "neural growth species"', "broken JSON"),
    "foreign": (b'{"nodes": []}', "not a species"),
    "newer": (pack_species(MOSS).replace(b'"version": 1', b'"version": 7'), "update Neural Growth"),
    "huge": (b" " * 2**21, "far too large"),
    "binary": (b"\xff\xfe\x00\x01" * 9, "not a text file"),
    "nested": (b"[" * 100_000, "beyond reading"),
    "endless": (pack_species(MOSS).replace(b"Moss", b"Moss" * 999), "shorten"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_is_no_species_is_told_in_a_sentence(own, tmp_path, kind):
    content, said = BAD[kind]
    (tmp_path / "given.json").write_bytes(content)
    with pytest.raises(RuntimeError, match=rf"given\.json: .*{said}.*\."):
        bpy.ops.nca.import_species(filepath=str(tmp_path / "given.json"))
    with pytest.raises(RuntimeError, match=r"gone\.json cannot be read .*choose the file again"):
        bpy.ops.nca.import_species(filepath=str(tmp_path / "gone.json"))
    (tmp_path / "given.safetensors").write_bytes(content)
    with pytest.raises(RuntimeError, match=r"given\.safetensors is "):
        bpy.ops.nca.import_species(filepath=str(tmp_path / "given.safetensors"))
    assert not own.folder().exists(), "nothing is kept of it"


def test_a_picture_that_would_fill_the_memory_is_left_out(own):
    bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (60_000).to_bytes(4, "big") * 2
    one = own.read_text(pack_species(MOSS, bomb), "A text")
    assert one.picture is None
    values = {**json.loads(pack_species(MOSS)), "name": "Fern", "picture": 7}
    assert own.read_text(json.dumps(values).encode(), "A text").picture is None


def test_a_folder_that_takes_nothing_loses_nothing(growing, own, monkeypatch):
    one = own.take(MOSS, b"a picture")

    def fail(self, *_, **__):
        raise PermissionError(13, "Permission denied", str(self))

    for name in ("write_bytes", "unlink"):
        with monkeypatch.context() as patch:
            patch.setattr(Path, name, fail)
            for action in (
                lambda: own.take(Species("Fern", "ACGTACGA", "tiny")),
                lambda: own.change(one, tags=("dry",)),
                lambda: own.change(one, name="Dry Moss"),
                lambda: own.delete(one),
            )[2 if name == "unlink" else 0 : None if name == "unlink" else 3]:
                with pytest.raises(own.SpeciesError, match=r"Permission denied.*change its rights"):
                    action()
        assert own.find("tiny", "Moss") == one and own.picture_of(one) == b"a picture"
    shutil.rmtree(own.folder())
    with pytest.raises(own.SpeciesError, match="not in your folder any more"):
        own.change(one, tags=("dry",))
    assert own.take(MOSS).name == "Moss", "a folder that vanished is made anew"


def test_what_another_blender_saved_at_the_same_time_stays(growing, own):
    growing.material()
    assert own.listed() == []
    for name, dna in (("Fern", "ACGTACGA"), ("Moss", "TTTTACGA")):
        own._place("tiny", name).parent.mkdir(parents=True, exist_ok=True)
        own._place("tiny", name).write_bytes(pack_species(Species(name, dna, "tiny")))
    own.take(MOSS)
    assert names(own) == ["Fern", "Moss", "Moss 2"]
    with pytest.raises(RuntimeError, match="have a species"):
        bpy.ops.nca.save_species(name="Fern")


def test_the_popover_finds_species_and_draws(growing, own):
    browsing, catalogue = growing.module("addon.species.browsing"), growing.module("addon.library.catalogue")
    materials = catalogue.species().of("materials")
    assert len(browsing.families(materials)) > 16 and "lava" in browsing.families(materials)
    found = browsing.matching(materials, "LAVA neural plasma")
    assert [one.name for one in found] == ["Blue Plasma"]
    assert {one.tags for one in browsing.matching(materials, "", "lava")} == {("lava",)}
    assert browsing.in_order(found, ["materials/Gone", "materials/Blue Plasma"]) == found
    some, number, pages = browsing.page(materials, 99, 28)
    last = -(-len(materials) // 28)
    assert (number, pages, some) == (last, last, list(materials[28 * (last - 1) :]))
    assert browsing.page((), 1, 28) == ([], 1, 1)
    assert browsing.words_in(" a b ,, c,a b") == ("a b", "c")
    assert browsing.free_name("Ash 2", {"Ash", "Ash 2"}) == "Ash 3"


def test_a_species_that_somebody_learned_is_taken_over_and_given_on(growing, own, models, tmp_path):
    sizes = Architecture(dna_length=8, channels=8, hidden=16, painting=8)
    random = np.random.default_rng(2)
    added = {name: random.normal(0, 0.2, shape) for name, shape in own_unit.shapes(sizes).items()}
    unit = own_unit.OwnUnit(
        "CCCCAAAA", 0.5, {name: array.astype(np.float32) for name, array in added.items()}
    )
    version = growing.module("addon.library.versions").present("tiny")
    species = Species("Brick", "CCCCAAAA", "tiny", ("wall",), "Ada")
    picture = np.zeros((4, 4, 3), np.uint8)
    given, again = tmp_path / "brick.safetensors", tmp_path / "again.safetensors"
    learned_file.write(given, learned_file.LearnedSpecies(species, unit, version, picture, "CC0"))
    assert bpy.ops.nca.import_species(filepath=str(given)) == {"FINISHED"}
    (one,) = own.listed()
    assert (one.name, one.learned, one.licence) == ("Brick", (unit.key,), "CC0")
    assert one.picture is not None, "the engine drew it"
    material = growing.material()
    bpy.ops.nca.choose_species(species="Brick")
    bpy.context.scene.frame_set(9)
    assert material.nca.a.learned == unit.key and growing.shows(material, 9)
    assert bpy.ops.nca.export_species(species="Brick", filepath=str(again)) == {"FINISHED"}
    assert again.read_bytes() == given.read_bytes()

    # one that comes with its model is found beside it, too
    learned = growing.module("addon.library.learned")
    kept = growing.module("addon.settings.preferences").learned_species() / f"{unit.key}.safetensors"
    beside = models / "tiny" / "learned"
    beside.mkdir()
    try:
        kept.rename(beside / kept.name)
        assert learned.is_here(unit.key) and learned.content_of(unit.key) == given.read_bytes()
        assert "not on this machine" not in growing.module("addon.material.learned").why_missing(material.nca)
    finally:
        shutil.rmtree(beside)
    assert not learned.is_here(unit.key)
