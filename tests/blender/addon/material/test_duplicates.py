# SPDX-License-Identifier: GPL-3.0-or-later
"""Duplicates: a growth that is linked, appended or there twice changes nothing of another one, nor is it lost."""

from __future__ import annotations

from pathlib import Path

import bpy
import pytest

from ..ways import FROM_LIBRARY, OF_FILE, OF_LIBRARY, animate, check_owners, check_ways_from, check_ways_in


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("duplicates")


@pytest.fixture
def library(growing, folder) -> Path:
    """A file with a live growth that has keyframes, opened. It is written once."""
    path = folder / FROM_LIBRARY
    if not path.exists():
        animate(growing.material(random_seed=3))
        bpy.ops.wm.save_as_mainfile(filepath=str(path))
    bpy.ops.wm.open_mainfile(filepath=str(path), load_ui=False)
    return path


@pytest.mark.parametrize("way", OF_LIBRARY)
def test_a_live_growth_of_another_file_is_its_materials_own(growing, library, tmp_path, way):
    check_ways_from(growing, library, tmp_path, way)


@pytest.mark.parametrize("way", OF_FILE)
def test_live_growths_of_one_file_have_nothing_in_common(growing, library, way):
    check_ways_in(growing, library, way)


def link(library: Path, kind: str, name: str):
    with bpy.data.libraries.load(str(library), link=True) as (_, wanted):
        setattr(wanted, kind, [name])
    return getattr(wanted, kind)[0]


def test_a_linked_growth_says_so_and_what_to_do(growing, library):
    why_not = growing.module("addon.material.status").why_not_editable
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    owner = link(library, "objects", "Plane")
    bpy.context.scene.collection.objects.link(owner)
    material = owner.material_slots[0].material
    assert "library.blend, and not baked, so nothing grows here. Bake it there, or make it local" in why_not(
        material
    )
    for operator in (bpy.ops.nca.remove, bpy.ops.nca.grow):
        with (
            pytest.raises(RuntimeError, match="is linked from"),
            bpy.context.temp_override(material=material),
        ):
            operator()
    with (
        pytest.raises(RuntimeError, match="make one of them local, or a library override"),
        bpy.context.temp_override(material=material),
    ):
        bpy.ops.nca.make_local()
    # where the object is an override its mesh still shows the linked material
    override = owner.override_create(remap_local_usages=True)
    with bpy.context.temp_override(material=override.material_slots[0].material):
        assert bpy.ops.nca.make_local() == {"FINISHED"}
    local = override.material_slots[0].material
    assert not why_not(local)
    bpy.context.scene.frame_set(4)
    assert check_owners(growing, 1) == [local]
    with bpy.context.temp_override(material=local):
        assert bpy.ops.nca.make_local() == {"CANCELLED"}


def test_an_override_says_so_leaves_no_images_and_can_be_made_local(growing, library):
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    material = link(library, "materials", "Wood").override_create()
    material.use_fake_user = True
    for frame in (2, 3):
        bpy.context.scene.frame_set(frame)
    assert not [image for image in bpy.data.images if image.library is None]
    assert "library override" in growing.module("addon.material.status").why_not_editable(material)
    assert not growing.module("addon.material.status").live_materials()
    with bpy.context.temp_override(material=material):
        assert bpy.ops.nca.make_local() == {"FINISHED"}
    bpy.context.scene.frame_set(4)
    check_owners(growing, 1)


def test_a_growth_pasted_from_another_file_is_no_obstacle(growing, library):
    """Blender pastes the nodes, without their groups."""
    material = bpy.data.materials["Wood"]
    material.node_tree.nodes["Neural Growth"].inputs["Ground Metallic"].default_value = 0.75
    bpy.context.scene.frame_set(1)
    with bpy.context.temp_override(material=material):
        bpy.ops.material.copy()
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    bpy.ops.mesh.primitive_plane_add()
    plain = bpy.data.materials.new("Plain")
    with bpy.context.temp_override(material=plain):
        bpy.ops.material.paste()
    assert bpy.ops.nca.new(material="Plain") == {"FINISHED"}
    assert [node.type for node in plain.node_tree.nodes].count("GROUP") == 1
    assert bpy.ops.nca.remove(material="Plain") == {"FINISHED"}
    assert {node.type for node in plain.node_tree.nodes} == {"BSDF_PRINCIPLED", "OUTPUT_MATERIAL"}
    assert plain.node_tree.nodes["Principled BSDF"].inputs["Metallic"].default_value == 0.75


def test_remove_takes_a_pasted_growth_of_an_unknown_material_out(growing, library):
    """Pasted from another file, nodes come without the material that they were copied from."""
    material = bpy.data.materials["Wood"]
    other = growing.material("Other")
    unknown = material.nca.tree.copy()
    other.node_tree.nodes["Neural Growth"].node_tree = unknown
    other.nca.tree.use_fake_user = False
    bpy.data.materials.remove(material)
    assert bpy.ops.nca.remove(material="Other") == {"FINISHED"}
    assert [node.type for node in other.node_tree.nodes].count("GROUP") == 0
