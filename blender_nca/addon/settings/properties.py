# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties: the preferences that Blender keeps for the add-on."""

from __future__ import annotations

import bpy
from bpy.props import CollectionProperty, EnumProperty, FloatProperty, StringProperty

from ..host.extension import PACKAGE
from . import panel, preferences


def _changed(self: bpy.types.bpy_struct, context: bpy.types.Context) -> None:
    preferences.tell_change()


def _limited(self: bpy.types.bpy_struct, context: bpy.types.Context) -> None:
    preferences.tell_limits()


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
                "The fastest that grows right, as Self Test has measured them",
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
                "the window, once Self Test has found it right; bakes and renders use what Automatic does",
            ),
        ),
        update=_changed,
    )
    card_trial: StringProperty(
        name="Trial of the Card",
        description="What Self Test found of the graphics card that Blender draws on",
        options={"HIDDEN"},
    )
    tried_devices: StringProperty(
        name="Tried Devices",
        description="What Self Test found of each device",
        options={"HIDDEN"},
    )
    memory_limit: FloatProperty(
        name="Memory Limit (GiB)",
        description="What the engine may hold of this computer's memory, in GiB, from 1 on. A growth that needs more "
        "is refused in a sentence; large bakes are painted in smaller parts; fewer frames are kept for scrubbing. "
        "0 is automatic: half of what the computer has. Memory of graphics cards, and what Learn takes, do not count",
        default=0.0,
        min=0.0,
        soft_max=256.0,
        max=4096.0,
        step=100,
        precision=1,
        update=_limited,
    )
    cache_limit: FloatProperty(
        name="Cache Size (GiB)",
        description="How much of the disk may hold states of growths, in GiB, so that what took long to grow is there "
        "when a file is opened again. What was not used for longest goes first. 0 keeps nothing on the disk",
        default=2.0,
        min=0.0,
        soft_max=100.0,
        max=4096.0,
        step=100,
        precision=1,
        update=_limited,
    )
    cache_folder: StringProperty(
        name="Cache Folder",
        description="Where these states are kept. Empty: in the extension's own user folder",
        subtype="DIR_PATH",
        update=_limited,
    )
    log_level: EnumProperty(
        name="Log",
        description="What is written into the log, by Blender's side and by the engine",
        items=(
            ("ERROR", "Errors", "Only what failed"),
            ("WARNING", "Warnings", "Also what is not as it should be"),
            ("INFO", "Info", "Also what the engine runs on, and when it starts and ends"),
            ("DEBUG", "Debug", "Also every frame, with how long it took, and what libraries print"),
        ),
        default="INFO",
        update=_limited,
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
