# SPDX-License-Identifier: GPL-3.0-or-later
"""Coordinates through a bake: its pictures lie where the live ones did, with what an artist linked to these."""

from __future__ import annotations

import bpy
import numpy as np

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
from ..stage import HEIGHT, WIDTH, expected_live, render


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
