# SPDX-License-Identifier: GPL-3.0-or-later
"""Writer: puts the maps of a growth into a material that the exporter writes, with the exporter's own classes."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np

from ...maps.png import encode_png
from ..material.properties import nca_of
from .exporter import binary_data, png_file
from .pictures import Pictures

STRENGTH = "KHR_materials_emissive_strength"
"""glTF's extension for light that is stronger than 1."""
TRANSMISSION, IOR = "KHR_materials_transmission", "KHR_materials_ior"
"""glTF's extensions for light that goes through, and how it is bent."""
_REPEAT, _CLAMP = 10497, 33071
"""glTF's numbers for pictures that repeat, and for those that go on as their border is."""


class Writer:
    """Writes the maps of one material.

    Parameters
    ----------
    written : gltf2_io.Material
    material : Material
    settings : dict
        The exporter's.
    """

    def __init__(self, written: Any, material: bpy.types.Material, settings: dict[str, Any]):
        from io_scene_gltf2.io.com import gltf2_io

        self.io = gltf2_io
        self.written, self.name, self.settings = written, material.name, settings
        self.wraps = nca_of(material).wrap
        pbr = written.pbr_metallic_roughness
        # where the exporter found the pictures on the surface: its UV map, and how they are moved and scaled there
        self.placed = pbr.base_color_texture if pbr is not None else None

    def write(self, pictures: Pictures, cutoff: float | None = None) -> None:
        """Write all maps.

        Parameters
        ----------
        pictures : Pictures
        cutoff : float, optional
            Alpha from which on it is there. By default alpha says how much of it is.
        """
        written, io = self.written, self.io
        packed = self._texture("occlusion_roughness_metallic", pictures.packed, False)
        written.pbr_metallic_roughness = io.MaterialPBRMetallicRoughness(
            base_color_factor=None,
            base_color_texture=self._info(self._texture("base_colour", pictures.base_colour, True)),
            extensions=None,
            extras=None,
            metallic_factor=None,
            metallic_roughness_texture=self._info(packed),
            roughness_factor=None,
        )
        written.occlusion_texture = self._info(packed, io.MaterialOcclusionTextureInfoClass, strength=None)
        normal = self._texture("normal", pictures.normal, False)
        written.normal_texture = self._info(normal, io.MaterialNormalTextureInfoClass, scale=None)
        written.alpha_mode = None if pictures.is_opaque else "BLEND"
        written.alpha_cutoff = cutoff
        if cutoff is not None:
            written.alpha_mode = "MASK"
        if pictures.emission is not None:
            written.emissive_factor = [min(1.0, pictures.strength)] * 3
            written.emissive_texture = self._info(self._texture("emission", pictures.emission, True))
        self._say_strength(pictures)
        self._say_transmission(pictures)

    def _say_strength(self, pictures: Pictures) -> None:
        extensions = dict(self.written.extensions or {})
        extensions.pop(STRENGTH, None)
        if pictures.emission is not None and pictures.strength > 1:
            from io_scene_gltf2.io.com.gltf2_io_extensions import Extension

            extensions[STRENGTH] = Extension(STRENGTH, {"emissiveStrength": pictures.strength}, False)
        self.written.extensions = extensions

    def _say_transmission(self, pictures: Pictures) -> None:
        """Light that goes through. Of light that comes out elsewhere glTF knows nothing that programs read."""
        said = pictures.translucency
        if said is None or said.transmission == 0:
            return  # what the exporter found of the ground stays
        from io_scene_gltf2.io.com.gltf2_io_extensions import Extension

        values: dict[str, Any] = {"transmissionFactor": said.transmission}
        if pictures.share.min() < 0.999:
            texture = self._texture("transmission", pictures.share[..., None], False)
            values["transmissionTexture"] = self._info(texture)
        self.written.extensions = {
            **(self.written.extensions or {}),
            TRANSMISSION: Extension(TRANSMISSION, values, False),
            IOR: Extension(IOR, {"ior": said.ior}, False),
        }

    def _info(self, texture: Any, kind: Any = None, **more: Any) -> Any:
        return (kind or self.io.TextureInfo)(
            extensions=self.placed.extensions if self.placed is not None else None,
            extras=None,
            index=texture,
            tex_coord=self.placed.tex_coord if self.placed is not None else None,
            **more,
        )

    def _texture(self, what: str, values: np.ndarray, is_colour: bool) -> Any:
        io = self.io
        image = self._image(f"{self.name}_{what}", encode_png(values.clip(0, 1), colour=is_colour))
        wrap = _REPEAT if self.wraps else _CLAMP
        sampler = io.Sampler(None, None, 9729, 9987, None, wrap, wrap)  # linear, and linear between sizes
        return io.Texture(extensions=None, extras=None, name=None, sampler=sampler, source=image)

    def _image(self, name: str, png: bytes) -> Any:
        uri = buffer = None
        if self.settings["gltf_format"] == "GLTF_SEPARATE":
            uri = png_file(png, name, self.settings)
        else:
            buffer = binary_data(png)
        return self.io.Image(
            buffer_view=buffer, extensions=None, extras=None, mime_type="image/png", name=name, uri=uri
        )
