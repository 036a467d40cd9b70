# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage: a scene whose pixels show the texels of a growth, one for one, and what is expected in them."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np

GLOW, GROUND_LIGHT = 3.0, (0.5, 0.25, 1.0)

SHUFFLED = (4, 1, 6, 2, 6, 3, 5, 1)
WIDTH, HEIGHT = 32, 16


def stage(material: bpy.types.Material, seen: str) -> None:
    """Show one texel of the growth in each pixel, as light: base colour, or roughness, metallic and alpha, or glow.

    The ground has no alpha, but under a glow, which is seen to fade into the ground's own.
    """
    plane = bpy.context.object
    plane.scale = (WIDTH / HEIGHT, 1, 1)
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    camera.data.type, camera.data.ortho_scale, camera.location.z = "ORTHO", 2 * WIDTH / HEIGHT, 2
    scene = bpy.context.scene
    scene.collection.objects.link(camera)
    scene.camera = camera
    scene.render.engine = "CYCLES"
    scene.render.threads_mode, scene.render.threads = "FIXED", 1
    scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.use_adaptive_sampling = 1, False, False
    scene.cycles.pixel_filter_type, scene.cycles.filter_width = "BLACKMAN_HARRIS", 0.01
    scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = (
        WIDTH,
        HEIGHT,
        100,
    )
    scene.render.image_settings.file_format, scene.render.image_settings.color_depth = "OPEN_EXR", "32"
    scene.view_settings.view_transform = "Raw"
    nodes, links = material.node_tree.nodes, material.node_tree.links
    group = nodes["Neural Growth"]
    light = nodes.new("ShaderNodeEmission")
    links.new(light.outputs[0], nodes["Material Output"].inputs["Surface"])
    group.inputs["Ground Alpha"].default_value = 1.0 if seen == "glow" else 0.0
    if seen == "colour":
        links.new(group.outputs["Base Color"], light.inputs["Color"])
    elif seen == "glow":
        group.inputs["Glow"].default_value = GLOW
        group.inputs["Ground Emission Strength"].default_value = 2.0
        group.inputs["Ground Emission Colour"].default_value = (*(c / 2 for c in GROUND_LIGHT), 1.0)
        links.new(group.outputs["Emission Color"], light.inputs["Color"])
        links.new(group.outputs["Emission Strength"], light.inputs["Strength"])
    else:
        combine = nodes.new("ShaderNodeCombineXYZ")
        for name, axis in (("Roughness", "X"), ("Metallic", "Y"), ("Alpha", "Z")):
            links.new(group.outputs[name], combine.inputs[axis])
        links.new(combine.outputs[0], light.inputs["Color"])


def closest(material: bpy.types.Material) -> None:
    for node in material.nca.tree.nodes:
        if node.type == "TEX_IMAGE":
            node.interpolation = "Closest"


def render(folder: Path, frame: int) -> np.ndarray:
    scene = bpy.context.scene
    scene.frame_set(frame)
    scene.render.filepath = str(folder / f"{frame}.exr")
    bpy.ops.render.render(write_still=True)
    return read(folder / f"{frame}.exr")


def read(path: Path) -> np.ndarray:
    """The rendered pixels, row 0 at the bottom."""
    image = bpy.data.images.load(str(path))
    pixels = np.empty(len(image.pixels), np.float32)
    image.pixels.foreach_get(pixels)
    bpy.data.images.remove(image)
    return pixels.reshape(HEIGHT, WIDTH, -1)[..., :3]


def over_ground(colour, roughness, metallic, alpha, emission, seen: str) -> np.ndarray:
    """What the group gives over the ground of `stage`; `emission` is a colour.

    Over a ground of alpha 0 it is the growth alone, and the ground where no growth is.
    """
    if seen == "glow":
        return alpha[..., None] * emission * GLOW + (1 - alpha[..., None]) * GROUND_LIGHT
    grows = (alpha > 0)[..., None]
    if seen == "colour":
        return np.where(grows, colour, 0.8)
    return np.where(
        grows,
        np.stack([roughness, metallic, alpha], -1),
        np.stack([0 * alpha + 0.5, 0 * alpha, 0 * alpha], -1),
    )


def expected_live(growing, material, frame: int, seen: str) -> np.ndarray:
    colour, data = growing.grown(material, frame)
    emission = colour[..., :3] * data[..., 3:]
    return over_ground(colour[..., :3], data[..., 0], data[..., 1], colour[..., 3], emission, seen)


def light_by_itself(material: bpy.types.Material) -> None:
    """Let the growth's own glow be the only light."""
    stage(material, "glow")
    nodes, links = material.node_tree.nodes, material.node_tree.links
    links.new(nodes["Principled BSDF"].outputs[0], nodes["Material Output"].inputs["Surface"])
    bpy.context.scene.world = None
    bpy.context.scene.cycles.max_bounces = 0


def render_animation(folder: Path) -> dict[int, np.ndarray]:
    """Render frames 1 to 4 in one go."""
    scene = bpy.context.scene
    scene.frame_start, scene.frame_end = 1, 4
    scene.render.filepath = str(folder / "frame_")
    bpy.ops.render.render(animation=True)
    return {frame: read(folder / f"frame_{frame:04d}.exr") for frame in range(1, 5)}
