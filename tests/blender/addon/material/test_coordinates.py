# SPDX-License-Identifier: GPL-3.0-or-later
"""Coordinates: a growth lies where the artist says, and what he linked himself stays."""

from __future__ import annotations

from pathlib import Path

import bpy
import pytest

from ..coordinates import (
    SECOND,
    add_second_map,
    assert_shows,
    coordinates_of,
    links_of,
    moved,
    pictures,
    put_between,
)
from ..stage import expected_live, render


@pytest.mark.parametrize("kind", ["FLOAT2", "FLOAT_VECTOR"])
def test_a_uv_map_made_by_geometry_nodes_can_be_chosen(seen, kind):
    growing, material, folder = seen
    plane = bpy.context.object
    tree = bpy.data.node_groups.new("Unwrap", "GeometryNodeTree")
    tree.interface.new_socket("Geometry", in_out="INPUT", socket_type="NodeSocketGeometry")
    tree.interface.new_socket("Geometry", in_out="OUTPUT", socket_type="NodeSocketGeometry")
    first, add, store = (
        tree.nodes.new(name)
        for name in (
            "GeometryNodeInputNamedAttribute",
            "ShaderNodeVectorMath",
            "GeometryNodeStoreNamedAttribute",
        )
    )
    first.data_type, first.inputs["Name"].default_value = "FLOAT_VECTOR", "UVMap"
    add.inputs[1].default_value = (*SECOND[0], 0.0)
    store.data_type, store.domain, store.inputs["Name"].default_value = kind, "CORNER", "Made"
    value = next(s for s in store.inputs if s.name == "Value" and s.enabled)
    tree.links.new(next(s for s in first.outputs if s.enabled), add.inputs[0])
    tree.links.new(add.outputs[0], value)
    tree.links.new(tree.nodes.new("NodeGroupInput").outputs[0], store.inputs["Geometry"])
    tree.links.new(store.outputs["Geometry"], tree.nodes.new("NodeGroupOutput").inputs[0])
    plane.modifiers.new("Unwrap", "NODES").node_group = tree
    bpy.context.view_layer.update()

    find = growing.module("addon.material.properties")._find_uv_maps
    assert find(material.nca, bpy.context, "") == ["UVMap", "Made"]
    assert (
        find(material.nca, bpy.context, "ma") == ["UVMap", "Made"]
        and find(material.nca, bpy.context, "x") == []
    )
    material.nca.uv_map = "Made"
    assert not growing.module("addon.material.suitability").why_flat(bpy.context)
    assert_shows(render(folder, 6), moved(expected_live(growing, material, 6, "colour")))


def test_a_uv_map_that_is_not_there_is_told(growing):
    material = growing.material()
    why_flat = growing.module("addon.material.suitability").why_flat
    assert not why_flat(bpy.context)
    material.nca.uv_map = "Nowhere"
    assert "no UV map “Nowhere”" in why_flat(bpy.context)
    tree = material.nca.tree
    tree.links.new(
        tree.nodes.new("ShaderNodeTexCoord").outputs["Generated"],
        tree.nodes["Growth Mapping"].inputs["Vector"],
    )
    assert not why_flat(bpy.context), "it has coordinates of the artist's own"


def test_faces_that_were_never_unwrapped_are_told(growing):
    material = growing.material()
    plane, why_flat = bpy.context.object, growing.module("addon.material.suitability").why_flat
    layer = plane.data.uv_layers.active
    before = [corner.vector.copy() for corner in layer.uv]
    for corner in layer.uv:
        corner.vector = (0.25, 0.5)
    bpy.context.view_layer.update()
    assert "flat colors: in Edit Mode use UV" in why_flat(bpy.context)
    plane.data.uv_layers.new(name="Unwrapped")
    plane.data.uv_layers["Unwrapped"].uv.foreach_set("vector", [x for corner in before for x in corner])
    bpy.context.view_layer.update()
    material.nca.uv_map = "Unwrapped"
    assert not why_flat(bpy.context)


def test_a_duplicate_has_what_the_artist_made(growing, tmp_path):
    material = growing.material(bake_start=1, bake_end=2, bake_folder=str(tmp_path))
    tree = material.nca.tree
    hue = put_between(tree, "ShaderNodeHueSaturation", "Growth Colour", "Color")
    tree.nodes.new("ShaderNodeTexCoord").name = "Own"
    for node in pictures(material):
        tree.links.new(tree.nodes["Own"].outputs["Object"], node.inputs["Vector"])
        node.interpolation = "Closest"
    wanted = links_of(tree, hue)
    copy = material.copy()
    bpy.context.scene.frame_set(2)
    assert copy.nca.tree != tree
    for one in (material, copy):
        assert coordinates_of(one) == {"Own"} and links_of(one.nca.tree, hue) == wanted
        assert {node.interpolation for node in pictures(one)} == {"Closest"}
    assert growing.shows(copy, 2)


def test_a_growth_of_a_file_from_before_coordinates_gets_them(growing):
    material = growing.material()
    nca = material.nca
    for name in ("Growth Mapping", "Growth UV Map"):
        nca.tree.nodes.remove(nca.tree.nodes[name])
    first, second = pictures(material)
    own = nca.tree.nodes.new("ShaderNodeUVMap")
    nca.tree.links.new(own.outputs[0], first.inputs["Vector"])
    nca.version = 2
    growing.module("addon.material.duplicates").separate()
    assert first.inputs["Vector"].links[0].from_node == own, "an artist's own link stays"
    assert second.inputs["Vector"].links[0].from_node.name == "Growth Mapping"
    assert nca.uv_map == ""


def test_the_settings_of_coordinates_survive_a_saved_file(growing, tmp_path):
    material = growing.material()
    add_second_map(bpy.context.object.data)
    material.nca.uv_map = "Second"
    mapping = growing.module("addon.material.coordinates").mapping_of(material.nca.tree)
    mapping.inputs["Rotation"].default_value[2] = 1.5
    path = Path(tmp_path / "saved.blend")
    bpy.ops.wm.save_as_mainfile(filepath=str(path))
    bpy.ops.wm.open_mainfile(filepath=str(path))
    nca = bpy.data.materials["Wood"].nca
    assert nca.uv_map == "Second"
    mapping = growing.module("addon.material.coordinates").mapping_of(nca.tree)
    assert mapping.inputs["Rotation"].default_value[2] == 1.5
