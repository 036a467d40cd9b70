# SPDX-License-Identifier: GPL-3.0-or-later
"""Growth order, front and coverage: what an artist links is there, live and baked; nothing is paid for the rest."""

from __future__ import annotations

import bpy
import numpy as np

from tests.blender.addon.stage import closest, render, stage

MAPS = {"coverage", "growth_order", "front"}


def link(material: bpy.types.Material, name: str) -> None:
    """Show an output of the growth's node as light."""
    nodes, links = material.node_tree.nodes, material.node_tree.links
    light = next(node for node in nodes if node.type == "EMISSION")
    links.new(nodes["Neural Growth"].outputs[name], light.inputs["Color"])


def test_what_is_linked_is_painted_and_baked_and_both_are_alike(growing, tmp_path):
    bpy.context.scene.frame_end = 9
    material = growing.material(bake_start=1, bake_end=6, bake_folder=str(tmp_path / "baked"))
    stage(material, "colour")
    bpy.context.scene.frame_set(3)
    assert material.nca.image_order is None, "nobody has asked for it"
    live = {}
    for name in ("Coverage", "Growth Order", "Front"):
        link(material, name)
        bpy.context.scene.frame_set(4)
        closest(material)
        live[name] = render(tmp_path, 5)[..., 0]
    order, front, covered = live["Growth Order"], live["Front"], live["Coverage"]
    assert order.min() < 0.1 and 0.2 < order[covered > 0].max() <= 1 and front.max() > 0.5
    assert front[np.unravel_index(order.argmin(), order.shape)] < front.max(), (
        "the oldest are behind the front"
    )
    assert bpy.ops.nca.bake() == {"FINISHED"}
    written = {
        path.name.split("_", 1)[1].rsplit("_", 1)[0] for path in (tmp_path / "baked").glob("*_0005.png")
    }
    assert written >= MAPS
    closest(material)
    for name, picture in live.items():
        link(material, name)
        np.testing.assert_allclose(render(tmp_path, 5)[..., 0], picture, atol=1 / 255, err_msg=name)
