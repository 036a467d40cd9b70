# SPDX-License-Identifier: GPL-3.0-or-later
"""Video script: run by a Blender of its own, which encodes pictures as a video with its FFmpeg. See `video.py`.

It stands alone: the add-on is not in that Blender.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import bpy


def write_video(told: dict[str, Any]) -> None:
    """Encode, and say after each frame how many are done."""
    scene = bpy.context.scene
    render, files = scene.render, told["files"]
    size = bpy.data.images.load(files[0]).size
    render.resolution_x, render.resolution_y, render.resolution_percentage = size[0], size[1], 100
    render.fps, render.fps_base = told["fps"], told["fps_base"]
    scene.frame_start, scene.frame_end = 1, len(files)
    render.use_sequencer, render.use_compositing = True, False
    editor: Any = scene.sequence_editor_create()
    strips = editor.strips if hasattr(editor, "strips") else editor.sequences
    strip = strips.new_image(name="Growth", filepath=files[0], channel=1, frame_start=1)
    for file in files[1:]:
        strip.elements.append(os.path.basename(file))
    strip.blend_type, strip.alpha_mode = "REPLACE", "STRAIGHT"
    # numbers go through as they are: they are encoded already
    strip.colorspace_settings.name = scene.sequencer_colorspace_settings.name
    scene.view_settings.view_transform = "Standard"
    settings: Any = render.image_settings
    if hasattr(settings, "media_type"):  # from Blender 5.0 on
        settings.media_type = "VIDEO"
    settings.file_format = "FFMPEG"
    ffmpeg: Any = render.ffmpeg
    for name, value in told["ffmpeg"].items():
        setattr(ffmpeg, name, value)
    ffmpeg.audio_codec = "NONE"
    settings.color_mode = told["colours"]  # which there are depends on the codec
    render.filepath, render.use_file_extension = told["path"], False
    done = iter(range(1, len(files) + 1))
    bpy.app.handlers.render_write.append(lambda *_: print(f"written {next(done)}", flush=True))
    bpy.ops.render.render(animation=True)


if __name__ == "__main__":
    with open(sys.argv[-1], encoding="utf-8") as file:
        write_video(json.load(file))
    sys.stdout.flush()
    os._exit(0)  # Blender as a module may wait for ever at its end
