# SPDX-License-Identifier: GPL-3.0-or-later
"""Coordinates: a growth lies where the artist says, and what he linked himself stays through bakes and duplicates."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
import pytest

from ..stage import HEIGHT, WIDTH, closest, expected_live, render, stage

SECOND = np.array([(0.25, 0.5), (1.25, 0.5), (0.25, 1.5), (1.25, 1.5)])
"""A UV map that lies a quarter further to the right and half further up, corner for corner of Blender's plane."""


def pictures(material: bpy.types.Material) -> list[bpy.types.Node]:
    return [node for node in material.nca.tree.nodes if node.type == "TEX_IMAGE"]


def coordinates_of(material: bpy.types.Material) -> set[str]:
    """Names of the nodes that the pictures have their coordinates from."""
    links = [link for node in pictures(material) for link in node.inputs["Vector"].links]
    assert len(links) == len(pictures(material))
    return {link.from_node.name for link in links}


def add_second_map(mesh: bpy.types.Mesh) -> None:
    """A UV map made of the first one, moved as `SECOND`."""
    first = np.empty(2 * len(mesh.loops), np.float32)
    mesh.uv_layers[0].uv.foreach_get("vector", first)
    second = mesh.uv_layers.new(name="Second")
    second.uv.foreach_set("vector", (first.reshape(-1, 2) + SECOND[0]).ravel().astype(np.float32))
    mesh.uv_layers.active_index = 0


