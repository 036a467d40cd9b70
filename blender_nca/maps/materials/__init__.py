# SPDX-License-Identifier: GPL-3.0-or-later
"""Materials: what engines read beside textures, so that nobody has to put them together by hand."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from . import gltf, godot, growth_godot, growth_hlsl, growth_three, unity, unreal
from .description import MaterialDescription, TextureFile

Writer = Callable[[MaterialDescription], dict[str, bytes]]


def _both(material: Writer, shader: Writer) -> Writer:
    """A material that plays a growth order by a cutoff, and the shader that plays it finely, where there is one."""
    return lambda description: {**material(description), **shader(description)}


WRITERS: MappingProxyType[str, Writer] = MappingProxyType(
    {
        "gltf": _both(gltf.files_of, growth_three.files_of),
        "unity_urp": _both(unity.files_of_urp, growth_hlsl.files_for_unity),
        "unity_hdrp": _both(unity.files_of_hdrp, growth_hlsl.files_for_unity),
        "unreal": _both(unreal.files_of, growth_hlsl.files_for_unreal),
        "godot": _both(godot.files_of, growth_godot.files_of),
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

DOWNWARD = frozenset({"gltf", "unreal", "godot"})
"""Those whose texture coordinates go down."""

__all__ = ["DOWNWARD", "READS", "WRITERS", "MaterialDescription", "TextureFile"]
