# SPDX-License-Identifier: GPL-3.0-or-later
"""Write a small .blend file with growths, for the tests that open files of older versions.

    python tests/data/write_growths.py        in an environment with bpy, from the repository's root

The files beside this script were written by version 0.1.0 as it stood at commit c2acd83, before the add-on was laid
out by capability: `growths_4.5.blend` by bpy 4.5.15 and `growths_5.0.blend` by bpy 5.0.1. Both hold the same, which
`growths.json` says, and show the baked pictures in `growths/` and the mask `mask.png`.

A file that stands here is never written again: it is what an artist of that version has on the disk. A version that
keeps something new adds a file of its own, named after itself, written by this script as it then is. The script
runs with the code of the version that it writes for; at that commit, a growth is described by `addon.growths`.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
REPOSITORY = FOLDER.parents[1]
GROUND = (
    "Base Color",
    "Metallic",
    "Roughness",
    "Alpha",
    "Normal",
    "Emission Color",
    "Emission Strength",
)
LIVE_FRAMES = (1, 9, 24)
BLOCK = 8
"""Pixels a side of the parts of a picture whose means are recorded."""


def main() -> None:
    resources = Path(tempfile.mkdtemp(prefix="neural-growth-data-"))
    os.environ["BLENDER_USER_RESOURCES"] = str(resources)
    os.environ.setdefault("NCA_WORKER_PYTHON", sys.executable)
    sys.path.insert(0, str(REPOSITORY))
    import bpy

    from scripts import checkout

    name = f"growths_{bpy.app.version[0]}.{bpy.app.version[1]}"
    path = FOLDER / f"{name}.blend"
    if path.exists():
        raise SystemExit(f"{path} is there already: a file of an older version is not written again.")
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    checkout.offer(resources)
    checkout.enable()
    bpy.context.preferences.filepaths.save_version = 0
    bpy.ops.wm.save_as_mainfile(filepath=str(path), compress=True)  # bakes and relative paths need its place

    bpy.context.scene.frame_start, bpy.context.scene.frame_end = 1, 48
    held = {make.__name__.strip("_").title(): make() for make in (_live, _baked, _masked)}
    bpy.context.scene.frame_set(1)
    card = json.loads((REPOSITORY / "models" / "materials" / "card.json").read_text("utf-8"))
    record = {
        "commit": "c2acd83",
        "model": card["sha256"],
        "materials": {name: {**describe(bpy.data.materials[name]), **more} for name, more in held.items()},
    }
    bpy.ops.wm.save_as_mainfile(filepath=str(path), compress=True)
    text = _on_one_line(json.dumps(record, indent=1, ensure_ascii=False)) + "\n"
    written = FOLDER / "growths.json"
    if not written.exists():
        written.write_text(text, "utf-8")
    elif written.read_text("utf-8") != text:
        raise SystemExit(f"{path} holds something else than {written} says.")
    _addon("addon.engine").stop()
    shutil.rmtree(resources, ignore_errors=True)
    sys.stdout.flush()
    os._exit(0)  # Blender as a module can hang while the interpreter ends


def _live() -> dict[str, Any]:
    """A live growth between two species, with keyframes, points, an edited DNA, a ground, and settings for a bake."""
    import bpy

    material = _material("Live")
    nodes, link = material.node_tree.nodes, material.node_tree.links.new
    principled = next(node for node in nodes if node.type == "BSDF_PRINCIPLED")
    noise = nodes.new("ShaderNodeTexNoise")
    noise.location = (-300, 200)
    normals = nodes.new("ShaderNodeNormalMap")
    normals.location = (-300, -300)
    normals.inputs["Strength"].default_value = 0.7
    link(noise.outputs["Color"], principled.inputs["Base Color"])
    link(normals.outputs["Normal"], principled.inputs["Normal"])
    values = {
        "Metallic": 0.6,
        "Roughness": 0.3,
        "Alpha": 0.9,
        "Emission Color": (1.0, 0.5, 0.25, 1.0),
        "Emission Strength": 0.25,
    }
    for name, value in values.items():
        principled.inputs[name].default_value = value
    before = surface(material)

    nca = _grow(material, "Map Lichen", "Tiger", width=24, height=16, pixels_per_cell=2, wrap=False)
    nca.a.text = "TTT" + nca.a.dna[3:]  # edited, as an artist edits it
    nca.random_seed = 1234
    nca.seeds = "POINTS"
    nca.points[0].at = (0.25, 0.75)
    nca.points.add().at = (0.8, 0.3)
    nca.start_frame = 1
    nca.bake_start, nca.bake_end, nca.bake_folder = 5, 40, "//elsewhere/"
    nca.normal_strength = 5.5
    group = nodes["Neural Growth"]
    group.inputs["Relief"].default_value, group.inputs["Glow"].default_value = 0.05, 3.0

    for path, keys in (("blend", ((1, 0.0), (21, 1.0))), ("steps_per_frame", ((1, 1.0), (13, 6.0)))):
        for frame, value in keys:
            setattr(nca, path, value)
            material.keyframe_insert(f"nca.{path}", frame=frame)
    curves = {curve.data_path: curve for curve in curves_of(material)}
    first, last = curves["nca.blend"].keyframe_points
    first.interpolation = last.interpolation = "LINEAR"
    point = curves["nca.steps_per_frame"].keyframe_points[0]
    point.interpolation = "BEZIER"
    point.handle_left_type = point.handle_right_type = "FREE"
    point.handle_left, point.handle_right = (-4.0, 1.0), (9.0, 0.5)

    growths = _addon("addon.growths")
    pictures = {}
    for frame in LIVE_FRAMES:
        bpy.context.scene.frame_set(frame)
        pictures[str(frame)] = means(nca.image_colour), means(nca.image_data)
    last = LIVE_FRAMES[-1]
    growth = growths.growth_of(material, growths.frame_of(material, last))
    return {"before": before, "growth": growth.to_json(), "pictures": pictures}


def _baked() -> dict[str, Any]:
    """A growth of three baked frames, whose files lie beside the .blend file."""
    import bpy

    material = _material("Baked")
    before = surface(material)
    nca = _grow(material, "Rust", "Coral", width=32, height=32, pixels_per_cell=1)
    nca.seeds, nca.seed_count, nca.random_seed, nca.steps_per_frame, nca.blend = "SCATTERED", 5, 7, 12.0, 0.25
    nca.bake_start, nca.bake_end, nca.bake_folder = 1, 3, "//growths/"
    assert bpy.ops.nca.bake(material=material.name) == {"FINISHED"}
    return {"before": before}


def _masked() -> dict[str, Any]:
    """A live growth that begins where a mask is white."""
    import bpy
    import numpy as np

    material = _material("Masked")
    before = surface(material)
    nca = _grow(material, "Cushion Moss", "Rust", width=16, height=16, pixels_per_cell=2)
    path = FOLDER / "mask.png"
    if not path.exists():
        from blender_nca.maps.png import write_png

        white = np.zeros((16, 16, 3), np.float32)
        white[2:6, 3:13] = 1.0
        write_png(path, white, colour=True)
    mask = bpy.data.images.load(str(path))
    mask.name = "Mask"
    mask.filepath = "//mask.png"
    nca.mask = mask
    nca.seeds = "MASK"
    bpy.context.scene.frame_set(6)
    growths = _addon("addon.growths")
    growth = growths.growth_of(material, growths.frame_of(material, 6))
    pictures = {"6": (means(nca.image_colour), means(nca.image_data))}
    return {"before": before, "growth": growth.to_json(), "pictures": pictures}


def _material(name: str):
    """A material that no object needs to show: it is kept by its fake user."""
    import bpy

    material = bpy.data.materials.new(name)
    if bpy.app.version < (5, 0, 0):
        material.use_nodes = True
    material.use_fake_user = True
    return material


def _grow(material, a: str, b: str, **values):
    """Lay a growth of two bundled species over a material."""
    import bpy

    assert bpy.ops.nca.new(material=material.name) == {"FINISHED"}
    nca, library = material.nca, _addon("addon.library").species()
    nca.a.choose(library.find("materials", a))
    nca.b.choose(library.find("materials", b))
    for name, value in values.items():
        setattr(nca, name, value)
    return nca


def describe(material) -> dict[str, Any]:
    """All that a material keeps of its growth."""
    nca = material.nca
    tree = nca.tree
    return {
        "nca": _values(nca),
        "keyframes": {
            curve.data_path: [
                {
                    "co": list(point.co),
                    "interpolation": point.interpolation,
                    "left": [point.handle_left_type, *point.handle_left],
                    "right": [point.handle_right_type, *point.handle_right],
                }
                for point in curve.keyframe_points
            ]
            for curve in curves_of(material)
        },
        "surface": surface(material),
        "group": {s.name: _value(s) for s in material.node_tree.nodes["Neural Growth"].inputs},
        "sockets": [
            [item.name, item.in_out, item.socket_type]
            for item in tree.interface.items_tree
            if item.item_type == "SOCKET"
        ],
        "pictures_of_group": {
            node.name: {
                "image": node.image.name,
                "source": node.image.source,
                "path": node.image.filepath.replace("\\", "/"),
                "space": node.image.colorspace_settings.name,
                "extension": node.extension,
                "frame_start": node.image_user.frame_start,
                "frame_offset": node.image_user.frame_offset,
                "frame_duration": node.image_user.frame_duration,
            }
            for node in tree.nodes
            if node.type == "TEX_IMAGE"
        },
    }


def curves_of(material) -> list:
    """The curves of a material's keyframes; empty where it has none."""
    import bpy

    action = material.animation_data and material.animation_data.action
    if not action:
        return []
    if bpy.app.version < (5, 0, 0):
        return list(action.fcurves)
    bag = action.layers[0].strips[0].channelbag(material.animation_data.action_slot)
    return list(bag.fcurves) if bag else []


