# SPDX-License-Identifier: GPL-3.0-or-later
"""Growth UV: a UV map of the growth's own with even cells, and nothing of the artist's is touched."""

from __future__ import annotations

import bpy
import numpy as np
import pytest

CELLS = 64


@pytest.fixture
def head(growing):
    """A material that grows over a sphere whose own UV map is uneven."""
    material = growing.material(width=CELLS, height=CELLS, pixels_per_cell=1, wrap=False)
    bpy.data.objects.remove(bpy.context.object)
    return on_sphere(material, "Head")


def on_sphere(material, name, x=0.0):
    """Show a material by a sphere of long and short faces."""
    bpy.ops.mesh.primitive_uv_sphere_add(segments=16, ring_count=8, location=(x, 0, 0))
    owner = bpy.context.object
    owner.name = owner.data.name = name
    for each in owner.data.uv_layers.active.uv:
        each.vector.x = each.vector.x**3
    owner.data.materials.append(material)
    return material


def uvs(owner, name):
    layer = owner.data.uv_layers[name]
    values = np.empty(2 * len(owner.data.loops), np.float32)
    layer.uv.foreach_get("vector", values)
    return values.reshape(-1, 2)


def state(owner):
    """What unwrapping might change and must not."""
    mesh = owner.data
    return (
        owner.mode,
        mesh.uv_layers.active.name,
        [layer.active_render for layer in mesh.uv_layers if layer.name != "Growth"],
        [edge.use_seam for edge in mesh.edges],
        [face.select for face in mesh.polygons],
        [face.hide for face in mesh.polygons],
        [one.select_get() for one in bpy.context.view_layer.objects],
        bpy.context.view_layer.objects.active,
        len(bpy.data.scenes),
        len(bpy.data.meshes),
        bpy.context.scene,
    )


def unevenness(growing, material):
    faces = growing.module("addon.surface.faces")
    return faces.faces_of(material, material.nca.uv_map, bpy.context).unevenness()


def test_cells_are_even_on_all_objects_together_and_the_artists_maps_stay(growing, head):
    on_sphere(head, "Other", x=5.0)
    owners = [bpy.data.objects["Head"], bpy.data.objects["Other"]]
    other = owners[1].data
    other.uv_layers.new(name="Second")
    other.uv_layers["Second"].active_render = True
    stone = bpy.data.materials.new("Stone")
    other.materials.append(stone)
    other.polygons[3].material_index = 1
    other.polygons[5].hide = other.polygons[5].select = True
    other.edges[7].use_seam = True
    head.nca.over = "MESH"
    assert "press Growth UV" in head.nca.surface_note
    before = unevenness(growing, head)
    own, kept = [uvs(one, "UVMap") for one in owners], [state(one) for one in owners]
    assert bpy.ops.nca.growth_uv() == {"FINISHED"}
    assert head.nca.uv_map == "Growth"
    assert [state(one) for one in owners] == kept
    for one, its in zip(owners, own, strict=True):
        np.testing.assert_array_equal(uvs(one, "UVMap"), its)
    assert unevenness(growing, head) < 1.3 < before
    surface = growing.module("addon.material.kept_surface").read_surface(head.nca)
    assert len(set(surface.shell.tolist())) == 2  # both, and each of its islands beside those of the other
    assert surface.on.mean() > 0.1
    assert "press Growth UV" not in head.nca.surface_note
    bpy.context.scene.frame_set(6)
    assert growing.shows(head, 6)
    # once more, in Edit Mode: the same map, and no second one
    bpy.context.view_layer.objects.active = owners[1]
    bpy.ops.object.mode_set(mode="EDIT")
    assert bpy.ops.nca.growth_uv(material=head.name) == {"FINISHED"}
    assert owners[1].mode == "EDIT"
    bpy.ops.object.mode_set(mode="OBJECT")
    assert [layer.name for layer in other.uv_layers] == ["UVMap", "Second", "Growth"]
    assert unevenness(growing, head) < 1.3


def test_a_mesh_without_uv_map_and_an_artists_map_of_that_name(growing, head):
    owner = bpy.data.objects["Head"]
    owner.data.uv_layers[0].name = "Growth"
    own = uvs(owner, "Growth")
    assert bpy.ops.nca.growth_uv() == {"FINISHED"}
    assert head.nca.uv_map == "Growth 2"
    np.testing.assert_array_equal(uvs(owner, "Growth"), own)
    while owner.data.uv_layers:
        owner.data.uv_layers.remove(owner.data.uv_layers[0])
    assert bpy.ops.nca.growth_uv() == {"FINISHED"}
    assert unevenness(growing, head) < 1.3


def test_what_cannot_be_unwrapped_is_said_and_nothing_is_changed(growing, head, tmp_path):
    owner = bpy.data.objects["Head"]
    while len(owner.data.uv_layers) < 8:
        owner.data.uv_layers.new(name="More")
    with pytest.raises(RuntimeError, match="8 UV maps"):
        bpy.ops.nca.growth_uv()
    assert (len(bpy.data.scenes), head.nca.uv_map, head.nca.over) == (1, "", "PICTURE")
    bpy.data.libraries.write(str(tmp_path / "mesh.blend"), {owner.data})
    with bpy.data.libraries.load(str(tmp_path / "mesh.blend"), link=True) as (_, to):
        to.meshes = ["Head"]
    owner.data = to.meshes[0]
    owner.material_slots[0].link = "OBJECT"
    owner.material_slots[0].material = head
    with pytest.raises(RuntimeError, match="linked, and cannot get a UV map"):
        bpy.ops.nca.growth_uv(material=head.name)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda uv: uv + [1.0, 0.0], "outside the UV square"),
        (lambda uv: uv % 0.5, "lie on each other"),
        (lambda uv: uv * [1.0, 0.1], "times as large as in others"),
    ],
)
def test_a_uv_map_on_which_a_part_does_not_grow_is_said(growing, head, change, said):
    owner = bpy.data.objects["Head"]
    on_sphere(head, "Other", x=5.0)
    other = bpy.context.object
    for one, shift in ((owner, 0.0), (other, 0.5)):
        flat = uvs(one, "UVMap") * [1.0, 0.45] + [0.0, shift]
        if one == other:
            flat = change(flat)
        one.data.uv_layers["UVMap"].uv.foreach_set("vector", flat.astype(np.float32).ravel())
    head.nca.over = "MESH"
    assert said in head.nca.surface_note
    bpy.data.objects.remove(other)
    owner.data.uv_layers["UVMap"].uv.foreach_set("vector", (uvs(owner, "UVMap") + 2).ravel())
    with pytest.raises(RuntimeError, match="All of the surface lies outside"):
        bpy.ops.nca.update_surface(material=head.name)
