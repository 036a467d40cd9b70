# SPDX-License-Identifier: GPL-3.0-or-later
"""glTF: a square with the material, which every viewer opens, and from which others take the material."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

import numpy as np

from .description import LAST_CUTOFF, MaterialDescription

_FLOAT, _UNSIGNED_SHORT = 5126, 5123
_VERTICES, _INDICES = 34962, 34963
_REPEAT = 10497


def files_of(material: MaterialDescription) -> dict[str, bytes]:
    """The square, with textures beside it. A growth that is played by its order plays there, too."""
    corners = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], np.float32)
    # v goes down in glTF
    places = np.array([[0, 1], [1, 1], [1, 0], [0, 0]], np.float32) / np.array(material.grid, np.float32)
    normals = np.tile(np.array([0, 0, 1], np.float32), (4, 1))
    tangents = np.tile(np.array([1, 0, 0, 1], np.float32), (4, 1))
    buffer = _Buffer()
    attributes = {
        "POSITION": buffer.add(corners, "VEC3", _VERTICES, with_range=True),
        "NORMAL": buffer.add(normals, "VEC3", _VERTICES),
        "TANGENT": buffer.add(tangents, "VEC4", _VERTICES),
        "TEXCOORD_0": buffer.add(places, "VEC2", _VERTICES),
    }
    indices = buffer.add(np.array([0, 1, 2, 0, 2, 3], np.uint16), "SCALAR", _INDICES)
    scene: dict[str, Any] = {
        "asset": {"version": "2.0", "generator": "Neural Growth"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": material.name}],
        "meshes": [{"primitives": [{"attributes": attributes, "indices": indices, "material": 0}]}],
        "materials": [_material(material)],
    }
    shown = _shown(material)
    if shown:
        scene["samplers"] = [{"wrapS": _REPEAT, "wrapT": _REPEAT}]
        scene["images"] = [{"uri": quote(name)} for name in shown]
        scene["textures"] = [{"source": place, "sampler": 0} for place in range(len(shown))]
    used = sorted(scene["materials"][0].get("extensions", {}))
    if material.is_revealed:
        used.append("KHR_animation_pointer")
        scene["animations"] = [_reveal(buffer, material.seconds)]
    if used:
        scene["extensionsUsed"] = used
    scene.update(buffer.to_json())
    return {f"{material.name}.gltf": (json.dumps(scene, indent=1, ensure_ascii=False) + "\n").encode()}


def _shown(material: MaterialDescription) -> list[str]:
    return [one.name for one in material.textures if one.texture.slot]


def _material(material: MaterialDescription) -> dict[str, Any]:
    shown = _shown(material)

    def reference(slot: str) -> dict[str, int] | None:
        found = material.find(slot)
        return None if found is None else {"index": shown.index(found.name)}

    packed = reference("occlusionRoughnessMetallic")
    surface = {"baseColorTexture": reference("baseColorTexture"), "metallicRoughnessTexture": packed}
    values: dict[str, Any] = {
        "name": material.name,
        "pbrMetallicRoughness": {key: value for key, value in surface.items() if value},
        "normalTexture": reference("normalTexture"),
        "occlusionTexture": packed,
        "emissiveTexture": reference("emissiveTexture"),
    }
    if values["emissiveTexture"]:
        values["emissiveFactor"] = [1, 1, 1]
    if material.is_cut_out:
        values.update(alphaMode="MASK", alphaCutoff=material.cutoff)
    if material.transmission > 0:
        values["extensions"] = {
            "KHR_materials_transmission": {"transmissionFactor": round(material.transmission, 4)},
            "KHR_materials_ior": {"ior": round(material.ior, 4)},
        }
    return {key: value for key, value in values.items() if value}


def _reveal(buffer: _Buffer, seconds: float) -> dict[str, Any]:
    """The cutoff falls until all that has grown is shown."""
    times = buffer.add(np.array([0, seconds], np.float32), "SCALAR", None, with_range=True)
    values = buffer.add(np.array([1, LAST_CUTOFF], np.float32), "SCALAR", None)
    pointer = {"KHR_animation_pointer": {"pointer": "/materials/0/alphaCutoff"}}
    return {
        "name": "Growth",
        "samplers": [{"input": times, "output": values, "interpolation": "LINEAR"}],
        "channels": [{"sampler": 0, "target": {"path": "pointer", "extensions": pointer}}],
    }


class _Buffer:
    """Numbers of a scene, within its file."""

    def __init__(self) -> None:
        self._content = b""
        self._views: list[dict[str, Any]] = []
        self._accessors: list[dict[str, Any]] = []

    def add(self, array: np.ndarray, kind: str, target: int | None, with_range: bool = False) -> int:
        """Add an array; its number among the accessors."""
        view = {"buffer": 0, "byteOffset": len(self._content), "byteLength": array.nbytes}
        self._views.append(view if target is None else {**view, "target": target})
        accessor: dict[str, Any] = {
            "bufferView": len(self._views) - 1,
            "componentType": _UNSIGNED_SHORT if array.dtype == np.uint16 else _FLOAT,
            "count": len(array),
            "type": kind,
        }
        if with_range:
            flat = array.reshape(len(array), -1)
            accessor.update(min=flat.min(0).tolist(), max=flat.max(0).tolist())
        self._accessors.append(accessor)
        self._content += array.tobytes() + b"\0" * (-array.nbytes % 4)
        return len(self._accessors) - 1

    def to_json(self) -> dict[str, Any]:
        content = base64.b64encode(self._content).decode()
        uri = f"data:application/octet-stream;base64,{content}"
        return {
            "buffers": [{"byteLength": len(self._content), "uri": uri}],
            "bufferViews": self._views,
            "accessors": self._accessors,
        }
