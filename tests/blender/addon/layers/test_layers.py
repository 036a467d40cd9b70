# SPDX-License-Identifier: GPL-3.0-or-later
"""Layers: each species grows where the artist said, keyed, undone, saved, baked and taken away with nothing lost."""

from __future__ import annotations

import bpy
import numpy as np
import pytest

from blender_nca.maps.sequence import frame_path
from tests.blender.addon.conftest import DNA, HEIGHT, WIDTH
from tests.pictures import read_png

LEFT = WIDTH // 2


def growth_of(growing, material, frame=9):
    return growing.module("addon.material.growth").growth_of(material, frame)


def halves(name="half"):
    """An image that is white on its left."""
    image = bpy.data.images.new(name, WIDTH, HEIGHT)
    pixels = np.zeros((HEIGHT, WIDTH, 4), np.float32)
    pixels[:, :LEFT, :3], pixels[..., 3] = 1, 1
    image.pixels.foreach_set(pixels.ravel())
    image.pack()
    return image


def add(material, species="Cedar", **values):
    assert bpy.ops.nca.add_layer(material=material.name, species=species) == {"FINISHED"}
    layer = material.nca.layers[-1]
    for name, value in values.items():
        setattr(layer, name, value)
    return layer


def shown(growing, material, frame=30):
    bpy.context.scene.frame_set(frame)
    assert growing.shows(material, frame)
    return growing.pixels(material)


