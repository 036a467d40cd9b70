# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel looks like in Blender's window, as PNG files for scripts/pictures.py: it starts this.

blender --factory-startup --python scripts/panel_shots.py -- FOLDER [NAME ...]

Of the panel, and of the 3D view beside it, the window itself is read, or the screen, so that no picture shows a panel
that is not there. What is shown is in panel_subjects.py. Blender ends when all are taken.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]

import bpy
import checkout
import numpy as np
from panel_subjects import FLAT, SUBJECTS, Steps, Subject, part

SCALE = 1.2
"""Of the interface: what a screen of today has."""
HEAD, CARD = "Head", "Card"
"""Objects that grow: a head with seams, and a flat card."""
SHADERS = 30.0
"""Seconds for Blender to compile what the view is drawn with, on a slow machine."""


class Stage:
    """Blender's window with a 3D view, and beside it a narrow and a wide editor of properties."""

    def __init__(self, out: Path) -> None:
        self.out, self.panels = out, {}
        self.window = bpy.context.window_manager.windows[0]
        self.view = next(area for area in self.window.screen.areas if area.type == "VIEW_3D")
        self.narrow = self.wide = self.view

    def arrange(self) -> Steps:
        """Give the editors their places, and take away all panels."""
        for factor in (0.31, 0.34):
            widest = max(self.views(), key=lambda area: area.width)
            with self.over(widest):
                bpy.ops.screen.area_split(direction="VERTICAL", factor=factor)
            yield 1
        self.view, self.narrow, self.wide = self.views()
        for area in (self.narrow, self.wide):
            area.type = "PROPERTIES"
        yield 1
        for area in (self.narrow, self.wide):
            area.spaces[0].context = "MATERIAL"
        space = self.view.spaces[0]
        space.show_gizmo = space.show_region_ui = space.show_region_toolbar = False
        space.show_region_header = space.show_region_tool_header = False
        overlay = space.overlay
        overlay.show_floor = overlay.show_ortho_grid = overlay.show_cursor = overlay.show_text = False
        overlay.show_axis_x = overlay.show_axis_y = overlay.show_stats = False
        overlay.show_outline_selected = overlay.show_object_origins = False
        for name in dir(bpy.types):
            cls = getattr(bpy.types, name)
            if getattr(cls, "bl_space_type", "") == "PROPERTIES" and issubclass(cls, bpy.types.Panel):
                if name.startswith("NCA_PT_"):
                    self.panels[name.removeprefix("NCA_PT_").removesuffix("_material")] = cls
                elif getattr(cls, "bl_context", "") not in ("material", ""):
                    continue
                if cls.bl_region_type == "WINDOW":  # others are buttons' popovers, and the editor's own parts
                    bpy.utils.unregister_class(cls)
        yield 1

    def views(self) -> list[Any]:
        """The 3D views, from left to right."""
        areas = self.window.screen.areas
        return sorted((area for area in areas if area.type == "VIEW_3D"), key=lambda area: area.x)

    def over(self, area: Any) -> Any:
        """Let operators act in an area."""
        region = next(region for region in area.regions if region.type == "WINDOW")
        return bpy.context.temp_override(window=self.window, area=area, region=region)

    def take(self, name: str, subject: Subject) -> Steps:
        """Set a subject up, and save what the window shows of it."""
        with self.over(self.view):
            bpy.ops.wm.tool_set_by_id(name="builtin.select")
        bpy.context.scene.frame_set(1)
        for material in list(bpy.data.materials):
            bpy.data.materials.remove(material)
        material = bpy.data.materials.new("Skin")
        owner = bpy.data.objects[CARD if name in FLAT else HEAD]
        for one in bpy.context.scene.objects:
            one.hide_set(one is not owner)
            one.select_set(one is owner)
            for modifier in list(one.modifiers):
                one.modifiers.remove(modifier)
        bpy.context.view_layer.objects.active = owner
        owner.data.materials.clear()
        owner.data.materials.append(material)
        with self.over(self.view):
            bpy.ops.view3d.view_axis(type="TOP" if name in FLAT else "FRONT")
            bpy.ops.view3d.view_selected()
        self.view.spaces[0].region_3d.view_distance *= 0.84
        yield 1
        self.view.spaces[0].shading.type = "SOLID"  # drawn quickly until it is shown
        kept = self.open([self.panels[one] for one in (subject.panel, *subject.below)])
        try:
            bpy.ops.nca.new(material="Skin")
            yield from subject.set_up(material.nca)
            yield from self.save(name, subject)
            print(name, part("playback.picture").picture_of(material).problem or "is taken", flush=True)
        finally:
            self.close(kept)
        yield 0.5

    def open(self, panels: list[Any]) -> list[tuple[Any, dict[str, Any]]]:
        """Let only these panels be shown, opened, the first by itself; returns them with what they were."""
        kept = [(one, dict(vars(one))) for one in panels]
        for number, one in enumerate(panels):
            if one.is_registered:
                bpy.utils.unregister_class(one)
            one.bl_region_type, one.bl_context, one.bl_options = "WINDOW", "material", set()
            if not number:
                one.bl_parent_id = ""
            bpy.utils.register_class(one)
        return kept

    def close(self, kept: list[tuple[Any, dict[str, Any]]]) -> None:
        """Take panels away again; those of buttons stay where they are."""
        for one, values in reversed(kept):
            bpy.utils.unregister_class(one)
            for key in ("bl_region_type", "bl_context", "bl_options", "bl_parent_id"):
                if key in values:
                    setattr(one, key, values[key])
                elif key in vars(one):
                    delattr(one, key)
            if one.bl_region_type != "WINDOW":
                bpy.utils.register_class(one)

    def save(self, name: str, subject: Subject) -> Steps:
        """Write what the window shows of a panel, and of the view beside it."""
        areas = {"panel": self.wide if subject.wide else self.narrow}
        if subject.seen:
            areas["view"] = self.view
            self.view.spaces[0].shading.type = "MATERIAL"
            yield SHADERS
        for area in self.window.screen.areas:
            area.tag_redraw()
        yield 2
        for what, area in areas.items():
            region = next(region for region in area.regions if region.type == "WINDOW")
            path = self.out / f"{name}.{what}.png"
            with self.over(area):
                bpy.ops.screen.screenshot_area(filepath=str(path), check_existing=False)
            if is_blank(path):
                self.photograph(area, path)
            box = (region.x - area.x, region.y - area.y, region.width, region.height)
            path.with_suffix(".json").write_text(json.dumps({"box": box, "height": area.height}), "utf-8")

    def photograph(self, area: Any, path: Path) -> None:
        """Save what the screen shows of an area, by ImageMagick: some drivers give nothing back of a window.

        Raises
        ------
        RuntimeError
            The screen is none of X, or there is no ImageMagick.
        """
        if not shutil.which("import") or not os.environ.get("DISPLAY"):
            raise RuntimeError(
                "the driver gives nothing back of the window: install ImageMagick, and begin under X"
            )
        left, top = self.window.x + area.x, area.y + area.height
        box = f"{area.width}x{area.height}+{left}+{self.window.height - top}"
        subprocess.run(["import", "-window", "root", "-crop", box, "+repage", str(path)], check=True)


