# SPDX-License-Identifier: GPL-3.0-or-later
"""Sources: where a material's picture comes from: files, the clipboard, and the piece of it that an editor shows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import bpy
from bpy.props import BoolProperty, CollectionProperty, StringProperty

from ..host.stubs import Result
from ..host.text import fill
from ..material.target import OnOpenGrowth
from . import pixels
from .properties import FIGURE, MAPS, TEXTURE, pictured

if TYPE_CHECKING:
    from .properties import Pictured

DATA = "Non-Color"


class NCA_OT_open_picture(OnOpenGrowth, bpy.types.Operator):
    """Choose a picture file, or all files of a set: which is its color, height, normal, roughness, metallic and
    emission is read from their names"""

    bl_idname = "nca.open_picture"
    bl_label = "Open Picture"
    bl_options = {"REGISTER", "UNDO"}

    filepath: StringProperty(
        name="File", description="The picture", subtype="FILE_PATH", options={"SKIP_SAVE"}
    )
    directory: StringProperty(
        name="Folder", description="Of the files", subtype="DIR_PATH", options={"SKIP_SAVE"}
    )
    files: CollectionProperty(
        name="Files",
        description="Names of the files in the folder; empty: the one of File",
        type=bpy.types.OperatorFileListElement,
        options={"SKIP_SAVE"},
    )
    filter_image: BoolProperty(default=True, options={"HIDDEN", "SKIP_SAVE"})
    filter_folder: BoolProperty(default=True, options={"HIDDEN", "SKIP_SAVE"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        self.material = material.name  # another one may be active when the files are chosen
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from .names import recognise

        named = [Path(self.directory) / one.name for one in self.files if one.name]
        paths = named or ([Path(self.filepath)] if self.filepath else [])
        images = {path: image for path in paths if (image := _load(path)) is not None}
        lost = [path.name for path in paths if path not in images]
        if not images:
            said = f"{_listed(lost)} cannot be read as a picture" if lost else "No file was chosen"
            self.report({"ERROR"}, f"{said}: choose another one.")
            return {"CANCELLED"}
        found = recognise(images)
        nca = pictured(material)
        if "base_colour" in found.maps:
            _take(nca, images[found.maps["base_colour"]])
        elif nca.picture is None:
            self.report({"ERROR"}, "None of these files is named as the color: choose that one, too.")
            return {"CANCELLED"}
        for one in MAPS:
            path = found.maps.get(one.name)
            if path is None and "base_colour" not in found.maps:
                continue  # maps that are added to the picture that is there
            setattr(nca, one.prop, images[path] if path else None)
            if path is not None:
                images[path].colorspace_settings.name = DATA
        if "normal" in found.maps:
            nca.picture_flips_green = found.is_directx
        if lost:
            self.report({"WARNING"}, f"{_listed(lost)} cannot be read as a picture and was left out.")
        elif found.others:
            names = [path.name for path in found.others]
            self.report({"WARNING"}, f"No map that counts here, and left out: {_listed(names)}.")
        elif len(found.maps) > 1:
            self.report({"INFO"}, fill("{count} maps, recognized by their names.", count=len(found.maps)))
        return {"FINISHED"}


class NCA_OT_paste_picture(OnOpenGrowth, bpy.types.Operator):
    """Take the picture that was copied to the clipboard, in a browser or another program"""

    bl_idname = "nca.paste_picture"
    bl_label = "Paste Picture"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        image = _paste(context)
        if image is None:
            self.report(
                {"ERROR"},
                "There is no picture on the clipboard that Blender can read: copy one, or open its file.",
            )
            return {"CANCELLED"}
        _take(pictured(material), image)
        return {"FINISHED"}


class NCA_OT_crop_picture(OnOpenGrowth, bpy.types.Operator):
    """Let only the piece of the picture count that an image editor shows: zoom in there first"""

    bl_idname = "nca.crop_picture"
    bl_label = "Crop to Image Editor"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        nca = pictured(material)
        seen = None if nca.picture is None else _seen_of(context, nca.picture)
        if seen is None:
            name = "the picture" if nca.picture is None else f"“{nca.picture.name}”"
            self.report(
                {"ERROR"}, f"No image editor shows {name}: open it in one, and zoom to the piece that counts."
            )
            return {"CANCELLED"}
        crop = tuple(min(1.0, max(0.0, value)) for value in seen)
        if crop[2] <= crop[0] or crop[3] <= crop[1]:
            self.report(
                {"ERROR"}, f"The image editor shows nothing of “{nca.picture.name}”: press Home in it."
            )
            return {"CANCELLED"}
        nca.picture_crop = crop  # type: ignore[assignment]
        return {"FINISHED"}


class NCA_OT_uncrop_picture(OnOpenGrowth, bpy.types.Operator):
    """Let the whole picture count"""

    bl_idname = "nca.uncrop_picture"
    bl_label = "Whole Picture"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        pictured(material).picture_crop = (0.0, 0.0, 1.0, 1.0)
        return {"FINISHED"}


def _take(nca: Pictured, image: bpy.types.Image) -> None:
    """Another picture, of which nothing is cropped."""
    nca.picture = image
    nca.picture_crop = (0.0, 0.0, 1.0, 1.0)
    nca.picture_kind = FIGURE if pixels.has_outline(image) else TEXTURE


def _load(path: Path) -> bpy.types.Image | None:
    """The image of a file; None where it is none."""
    known = set(bpy.data.images)
    try:
        image = bpy.data.images.load(str(path), check_existing=True)
    except RuntimeError:  # it is not there
        return None
    if image.size[0] and image.size[1]:
        return image
    if image not in known:
        bpy.data.images.remove(image)
    return None


def _paste(context: bpy.types.Context) -> bpy.types.Image | None:
    """The picture of the clipboard; None where there is none. Blender takes it in an image editor alone."""
    window = context.window
    areas = [] if window is None else list(window.screen.areas)
    area = next((one for one in areas if one.type == "IMAGE_EDITOR"), None)
    borrowed = area is None and bool(areas)
    if borrowed:
        area = max(areas, key=lambda one: one.width * one.height)
    if area is None:
        return None
    kind = area.ui_type
    known = set(bpy.data.images)
    try:
        if borrowed:
            area.ui_type = "IMAGE_EDITOR"
        space = area.spaces.active
        before = space.image
        try:
            with context.temp_override(window=window, area=area):
                bpy.ops.image.clipboard_paste()
        finally:
            space.image = before
    except RuntimeError:  # there is none, or none that Blender can read
        return None
    finally:
        if borrowed:
            area.ui_type = kind
    return next((image for image in bpy.data.images if image not in known), None)


def _seen_of(context: bpy.types.Context, image: bpy.types.Image) -> tuple[float, float, float, float] | None:
    """Left, lower, right and upper border of what an image editor shows of an image; None where none shows it."""
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            if area.type != "IMAGE_EDITOR" or getattr(area.spaces.active, "image", None) != image:
                continue
            region = next(one for one in area.regions if one.type == "WINDOW")
            left, lower = region.view2d.region_to_view(0, 0)
            right, upper = region.view2d.region_to_view(region.width, region.height)
            return left, lower, right, upper
    return None


def _listed(names: list[str]) -> str:
    """Some names, and how many more."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


classes = (NCA_OT_open_picture, NCA_OT_paste_picture, NCA_OT_crop_picture, NCA_OT_uncrop_picture)