def test_a_layer_grows_in_its_region_and_as_much_as_its_weight_says(growing, tmp_path):
    material = growing.material(wrap=False)
    alone = shown(growing, material)
    assert growth_of(growing, material).key == growth_of(growing, material).key
    layer = add(material, border=0.0)
    assert (layer.name, layer.parent.dna) == ("Cedar", DNA["Cedar"])
    layer.weight = 0.0
    np.testing.assert_array_equal(shown(growing, material), alone)
    layer.weight = 1.0
    layer.place = "IMAGE"
    assert "Choose its image" in layer.region.problem
    np.testing.assert_array_equal(shown(growing, material), alone)
    layer.region.image = halves()
    region = growth_of(growing, material).genotypes[1].region.unpack(HEIGHT, WIDTH)
    assert region[:, :LEFT].min() == 1 and region[:, LEFT:].max() == 0
    both = shown(growing, material)
    assert np.abs(both - alone)[:, :, :8].mean() > 3 * np.abs(both - alone)[:, :, -4:].mean()
    layer.on = False
    np.testing.assert_array_equal(shown(growing, material), alone)
    layer.on = True
    path = str(tmp_path / "layers.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.open_mainfile(filepath=path)
    material = bpy.data.materials["Wood"]
    bpy.data.images.remove(material.nca.layers[0].region.image)  # growing asks for it no more
    np.testing.assert_array_equal(shown(growing, material), both)


def test_a_region_that_moves_is_recorded_over_the_frames(growing):
    material, scene = growing.material(wrap=False), bpy.context.scene
    scene.frame_start, scene.frame_end = 1, 5
    bpy.ops.object.empty_add()
    empty = bpy.context.object
    for frame, x in ((1, -1.0), (5, 1.0)):
        empty.location.x = x
        empty.keyframe_insert("location", frame=frame)
    bpy.ops.mesh.primitive_plane_add()
    bpy.context.object.data.materials.append(material)
    scene.frame_set(1)
    layer = add(material, border=0.0)
    layer.place, layer.region.target, layer.region.distance = "DISTANCE", empty, 1.0
    recording = growing.module("addon.habitat.recording")
    layer.region.over_frames = True
    assert recording.is_outdated(material, bpy.context), "its frames were not gone through yet"
    assert bpy.ops.nca.update_habitat(material="Wood") == {"FINISHED"}
    assert not recording.is_outdated(material, bpy.context)
    track = growth_of(growing, material).genotypes[1].region_track
    first, last = (track.at(frame).unpack(HEIGHT, WIDTH) for frame in (0, 4))
    assert first[:, :2].mean() > 0.5 > 0.1 > first[:, -2:].mean()
    assert last[:, -2:].mean() > 0.5 > 0.1 > last[:, :2].mean()
    moved = shown(growing, material, 5)
    layer.region.over_frames = False
    assert growth_of(growing, material).genotypes[1].region_track is None
    assert np.abs(shown(growing, material, 6) - moved).max() > 0


def test_weights_have_keyframes_that_go_with_their_layer(growing):
    material = growing.material()
    add(material)
    second = add(material, "Ash")
    second.weight = 0.0
    second.keyframe_insert("weight", frame=1)
    second.weight = 1.0
    second.keyframe_insert("weight", frame=11)
    strengths = growth_of(growing, material).genotypes[2].strength
    assert strengths[0] == 0 and 0.4 < strengths[5] < 0.6 and strengths[-1] == 1
    assert growth_of(growing, material).genotypes[1].strength == (1.0,)
    bpy.ops.ed.undo_push(message="keyed")
    assert bpy.ops.nca.move_layer(step=-1) == {"FINISHED"}
    growth = growth_of(growing, material)
    assert growth.genotypes[1].strength == strengths and growth.genotypes[1].dnas == (DNA["Ash"],)
    material.nca.layer_index = 1
    assert bpy.ops.nca.remove_layer() == {"FINISHED"}
    growth = growth_of(growing, material)
    assert len(growth.genotypes) == 2 and growth.genotypes[1].strength == strengths
    bpy.ops.ed.undo_push(message="removed")
    bpy.ops.ed.undo()
    material = bpy.data.materials["Wood"]
    assert [layer.parent.species for layer in material.nca.layers] == ["Cedar", "Ash"]
    assert growth_of(growing, material).genotypes[2].strength == strengths
    material.nca.layer_index = 1
    bpy.ops.nca.remove_layer()
    curves = growing.module("addon.host.keyframes").fcurves_of(material)
    assert not list(curves), "its keyframes go with it"


def test_seeds_begin_with_the_species_of_their_layer_and_fronts_meet(growing, tmp_path):
    material = growing.material(width=32, height=16, wrap=False, steps_per_frame=1.0)
    nca = material.nca
    assert bpy.ops.nca.plant_seed(at=(0.9, 0.5), layer=-1) == {"FINISHED"}
    assert len(nca.layers) == 1 and nca.meeting == "NEAREST", "a layer is there for it"
    assert [point.layer for point in nca.points] == [0, 1], "what began in the middle begins there still"
    growth = growth_of(growing, material)
    assert growth.seeds.layers == (0, 1) and growth.meeting == "nearest"
    nearest = shown(growing, material, 40)
    nca.bake_start = nca.bake_end = 40
    nca.bake_folder = str(tmp_path)
    assert bpy.ops.nca.bake() == {"FINISHED"}
    baked = read_png(frame_path(tmp_path, "Wood", "linear_base_colour", 40))[::-1]
    np.testing.assert_allclose(baked, nearest[0], atol=1e-5)
    assert bpy.ops.nca.free_bake() == {"FINISHED"}
    nca.meeting = "NONE"
    assert (shown(growing, material, 40)[0, ..., 3] < 0.1).mean() > (nearest[0, ..., 3] < 0.1).mean()
    nca.seeds, nca.seed_count, nca.meeting = "SCATTERED", 4, "NEAREST"
    assert bpy.ops.nca.plant_seed(at=(0.4, 0.1), layer=1) == {"FINISHED"}
    assert sorted(point.layer for point in nca.points) == [0, 0, 1, 1, 1], "scattered ones keep their species"
    for _ in range(3):
        nca.points.remove(0)
    nca.points[0].layer, nca.points[1].layer = 0, 1
    add(material, "Birch")
    assert bpy.ops.nca.plant_seed(at=(0.1, 0.9), layer=2) == {"FINISHED"}
    nca.layers[0].on = False
    assert growth_of(growing, material).seeds.layers == (0, 0, 1)
    nca.layer_index = 0
    bpy.ops.nca.remove_layer()
    assert [point.layer for point in nca.points] == [0, 0, 1]
    nca.meeting = "MIX"
    assert growth_of(growing, material).seeds.layers == ()


def test_a_layer_is_painted_from_nothing(growing):
    material = growing.material(wrap=False)
    layer = add(material)
    assert bpy.ops.nca.paint_layer() == {"FINISHED"} and layer.place == "IMAGE"
    assert bpy.context.object.mode == "TEXTURE_PAINT"
    image = layer.region.image
    assert image.pixels[0] == 0 and growth_of(growing, material).genotypes[1].region.unpack(4, 4).max() == 0
    pixels = np.ones(len(image.pixels), np.float32)
    image.pixels.foreach_set(pixels)
    image.update_tag()
    bpy.context.view_layer.update()
    assert growth_of(growing, material).genotypes[1].region.unpack(4, 4).min() == 1, "each stroke is followed"
    bpy.ops.object.mode_set(mode="OBJECT")
    assert bpy.ops.nca.paint_layer(kind="GROUP") == {"FINISHED"}
    group = bpy.context.object.vertex_groups[layer.region.group]
    assert group.weight(0) == 0 and bpy.context.object.mode == "WEIGHT_PAINT"
    bpy.ops.object.mode_set(mode="OBJECT")
    layer.place = "GRADIENT"
    layer.region.axis = "X"
    region = growth_of(growing, material).genotypes[1].region.unpack(HEIGHT, WIDTH)
    assert region[:, :4].max() == 0 and region[:, -4:].min() == 1
    preset = growing.module("addon.presets.preset")
    kept = preset.check(preset.describe(material.nca))
    other = growing.material("Stone")
    assert preset.apply(other.nca, kept) == []
    assert growth_of(growing, other).genotypes == growth_of(growing, material).genotypes, "as a preset, too"


def test_layers_that_cannot_grow_say_so_and_keep_what_they_are(growing):
    material = growing.material()
    material.nca.a.text = "GGGGGGGG"
    assert bpy.ops.nca.add_layer(source="A") == {"FINISHED"}
    assert material.nca.layers[0].parent.dna == "GGGGGGGG", "what was edited or bred, too"
    for _ in range(6):
        add(material)
    assert len(growth_of(growing, material).genotypes) == 8
    with pytest.raises(RuntimeError, match="up to 7 layers"):
        bpy.ops.nca.add_layer()
    material.nca.layers[3].parent.manifold = "elsewhere"
    picture = growing.module("addon.playback.picture")
    bpy.context.scene.frame_set(3)
    assert "“Cedar” is of the model “elsewhere”" in picture.picture_of(material).problem
    material.nca.layers[3].on = False
    bpy.context.scene.frame_set(4)
    assert growing.shows(material, 4)
