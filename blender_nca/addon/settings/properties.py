# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties: the preferences that Blender keeps for the add-on."""

from __future__ import annotations

import bpy
from bpy.props import CollectionProperty, EnumProperty, StringProperty

from ..host.extension import PACKAGE
from . import panel, preferences


def _changed(self: bpy.types.bpy_struct, context: bpy.types.Context) -> None:
    preferences.tell_change()


class NCA_PG_model_folder(bpy.types.PropertyGroup):
    path: StringProperty(
        name="Folder",
        description="A folder with models: one folder a model, with its manifold.safetensors, card.json and species",
        subtype="DIR_PATH",
        update=_changed,
    )


class NCA_AP_preferences(bpy.types.AddonPreferences):
    bl_idname = PACKAGE

    python: StringProperty(
        name="Python",
        description="A Python with torch, for speed. Empty: Neural Growth looks for one itself",
        subtype="FILE_PATH",
        update=_changed,
    )
    device: EnumProperty(
        name="Device",
        description="What computes the growth. The pictures are the same on all of them",
        items=(
            (
                "auto",
                "Automatic",
                "The fastest that works: what Test measures decides about Blender's own card",
            ),
            ("cpu", "CPU", "The processor, by compiled kernels"),
            ("cuda", "CUDA or ROCm", "An NVIDIA or AMD graphics card"),
            ("mps", "Metal", "The graphics of an Apple computer"),
            ("xpu", "XPU", "An Intel graphics card"),
            # new ones last, since Blender keeps the number
            ("torch", "CPU, PyTorch", "The processor, by PyTorch: most often slower than the kernels"),
            (
                "graphics",
                "Blender's Card",
                "The graphics card that Blender draws on, of any maker, by Blender's own shaders. It shows growths in "
                "the window, once Test has found it right; bakes and renders use what Automatic does",
            ),
        ),
        update=_changed,
    )
    card_trial: StringProperty(
        name="Trial of the Card",
        description="What Test found of the graphics card that Blender draws on",
        options={"HIDDEN"},
    )
    package_index: StringProperty(
        name="Package Index",
        description="Where PyTorch comes from. Empty: pip's usual place. For another build, such as CUDA on Windows or "
        "ROCm on Linux, the address that PyTorch's own page “Get Started” gives after --index-url",
    )
    model_folders: CollectionProperty(type=NCA_PG_model_folder)

    def draw(self, context: bpy.types.Context) -> None:
        panel.draw(context, self.layout, self)


classes = (NCA_PG_model_folder, NCA_AP_preferences)
