# SPDX-License-Identifier: GPL-3.0-or-later
"""Video operators: a baked sequence as one video."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy
from bpy.props import EnumProperty

from ...baking.bake_error import BakeError
from ..host.stubs import Result
from ..host.text import fill
from ..material.target import OnGrowth, material_of
from . import chosen_preset
from .destination import folder_of, stem_of
from .preset_files import all_presets
from .properties import baking_of, settings_of
from .video import FORMATS, Video, VideoError, formats_here

if TYPE_CHECKING:
    from ...maps.bake_preset import BakePreset
    from ...maps.texture import Texture


LOOKS = 0.2
"""Seconds between two looks at the Blender that encodes."""
_SHOWN = ("PNG", "TIFF", "TARGA", "JPEG", "WEBP")
"""Formats of pictures that a video is made of as they are."""

_listed: list[tuple[str, str, str]] = []


def _preset_of(material: bpy.types.Material) -> BakePreset:
    from ...maps.bake_preset import BLENDER
    from ...maps.texture import TextureError

    try:
        return chosen_preset.chosen(baking_of(material))
    except TextureError:
        return all_presets()[BLENDER]


def _textures_of(preset: BakePreset) -> list[Texture]:
    """Those that a video can be made of, colours first."""
    found = [one for one in preset.textures if one.format in _SHOWN and one.depth == "8"]
    return sorted(found, key=lambda one: one.holds != "base_colour")


def _list_textures(self: Any, context: bpy.types.Context | None) -> list[tuple[str, str, str]]:
    # Blender keeps no reference to what such a function gives
    material = bpy.data.materials.get(self.material) if self.material else None
    if material is None and context is not None:
        material = material_of(context)
    textures = [] if material is None else _textures_of(_preset_of(material))
    _listed[:] = [(one.name, one.name, "Of the baked files") for one in textures]
    return _listed or [("NONE", "None", "The preset has no pictures of 8 bits")]


def _list_formats(self: object, context: bpy.types.Context | None) -> list[tuple[str, str, str]]:
    return _FORMATS


_FORMATS = [(name, FORMATS[name].label, FORMATS[name].description) for name in formats_here()]


class NCA_OT_write_video(OnGrowth, bpy.types.Operator):
    """Write the baked sequence as one video, beside its files, while Blender goes on. ESC stops it"""

    bl_idname = "nca.write_video"
    bl_label = "Write Video"
    bl_options = {"REGISTER"}

    format: EnumProperty(
        name="Format", description="How it is encoded", items=_list_formats, options={"SKIP_SAVE"}
    )
    texture: EnumProperty(
        name="Texture", description="Which of the baked textures", items=_list_textures, options={"SKIP_SAVE"}
    )

    _video: Video | None = None
    _timer = None
    _is_asked = False

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        self.material, self._is_asked = material.name, True
        return context.window_manager.invoke_props_dialog(self, confirm_text="Write")

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.prop(self, "texture")
        layout.prop(self, "format")
        layout.label(text=FORMATS[self.format].description)

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        try:
            self._video = begin(material, self.texture, self.format)
        except (BakeError, VideoError) as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        except OSError as error:
            self.report({"ERROR"}, f"The video cannot be written ({error}): choose another folder in Bake.")
            return {"CANCELLED"}
        if not self._is_asked:
            while True:
                result = self._step(LOOKS)
                if result is not None:
                    return result
        manager = context.window_manager
        manager.progress_begin(0, self._video.total)
        self._timer = manager.event_timer_add(LOOKS, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        video = self._video
        if video is None:
            return {"CANCELLED"}
        result: Result | None = None
        if event.type == "ESC" and event.value == "PRESS":
            self.report({"INFO"}, "The video was stopped, and nothing of it is kept.")
            result = {"CANCELLED"}
        elif event.type == "TIMER":
            context.window_manager.progress_update(video.written)
            result = self._step(0.0)
        if result is None:
            return {"PASS_THROUGH"}
        self.cancel(context)
        return result

    def cancel(self, context: bpy.types.Context) -> None:
        """It has ended, or another file is being opened."""
        if self._timer is not None:
            context.window_manager.event_timer_remove(self._timer)
            context.window_manager.progress_end()
            self._timer = None
        if self._video is not None:
            self._video.close()
            self._video = None

    def _step(self, patience: float) -> Result | None:
        """Go on; how it has ended, once it has."""
        video = self._video
        assert video is not None
        try:
            if not video.step(patience):
                return None
        except (VideoError, OSError) as error:
            video.close()
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        video.close()
        self.report({"INFO"}, fill("Written to {path}", path=video.path))
        return {"FINISHED"}


def begin(material: bpy.types.Material, texture: str, format: str) -> Video:
    """Begin to write a video of a baked sequence.

    Parameters
    ----------
    material : Material
    texture : str
        Its name in the material's preset.
    format : str
        One of `video.FORMATS`.

    Raises
    ------
    BakeError, VideoError, OSError
        There are no such files; or it cannot be written.
    """
    from ...baking.texture_set import TextureSet
    from ...maps.texture_files import has_content
    from .bake import running

    preset, settings = _preset_of(material), settings_of(material, is_dated=False)
    if running(material) is not None:
        raise VideoError(f"{material.name} is being baked: wait for its end.")
    if settings.layout != "SEQUENCE":
        raise VideoError("A video is made of a sequence: choose that layout, and bake.")
    chosen = next((one for one in _textures_of(preset) if one.name == texture), None)
    if chosen is None:
        raise VideoError(
            f"The preset {preset.name} has no texture {texture!r} with 8 bits: choose another one."
        )
    first, last = settings.ends
    numbers = {frame: frame if first >= 0 else frame - first + 1 for frame in range(first, last + 1)}
    one = TextureSet(preset, folder_of(material), stem_of(material), material.name, {}, "", numbers)
    files: list[Path] = []
    for frame in numbers:
        files += [path for path, textures in one.files(frame).items() if chosen in textures]
    lost = sum(not has_content(path) for path in files)
    if lost or not files:
        raise VideoError(f"{lost} of {len(files)} pictures of {texture} are not there: press Bake first.")
    scene = bpy.context.scene
    path = one.folder / f"{one.stem}_{texture}{FORMATS[format].suffix}"
    return Video(files, path, format, (scene.render.fps, scene.render.fps_base))


classes = (NCA_OT_write_video,)
