# SPDX-License-Identifier: GPL-3.0-or-later
"""Habitat: where a growth may live and how fast is what the artist chose, and stays so whatever the scene becomes."""

from __future__ import annotations

import bpy
import numpy as np
import pytest

CELLS = 48
SIDES = {"left": 0, "back": 1, "right": 2, "front": 3, "bottom": 4, "top": 5}
"""Side of Blender's cube -> its number."""


@pytest.fixture
def cube(growing):
    """A material that grows over a cube of two metres, each side an island of its own."""
    material = growing.material(
        width=CELLS, height=CELLS, pixels_per_cell=1, wrap=False, seeds="SCATTERED", seed_count=200
    )
    bpy.data.objects.remove(bpy.context.object)
    bpy.ops.mesh.primitive_cube_add()
    owner = bpy.context.object
    for polygon in owner.data.polygons:
        corner = np.array([polygon.index % 3, polygon.index // 3]) / 3 + 0.04
        for loop, at in zip(polygon.loop_indices, ((0, 0), (1, 0), (1, 1), (0, 1)), strict=True):
            owner.data.uv_layers.active.uv[loop].vector = corner + 0.25 * np.array(at)
    owner.data.materials.append(material)
    material.nca.over = "MESH"
    return material


def meet(material, kind, **values):
    """Add a condition."""
    assert bpy.ops.nca.add_condition(material=material.name, kind=kind) == {"FINISHED"}
    condition = material.nca.conditions[-1]
    for name, value in values.items():
        setattr(condition, name, value)
    return condition


def side(grid, name, border=1):
    """The cells of a side of the cube, of a grid with row 0 at the top; cells at its border are mixed over the seam."""
    column, row = SIDES[name] % 3, SIDES[name] // 3
    low, high = 2 + border, 14 - border
    rows = slice(CELLS - CELLS // 3 * row - high, CELLS - CELLS // 3 * row - low)
    return grid[rows, CELLS // 3 * column + low : CELLS // 3 * column + high]


def met(growing, material, frame=0):
    """How well cells live at a frame, with row 0 at the top."""
    environment = growing.module("addon.material.growth").growth_of(material, frame).environment
    track = environment.habitable or environment.speed
    return track.at(frame).unpack(CELLS, CELLS)


def living(growing, material, frame=9):
    """Which pixels of a frame are covered, with row 0 at the top."""
    bpy.context.scene.frame_set(frame)
    return growing.pixels(material)[0][::-1, :, 3] > 0.1


def write_image(name, folder, white, size=CELLS):
    """An image that is white left of a column, as a file."""
    image = bpy.data.images.new(name, size, size)
    pixels = np.zeros((size, size, 4), np.float32)
    pixels[:, :white, :3], pixels[..., 3] = 1, 1
    image.pixels.foreach_set(pixels.ravel())
    image.filepath_raw, image.file_format = str(folder / f"{name}.png"), "PNG"
    image.save()
    return image


def test_it_grows_only_where_it_may_and_the_same_without_the_scene(growing, cube, tmp_path):
    condition = meet(cube, "FACING")
    shown = living(growing, cube)
    assert side(shown, "top").mean() > 0.9
    assert not any(side(shown, name).any() for name in SIDES if name != "top")
    condition.on = False
    assert side(living(growing, cube), "front").any()
    condition.on = True
    bpy.data.objects.remove(bpy.context.object)  # nothing is asked of the scene any more
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "habitat.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "habitat.blend"), load_ui=False)
    np.testing.assert_array_equal(living(growing, bpy.data.materials["Wood"]), shown)


def test_slow_cells_come_later_and_fast_ones_as_ever(growing, cube):
    condition = meet(cube, "FACING", acts="SPEED", least=0.0)
    shown = living(growing, cube, 4)
    assert side(shown, "top").mean() > 1.5 * side(shown, "front").mean()
    assert side(met(growing, cube), "front").max() == 0
    condition.least = 0.5
    np.testing.assert_allclose(side(met(growing, cube), "front"), 0.5, atol=0.01)


def test_each_kind_of_condition_holds_where_it_says(growing, cube, tmp_path):
    owner = bpy.context.object
    top = [vertex.index for vertex in owner.data.vertices if vertex.co.z > 0]
    owner.vertex_groups.new(name="Upper").add(top, 1.0, "REPLACE")
    colours = owner.data.color_attributes.new("Painted", "FLOAT_COLOR", "CORNER")
    for loop in owner.data.polygons[SIDES["left"]].loop_indices:
        colours.data[loop].color = (1, 1, 1, 1)
    for loop in owner.data.polygons[SIDES["right"]].loop_indices:
        colours.data[loop].color = (0, 0, 0, 1)
    owner.data.materials.append(cube)
    owner.data.polygons[SIDES["top"]].material_index = 1
    bpy.ops.object.empty_add(location=(0, 0, 2))
    empty = bpy.context.object
    bpy.ops.curve.primitive_bezier_curve_add(location=(0, 0, 1.1))
    curve = bpy.context.object
    curve.rotation_euler.z = 0.1
    bpy.context.view_layer.update()
    image = write_image("half", tmp_path, CELLS // 3)

    def holds(kind, yes, no, **values):
        cube.nca.conditions.clear()
        condition = meet(cube, kind, **values)
        assert condition.problem == ""
        grid = met(growing, cube)
        assert side(grid, yes)[4:8, 4:8].min() > 0.5 > side(grid, no)[4:8, 4:8].max(), kind

    holds("FACING", "bottom", "top", facing="DOWN")
    holds("FACING", "top", "front", facing="OBJECT", target=empty)
    holds("HEIGHT", "bottom", "top")
    holds("HEIGHT", "top", "bottom", invert=True)
    holds("SLOT", "top", "front", slot=2)
    bpy.context.view_layer.objects.active = owner
    for mode in ("EDIT", "OBJECT"):
        bpy.ops.object.mode_set(mode=mode)
        holds("GROUP", "top", "bottom", group="Upper")
        holds("ATTRIBUTE", "left", "right", attribute="Painted", channel="RED")
    holds("DISTANCE", "top", "front", target=empty, distance=1.4)
    holds("DISTANCE", "top", "bottom", target=curve, distance=0.3)
    holds("DISTANCE", "front", "top", target=curve, distance=0.3, invert=True)
    holds("IMAGE", "left", "back", image=image)
    holds("IMAGE", "back", "left", image=image, invert=True)


def test_crevices_are_hollow_and_edges_stick_out(growing, cube):
    owner = bpy.context.object
    owner.scale = (1, 1, 0.2)
    bpy.ops.mesh.primitive_cube_add(location=(0, 0, 0.9), scale=(0.3, 0.3, 1))
    other = bpy.context.object
    for each in other.data.uv_layers.active.uv:
        each.vector = (0.99, 0.99)  # it only stands there
    other.data.materials.append(cube)
    bpy.context.view_layer.update()
    cube.nca.over = "PICTURE"
    meet(cube, "CREVICES", reach=0.3)
    grid = side(met(growing, cube), "top", border=0)
    assert grid[3:9, 3:9].max() > 0.9  # around the foot of the pillar
    assert grid[[0, 0, -1, -1], [0, -1, 0, -1]].max() < 0.2
    bpy.data.objects.remove(other)
    owner.scale.z = 1
    bpy.context.view_layer.update()
    cube.nca.conditions.clear()
    meet(cube, "EDGES", reach=0.05)
    grid = side(met(growing, cube), "top", border=0)
    assert grid[0].min() > 0.5 and grid[:, -1].min() > 0.5
    assert grid[5:7, 1:3].max() < 0.1


def straightness(grid):
    """How much values differ along a height on the front."""
    front = side(grid, "front")
    return min(np.ptp(front, axis=axis).max() for axis in (0, 1))


def test_a_ragged_border_is_the_same_on_every_machine(growing, cube):
    condition = meet(cube, "HEIGHT", ragged=1.0)
    ragged, digest = met(growing, cube), condition.kept_digest
    growing.module("addon.habitat.recording").forget()
    condition.ragged = 0.0
    assert condition.kept_digest != digest
    assert straightness(met(growing, cube)) < 0.02
    assert straightness(ragged) > 0.3
    condition.ragged = 1.0
    assert condition.kept_digest == digest


def test_a_sequence_follows_its_frames(growing, cube, tmp_path):
    for number in range(1, 4):
        write_image(f"wipe_{number:03d}", tmp_path, CELLS // 3 * number)
    image = bpy.data.images.load(str(tmp_path / "wipe_001.png"))
    image.source = "SEQUENCE"
    recording = growing.module("addon.habitat.recording")
    condition = meet(cube, "IMAGE", image=image, first_frame=2)
    assert recording.is_outdated(cube, bpy.context)  # one picture alone is recorded
    assert bpy.ops.nca.update_habitat(material="Wood") == {"FINISHED"}
    image.update_tag()  # as when another frame of it is seen
    bpy.context.view_layer.update()
    assert not recording.is_outdated(cube, bpy.context)
    shares = [float(met(growing, cube, frame).mean()) for frame in (0, 2, 3, 4, 9)]
    np.testing.assert_allclose(shares, [1 / 3, 1 / 3, 2 / 3, 1, 1], atol=0.02)
    (tmp_path / "wipe_002.png").unlink()
    (tmp_path / "wipe_001.png").unlink()
    (tmp_path / "wipe_003.png").unlink()
    bpy.ops.nca.update_habitat(material="Wood")
    assert "find its file" in condition.problem
    assert met(growing, cube, 3).mean() == pytest.approx(2 / 3, abs=0.02)


def test_what_moves_in_the_scene_is_recorded_and_every_frame_is_the_same_however_it_is_reached(growing, cube):
    scene = bpy.context.scene
    scene.frame_start, scene.frame_end = 1, 5
    scene.frame_set(1)
    bpy.ops.object.empty_add(location=(0, 0, 3))
    empty = bpy.context.object
    for frame, height in ((1, 3.0), (5, -3.0)):
        empty.location.z = height
        empty.keyframe_insert("location", frame=frame)
    near = meet(cube, "DISTANCE", target=empty, distance=2.5, soft=0.1)
    recording = growing.module("addon.habitat.recording")
    assert not recording.is_outdated(cube, bpy.context)
    near.over_frames = True
    assert recording.is_outdated(cube, bpy.context), "its frames were not gone through yet"
    scene.frame_set(3)
    assert bpy.ops.nca.update_habitat(material="Wood") == {"FINISHED"}
    assert scene.frame_current == 3 and not recording.is_outdated(cube, bpy.context)
    start = cube.nca.start_frame
    first, last = met(growing, cube, 1 - start), met(growing, cube, 5 - start)
    for grid, near_it, far in ((first, "top", "bottom"), (last, "bottom", "top")):
        assert side(grid, near_it).mean() > 0.9 and side(grid, far).mean() < 0.1
    shown = {frame: living(growing, cube, frame) for frame in (2, 5, 3)}
    assert (shown[2] != shown[5]).any()
    bpy.ops.nca.restart_engine()
    for frame in (5, 2, 3):
        np.testing.assert_array_equal(living(growing, cube, frame), shown[frame])


def test_a_movie_follows_its_frames_and_stays_where_the_artist_sees_it(growing, cube, tmp_path):
    scene = bpy.data.scenes.new("Movie")
    names = [write_image(f"m_{number}", tmp_path, 16 * number).filepath_raw for number in range(1, 4)]
    editor = scene.sequence_editor_create()
    strips = editor.strips if hasattr(editor, "strips") else editor.sequences
    strip = strips.new_image("m", names[0], 1, 1)
    for name in ("m_2.png", "m_3.png"):
        strip.elements.append(name)
    scene.frame_end, scene.render.resolution_x, scene.render.resolution_y = 3, CELLS, CELLS
    settings = scene.render.image_settings
    if hasattr(settings, "media_type"):
        settings.media_type = "VIDEO"
    settings.file_format, scene.render.ffmpeg.format = "FFMPEG", "MPEG4"
    scene.render.filepath, scene.render.use_file_extension = str(tmp_path / "m.mp4"), False
    bpy.ops.render.render(animation=True, scene="Movie")
    movie = bpy.data.images.load(str(tmp_path / "m.mp4"))
    before = len(bpy.data.images)
    meet(cube, "IMAGE", image=movie)
    bpy.ops.nca.update_habitat(material="Wood")
    shares = [float((met(growing, cube, frame) > 0.5).mean()) for frame in range(3)]
    np.testing.assert_allclose(shares, [1 / 3, 2 / 3, 1], atol=0.05)
    assert len(bpy.data.images) == before and not movie.is_dirty


def test_what_is_gone_is_said_and_the_growth_stays_as_it_was(growing, cube, tmp_path):
    owner = bpy.context.object
    bpy.ops.object.empty_add(location=(0, 0, 1.5))
    empty = bpy.context.object
    owner.vertex_groups.new(name="Upper").add([0], 1.0, "REPLACE")
    image = write_image("half", tmp_path, 20)
    near = meet(cube, "DISTANCE", target=empty, distance=1.0)
    group = meet(cube, "GROUP", group="Upper", invert=True)
    picture = meet(cube, "IMAGE", image=image, acts="SPEED")
    nameless = meet(cube, "ATTRIBUTE", attribute="Gone")
    assert "has no attribute “Gone”" in nameless.problem
    growth = growing.module("addon.material.growth")
    before = growth.growth_of(cube, 3)
    bpy.data.objects.remove(empty)
    owner.vertex_groups.clear()
    image.source, image.filepath = "FILE", str(tmp_path / "nowhere.png")
    image.reload()
    assert bpy.ops.nca.update_habitat(material="Wood") == {"FINISHED"}
    assert "Choose its object" in near.problem
    assert "no vertex group “Upper”" in group.problem
    assert "find its file" in picture.problem
    assert growth.growth_of(cube, 3) is before
    said = growing.module("addon.habitat.panel").problems_of(cube)
    assert sum(bool(one) for one in said) == 4


def test_a_changed_scene_is_told_and_taken_with_one_click(growing, cube):
    recording = growing.module("addon.habitat.recording")
    condition = meet(cube, "HEIGHT", bottom=0.5, top=5.0)
    owner = bpy.context.object
    assert not recording.is_outdated(cube, bpy.context)
    before = condition.kept_digest
    owner.location.z = 1.0
    bpy.context.view_layer.update()
    assert recording.is_outdated(cube, bpy.context)
    assert condition.kept_digest == before
    assert bpy.ops.nca.update_habitat(material="Wood") == {"FINISHED"}
    assert condition.kept_digest != before and not recording.is_outdated(cube, bpy.context)
    cube.nca.width = 64  # by itself
    assert growing.module("addon.material.growth").growth_of(cube, 0).environment.habitable.at(0).width == 64


def test_each_preset_leaves_a_place_and_seeds_that_live(growing):
    material = growing.material(width=40, height=40, pixels_per_cell=1)
    bpy.data.objects.remove(bpy.context.object)
    bpy.ops.curve.primitive_bezier_curve_add(location=(0, -0.7, 0.2))
    curve = bpy.context.object
    bpy.ops.mesh.primitive_monkey_add()
    monkey = bpy.context.object
    monkey.data.materials.append(material)
    material.nca.over = "MESH"
    curve.select_set(True)
    bpy.context.view_layer.update()
    seeding = growing.module("addon.habitat.seeding")
    for name in growing.module("addon.habitat.presets").PRESETS:
        material.nca.seeds = "CENTRE"
        assert bpy.ops.nca.habitat(material="Wood", preset=name, alone=True) == {"FINISHED"}
        (condition,) = material.nca.conditions
        assert condition.problem == "", name
        good = growing.module("addon.habitat.kept").goodness(material)
        assert 0.005 < (good > 0.5).mean() < 0.95, name
        assert material.nca.seeds == "POINTS" and len(material.nca.points) > 3
        assert seeding.why_nothing_lives(material) == ""
    bpy.ops.nca.habitat(material="Wood", preset="ABOVE", alone=True)
    material.nca.points.clear()
    material.nca.points.add().at = (0.001, 0.001)
    material.nca.conditions[0].invert = True
    bpy.ops.nca.habitat(material="Wood", preset="BELOW")
    assert len(material.nca.conditions) == 2


def test_what_is_painted_is_followed_and_saved_with_the_file(growing, cube, tmp_path):
    assert bpy.ops.nca.paint_condition(material="Wood", kind="IMAGE") == {"FINISHED"}
    (condition,) = cube.nca.conditions
    assert bpy.context.object.mode == "TEXTURE_PAINT"
    assert bpy.context.tool_settings.image_paint.canvas == condition.image
    assert met(growing, cube).min() == 1  # white: it is as it was
    image = condition.image
    pixels = np.ones((*image.size, 4), np.float32)
    pixels[:, pixels.shape[1] // 2 :, :3] = 0
    image.pixels.foreach_set(pixels.ravel())
    image.update_tag()
    bpy.context.view_layer.update()
    assert met(growing, cube).mean() == pytest.approx(0.5, abs=0.02)
    cube.nca.conditions.clear()
    assert bpy.ops.nca.paint_condition(material="Wood", kind="ATTRIBUTE") == {"FINISHED"}
    mesh = bpy.context.object.data
    assert (bpy.context.object.mode, met(growing, cube).min()) == ("VERTEX_PAINT", 1)
    for corner in mesh.color_attributes[cube.nca.conditions[0].attribute].data:
        corner.color = (0, 0, 0, 1)
    mesh.update()
    bpy.context.view_layer.update()
    assert met(growing, cube).max() == 0
    meet(cube, "IMAGE", image=image)
    bpy.ops.object.mode_set(mode="OBJECT")
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "painted.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "painted.blend"), load_ui=False)
    image = bpy.data.materials["Wood"].nca.conditions[1].image
    saved = np.empty(len(image.pixels), np.float32)
    image.pixels.foreach_get(saved)
    assert saved.reshape(pixels.shape)[..., 0].mean() == pytest.approx(0.5, abs=0.01)
