# SPDX-License-Identifier: GPL-3.0-or-later
"""The scene of the sheet of lights: a cushion of a material on a floor, under a low sun, a cloudy sky, or lit from
behind. And the plane on which what bakes write is compared with what Cycles sees."""

from __future__ import annotations

import math

import bpy
import numpy as np

FLAT, ROUND = 0.34, 0.56
"""Half the flat part of the cushion, and the radius of its rounding, in metres."""
VERTICES = 320
"""A side of the cushion: the growth's relief moves them."""
LIGHTS = ("Low Sun", "Cloudy Sky", "From Behind")


def add_cushion(material: bpy.types.Material) -> bpy.types.Object:
    """A sheet laid over a rounded block and closed below, so that the material lies on it without a stretch or a seam.

    As light goes into it, it has to be closed.
    """
    reach = FLAT + ROUND * math.pi / 2 * 0.92
    u, v = (part.ravel() for part in np.meshgrid(*[np.linspace(0, 1, VERTICES, dtype=np.float64)] * 2))
    place = (np.stack([u, v]) * 2 - 1) * reach
    inner = place.clip(-FLAT, FLAT)
    beyond = place - inner
    length = np.maximum(np.hypot(*beyond), 1e-9)
    angle = np.minimum(length / ROUND, math.pi * 0.6)
    across = inner + beyond / length * ROUND * np.sin(angle)
    vertices = np.stack([*across, ROUND * np.cos(angle)], 1)
    vertices[:, 2] -= vertices[:, 2].min()
    grid = np.arange(VERTICES**2).reshape(VERTICES, VERTICES)
    quads = np.stack([grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]], -1).reshape(-1, 4)
    border = [*grid[0, :], *grid[1:, -1], *grid[-1, -2::-1], *grid[-2:0:-1, 0]]
    mesh = bpy.data.meshes.new("Cushion")
    mesh.from_pydata(vertices.tolist(), [], [*quads.tolist(), [int(n) for n in reversed(border)]])
    layer = mesh.uv_layers.new(name="UVMap")
    corners = np.empty(len(mesh.loops), np.int32)
    mesh.loops.foreach_get("vertex_index", corners)
    layer.data.foreach_set("uv", np.stack([u[corners], v[corners]], 1).astype(np.float32).ravel())
    mesh.shade_smooth()
    cushion = bpy.data.objects.new("Cushion", mesh)
    bpy.context.scene.collection.objects.link(cushion)
    cushion.data.materials.append(material)
    cushion.rotation_euler.z = math.radians(24)
    return cushion


def set_stage(pixels: int, samples: int) -> None:
    """A floor, a camera, and Cycles."""
    scene = bpy.context.scene
    bpy.ops.mesh.primitive_plane_add(size=30)
    floor = bpy.data.materials.new("Floor")
    if bpy.app.version < (5, 0):
        floor.use_nodes = True
    principled = floor.node_tree.nodes["Principled BSDF"]
    principled.inputs["Base Color"].default_value = (0.16, 0.16, 0.165, 1)
    principled.inputs["Roughness"].default_value = 0.7
    bpy.context.object.data.materials.append(floor)
    camera = bpy.data.cameras.new("Camera")
    camera.lens = 86
    scene.camera = bpy.data.objects.new("Camera", camera)
    scene.camera.location = (0, -4.6, 3.2)
    look_at(scene.camera, (0.03, 0, 0.3))
    scene.collection.objects.link(scene.camera)
    scene.render.engine = "CYCLES"
    scene.cycles.samples, scene.cycles.use_denoising = samples, True
    # what is seen of the growth leads it, or it smears fine relief
    scene.cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    scene.cycles.max_bounces, scene.cycles.sample_clamp_indirect = 8, 1.5
    scene.cycles.caustics_reflective = scene.cycles.caustics_refractive = False
    scene.render.resolution_x = scene.render.resolution_y = pixels
    scene.render.image_settings.file_format = "PNG"
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"


