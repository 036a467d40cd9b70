# SPDX-License-Identifier: GPL-3.0-or-later
"""One material of a file, tried: what `try_files.py` does in Blender."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import bpy
import numpy as np

SIDE, SAMPLES = 24, 32
"""Pixels of a render, and Cycles' samples."""
FRAMES = 5
GROWTH = {
    "width": 32,
    "height": 32,
    "pixels_per_cell": 2,
    "seeds": "SCATTERED",
    "seed_count": 60,
    "steps_per_frame": 8.0,
}
SEEN = 0.02
"""Mean change of a pixel from which on a growth counts as seen."""
SAME = 0.02
"""Mean difference of a pixel up to which two renders show the same."""


class Trial:
    """The materials of one file.

    Parameters
    ----------
    path : Path
        Of the .blend file; it is not written to.
    folder : Path
        Where copies, bakes and renders go.
    """

    def __init__(self, path: Path, folder: Path):
        self.path, self.folder = path, folder

    def materials(self) -> list[str]:
        """Names of the file's materials that may be grown."""
        self._open(self.path)
        return [
            material.name
            for material in bpy.data.materials
            if material.users and material.library is None and not material.is_grease_pencil
        ]

    def run(self, name: str) -> dict[str, Any]:
        """Grow a material, bake it, save and open the file, take the growth away.

        Returns
        -------
        dict
            grown, baked, restored : bool; says : str, what was reported or went wrong.
        """
        found: dict[str, Any] = {"grown": False, "baked": False, "restored": False, "says": ""}
        try:
            self._try(name, found)
        except RuntimeError as error:
            found["says"] = " ".join(str(error).split())
        return found

    def _try(self, name: str, found: dict[str, Any]) -> None:
        self._open(self.path)
        material = bpy.data.materials[name]
        self._stage(material)
        at = bpy.context.scene.frame_current
        without, before = self._render(), describe(material)
        bpy.ops.nca.new(material=name)
        for key, value in GROWTH.items():
            setattr(material.nca, key, value)
        scene = bpy.context.scene
        first = material.nca.start_frame = scene.frame_start
        last = first + FRAMES
        scene.frame_set(last)
        live = self._render()
        found["grown"] = float(np.abs(live - without).mean()) > SEEN

        copy = self.folder / "tried.blend"
        bpy.ops.wm.save_as_mainfile(filepath=str(copy))
        material.nca.bake_start, material.nca.bake_end = first, last
        bpy.ops.nca.bake(material=name)
        bpy.ops.wm.save_mainfile()
        self._open(copy)
        bpy.context.scene.frame_set(last)
        material = bpy.data.materials[name]
        difference = float(np.abs(self._render() - live).mean())
        found["baked"] = bool(material.nca.baked) and difference < SAME
        if not found["baked"]:
            found["says"] = f"baked differs by {difference:.3f}"

        bpy.ops.nca.remove(material=name)
        bpy.context.scene.frame_set(at)  # where keyframes give what they gave then
        found["restored"] = describe(material) == before

    def _open(self, path: Path) -> None:
        bpy.ops.wm.open_mainfile(filepath=str(path), load_ui=False, use_scripts=False)

    def _stage(self, material: bpy.types.Material) -> None:
        """Show a material on a plane in an empty scene, lit evenly, from above."""
        scene = bpy.data.scenes.new("Trial")
        bpy.context.window.scene = scene
        bpy.ops.mesh.primitive_plane_add(size=2)
        bpy.context.object.data.materials.append(material)
        camera = bpy.data.objects.new("Trial", bpy.data.cameras.new("Trial"))
        camera.data.type, camera.data.ortho_scale, camera.location.z = "ORTHO", 2.0, 3.0
        scene.collection.objects.link(camera)
        scene.camera = camera
        scene.world = bpy.data.worlds.new("Trial")
        if bpy.app.version < (5, 0, 0):
            scene.world.use_nodes = True
        scene.world.node_tree.nodes["Background"].inputs[0].default_value = (1.0, 1.0, 1.0, 1.0)
        scene.render.engine = "CYCLES"
        scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.seed = SAMPLES, False, 0
        scene.render.resolution_x = scene.render.resolution_y = SIDE
        scene.render.resolution_percentage = 100
        scene.render.image_settings.file_format = "OPEN_EXR"

    def _render(self) -> np.ndarray:
        """The scene as it is now: (pixels, 3), linear, clipped to [0, 1]."""
        path = self.folder / "trial.exr"
        bpy.context.scene.render.filepath = str(path)
        bpy.ops.render.render(write_still=True)
        image = bpy.data.images.load(str(path), check_existing=False)
        pixels = np.empty(len(image.pixels), np.float32)
        image.pixels.foreach_get(pixels)
        bpy.data.images.remove(image)
        return pixels.reshape(SIDE * SIDE, -1)[:, :3].clip(0, 1)


def describe(material: bpy.types.Material) -> str:
    """All that a material's trees are made of, as text to compare: nodes, values, links, what animates them."""
    found, waiting = [], [material.node_tree] if material.node_tree else []
    while waiting:
        tree = waiting.pop(0)
        nodes = []
        for node in tree.nodes:
            values = {
                socket.identifier: _plain(getattr(socket, "default_value", None)) for socket in node.inputs
            }
            nodes.append((node.name, node.bl_idname, [round(x, 3) for x in node.location], values))
            inner = getattr(node, "node_tree", None)
            if inner is not None:
                waiting.append(inner)
        links = sorted(
            (
                link.from_node.name,
                link.from_socket.identifier,
                link.to_node.name,
                link.to_socket.identifier,
                link.is_muted,
            )
            for link in tree.links
        )
        animation = tree.animation_data
        drivers = sorted(curve.data_path for curve in animation.drivers) if animation else []
        found.append((tree.name, sorted(nodes, key=lambda node: node[0]), links, drivers))
    return json.dumps(found)


def _plain(value: Any) -> Any:
    if isinstance(value, bpy.types.ID):
        return value.name
    return (
        [round(float(x), 6) for x in value]
        if hasattr(value, "__len__") and not isinstance(value, str)
        else value
    )
