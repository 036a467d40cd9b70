# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel looks like in Blender's window, as PNG files for scripts/pictures.py: it starts this.

blender --factory-startup --python scripts/panel_shots.py -- FOLDER [NAME ...]

Each subject is a function that sets a growth and yields seconds to wait for. Of its panel and of the 3D view beside it
the window itself is read, so that no picture shows a panel that is not there. Blender ends when all are taken.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]
_resources = Path(tempfile.mkdtemp(prefix="neural-growth-shots-"))
os.environ["BLENDER_USER_RESOURCES"] = str(_resources)

import bpy
import checkout
from mathutils import Vector

SCALE = 1.2
"""Of the interface: what a screen of today has."""
HEAD, CARD = "Head", "Card"
"""Objects that grow: a head with seams, and a flat card."""
NOSE, BROW, CHEEK, EYE = (0.1, 0, -0.3), (0.35, 0, 0.75), (-0.35, 0, 0.24), (0.36, 0, 0.24)
"""Places on the head as one sees it from the front, x and z in metres."""
PATIENCE = 120
"""How often a picture is looked for, each half a second."""
SHADERS = 10.0
"""Seconds for Blender to compile what the view is drawn with, on a slow machine."""
Steps = Iterator[float]


class Subject(NamedTuple):
    """What is shown: the panel's name, what sets it up, and where."""

    panel: str
    set_up: Callable[[Any], Steps]
    wide: bool = False
    seen: bool = True
    """Whether the 3D view is shown beside it."""
    below: tuple[str, ...] = ()
    """Panels within this one that are open, too."""


def part(name: str) -> Any:
    """A module of the add-on."""
    return importlib.import_module(f"{checkout.PACKAGE}.blender_nca.addon.{name}")


def grow(nca: Any, a: str, b: str = "Lava", **values: object) -> None:
    """Choose species and set properties."""
    library = part("library").species()
    for parent, name in ((nca.a, a), (nca.b, b)):
        parent.choose(library.find("materials", name))
    for key, value in values.items():
        setattr(nca, key, value)


def plant(place: tuple[float, float, float], **values: object) -> None:
    """Let the growth begin where one would click on the head."""
    found = part("surface.places").place_along(
        bpy.context, Vector((place[0], -5, place[2])), Vector((0, 1, 0))
    )
    bpy.ops.nca.plant_seed(material="Skin", at=found.at, **values)


def show(frame: int, wait: float = 1.0) -> Steps:
    """Go to a frame, wait until it is grown, and as long again as something else needs to be drawn."""
    bpy.context.scene.frame_set(frame)
    yield from settle()
    yield wait


def settle() -> Steps:
    """Wait until the growth is there, and the surface that it lives on."""
    pictures = part("playback.picture")
    material = bpy.data.materials["Skin"]
    for _ in range(PATIENCE):
        yield 0.5
        picture = pictures.picture_of(material)
        if picture.shown and not picture.problem and not pictures.is_waiting():
            return
    print(f"not waited for any longer: {picture.problem}", flush=True)


def start(nca: Any) -> Steps:
    grow(nca, "Giraffe", "Lava", over="MESH", width=160, height=160)
    yield from settle()
    for place in (NOSE, BROW, CHEEK, EYE):
        plant(place)
    yield from show(24)


def blend(nca: Any) -> Steps:
    grow(nca, "Tiger", "Koi", blend=0.5, seeds="SCATTERED", width=160, height=160)
    yield from show(120)


def species(nca: Any) -> Steps:
    grow(nca, "Cushion Moss")
    yield from show(80)


def presets(nca: Any) -> Steps:
    grow(nca, "Cushion Moss")
    yield from show(10)


def seeds(nca: Any) -> Steps:
    bpy.ops.wm.tool_set_by_id(name="nca.plant", space_type="VIEW_3D")  # it shows the seeds
    grow(nca, "Map Lichen", over="MESH", width=192, height=192)
    yield from settle()
    for number, place in enumerate((NOSE, BROW, CHEEK, EYE, (-0.7, 0, 0.2))):
        plant(place)
        nca.points[number].start = 8 * number
    yield from show(26)


def surface(nca: Any) -> Steps:
    grow(nca, "Zebra", over="MESH", direction="Z", shows_directions=True, width=192, height=192)
    yield from settle()
    nca.seeds, nca.seed_count = "SCATTERED", 30
    yield from show(90, 12)


def habitat(nca: Any) -> Steps:
    grow(nca, "Cushion Moss", over="MESH", width=192, height=192)
    yield from settle()
    bpy.ops.nca.habitat(material="Skin", preset="ABOVE")
    nca.conditions[0].ragged = 0.5
    yield from show(70, 12)


def wounds(nca: Any) -> Steps:
    grow(nca, "Giraffe", over="MESH", width=160, height=160, seeds="SCATTERED", seed_count=30)
    yield from show(70, 9)
    bpy.ops.nca.wound_here(material="Skin", at=(-0.3, -0.75, 0.3), radius=0.22)
    yield from show(72, 6)
    bpy.ops.nca.wound_here(material="Skin", at=(0.15, -0.75, -0.25), radius=0.15)
    yield from show(73, 6)