def _values(group) -> dict[str, Any]:
    """What a property group keeps in the file."""
    values: dict[str, Any] = {}
    for rna in group.bl_rna.properties:
        name = rna.identifier
        if name in {"rna_type", "name"} or rna.is_skip_save:
            continue
        value = getattr(group, name)
        if rna.type == "COLLECTION":
            values[name] = [_values(item) for item in value]
        elif rna.type == "POINTER":
            is_block = value is None or hasattr(value, "session_uid")
            values[name] = (value and value.name) if is_block else _values(value)
        else:
            values[name] = list(value) if getattr(rna, "is_array", False) else value
    return values


def surface(material) -> dict[str, Any]:
    """A material's nodes: their places, their links, and the values of the sockets that a growth takes over."""
    tree = material.node_tree
    principled = next(node for node in tree.nodes if node.type == "BSDF_PRINCIPLED")
    return {
        "nodes": {node.name: [node.bl_idname, *node.location] for node in tree.nodes},
        "links": sorted(
            [a.from_node.name, a.from_socket.name, a.to_node.name, a.to_socket.name] for a in tree.links
        ),
        "values": {name: _value(principled.inputs[name]) for name in GROUND},
    }


def _value(socket):
    value = socket.default_value
    return value if isinstance(value, float) else list(value)


def means(image) -> list:
    """The means of a picture's parts, row 0 at the bottom: a list of rows of RGBA."""
    import numpy as np

    pixels = np.empty(len(image.pixels), np.float32)
    image.pixels.foreach_get(pixels)
    width, height = image.size
    parts = pixels.reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK, 4).mean((1, 3))
    return np.round(parts.astype(float), 5).tolist()


def _on_one_line(text: str) -> str:
    """JSON whose innermost lists take one line each."""
    import re

    return re.sub(r"\[[^][{}]*\]", lambda found: re.sub(r"\s+", " ", found[0]), text)


def _addon(name: str):
    """A module of the add-on as Blender runs it."""
    from scripts import checkout

    return importlib.import_module(f"{checkout.PACKAGE}.blender_nca.{name}")


if __name__ == "__main__":
    main()
