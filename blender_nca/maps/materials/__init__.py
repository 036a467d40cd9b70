# SPDX-License-Identifier: GPL-3.0-or-later
"""Materials: what engines read beside textures, so that nobody has to put them together by hand."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from . import gltf, godot, unity, unreal
from .description import MaterialDescription, TextureFile

WRITERS: MappingProxyType[str, Callable[[MaterialDescription], dict[str, bytes]]] = MappingProxyType(
    {
        "gltf": gltf.files_of,
        "unity_urp": unity.files_of_urp,
        "unity_hdrp": unity.files_of_hdrp,
        "unreal": unreal.files_of,
        "godot": godot.files_of,
    }
)
"""What a preset calls it -> from a description to the files' names and contents, for the textures' folder."""

_UNITY = ("PNG", "TARGA", "TIFF", "OPEN_EXR", "JPEG")
READS: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        "gltf": ("PNG", "JPEG"),
        "unity_urp": _UNITY,
        "unity_hdrp": _UNITY,
        "unreal": ("PNG", "TARGA", "TIFF", "OPEN_EXR", "JPEG"),
        "godot": ("PNG", "TARGA", "WEBP", "OPEN_EXR", "JPEG"),
    }
)
"""As `WRITERS` -> the formats of pictures that the engine opens."""

__all__ = ["READS", "WRITERS", "MaterialDescription", "TextureFile"]
