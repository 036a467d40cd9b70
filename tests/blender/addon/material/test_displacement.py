# SPDX-License-Identifier: GPL-3.0-or-later
"""A growth that moves the surface itself."""

from __future__ import annotations

import bpy


def test_displacement_is_added_to_what_moved_the_surface_and_taken_back(growing, rich):
    nodes, links = rich.node_tree.nodes, rich.node_tree.links
    own, output = nodes.new("ShaderNodeDisplacement"), nodes["Material Output"]
    links.new(own.outputs[0], output.inputs["Displacement"])
    rich.displacement_method = "DISPLACEMENT"
    assert bpy.ops.nca.new() == {"FINISHED"}
    rich.nca.displaces = True
    both = output.inputs["Displacement"].links[0].from_node
    fed = {socket.links[0].from_node.name for socket in both.inputs if socket.is_linked}
    assert fed == {own.name, "Neural Growth"} and rich.displacement_method == "BOTH"
    rich.nca.ground = "INSTEAD"
    assert rich.nca.displaces and output.inputs["Displacement"].links[0].from_node != own
    assert bpy.ops.nca.remove() == {"FINISHED"}
    assert output.inputs["Displacement"].links[0].from_node == own
    assert rich.displacement_method == "DISPLACEMENT"