def light(name: str) -> None:
    """Light the scene as one of `LIGHTS`, and by nothing else."""
    for lamp in [one for one in bpy.data.objects if one.type == "LIGHT"]:
        bpy.data.objects.remove(lamp)
    if name == "Low Sun":
        sun = _lamp("Sun", "SUN", (-6.0, -2.2, 1.9), (1.0, 0.88, 0.72), 6.5)
        sun.angle = math.radians(1.0)
        _sky((0.10, 0.14, 0.22), (0.16, 0.17, 0.19))
    elif name == "Cloudy Sky":
        # Moon and Spencer's overcast sky (1942): three times as bright above as at the horizon
        _sky((1.35, 1.38, 1.43), (0.45, 0.46, 0.477))
    else:
        behind = _lamp("Behind", "AREA", (0.9, 3.2, 1.15), (1.0, 0.95, 0.88), 520.0)
        behind.size = 1.6
        _sky((0.13, 0.145, 0.17), (0.09, 0.095, 0.105))


def _lamp(
    name: str,
    kind: str,
    place: tuple[float, float, float],
    colour: tuple[float, float, float],
    energy: float,
) -> bpy.types.Light:
    lamp = bpy.data.lights.new(name, kind)
    lamp.color, lamp.energy = colour, energy
    thing = bpy.data.objects.new(name, lamp)
    thing.location = place
    look_at(thing, (0, 0, 0.35))
    bpy.context.scene.collection.objects.link(thing)
    return lamp


def _sky(above: tuple[float, float, float], horizon: tuple[float, float, float]) -> None:
    scene = bpy.context.scene
    world = scene.world = scene.world or bpy.data.worlds.new("Sky")
    if bpy.app.version < (5, 0):
        world.use_nodes = True
    tree = world.node_tree
    tree.nodes.clear()
    place = tree.nodes.new("ShaderNodeTexCoord")
    parts = tree.nodes.new("ShaderNodeSeparateXYZ")
    mix = tree.nodes.new("ShaderNodeMix")
    mix.data_type = "RGBA"
    background = tree.nodes.new("ShaderNodeBackground")
    out = tree.nodes.new("ShaderNodeOutputWorld")
    tree.links.new(place.outputs["Generated"], parts.inputs[0])
    sockets = {one.identifier: one for one in (*mix.inputs, *mix.outputs)}
    tree.links.new(parts.outputs["Z"], sockets["Factor_Float"])
    sockets["A_Color"].default_value, sockets["B_Color"].default_value = (*horizon, 1), (*above, 1)
    tree.links.new(sockets["Result_Color"], background.inputs["Color"])
    tree.links.new(background.outputs[0], out.inputs[0])


def look_at(thing: bpy.types.Object, point: tuple[float, float, float]) -> None:
    """Turn a lamp or a camera towards a point."""
    from mathutils import Vector

    thing.rotation_euler = (Vector(point) - thing.location).to_track_quat("-Z", "Y").to_euler()


def add_tiles(material: bpy.types.Material, pixels: int, around: int = 1) -> bpy.types.Object:
    """A square of 1 m with as many more on each side as `around` says, a vertex in the middle of each texel, on which
    the material repeats."""
    tiles = 2 * around + 1
    side = tiles * pixels
    places = (np.arange(side, dtype=np.float64) + 0.5) / pixels - around
    x, y = (part.ravel() for part in np.meshgrid(places, places))
    grid = np.arange(side**2).reshape(side, side)
    quads = np.stack([grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]], -1).reshape(-1, 4)
    mesh = bpy.data.meshes.new("Tiles")
    mesh.vertices.add(side**2)
    mesh.vertices.foreach_set("co", np.stack([x, y, np.zeros_like(x)], 1).astype(np.float32).ravel())
    mesh.loops.add(quads.size)
    mesh.loops.foreach_set("vertex_index", quads.astype(np.int32).ravel())
    mesh.polygons.add(len(quads))
    mesh.polygons.foreach_set("loop_start", np.arange(0, quads.size, 4, dtype=np.int32))
    layer = mesh.uv_layers.new(name="UVMap")
    layer.data.foreach_set("uv", np.stack([x[quads], y[quads]], -1).astype(np.float32).ravel())
    mesh.update()
    mesh.shade_smooth()
    thing = bpy.data.objects.new("Tiles", mesh)
    bpy.context.scene.collection.objects.link(thing)
    thing.data.materials.append(material)
    return thing