def is_blank(path: Path) -> bool:
    """Whether a picture has one color only."""
    image = bpy.data.images.load(str(path))
    colours = np.empty(len(image.pixels), np.float32)
    image.pixels.foreach_get(colours)
    bpy.data.images.remove(image)
    return bool((colours.reshape(-1, 4) == colours[:4]).all())


def build_scene() -> None:
    """The two objects that grow."""
    bpy.ops.object.select_all(action="SELECT")
    bpy.ops.object.delete()
    bpy.ops.mesh.primitive_monkey_add(size=2)
    head = bpy.context.object
    head.name = HEAD
    modifier = head.modifiers.new("Smooth", "SUBSURF")
    modifier.levels = 2
    bpy.ops.object.modifier_apply(modifier="Smooth")
    bpy.ops.object.shade_smooth()
    bpy.ops.object.mode_set(mode="EDIT")
    bpy.ops.mesh.select_all(action="SELECT")
    bpy.ops.uv.smart_project(island_margin=0.015)
    bpy.ops.object.mode_set(mode="OBJECT")
    bpy.ops.mesh.primitive_plane_add(size=2)
    bpy.context.object.name = CARD


def run(out: Path, names: list[str]) -> Steps:
    """Take the pictures, one after the other."""
    stage = Stage(out)
    build_scene()
    yield from stage.arrange()
    for name in names or SUBJECTS:
        try:
            yield from stage.take(name, SUBJECTS[name])
        except Exception:
            print(f"{name} was not taken:\n{traceback.format_exc()}", flush=True)


def main() -> None:
    out, *names = sys.argv[sys.argv.index("--") + 1 :]
    Path(out).mkdir(parents=True, exist_ok=True)
    view = bpy.context.preferences.view
    view.show_splash, view.show_tooltips, view.ui_scale = False, False, SCALE
    bpy.context.preferences.use_preferences_save = False
    bpy.context.scene.eevee.taa_samples = 4  # each is drawn, and on a processor that takes seconds
    resources = os.environ.get("BLENDER_USER_RESOURCES") or tempfile.mkdtemp(prefix="neural-growth-")
    checkout.offer(Path(resources))
    checkout.enable()
    steps = run(Path(out), names)

    def go_on() -> float | None:
        seconds = next(steps, None)
        if seconds is None:
            bpy.ops.wm.quit_blender()
        return seconds

    bpy.app.timers.register(go_on, first_interval=2.0, persistent=True)


main()
