# SPDX-License-Identifier: GPL-3.0-or-later
"""What bakes derive of a height beside what Cycles sees of a plane that the growth moves: normals and occlusion."""

from __future__ import annotations

import tempfile
from pathlib import Path

import bpy
import lighting
import lighting_scene
import numpy as np

from blender_nca.maps.normal import normal_from_height
from blender_nca.maps.relief import ambient_occlusion

CELLS, PIXELS_PER_CELL, SAMPLES = 48, 4, 64
STRENGTHS = (8.0, 24.0)
"""Pixels that the highest part stands high: what a bake takes where nobody says another number, and a deep relief."""


def compare(names: list[str]) -> None:
    """Print for each species and depth how far normals and ambient occlusion lie from those of Cycles."""
    pixels = CELLS * PIXELS_PER_CELL
    material = bpy.data.materials.new("Material")
    growth = lighting.grow(lighting_scene.add_tiles(material, pixels), material, PIXELS_PER_CELL, CELLS)
    # what is moved alone: with bumps beside it Cycles takes slopes between pixels, which lie half a pixel aside
    material.displacement_method = "DISPLACEMENT"
    parts, surface = _show_parts(material), material.node_tree.nodes["Material Output"].inputs["Surface"]

    def see(part: str, samples: int) -> np.ndarray:
        material.node_tree.links.new(parts[part], surface)
        return _render(samples)

    _look_from_above(pixels)
    print("species         pixels   normals: mean, 95 %   occlusion: error, bias, correlation")
    for name in names:
        lighting.show(growth, name)
        height = _height_of(growth)
        for strength in STRENGTHS:
            growth.relief = strength / pixels
            baked = np.moveaxis(normal_from_height(height, strength), 0, -1) * 2 - 1
            angles = _angles(see("normal", 1), baked)
            ours, theirs = ambient_occlusion(height, strength), see("white", SAMPLES).mean(-1)
            error, bias = np.abs(ours - theirs).mean(), (ours - theirs).mean()
            said = np.corrcoef(ours.ravel(), theirs.ravel())[0, 1]
            print(
                f"{name:16}{strength:6g}   {angles.mean():13.2f} {np.quantile(angles, 0.95):7.2f}   "
                f"{error:16.3f} {bias:6.3f} {said:8.3f}",
                flush=True,
            )


def _show_parts(material: bpy.types.Material) -> dict[str, bpy.types.NodeSocket]:
    """What can be seen: normals of the moved surface as light, and a white, matt surface, which under an even sky is as
    bright as it sees of that."""
    nodes, links = material.node_tree.nodes, material.node_tree.links
    white = nodes.new("ShaderNodeBsdfDiffuse")
    white.inputs["Color"].default_value = (1, 1, 1, 1)
    parts = {"white": white.outputs[0]}
    half, light = nodes.new("ShaderNodeVectorMath"), nodes.new("ShaderNodeEmission")
    half.operation = "MULTIPLY_ADD"
    half.inputs[1].default_value = half.inputs[2].default_value = (0.5, 0.5, 0.5)
    links.new(nodes.new("ShaderNodeNewGeometry").outputs["Normal"], half.inputs[0])
    links.new(half.outputs[0], light.inputs["Color"])
    parts["normal"] = light.outputs[0]
    return parts


def _look_from_above(pixels: int) -> None:
    scene = bpy.context.scene
    camera = bpy.data.cameras.new("Camera")
    camera.type, camera.ortho_scale = "ORTHO", 1.0
    scene.camera = bpy.data.objects.new("Camera", camera)
    scene.camera.location = (0.5, 0.5, 2)
    scene.collection.objects.link(scene.camera)
    lighting_scene.light("Cloudy Sky")
    background = next(node for node in scene.world.node_tree.nodes if node.type == "BACKGROUND")
    for link in list(background.inputs["Color"].links):
        scene.world.node_tree.links.remove(link)
    background.inputs["Color"].default_value = (1, 1, 1, 1)
    scene.render.engine = "CYCLES"
    scene.cycles.use_denoising = scene.cycles.use_adaptive_sampling = False
    scene.cycles.max_bounces = 0
    scene.cycles.pixel_filter_type, scene.cycles.filter_width = "BLACKMAN_HARRIS", 0.01
    scene.render.resolution_x = scene.render.resolution_y = pixels
    scene.view_settings.view_transform = "Raw"
    scene.render.image_settings.file_format, scene.render.image_settings.color_depth = "OPEN_EXR", "32"


def _render(samples: int) -> np.ndarray:
    """What is seen of the middle square, (height, width, 3), row 0 at the top."""
    scene = bpy.context.scene
    scene.cycles.samples = samples
    with tempfile.TemporaryDirectory(prefix="neural-growth-") as folder:
        scene.render.filepath = str(Path(folder, "seen.exr"))
        bpy.ops.render.render(write_still=True)
        image = bpy.data.images.load(scene.render.filepath)
        pixels = _pixels_of(image)
        bpy.data.images.remove(image)
    return pixels[..., :3]


def _pixels_of(image: bpy.types.Image) -> np.ndarray:
    """Row 0 at the top."""
    flat = np.empty(len(image.pixels), np.float32)
    image.pixels.foreach_get(flat)
    return flat.reshape(image.size[1], image.size[0], -1)[::-1]


def _height_of(growth: bpy.types.PropertyGroup) -> np.ndarray:
    """What stands out of the live picture."""
    return _pixels_of(growth.image_data)[..., 2] * _pixels_of(growth.image_colour)[..., 3]


def _angles(seen: np.ndarray, baked: np.ndarray) -> np.ndarray:
    """Degrees between normals; those that are seen are shown as light."""
    seen = seen * 2 - 1
    seen = seen / np.maximum(np.linalg.norm(seen, axis=-1, keepdims=True), 1e-9)
    return np.degrees(np.arccos((seen * baked).sum(-1).clip(-1, 1)))
