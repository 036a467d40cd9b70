# SPDX-License-Identifier: GPL-3.0-or-later
"""What Blender's glTF exporter writes, read back."""

from __future__ import annotations

import json
from pathlib import Path

import bpy
import numpy as np
from PIL import Image


def export(folder: Path, name: str = "scene") -> tuple[dict, dict]:
    """Export all to glTF; the file's own words of the material, and all of them."""
    path = folder / f"{name}.gltf"
    bpy.ops.export_scene.gltf(filepath=str(path), export_format="GLTF_SEPARATE")
    whole = json.loads(path.read_text("utf-8"))
    return whole["materials"][0], whole


def picture(folder: Path, whole: dict, texture: dict) -> np.ndarray:
    uri = whole["images"][whole["textures"][texture["index"]]["source"]]["uri"]
    with Image.open(folder / uri) as image:
        return np.asarray(image, float) / 255


def linear(encoded: np.ndarray) -> np.ndarray:
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
