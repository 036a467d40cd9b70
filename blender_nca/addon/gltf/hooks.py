# SPDX-License-Identifier: GPL-3.0-or-later
"""Hooks: what Blender's glTF exporter calls while it writes.

The exporter follows links from the Principled BSDF to pictures and takes the first that it finds. In a growth's group
that is the height for the normal, and the base colour for the emission. So the growth's own maps take their places.
"""

from __future__ import annotations

from typing import Any

import bpy

from ...automaton.growth_error import GrowthError
from ...baking.constancy import MOST
from ..material.properties import nca_of
from . import animation, shell
from .exporter import material_of
from .pictures import alone, is_ground_seen, is_ground_uneven, maps_of, pictures_of
from .properties import FACTOR, GROWING, export_of
from .reveal import Reveal, reveal_of
from .writer import Writer

GROWTH = "neural_growth"
"""Attribute of a material that the exporter writes: which growing one it is. The exporter copies what it writes for
meshes with other UV maps, with all attributes."""


class GrowthHooks:
    """An extension of the exporter; it makes one for each export."""

    def __init__(self) -> None:
        scene = bpy.context.scene
        assert scene is not None  # every file has one
        self._scene, self._frame = scene, scene.frame_current  # the exporter goes through other frames
        self._grows = export_of(scene).growths == GROWING
        self._by_factor = export_of(scene).played_by == FACTOR
        self._reveals: dict[int, Reveal] = {}
        self._apart: dict[int, bpy.types.Material] = {}
        self._revealed: list[tuple[Any, Reveal]] = []
        self._grounds: list[bpy.types.Material] = []

    def gather_material_hook(
        self, written: Any, material: bpy.types.Material, export_settings: dict[str, Any]
    ) -> None:
        """Put a growth's maps into the material that is being written."""
        from ...engine.client import EngineError

        material = material.original or material
        if not nca_of(material).growing:
            return
        written.emissive_factor = written.emissive_texture = written.normal_texture = None
        if export_settings["gltf_image_format"] == "NONE":
            return
        cutoff, is_uneven = None, is_ground_uneven(material)
        try:
            if self._grows:
                reveal = self._reveals[material.session_uid] = reveal_of(material, self._scene)
                pictures, cutoff = reveal.pictures, reveal.cutoffs[-1]
            elif is_uneven:
                maps = maps_of(material, self._frame)
                pictures = alone(material, self._frame, maps, maps["alpha"])
            else:
                pictures = pictures_of(material, self._frame)
        except (GrowthError, EngineError, OSError, TimeoutError) as error:
            text = f"The growth of {material.name} is not written: {error}"
            # no error: after one, scripts would think that there is no file
            export_settings["log"].warning(text, popup=True)
            return
        if self._grows and reveal.changes > MOST:
            text = (
                f"{reveal.changes:.0%} of what has grown of {material.name} at half time looks otherwise in the end, "
                "and the file shows it so from the beginning."
            )
            export_settings["log"].warning(text, popup=True)
        if (self._grows or is_uneven) and not pictures.is_opaque and is_ground_seen(material):
            self._apart[material.session_uid] = material
        Writer(written, material, export_settings).write(pictures, cutoff)
        setattr(written, GROWTH, material.session_uid)

    def gather_mesh_hook(
        self,
        written: Any,
        mesh: bpy.types.Mesh,
        owner: bpy.types.Object | None,
        vertex_groups: Any,
        modifiers: Any,
        materials: Any,
        export_settings: dict[str, Any],
    ) -> None:
        """Let growths apart from their grounds lie over these as shells; and occlusion where its texture lies."""
        primitives = []
        for one in written.primitives:
            growth: Any = getattr(one.material, GROWTH, None)
            if growth is not None:
                _place_occlusion(one.material)
            if growth in self._reveals and all(
                material is not one.material for material, _ in self._revealed
            ):
                self._revealed.append((one.material, self._reveals[growth]))
            primitives += self._laid(one, self._apart.get(growth), mesh, export_settings)
        written.primitives = primitives

    def gather_gltf_hook(
        self, active_scene: int, scenes: list[Any], animations: list[Any], export_settings: dict[str, Any]
    ) -> None:
        """Add the animation of the cutoffs."""
        if self._revealed:
            render = self._scene.render
            animations.append(animation.of(self._revealed, render.fps / render.fps_base, self._by_factor))

    def _laid(
        self,
        primitive: Any,
        material: bpy.types.Material | None,
        mesh: bpy.types.Mesh,
        export_settings: dict[str, Any],
    ) -> list[Any]:
        """A primitive; or where there is a material that lies apart from its ground, as a shell over that."""
        if material is None or primitive.mode not in (None, shell.TRIANGLES):
            return [primitive]
        with shell.ground_of(material) as ground:
            under = material_of(ground, mesh, export_settings)
        # the exporter knows materials by where they lie in memory, where no other one may come to lie
        self._grounds.append(ground)
        return [shell.with_material(primitive, under), shell.lifted(primitive)]


def _place_occlusion(written: Any) -> None:
    """Let occlusion lie by the UV map of the texture that it is in: the exporter has not seen that there is any."""
    packed = written.pbr_metallic_roughness.metallic_roughness_texture
    written.occlusion_texture.tex_coord = packed.tex_coord