def time(nca: Any) -> Steps:
    grow(nca, "Brain Coral", course="LOOP", full_frames=60, loop_frames=48, loop_fade=24, seeds="SCATTERED")
    nca.strip_count = 8
    bpy.context.scene.frame_end = 108
    yield from show(34, 20)


def looks(nca: Any) -> Steps:
    grow(nca, "Lava", over="MESH", width=160, height=160, seeds="SCATTERED", seed_count=30, glow=2.0)
    yield from show(80, 8)
    nca.looks, nca.look_hue, nca.look_saturation = True, math.radians(105), 1.1
    yield 6


def layers(nca: Any) -> Steps:
    grow(nca, "Giraffe", over="MESH", width=192, height=192)
    yield from settle()
    for name in ("Lava", "Cushion Moss"):
        bpy.ops.nca.add_layer(material="Skin", species=name)
    nca.seeds, nca.seed_count = "SCATTERED", 40
    lower, upper = nca.layers
    lower.place, lower.region.bottom, lower.region.top = "HEIGHT", -2.0, -0.25
    upper.place, upper.region.ragged = "FACING", 0.6
    nca.layer_index = 1
    yield from show(90, 16)


def breed(nca: Any) -> Steps:
    grow(nca, "Koi", "Amethyst")
    nca.breed_from = "CROSSING"
    yield from show(80, 3)
    bpy.ops.nca.breed(material="Skin")
    yield 25
    bpy.ops.nca.take_offspring(material="Skin", index=4)
    bpy.ops.nca.breed(material="Skin")
    yield 25


def picture(nca: Any) -> Steps:
    grow(nca, "Cushion Moss", "Rippled Sand")
    yield from show(60, 2)
    known = part("library").species().find("materials", "Cracked Mud")
    nca.picture = bpy.data.images.load(str(known.picture))
    if "FINISHED" in bpy.ops.nca.read_picture("INVOKE_DEFAULT", material="Skin"):
        yield 20
    else:
        for _ in range(45):
            yield 1
            if nca.readings:
                break
    yield 6


def grid(nca: Any) -> Steps:
    grow(nca, "Hex Tiles", seeds="SCATTERED", relief=0.05)
    yield from show(80)


def coordinates(nca: Any) -> Steps:
    grow(nca, "Koi", seeds="SCATTERED")
    yield from show(80)


def order(nca: Any) -> Steps:
    grow(nca, "Brain Coral", order=True)
    yield from show(30)


def dna(nca: Any) -> Steps:
    grow(nca, "Amethyst", "Lapis")
    yield from show(60)


def bake(nca: Any) -> Steps:
    grow(nca, "Rust", seeds="SCATTERED")
    yield from show(60, 4)
    bpy.ops.nca.choose_bake_preset(material="Skin", preset="Unreal Engine")
    yield 2


def textures(nca: Any) -> Steps:
    yield from bake(nca)
    nca.bake_texture_index = 2
    yield 2


def flipbook(nca: Any) -> Steps:
    grow(nca, "Lava", "Koi")
    bpy.ops.nca.choose_bake_preset(material="Skin", preset="Godot 4")
    nca.bake_layout = "FLIPBOOK"
    yield from show(30, 3)


def geometry(nca: Any) -> Steps:
    grow(nca, "Cushion Moss", over="MESH", width=128, height=128)
    yield from settle()
    for place in (BROW, CHEEK):
        plant(place)
    bpy.ops.nca.add_geometry(material="Skin", kind="MOSS")
    yield from show(40, 25)


SUBJECTS = {
    "start": Subject("growth", start),
    "blend": Subject("growth", blend),
    "species": Subject("species_a", species, wide=True, seen=False),
    "presets": Subject("presets", presets, seen=False),
    "seeds": Subject("seeds", seeds),
    "surface": Subject("surface", surface),
    "habitat": Subject("habitat", habitat),
    "wounds": Subject("wounds", wounds),
    "time": Subject("time", time, below=("strip",)),
    "looks": Subject("looks", looks),
    "layers": Subject("layers", layers),
    "breed": Subject("breed", breed),
    "picture": Subject("picture", picture),
    "grid": Subject("grid", grid),
    "coordinates": Subject("coordinates", coordinates, seen=False),
    "order": Subject("order", order, seen=False),
    "dna": Subject("dna", dna, seen=False),
    "bake": Subject("bake", bake, seen=False),
    "textures": Subject("bake_textures", textures, seen=False),
    "flipbook": Subject("bake", flipbook, seen=False),
    "farm": Subject("bake_farm", bake, seen=False),
    "geometry": Subject("geometry", geometry),
}
"""Name of a picture -> what is in it."""
FLAT = ("blend", "time", "grid", "picture", "breed")
"""Subjects that grow on a card, seen from above."""


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
            box = (region.x - area.x, region.y - area.y, region.width, region.height)
            path.with_suffix(".json").write_text(json.dumps({"box": box, "height": area.height}), "utf-8")


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
    checkout.offer(_resources)
    checkout.enable()
    steps = run(Path(out), names)

    def go_on() -> float | None:
        seconds = next(steps, None)
        if seconds is None:
            bpy.ops.wm.quit_blender()
        return seconds

    bpy.app.timers.register(go_on, first_interval=2.0, persistent=True)


main()
