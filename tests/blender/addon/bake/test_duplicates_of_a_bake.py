# SPDX-License-Identifier: GPL-3.0-or-later
"""Duplicates of a bake: linked, appended or there twice, each growth shows its files and is freed by itself."""

from __future__ import annotations

from pathlib import Path

import bpy
import pytest

from ..ways import FROM_LIBRARY, OF_LIBRARY, animate, check_owners, check_ways_from, check_ways_in


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("duplicates")


@pytest.fixture
def library(growing, folder) -> Path:
    """A file with a baked growth that has keyframes. It is written once."""
    path = folder / FROM_LIBRARY
    if not path.exists():
        bpy.ops.wm.save_as_mainfile(filepath=str(path))
        animate(growing.material(random_seed=3, bake_start=1, bake_end=2))
        assert bpy.ops.nca.bake() == {"FINISHED"}
        bpy.ops.wm.save_mainfile()
    return path


def check_free(growing) -> None:
    """Freed, the last one grows; the others show their bakes."""
    *others, material = [one for one in bpy.data.materials if one.nca.growing and one.library is None]
    assert material.nca.baked
    assert bpy.ops.nca.free_bake(material=material.name) == {"FINISHED"}
    bpy.context.scene.frame_set(3)
    check_owners(growing, 1 + len(others), is_pasted=True)
    assert all(other.nca.baked for other in others) and not material.nca.baked


@pytest.mark.parametrize("way", [way for way in OF_LIBRARY if "with its object" not in way])
def test_a_baked_growth_of_another_file_is_its_materials_own(growing, library, tmp_path, way):
    check_ways_from(growing, library, tmp_path, way)
    check_free(growing)


@pytest.mark.parametrize("way", ["copied twice", "pasted", "its group made single-user"])
def test_baked_growths_of_one_file_have_nothing_in_common(growing, library, way):
    check_ways_in(growing, library, way)
    check_free(growing)


@pytest.mark.parametrize("is_of_before", [False, True])
def test_what_is_renamed_in_the_group_goes_on_to_show_the_growth(growing, tmp_path, is_of_before):
    material = growing.material(bake_start=1, bake_end=2, bake_folder=str(tmp_path))
    tree = material.nca.tree
    own = tree.nodes.new("ShaderNodeHueSaturation")
    own.name = "Mine"
    if is_of_before:
        for node in tree.nodes:
            if "neural_growth_name" in node:
                del node["neural_growth_name"]
        bpy.context.scene.frame_set(1)
    for operator, node_name in (
        (bpy.ops.nca.bake, "Baked Roughness"),
        (bpy.ops.nca.free_bake, "Growth Data"),
    ):
        count = len(tree.nodes)
        for node in list(tree.nodes):
            node.name = f"Renamed {node.name}"
        assert operator(material=material.name) == {"FINISHED"}
        assert tree.nodes["Roughness"].inputs[0].is_linked and node_name in tree.nodes
        assert abs(len(tree.nodes) - count) < 5, "the same nodes are used"
        assert own.name.endswith("Mine") and own.name.startswith("Renamed")
    bpy.context.scene.frame_set(2)
    assert growing.shows(material, 2)
    images = [node.image for node in growing.module("addon.material.picture_nodes").pictures_of(tree)]
    assert images == [material.nca.image_colour, material.nca.image_data]


def test_a_linked_bake_says_that_it_is_linked(growing, library):
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    with bpy.data.libraries.load(str(library), link=True) as (_, wanted):
        wanted.materials = ["Wood"]
    said = growing.module("addon.material.status").why_not_editable(wanted.materials[0])
    assert said.endswith("library.blend, and shows its baked images. Make it local to change it here.")
    for operator in (bpy.ops.nca.bake, bpy.ops.nca.free_bake):
        with (
            pytest.raises(RuntimeError, match="is linked from"),
            bpy.context.temp_override(material=wanted.materials[0]),
        ):
            operator()
