# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: what is drawn for growths in the dialog of Blender's glTF exporter."""

from __future__ import annotations

import bpy

from ..host.text import write
from ..material.properties import nca_of
from .properties import GROWING, export_of


def draw(context: bpy.types.Context, layout: bpy.types.UILayout) -> None:
    """How growths are written; nothing where nothing grows."""
    if not any(nca_of(material).growing for material in bpy.data.materials):
        return
    scene = context.scene
    assert scene is not None  # every file has one
    header, body = layout.panel("NCA_gltf", default_closed=False)
    header.label(text="Neural Growth")
    if body is None:
        return
    body.use_property_split, body.use_property_decorate = True, False
    body.prop(export_of(scene), "growths")
    if export_of(scene).growths == GROWING:
        body.prop(export_of(scene), "played_by")
        frames = (
            f"From frame {scene.frame_start} to {scene.frame_end}. Programs without KHR_animation_pointer"
        )
        write(body, context, f"{frames} show it full.", "INFO")
