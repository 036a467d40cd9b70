# SPDX-License-Identifier: GPL-3.0-or-later
"""Hooks: what Blender's glTF exporter calls for each material.

The exporter follows links from the Principled BSDF to pictures and takes the first that it finds. In a growth's group
that is the height for the normal, and the base colour for the emission. So the growth's own maps take their places.
"""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np

from ...automaton.growth import GrowthError
from ...maps.png import encode_png
from ..material.properties import nca_of
from .pictures import Pictures, pictures_of

STRENGTH = "KHR_materials_emissive_strength"
"""glTF's extension for light that is stronger than 1."""
_REPEAT, _CLAMP = 10497, 33071
"""glTF's numbers for pictures that repeat, and for those that go on as their border is."""


class GrowthHooks:
    """An extension of the exporter; it makes one for each export."""

    def __init__(self) -> None:
        self._frame = (
            bpy.context.scene.frame_current
        )  # the exporter goes through other frames, for animations

    def gather_material_hook(
        self, written: Any, material: bpy.types.Material, export_settings: dict[str, Any]
    ) -> None:
        """Put a growth's maps into the material that is being written."""
        from ...engine.client import EngineError

        if not nca_of(material).growing:
            return
        written.emissive_factor = written.emissive_texture = written.normal_texture = None
        try:
            pictures = pictures_of(material, self._frame)
        except (GrowthError, EngineError, OSError, TimeoutError) as error:
            export_settings["log"].error(f"The growth of {material.name} is not written: {error}")
            return
        if export_settings["gltf_image_format"] != "NONE":
            _Writer(written, material, export_settings).write(pictures)


class _Writer:
    """Writes the maps of one material, with the exporter's own classes."""

    def __init__(self, written: Any, material: bpy.types.Material, export_settings: dict[str, Any]):
        from io_scene_gltf2.io.com import gltf2_io

        self.io = gltf2_io
        self.written, self.name, self.settings = written, material.name, export_settings
        self.wraps = nca_of(material).wrap
        pbr = written.pbr_metallic_roughness
        # where the exporter found the pictures on the surface: its UV map, and how they are moved and scaled there
        self.placed = pbr.base_color_texture if pbr is not None else None

    def write(self, pictures: Pictures) -> None:
        """Write all maps."""
        written, io = self.written, self.io
        written.pbr_metallic_roughness = io.MaterialPBRMetallicRoughness(
            base_color_factor=None,
            base_color_texture=self._texture("base_colour", pictures.base_colour, True),
            extensions=None,
            extras=None,
            metallic_factor=None,
            metallic_roughness_texture=self._texture(
                "roughness_metallic", pictures.roughness_metallic, False
            ),
            roughness_factor=None,
        )
        written.normal_texture = self._texture(
            "normal", pictures.normal, False, io.MaterialNormalTextureInfoClass, scale=None
        )
        written.alpha_mode = None if pictures.is_opaque else "BLEND"
        if pictures.emission is not None:
            written.emissive_factor = [min(1.0, pictures.strength)] * 3
            written.emissive_texture = self._texture("emission", pictures.emission, True)
        self._say_strength(pictures)

    def _say_strength(self, pictures: Pictures) -> None:
        extensions = dict(self.written.extensions or {})
        extensions.pop(STRENGTH, None)
        if pictures.emission is not None and pictures.strength > 1:
            from io_scene_gltf2.io.com.gltf2_io_extensions import Extension

            extensions[STRENGTH] = Extension(STRENGTH, {"emissiveStrength": pictures.strength}, False)
        self.written.extensions = extensions

    def _texture(self, what: str, values: np.ndarray, is_colour: bool, kind: Any = None, **more: Any) -> Any:
        io = self.io
        name = f"{self.name}_{what}"
        image = self._image(name, encode_png(values.clip(0, 1), colour=is_colour))
        wrap = _REPEAT if self.wraps else _CLAMP
        sampler = io.Sampler(None, None, 9729, 9987, None, wrap, wrap)  # linear, and linear between sizes
        texture = io.Texture(extensions=None, extras=None, name=None, sampler=sampler, source=image)
        return (kind or io.TextureInfo)(
            extensions=self.placed.extensions if self.placed is not None else None,
            extras=None,
            index=texture,
            tex_coord=self.placed.tex_coord if self.placed is not None else None,
            **more,
        )

    def _image(self, name: str, png: bytes) -> Any:
        from io_scene_gltf2.io.exp.binary_data import BinaryData
        from io_scene_gltf2.io.exp.image_data import ImageData

        uri = buffer = None
        if self.settings["gltf_format"] == "GLTF_SEPARATE":
            uri = ImageData(png, "image/png", name)
            _name_file(uri, self.settings)
        else:
            buffer = BinaryData(png)
        return self.io.Image(
            buffer_view=buffer, extensions=None, extras=None, mime_type="image/png", name=name, uri=uri
        )


def _name_file(image: Any, export_settings: dict[str, Any]) -> None:
    """Give a picture the name of its file; exporters before Blender 4.4 do it themselves."""
    try:
        from io_scene_gltf2.blender.exp.material.image import set_real_uri
    except ImportError:
        return
    set_real_uri(image, export_settings)
