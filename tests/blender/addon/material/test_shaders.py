# SPDX-License-Identifier: GPL-3.0-or-later
"""Any shader: a growth is seen on it, in every engine's output, and Remove gives back what it was made of."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
import pytest

from ..materials import describe

SIDE = 8
RED = (1.0, 0.0, 0.0)


def new_material(name: str = "Wall") -> bpy.types.Material:
    """A material on a plane, with an output alone."""
    bpy.ops.mesh.primitive_plane_add()
    material = bpy.data.materials.new(name)
    if bpy.app.version < (5, 0, 0):
        material.use_nodes = True
    bpy.context.object.data.materials.append(material)
    nodes = material.node_tree.nodes
    nodes.remove(nodes["Principled BSDF"])
    return material


def show(material: bpy.types.Material, kind: str, group=None, **values) -> bpy.types.Node:
    """Let the surface be one shader."""
    tree = material.node_tree
    node = tree.nodes.new(kind)
    if group is not None:
        node.node_tree = group
    for name, value in values.items():
        node.inputs[name].default_value = value
    tree.links.new(node.outputs[0], tree.nodes["Material Output"].inputs["Surface"])
    return node


def grouped(kind: str = "ShaderNodeBsdfPrincipled", depth: int = 1) -> bpy.types.NodeTree:
    """A group that gives a shader, or a group of such a group."""
    tree = bpy.data.node_groups.new("Look", "ShaderNodeTree")
    tree.interface.new_socket("Shader", in_out="OUTPUT", socket_type="NodeSocketShader")
    end = tree.nodes.new("NodeGroupOutput")
    if depth == 1:
        shader, noise = tree.nodes.new(kind), tree.nodes.new("ShaderNodeTexNoise")
        tree.links.new(noise.outputs[1], shader.inputs[0])
        place, frame = tree.nodes.new("ShaderNodeTexCoord"), tree.nodes.new("NodeFrame")
        tree.links.new(place.outputs[0], noise.inputs[0])
        # moved to and fro, they would be rounded to other places
        place.location.x, noise.parent = -913.8664, frame
        if bpy.app.version >= (4, 4, 0):
            frame.location_absolute, noise.location_absolute = (472.1, -896.21), (-98.3, 398.77)
    else:
        shader = tree.nodes.new("ShaderNodeGroup")
        shader.node_tree = grouped(kind, depth - 1)
    tree.links.new(shader.outputs[0], end.inputs[0])
    return tree


def principled() -> bpy.types.Material:
    material = new_material()
    show(material, "ShaderNodeBsdfPrincipled", **{"Coat Weight": 1.0, "Transmission Weight": 1.0})
    return material


def in_a_group() -> bpy.types.Material:
    material = new_material()
    show(material, "ShaderNodeGroup", grouped())
    return material


def in_a_group_of_a_group_that_others_use() -> bpy.types.Material:
    other = new_material("Other")
    bpy.context.object.location.x = 10
    material, look = new_material(), grouped(depth=2)
    for one in (material, other):
        show(one, "ShaderNodeGroup", look)
    return material


def two_mixed(first: str, second: str, mix: str = "ShaderNodeMixShader") -> bpy.types.Material:
    material = new_material()
    tree = material.node_tree
    both = show(material, mix)
    shaders = [socket for socket in both.inputs if socket.type == "SHADER"]
    for kind, socket in zip((first, second), shaders, strict=True):
        tree.links.new(tree.nodes.new(kind).outputs[0], socket)
    return material


def two_principled() -> bpy.types.Material:
    return two_mixed("ShaderNodeBsdfPrincipled", "ShaderNodeBsdfPrincipled")


def principled_and_glass() -> bpy.types.Material:
    return two_mixed("ShaderNodeBsdfPrincipled", "ShaderNodeBsdfGlass")


def principled_and_added_light() -> bpy.types.Material:
    return two_mixed("ShaderNodeBsdfPrincipled", "ShaderNodeEmission", "ShaderNodeAddShader")


def diffuse_and_glossy() -> bpy.types.Material:
    return two_mixed("ShaderNodeBsdfDiffuse", "ShaderNodeBsdfAnisotropic")


def group_of_another_shader() -> bpy.types.Material:
    material = new_material()
    show(material, "ShaderNodeGroup", grouped("ShaderNodeBsdfTranslucent"))
    return material


def colour_as_a_surface() -> bpy.types.Material:
    material = new_material()
    show(material, "ShaderNodeRGB").outputs[0].default_value = (0.0, 0.0, 1.0, 1.0)
    return material


def behind_reroutes() -> bpy.types.Material:
    material = new_material()
    shader, tree = show(material, "ShaderNodeBsdfPrincipled"), material.node_tree
    reroute = tree.nodes.new("NodeReroute")
    tree.links.new(shader.outputs[0], reroute.inputs[0])
    tree.links.new(reroute.outputs[0], tree.nodes["Material Output"].inputs["Surface"])
    return material


def an_output_for_each_engine() -> bpy.types.Material:
    material = new_material()
    show(material, "ShaderNodeBsdfPrincipled")
    tree = material.node_tree
    tree.nodes["Material Output"].target = "EEVEE"
    second = tree.nodes.new("ShaderNodeOutputMaterial")
    second.target = "CYCLES"
    tree.links.new(tree.nodes.new("ShaderNodeBsdfDiffuse").outputs[0], second.inputs["Surface"])
    return material


def a_group_without_anything_in_it() -> bpy.types.Material:
    """As one whose library is lost."""
    material, tree = new_material(), bpy.data.node_groups.new("Lost", "ShaderNodeTree")
    tree.interface.new_socket("Shader", in_out="OUTPUT", socket_type="NodeSocketShader")
    show(material, "ShaderNodeGroup", tree)
    return material


def an_output_in_a_group() -> bpy.types.Material:
    material, tree = new_material(), bpy.data.node_groups.new("Look", "ShaderNodeTree")
    own = material.node_tree.nodes
    own.remove(own["Material Output"])
    own.new("ShaderNodeGroup").node_tree = tree
    both, end = tree.nodes.new("ShaderNodeAddShader"), tree.nodes.new("ShaderNodeOutputMaterial")
    for socket in both.inputs:
        tree.links.new(tree.nodes.new("ShaderNodeEmission").outputs[0], socket)
    tree.links.new(both.outputs[0], end.inputs["Surface"])
    return material


def holes_alone() -> bpy.types.Material:
    material = new_material()
    show(material, "ShaderNodeBsdfTransparent")
    return material


def no_surface() -> bpy.types.Material:
    return new_material()


def no_output() -> bpy.types.Material:
    material = new_material()
    material.node_tree.nodes.clear()
    return material


def of(kind: str):
    def make() -> bpy.types.Material:
        material = new_material()
        show(material, kind)
        return material

    make.__name__ = kind
    return make


MATERIALS = [
    principled,
    in_a_group,
    in_a_group_of_a_group_that_others_use,
    two_principled,
    principled_and_glass,
    principled_and_added_light,
    diffuse_and_glossy,
    group_of_another_shader,
    colour_as_a_surface,
    behind_reroutes,
    an_output_for_each_engine,
    a_group_without_anything_in_it,
    an_output_in_a_group,
    holes_alone,
    no_surface,
    no_output,
    *(
        of(f"ShaderNode{kind}")
        for kind in (
            "BsdfDiffuse",
            "SubsurfaceScattering",
            "BsdfGlass",
            "BsdfToon",
            "BsdfHair",
            "Emission",
            "EeveeSpecular",
        )
    ),
]


def whole(material: bpy.types.Material) -> dict:
    """All that the material is made of: its tree, and the groups in it by name."""
    found, waiting = {"": describe(material.node_tree)}, [material.node_tree]
    while waiting:
        for node in waiting.pop().nodes:
            if node.type == "GROUP":
                found[node.node_tree.name] = describe(node.node_tree)
                waiting.append(node.node_tree)
    return found


def grow_red(material: bpy.types.Material, alpha: float) -> None:
    """Let the growth be red light of one strength everywhere, so that a render shows how much of it is seen."""
    for name, values in (("Growth Colour", (*RED, alpha)), ("Growth Data", (0.5, 0.0, 0.0, 1.0))):
        image = bpy.data.images.new(name, 2, 2, alpha=True, float_buffer=True, is_data=True)
        image.alpha_mode = "CHANNEL_PACKED"
        image.pixels.foreach_set(np.tile(np.float32(values), 4))
        material.nca.tree.nodes[name].image = image


def light_of(folder: Path) -> np.ndarray:
    """Mean light of the plane in Cycles, seen from above, where nothing else shines: red, green, blue, alpha."""
    scene = bpy.context.scene
    if scene.camera is None:
        camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
        camera.data.type, camera.data.ortho_scale, camera.location.z = "ORTHO", 1.0, 2.0
        scene.collection.objects.link(camera)
        scene.camera = camera
    scene.world = None
    scene.render.engine = "CYCLES"
    scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.max_bounces = 64, False, 0
    scene.render.resolution_x = scene.render.resolution_y = SIDE
    scene.render.film_transparent = True
    scene.render.image_settings.file_format, scene.render.image_settings.color_mode = "OPEN_EXR", "RGBA"
    scene.view_settings.view_transform = "Raw"
    scene.render.filepath = str(folder / "seen.exr")
    bpy.ops.render.render(write_still=True)
    image = bpy.data.images.load(str(folder / "seen.exr"), check_existing=False)
    pixels = np.empty(len(image.pixels), np.float32)
    image.pixels.foreach_get(pixels)
    bpy.data.images.remove(image)
    return pixels.reshape(-1, 4).mean(0)


@pytest.mark.parametrize("make", MATERIALS, ids=lambda make: make.__name__)
def test_a_growth_is_seen_on_any_shader_and_remove_restores_it(growing, tmp_path, make):
    material = make()
    before, groups = whole(material), {tree.name for tree in bpy.data.node_groups}
    assert bpy.ops.nca.new() == {"FINISHED"}
    grow_red(material, alpha=1.0)
    np.testing.assert_allclose(light_of(tmp_path)[:3], RED, atol=0.01)
    assert bpy.ops.nca.remove() == {"FINISHED"}
    assert whole(material) == before
    assert {tree.name for tree in bpy.data.node_groups} == groups


@pytest.mark.parametrize("make", [principled, of("ShaderNodeBsdfDiffuse")], ids=["fed", "covered"])
def test_a_growth_alone_is_transparent_where_nothing_grows(growing, tmp_path, make):
    material = make()
    before = whole(material)
    bpy.ops.nca.new()
    material.nca.ground = "INSTEAD"
    grow_red(material, alpha=0.25)
    np.testing.assert_allclose(light_of(tmp_path), (0.25, 0, 0, 0.25), atol=0.03)
    material.nca.ground = "OVER"
    grow_red(material, alpha=0.25)
    np.testing.assert_allclose(light_of(tmp_path), (0.25, 0, 0, 1.0), atol=0.03)
    bpy.ops.nca.remove()
    assert whole(material) == before


def test_others_that_show_a_group_do_not_grow_with_it(growing):
    material = in_a_group_of_a_group_that_others_use()
    other = bpy.data.materials["Other"]
    before = whole(other)
    bpy.ops.nca.new()
    assert whole(other) == before
    (group,) = growing.module("addon.material.node_group").group_nodes(material, material.nca.tree)
    assert group.id_data != material.node_tree


def test_what_an_artist_changes_in_a_group_while_it_grows_is_kept(growing):
    material = in_a_group()
    original = material.node_tree.nodes["Group"].node_tree
    original.use_fake_user = True
    bpy.ops.nca.new()
    own = material.node_tree.nodes["Group"].node_tree
    assert own != original
    own.nodes["Principled BSDF"].inputs["Coat Roughness"].default_value = 0.5
    bpy.ops.nca.remove()
    kept = material.node_tree.nodes["Group"].node_tree
    assert kept == own and kept.nodes["Principled BSDF"].inputs["Coat Roughness"].default_value == 0.5
    assert len(kept.nodes) == len(original.nodes)


@pytest.mark.skipif(bpy.app.version >= (5, 0, 0), reason="nodes are always on")
@pytest.mark.parametrize("has_tree", [True, False])
def test_plain_colours_of_a_material_without_nodes_lie_under_the_growth_and_come_back(growing, has_tree):
    material = principled() if has_tree else bpy.data.materials.new("Plain")
    output = material.node_tree.nodes["Material Output"] if has_tree else None
    material.use_nodes, material.diffuse_color = False, (0.0, 0.5, 0.0, 1.0)
    before = whole(material) if has_tree else None
    bpy.ops.nca.new(material=material.name)
    ground = material.node_tree.nodes["Neural Growth"].inputs["Ground Colour"]
    assert tuple(ground.default_value) == (0.0, 0.5, 0.0, 1.0)
    bpy.ops.nca.remove(material=material.name)
    assert not material.use_nodes
    assert before is None or (whole(material) == before and output.is_active_output)


def test_a_muted_link_stays_muted(growing):
    material = principled()
    tree = material.node_tree
    noise, shader = tree.nodes.new("ShaderNodeTexNoise"), tree.nodes["Principled BSDF"]
    tree.links.new(noise.outputs[0], shader.inputs["Roughness"]).is_muted = True
    bpy.ops.nca.new()
    (link,) = noise.outputs[0].links
    assert link.to_socket.name == "Ground Roughness" and link.is_muted
    bpy.ops.nca.remove()
    (link,) = noise.outputs[0].links
    assert link.to_node == shader and link.is_muted


def curves(tree: bpy.types.NodeTree, growing) -> list[str]:
    animation = tree.animation_data
    if animation is None:
        return []
    strips = [strip for track in animation.nla_tracks for strip in track.strips]
    holders = [animation] * (animation.action is not None) + strips
    module = growing.module("addon.host.animation")
    return [c.data_path for holder in holders for c in module._curves(holder)] + [
        c.data_path for c in animation.drivers
    ]


@pytest.mark.parametrize("how", ["keyframes", "driver", "NLA", "an action of two"])
def test_what_animates_the_ground_goes_on_and_comes_back(growing, how):
    material = principled()
    tree = material.node_tree
    roughness = tree.nodes["Principled BSDF"].inputs["Roughness"]
    other = None
    if how == "driver":
        driver = roughness.driver_add("default_value").driver
        driver.type, driver.expression = "SCRIPTED", "frame / 100"
    else:
        for frame, value in ((1, 0.0), (11, 1.0)):
            roughness.default_value = value
            roughness.keyframe_insert("default_value", frame=frame)
    animation = tree.animation_data
    if how == "NLA":
        strip = animation.nla_tracks.new().strips.new("keys", 1, animation.action)
        if hasattr(strip, "action_slot"):
            strip.action_slot = animation.action_slot
        animation.action = None
    elif how == "an action of two":
        other = material.copy().node_tree
        assert other.animation_data.action == animation.action
    before, beside = curves(tree, growing), curves(other, growing) if other else None
    bpy.ops.nca.new()
    scene, ground = bpy.context.scene, tree.nodes["Neural Growth"].inputs["Ground Roughness"]
    shown = []
    for frame in (1, 6, 11):
        scene.frame_set(frame)
        shown.append(material.evaluated_get(bpy.context.evaluated_depsgraph_get()))
        shown[-1] = shown[-1].node_tree.nodes["Neural Growth"].inputs["Ground Roughness"].default_value
    np.testing.assert_allclose(shown, (0.01, 0.06, 0.11) if how == "driver" else (0.0, 0.5, 1.0), atol=0.02)
    assert ground.path_from_id("default_value") in curves(tree, growing)
    assert beside is None or curves(other, growing) == beside
    bpy.ops.nca.remove()
    assert curves(tree, growing) == before


def test_a_growth_that_was_put_into_another_group_is_still_removed(growing):
    material = principled()
    before = whole(material)
    bpy.ops.nca.new()
    own, tree = material.node_tree, material.nca.tree
    for item in list(tree.interface.items_tree):
        item.name = f"My {item.name}"
    group = own.nodes["Neural Growth"]
    wrap = bpy.data.node_groups.new("Wrap", "ShaderNodeTree")
    wrap.interface.new_socket("Rough", in_out="INPUT", socket_type="NodeSocketFloat")
    wrap.interface.new_socket("Colour", in_out="OUTPUT", socket_type="NodeSocketColor")
    start, end = wrap.nodes.new("NodeGroupInput"), wrap.nodes.new("NodeGroupOutput")
    inside = wrap.nodes.new("ShaderNodeGroup")
    inside.node_tree = tree
    for key in group.keys():  # noqa: SIM118  a node is no mapping
        inside[key] = group[key]
    inside.inputs["My Ground Colour"].default_value = group.inputs["My Ground Colour"].default_value
    wrap.links.new(start.outputs[0], inside.inputs["My Ground Roughness"])
    wrap.links.new(inside.outputs["My Base Color"], end.inputs[0])
    own.nodes.remove(group)
    outer = own.nodes.new("ShaderNodeGroup")
    outer.node_tree = wrap
    own.links.new(outer.outputs[0], own.nodes["Principled BSDF"].inputs["Base Color"])
    assert bpy.ops.nca.remove() == {"FINISHED"}
    assert [node.type for node in wrap.nodes] == ["GROUP_INPUT", "GROUP_OUTPUT"]
    own.nodes.remove(outer)
    after = whole(material)[""]
    assert after[0] == before[""][0] and after[1] == before[""][1]


def test_sockets_with_other_names_are_found_by_remove(growing):
    material = principled()
    before = whole(material)
    bpy.ops.nca.new()
    for item in list(material.nca.tree.interface.items_tree):
        item.name = f"My {item.name}"
    assert bpy.ops.nca.wire() == {"FINISHED"}
    assert bpy.ops.nca.remove() == {"FINISHED"}
    assert whole(material) == before


def test_a_deleted_group_leaves_the_ground_to_the_material(growing):
    material = principled()
    tree = material.node_tree
    noise = tree.nodes.new("ShaderNodeTexNoise")
    tree.links.new(noise.outputs[1], tree.nodes["Principled BSDF"].inputs["Base Color"])
    before = whole(material)
    bpy.ops.nca.new()
    bpy.data.node_groups.remove(material.nca.tree)
    assert bpy.ops.nca.wire() == {"FINISHED"}
    assert tree.nodes["Neural Growth"].inputs["Ground Colour"].links[0].from_node == noise
    assert bpy.ops.nca.remove() == {"FINISHED"}
    assert whole(material) == before
