# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators: growths to USD, by Blender's own exporter."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy
from bpy.props import BoolProperty, StringProperty
from bpy_extras.io_utils import ExportHelper

from ...automaton.growth_error import GrowthError
from ..host.stubs import Result
from ..material.properties import nca_of

if TYPE_CHECKING:
    from ..gltf.pictures import Pictures


class NCA_OT_export_usd(ExportHelper, bpy.types.Operator):  # type: ignore[misc]  # as Blender's own exporters are
    """Write a USD file in which growing materials look as they do in this frame: as preview surfaces, and as MaterialX,
    with their textures in a folder beside it"""

    bl_idname = "nca.export_usd"
    bl_label = "Export to USD"
    bl_options = {"REGISTER", "PRESET"}

    filename_ext = ".usdc"
    filepath: StringProperty(subtype="FILE_PATH", options={"HIDDEN", "SKIP_SAVE"})
    filter_glob: StringProperty(default="*.usd;*.usda;*.usdc;*.usdz", options={"HIDDEN"})
    selected_objects_only: BoolProperty(
        name="Selection Only", description="Export the selected objects alone"
    )
    export_animation: BoolProperty(
        name="Animation",
        description="Export all frames of the scene. Growths stay as they are in this frame",
    )
    generate_materialx_network: BoolProperty(
        name="MaterialX Network",
        description="Write materials as MaterialX, too, beside the preview surfaces",
        default=True,
    )

    def check(self, context: bpy.types.Context) -> bool:  # type: ignore[override]  # the stubs say nothing
        """Any of USD's endings will do."""
        path = Path(self.filepath)
        if path.suffix.lower() in (".usd", ".usda", ".usdc", ".usdz"):
            return False
        return bool(super().check(context))

    def execute(self, context: bpy.types.Context) -> Result:
        from ...engine.client import EngineError
        from ..gltf.pictures import pictures_of
        from .ground import ground_of
        from .plain import in_place_of, write_pictures

        path = Path(bpy.path.abspath(self.filepath))
        with tempfile.TemporaryDirectory(prefix="growth-", ignore_cleanup_errors=True) as aside:
            # a .usdz takes textures in; all others have them beside them
            folder = Path(aside) if path.suffix.lower() == ".usdz" else path.parent / "textures"
            growths: list[tuple[bpy.types.Material, Pictures, dict[str, Path]]] = []
            for material in [one for one in bpy.data.materials if nca_of(one).growing and one.users]:
                try:
                    pictures = pictures_of(material, context.scene.frame_current, ground_of)
                    paths = write_pictures(pictures, folder, _stem(material, growths))
                except (GrowthError, EngineError, TimeoutError) as error:
                    self.report({"WARNING"}, f"The growth of {material.name} is not written: {error}")
                    continue
                except OSError as error:
                    text = f"Cannot write into {folder} ({error.strerror or error}): choose another folder."
                    self.report({"ERROR"}, text)
                    return {"CANCELLED"}
                growths.append((material, pictures, paths))
            with in_place_of(growths):
                exporter: Any = bpy.ops.wm.usd_export
                return exporter(
                    filepath=str(path),
                    selected_objects_only=self.selected_objects_only,
                    export_animation=self.export_animation,
                    export_materials=True,
                    generate_preview_surface=True,
                    relative_paths=True,
                    **_newer(generate_materialx_network=self.generate_materialx_network),
                )


def _stem(
    material: bpy.types.Material, others: list[tuple[bpy.types.Material, Pictures, dict[str, Path]]]
) -> str:
    """The beginning of a material's file names, which no other one has."""
    stem = bpy.path.clean_name(material.name, replace="_")
    taken = {path.name.casefold() for _, _, paths in others for path in paths.values()}
    number = 1
    while f"{stem}_base_colour.png".casefold() in taken:
        number += 1
        stem = f"{bpy.path.clean_name(material.name, replace='_')}_{number}"
    return stem


def _newer(**wanted: bool) -> dict[str, Any]:
    """Options that Blender's exporter has."""
    exporter: Any = bpy.ops.wm.usd_export
    known = exporter.get_rna_type().properties
    return {name: value for name, value in wanted.items() if name in known}


def draw_menu(menu: bpy.types.Menu, context: bpy.types.Context) -> None:
    """Beside Blender's own exports, where something grows."""
    if any(nca_of(material).growing for material in bpy.data.materials):
        menu.layout.operator(
            NCA_OT_export_usd.bl_idname, text="Universal Scene Description with Growths (.usd*)"
        )


classes = (NCA_OT_export_usd,)