def moved(picture: np.ndarray) -> np.ndarray:
    """What is seen of a picture by `SECOND`."""
    return np.roll(picture, (-HEIGHT // 2, -WIDTH // 4), (0, 1))


@pytest.fixture
def seen(growing, tmp_path):
    """A growth that is seen texel for texel, and what is rendered of it."""
    material = growing.material(
        seeds="SCATTERED", bake_start=1, bake_end=6, bake_folder=str(tmp_path / "baked")
    )
    stage(material, "colour")
    closest(material)
    return growing, material, tmp_path


def assert_shows(picture: np.ndarray, wanted: np.ndarray, atol: float = 2e-3) -> None:
    assert not np.allclose(picture, moved(picture), atol=0.05), (
        "this picture could not be told from a moved one"
    )
    np.testing.assert_allclose(picture, wanted, atol=atol)


def test_a_chosen_uv_map_is_the_one_that_is_rendered(seen):
    growing, material, folder = seen
    add_second_map(bpy.context.object.data)
    wanted = expected_live(growing, material, 6, "colour")
    assert_shows(render(folder, 6), wanted)
    material.nca.uv_map = "Second"
    assert material.nca.uv_map == "Second"
    assert_shows(render(folder, 6), moved(wanted))
    bpy.ops.nca.bake()
    assert material.nca.uv_map == "Second"
    assert_shows(render(folder, 6), moved(wanted), atol=5e-3)  # 8 bits
    material.nca.uv_map = ""
    assert_shows(render(folder, 6), wanted, atol=5e-3)


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


def test_offset_and_scale_are_seen_and_stay_through_a_bake(seen):
    growing, material, folder = seen
    mapping = growing.module("addon.material.coordinates").mapping_of(material.nca.tree)
    wanted = expected_live(growing, material, 6, "colour")
    mapping.inputs["Location"].default_value = (*SECOND[0], 0.0)
    mapping.inputs["Scale"].default_value = (-1.0, 1.0, 1.0)
    # the picture's column that is seen at u is that at a quarter less u
    turned = np.roll(wanted[:, ::-1], WIDTH // 4, 1)
    turned = np.roll(turned, -HEIGHT // 2, 0)
    assert_shows(render(folder, 6), turned)
    bpy.ops.nca.bake()
    assert_shows(render(folder, 6), turned, atol=5e-3)
    bpy.ops.nca.free_bake()
    assert_shows(render(folder, 6), turned)


def test_what_an_artist_linked_to_the_pictures_stays(growing, tmp_path):
    material = growing.material(bake_start=1, bake_end=2, bake_folder=str(tmp_path))
    tree = material.nca.tree
    own = tree.nodes.new("ShaderNodeTexCoord")
    own.name = "Own"
    for node in pictures(material):
        tree.links.new(own.outputs["Object"], node.inputs["Vector"])
        node.interpolation, node.projection, node.projection_blend = "Cubic", "BOX", 0.25
        node.extension = "MIRROR"
        node.texture_mapping.translation.x = 0.5

    def assert_as_it_was(count: int) -> None:
        assert coordinates_of(material) == {"Own"} and len(pictures(material)) == count
        for node in pictures(material):
            assert (node.interpolation, node.projection, node.projection_blend) == ("Cubic", "BOX", 0.25)
            assert node.extension == "MIRROR" and node.texture_mapping.translation.x == 0.5

    for _ in range(2):
        bpy.ops.nca.bake()
        assert_as_it_was(5)
        bpy.ops.nca.bake()
        assert_as_it_was(5)
        bpy.ops.nca.free_bake()
        assert_as_it_was(2)
    material.nca.uv_map = "UVMap"
    assert_as_it_was(2)


def test_what_is_linked_while_baked_stays_when_it_is_freed(growing, tmp_path):
    material = growing.material(bake_start=1, bake_end=2, bake_folder=str(tmp_path))
    bpy.ops.nca.bake()
    tree = material.nca.tree
    tree.nodes.new("ShaderNodeTexCoord").name = "Own"
    for name in ("Baked Linear Base Colour", "Baked Roughness"):
        tree.links.new(tree.nodes["Own"].outputs["Object"], tree.nodes[name].inputs["Vector"])
    bpy.ops.nca.free_bake()
    assert coordinates_of(material) == {"Own"}


def put_between(tree: bpy.types.NodeTree, kind: str, source: str, output: str) -> str:
    """Put a node between an output and all that it feeds, as one does in the node editor; its name."""
    node = tree.nodes.new(kind)
    socket = next(socket for socket in node.inputs if socket.type == "RGBA" or kind == "ShaderNodeMath")
    for target in [link.to_socket for link in tree.nodes[source].outputs[output].links]:
        tree.links.new(node.outputs[0], target)
    tree.links.new(tree.nodes[source].outputs[output], socket)
    return node.name


def links_of(tree: bpy.types.NodeTree, name: str) -> tuple[set, set]:
    """What feeds a node, and what it feeds."""
    node = tree.nodes[name]
    before = {(link.from_node.name, link.from_socket.name) for s in node.inputs for link in s.links}
    return before, {(link.to_node.name, link.to_socket.name) for s in node.outputs for link in s.links}


def test_what_is_between_a_picture_and_the_growth_stays(growing, tmp_path):
    material = growing.material(bake_start=1, bake_end=2, bake_folder=str(tmp_path))
    tree = material.nca.tree
    hue = put_between(tree, "ShaderNodeHueSaturation", "Growth Colour", "Color")
    rough = put_between(tree, "ShaderNodeMath", "Growth Data Channels", "Red")
    glow = put_between(tree, "ShaderNodeMath", "Growth Data", "Alpha")
    (muted,) = tree.nodes["Growth Data Channels"].outputs["Green"].links
    muted.is_muted = True
    live = [links_of(tree, name) for name in (hue, rough, glow)]
    assert live[0] == ({("Growth Colour", "Color")}, {("Colour", "Input"), ("Growth Emission", "Vector")})
    assert live[1] == ({("Growth Data Channels", "Red")}, {("Roughness", "Input")})
    assert live[2] == ({("Growth Data", "Alpha")}, {("Growth Emission", "Scale")})
    for _ in range(2):
        bpy.ops.nca.bake()
        assert links_of(tree, hue) == ({("Baked Linear Base Colour", "Color")}, live[0][1])
        assert links_of(tree, glow) == ({("Baked Glow", "Color")}, live[2][1])
        assert links_of(tree, rough) == ({("Baked Roughness", "Color")}, {("Roughness", "Input")})
        assert tree.nodes["Metallic"].inputs[0].links[0].is_muted
        assert tree.nodes["Height"].inputs[0].links[0].from_node.name == "Baked Height"
        bpy.ops.nca.free_bake()
        assert [links_of(tree, name) for name in (hue, rough, glow)] == live
        assert tree.nodes["Metallic"].inputs[0].links[0].is_muted


def test_a_picture_that_was_cut_off_stays_so(growing, tmp_path):
    material = growing.material(bake_start=1, bake_end=2, bake_folder=str(tmp_path))
    tree = material.nca.tree
    tree.links.remove(tree.nodes["Metallic"].inputs[0].links[0])
    bpy.ops.nca.bake()
    assert not tree.nodes["Metallic"].inputs[0].is_linked and tree.nodes["Roughness"].inputs[0].is_linked
    bpy.ops.nca.free_bake()
    assert not tree.nodes["Metallic"].inputs[0].is_linked and tree.nodes["Roughness"].inputs[0].is_linked


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


def test_what_the_artist_made_stays_where_the_overlay_is_made_anew(growing, tmp_path):
    """As it is where somebody has deleted of it, and in a file from before emission."""
    material = growing.material(bake_start=1, bake_end=2, bake_folder=str(tmp_path))
    tree = material.nca.tree
    hue = put_between(tree, "ShaderNodeHueSaturation", "Growth Colour", "Color")
    wanted = links_of(tree, hue)
    tree.nodes.remove(tree.nodes["Metallic"])
    bpy.ops.nca.bake()
    assert links_of(tree, hue)[1] == wanted[1]
    bpy.ops.nca.free_bake()
    assert links_of(tree, hue) == wanted
    assert sum(node.type == "GROUP_OUTPUT" for node in tree.nodes) == 1
    assert tree.nodes["Metallic"].inputs[0].links[0].from_node.name == "Growth Data Channels"


def test_a_growth_of_a_file_from_before_coordinates_gets_them(growing):
    material = growing.material()
    nca = material.nca
    for name in ("Growth Mapping", "Growth UV Map"):
        nca.tree.nodes.remove(nca.tree.nodes[name])
    first, second = pictures(material)
    own = nca.tree.nodes.new("ShaderNodeUVMap")
    nca.tree.links.new(own.outputs[0], first.inputs["Vector"])
    nca.version = 2
    growing.module("addon.material.migration").migrate()
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
