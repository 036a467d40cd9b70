# SPDX-License-Identifier: GPL-3.0-or-later
"""Species as assets: what is dropped from a library that was made of them grows, and the library is the artist's."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import bpy
import numpy as np
import pytest

from blender_nca.genetics.species import Species
from blender_nca.maps.png import encode_png


@pytest.fixture
def own(growing):
    """Two species of the artist's own, one of a model that is not here."""
    own = growing.module("addon.library.own")
    shutil.rmtree(own.folder(), ignore_errors=True)
    growing.module("addon.library").forget()
    picture = encode_png(np.full((8, 8, 3), (1.0, 0.5, 0.0)), colour=True)
    own.take(Species("Moss", "ACGTTTTT", "tiny", ("wood", "soft"), "Ada", licence="CC0"), picture)
    own.take(Species("Fern", "TTGTTTTT", "tiny", ("wood",)))
    own.take(Species("Sea", "ACGTTTTT", "lost"))
    yield own
    shutil.rmtree(own.folder(), ignore_errors=True)
    growing.module("addon.library").forget()


def test_what_is_dropped_from_the_library_grows(growing, own, tmp_path):
    mine = bpy.data.materials.new("Moss")  # a material of the artist's has the name already
    folder = tmp_path / "library"
    folder.mkdir()
    cats = folder / "blender_assets.cats.txt"
    cats.write_text("VERSION 1\n\n11111111-1111-1111-1111-111111111111:My Stones:My Stones")
    libraries = bpy.context.preferences.filepaths.asset_libraries
    for _ in range(2):  # again is the same
        assert bpy.ops.nca.make_asset_library(directory=str(folder), which="OWN") == {"FINISHED"}
    assert [each.path for each in libraries].count(str(folder)) == 1
    assert [one for one in bpy.data.materials] == [mine] and mine.name == "Moss"
    assert not bpy.data.images and not bpy.data.node_groups, "the open file is as it was"
    lines = [line.split(":") for line in cats.read_text().splitlines() if line.count(":") == 2]
    tree = {path: uuid for uuid, path, _ in lines}
    assert set(tree) == {"My Stones", "Neural Growth", "Neural Growth/tiny", "Neural Growth/tiny/Wood"}
    assert len(lines) == 4 and len(list(folder.glob("*.blend"))) == 2

    (file,) = folder.glob("moss_*.blend")
    bpy.ops.mesh.primitive_plane_add()
    scene = bpy.context.scene
    scene.frame_start = 7
    with bpy.data.libraries.load(str(file), assets_only=True) as (there, here):
        assert list(there.materials) == ["Moss"]
        here.materials = ["Moss"]
    (dropped,) = here.materials
    data = dropped.asset_data
    assert (data.author, data.license, data.catalog_id) == ("Ada", "CC0", tree["Neural Growth/tiny/Wood"])
    assert {tag.name for tag in data.tags} == {"wood", "soft"}
    assert tuple(dropped.preview.image_size) == (8, 8)
    dropped.asset_clear()  # as Blender does where one is dropped
    bpy.context.object.data.materials.append(dropped)
    nca = dropped.nca
    nca.width, nca.height, nca.pixels_per_cell = 16, 8, 2
    bpy.context.view_layer.update()
    for frame in (9, 12):
        scene.frame_set(frame)
        assert nca.start_frame == 7 and growing.shows(dropped, frame)
    assert (nca.a.species, nca.a.dna) == ("Moss", "ACGTTTTT") and growing.pixels(dropped)[..., 3].any()

    # a click in the asset shelf, which names an asset so, changes what more is seen of, and grows where nothing did
    (library,) = [one for one in libraries if one.path == str(folder)]
    clicked = dict(asset_library_type="CUSTOM", asset_library_identifier=library.name)
    nca.blend, materials = 1.0, len(bpy.data.materials)
    (fern,) = folder.glob("fern_*.blend")
    fern = f"{fern.name}/Material/Fern"
    assert bpy.ops.nca.grow_asset(**clicked, relative_asset_identifier=fern) == {"FINISHED"}
    assert (nca.a.species, nca.b.species, nca.b.dna) == ("Moss", "Fern", "TTGTTTTT")
    assert len(bpy.data.materials) == materials and bpy.context.object.active_material == dropped
    bpy.ops.mesh.primitive_plane_add()
    bpy.ops.nca.grow_asset(file=str(file), species="Moss")
    other = bpy.context.object.active_material
    assert other.name.startswith("Moss") and other.nca.growing and other.asset_data is None
    assert (other.nca.a.species, other.nca.b.dna, other.nca.start_frame) == ("Moss", "ACGTTTTT", 7)
    for wrong, said in (
        (dict(clicked, relative_asset_identifier=f"gone.blend/{fern}"), "cannot be read"),
        (dict(file=str(file), species="Fern"), "There is no “Fern”"),
        (dict(), "no species of an asset library"),
        (dict(file=str(file), species="Moss", material="Nobody"), "no material named “Nobody”"),
    ):
        with pytest.raises(RuntimeError, match=said):
            bpy.ops.nca.grow_asset(**wrong)

    # where the library's settings link what is dropped, it is made local
    with bpy.data.libraries.load(str(file), link=True) as (there, here):
        here.materials = ["Moss"]
    bpy.context.object.active_material = here.materials[0]
    growing.module("addon.assets.handlers").localise()
    bpy.context.view_layer.update()
    local = bpy.context.object.active_material
    assert local.library is None and local.asset_data is None and local.nca.start_frame == 7
    scene.frame_set(14)
    assert growing.shows(local, 14)
    libraries.remove(library)


def test_the_asset_shelf_shows_species_and_nothing_else(growing):
    shelf = growing.module("addon.assets.asset_shelf").VIEW3D_AST_nca_species
    materials = bpy.data.materials
    mine, drawn = materials.new("Mine"), materials.new("Drawn")
    for one in (mine, drawn):
        one.asset_mark()
    drawn.asset_data[growing.module("addon.assets.making").MARK] = "tiny"

    def is_shown(material):
        return shelf.asset_poll(SimpleNamespace(id_type="MATERIAL", metadata=material.asset_data))

    assert (is_shown(mine), is_shown(drawn)) == (False, True)
    assert hasattr(bpy.types, "VIEW3D_AST_nca_species"), "it is registered"


def test_a_library_that_cannot_be_made_is_told_and_nothing_is_lost(growing, own, tmp_path):
    cats = tmp_path / "blender_assets.cats.txt"
    for content, said in ((b"VERSION 2\n", "another Blender"), (b"\xff\xfe\x00", "no text")):
        cats.write_bytes(content)
        with pytest.raises(RuntimeError, match=said):
            bpy.ops.nca.make_asset_library(directory=str(tmp_path), which="OWN", adds=False)
        assert cats.read_bytes() == content
    cats.unlink()
    (tmp_path / "file").touch()
    with pytest.raises(RuntimeError, match=r"cannot be written to .*choose another folder"):
        bpy.ops.nca.make_asset_library(directory=str(tmp_path / "file" / "in"), which="OWN", adds=False)
    for name in ("Moss", "Fern"):
        bpy.ops.nca.delete_species(manifold="tiny", species=name)
    run = growing.module("addon.assets.command").run
    assert run([str(tmp_path), "--species", "own"]) == 1, "of no species no library is made"
    assert not list(tmp_path.glob("*.blend"))
