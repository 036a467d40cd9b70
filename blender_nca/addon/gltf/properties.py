# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties: what a scene keeps of its exports."""

from __future__ import annotations

import bpy
from bpy.props import EnumProperty, PointerProperty

FRAME, GROWING = "FRAME", "GROWING"
CUTOFF, FACTOR = "CUTOFF", "FACTOR"


class NCA_PG_export(bpy.types.PropertyGroup):
    growths: EnumProperty(
        name="Growths",
        description="How growing materials are written into glTF files",
        items=[
            (FRAME, "Current Frame", "As they are in the frame that is shown, over what lies under them"),
            (
                GROWING,
                "Growing",
                "As they are at the scene's last frame, on a shell over what lies under them, with an animated alpha "
                "cutoff (KHR_animation_pointer) that lets them grow over the scene's frames. For what stays as it is "
                "once it has grown",
            ),
        ],
        options=set(),
    )
    played_by: EnumProperty(
        name="Played by",
        description="What the file animates so that a growth appears",
        items=[
            (CUTOFF, "Alpha Cutoff", "For Godot, and three.js with its plug-in for animation pointers"),
            (
                FACTOR,
                "Alpha Factor",
                "Alpha of the base color factor, which does the same. For Babylon.js, too, which animates no cutoff",
            ),
        ],
        options=set(),
    )


def export_of(scene: bpy.types.Scene) -> NCA_PG_export:
    """What a scene keeps of its exports."""
    return scene.nca_export  # type: ignore[attr-defined]  # it has it from `register` on


def register() -> None:
    """Add them to scenes."""
    bpy.utils.register_class(NCA_PG_export)
    bpy.types.Scene.nca_export = PointerProperty(type=NCA_PG_export, name="Neural Growth")  # type: ignore[attr-defined]


def unregister() -> None:
    """Take them away; files keep what they hold."""
    del bpy.types.Scene.nca_export  # type: ignore[attr-defined]
    bpy.utils.unregister_class(NCA_PG_export)
