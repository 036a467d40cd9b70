# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators: take the mesh as it is now, plant seeds where one clicks and take them away again, and comb."""

from __future__ import annotations

import bpy
from bpy.props import BoolProperty, FloatVectorProperty, IntProperty

from ...automaton.surface_error import SurfaceError
from ..host.stubs import Result
from ..material import clock, events
from ..material.properties import nca_of
from ..material.status import is_open, why_not_open
from ..material.target import OnGrowth, OnOpenGrowth
from . import dots
from .directed import directed
from .hooks import given
from .properties import comb_of

REACH = 14
"""Pixels, at scale 1, from which a seed is taken hold of."""


class NCA_OT_update_surface(OnGrowth, bpy.types.Operator):
    """Let the growth live on the mesh as it is now"""

    bl_idname = "nca.update_surface"
    bl_label = "Update Surface"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import making, seeding

        nca = nca_of(material)
        if not bpy.app.background:
            seeding.replace_seeds(material)
            if nca.over != "MESH":
                nca.over = "MESH"  # which asks for a surface
            else:
                making.request(material)
            return {"FINISHED"}
        try:
            making.make(material, context)
            seeding.replace_seeds(material)
        except SurfaceError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        if nca.over != "MESH":
            nca.over = "MESH"
        events.changed(material)
        return {"FINISHED"}


class NCA_OT_growth_uv(OnGrowth, bpy.types.Operator):
    """Give the objects a UV map of the growth's own, with few seams and cells of one size, and let it grow on that.
    Your own UV maps stay as they are, and what is baked can be for one of them"""

    bl_idname = "nca.growth_uv"
    bl_label = "Growth UV"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import unwrapping

        if not is_open(material):
            self.report({"ERROR"}, why_not_open(material, "to unwrap it"))
            return {"CANCELLED"}
        nca = directed(material)
        before = _unevenness(material, context)
        try:
            name = unwrapping.unwrap(material, context)
        except SurfaceError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        nca.growth_uv = name
        if nca.over != "MESH":
            nca.over = "MESH"
        nca.uv_map = name
        now = _unevenness(material, context)
        was = f", {before:.1f} times before" if before else ""
        self.report({"INFO"}, f"On “{name}” cells are {now:.1f} times as large in places as in others{was}.")
        return {"FINISHED"}


def _unevenness(material: bpy.types.Material, context: bpy.types.Context) -> float:
    """How many times as large some cells are as others; 0 where they have no place."""
    from .faces import faces_of

    try:
        return faces_of(material, nca_of(material).uv_map, context).unevenness()
    except SurfaceError:
        return 0.0


class OnSeeds(OnOpenGrowth):
    """For operators that change where a growth begins."""

    to_do = "to change its seeds"


class NCA_OT_plant_seed(OnSeeds, bpy.types.Operator):
    """Begin growing where you click; drag to move a seed. ESC, before you let go, leaves all as it was"""

    bl_idname = "nca.plant_seed"
    bl_label = "Plant Seed"
    bl_options = {"UNDO", "BLOCKING"}

    at: FloatVectorProperty(
        name="Place",
        description="Where in the growth's picture: 0, 0 is its lower left corner, 1, 1 its upper right one",
        size=2,
        default=(0.5, 0.5),
        min=0.0,
        max=1.0,
        options={"SKIP_SAVE"},
    )

    is_late: BoolProperty(
        name="From This Frame On",
        description="New seeds begin in the frame that is shown, not with the growth",
    )

    layer: IntProperty(
        name="Layer",
        description="Of which layer's species the seed is: 0 leaves it, new ones being of the two on the first screen; "
        "-1 is the layer that is chosen in the list, which is added where there is none",
        default=0,
        min=-1,
        options={"SKIP_SAVE"},
    )

    _index = -1
    _before: tuple[float, ...] | None = None  # where a seed was that is being moved
    _was_read = False  # whether it was one of those that were read from the scene

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        self._index = self._plant(context, material)
        self._give(material)
        return {"FINISHED"}

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        from . import places, seeding

        found = places.place_under(context, event.mouse_region_x, event.mouse_region_y)
        if isinstance(found, str):
            self.report({"INFO"}, found)
            return {"CANCELLED"}
        self.material, self.at = found.material.name, found.at
        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        self._index = nearest(material, context, event.mouse_region_x, event.mouse_region_y)
        if self._index < 0:
            self._index, self._before = self._plant(context, material), None
        else:
            self._was_read = nca_of(material).seeds == "SURFACE"
            if self._was_read:
                seeding.plant_recorded(material)
            self._before = tuple(nca_of(material).points[self._index].at)
        context.window_manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        from . import places

        material = bpy.data.materials.get(self.material)
        if material is None or self._index >= len(nca_of(material).points):
            return {"CANCELLED"}
        if event.type == "MOUSEMOVE":
            found = places.place_under(context, event.mouse_region_x, event.mouse_region_y)
            if isinstance(found, places.Place) and found.material == material:
                self.at = nca_of(material).points[self._index].at = found.at
        elif event.type in {"LEFTMOUSE", "RET"}:
            self._give(material)
            return {"FINISHED"}
        elif event.type in {"RIGHTMOUSE", "ESC"}:
            if self._before is None:
                take_away(material, self._index)
            else:
                nca_of(material).points[self._index].at = self._before
                if self._was_read:
                    nca_of(material).seeds = "SURFACE"
            return {"CANCELLED"}
        return {"RUNNING_MODAL"}

    def _plant(self, context: bpy.types.Context, material: bpy.types.Material) -> int:
        start = clock.frame_of(material, context.scene.frame_current) if self.is_late else 0
        return plant(material, tuple(self.at), start, joins=self.layer != 0)

    def _give(self, material: bpy.types.Material) -> None:
        if self.layer:
            given(material, self._index, self.layer)


class NCA_OT_take_seed(OnSeeds, bpy.types.Operator):
    """Do not begin at the seed under the mouse"""

    bl_idname = "nca.take_seed"
    bl_label = "Take Seed Away"
    bl_options = {"UNDO"}

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        x, y = event.mouse_region_x, event.mouse_region_y
        for material in [one for one in bpy.data.materials if nca_of(one).growing]:
            index = nearest(material, context, x, y)
            if index >= 0:
                self.material = material.name
                if self.find(context) is None:
                    return {"CANCELLED"}
                take_away(material, index)
                return {"FINISHED"}
        self.report({"INFO"}, "No seed is there: point at its dot.")
        return {"CANCELLED"}


class NCA_OT_comb(OnGrowth, bpy.types.Operator):
    """Comb the growth under the mouse: it points the way that you drag. ESC, before you let go, leaves all as it was"""

    bl_idname = "nca.comb"
    bl_label = "Comb Growth"
    bl_options = {"UNDO", "BLOCKING"}

    _begun: list[bpy.types.Mesh] = []  # meshes that have come to keep directions with this stroke

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        self.report({"INFO"}, "Drag over the growth in a 3D view, with the tool Comb Growth.")
        return {"CANCELLED"}

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        from . import arrows, combed, places, stroke

        at = event.mouse_region_x, event.mouse_region_y
        found, touched = places.place_under(context, *at), stroke.touch(context, *at)
        if isinstance(found, str) or touched is None:
            self.report({"INFO"}, found if isinstance(found, str) else "Nothing is there.")
            return {"CANCELLED"}
        self.material = found.material.name
        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        problem = ""
        if not is_open(material):
            problem = why_not_open(material, "to comb it")
        elif nca_of(material).over != "MESH":
            problem = f"{material.name} grows over a picture: choose Mesh in its Surface panel to comb it."
        else:
            try:
                self._begun = combed.begin(material, context)
            except SurfaceError as error:
                problem = str(error)
            if not problem and not combed.is_begun(touched.owner):
                problem = f"{touched.owner.name} is an instance from elsewhere: comb its original."
        if problem:
            self.report({"ERROR"}, problem)
            return {"CANCELLED"}
        arrows.hand = stroke.Hand(touched, *at)
        context.window_manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        from . import arrows

        material, hand = bpy.data.materials.get(self.material), arrows.hand
        if material is None or hand is None:
            return self._end(context, {"CANCELLED"})
        if event.type in {"MOUSEMOVE", "INBETWEEN_MOUSEMOVE"}:
            comb = comb_of(context)
            strength = comb.strength * (event.pressure if event.is_tablet else 1.0)
            hand.move(context, event.mouse_region_x, event.mouse_region_y, comb.radius, strength)
            context.area.tag_redraw()
        elif event.type == "LEFTMOUSE" and event.value == "RELEASE":
            if hand.stroke.touched.any():
                hand.stroke.keep()
                self._follow(material)
                return self._end(context, {"FINISHED"})
            self._take_back()
            return self._end(context, {"CANCELLED"})
        elif event.type in {"RIGHTMOUSE", "ESC"}:
            self._take_back()
            return self._end(context, {"CANCELLED"})
        return {"RUNNING_MODAL"}

    def cancel(self, context: bpy.types.Context) -> None:
        self._take_back()
        self._end(context, {"CANCELLED"})

    def _follow(self, material: bpy.types.Material) -> None:
        """Let the growth point as it is combed."""
        nca = directed(material)
        if nca.direction == "COMBED":
            events.reshaped(material)
            events.changed(material)
            return
        nca.direction = "COMBED"
        if self._begun and nca.direction_angle:
            nca.direction_angle = 0.0  # the directions with which it began are turned by it already

    def _take_back(self) -> None:
        """Leave the meshes as they were before the stroke."""
        from . import combed

        for mesh in self._begun:
            combed.forget(mesh)

    def _end(self, context: bpy.types.Context, result: Result) -> Result:
        from . import arrows

        arrows.hand = None
        if context.area is not None:
            context.area.tag_redraw()
        return result


def plant(material: bpy.types.Material, at: tuple[float, ...], start: int = 0, joins: bool = False) -> int:
    """Let a growth begin at one more place of its picture, in a frame of it; the number of the seed.

    It takes the place of seeds that are strewn or in the middle, or joins them.
    """
    from . import seeding

    nca = nca_of(material)
    if nca.seeds == "SURFACE":
        seeding.plant_recorded(material)  # one more beside those
    elif joins and nca.seeds in {"CENTRE", "SCATTERED"}:
        seeding.plant_cells(material)
    if nca.seeds != "POINTS":
        nca.points.clear()
    point = nca.points.add()
    if start:
        point.start = start
    if nca.seeds != "POINTS":
        nca.seeds = "POINTS"
    point.at = at
    return len(nca.points) - 1


def take_away(material: bpy.types.Material, index: int) -> None:
    """Let a growth not begin at one of its places."""
    from . import seeding

    if nca_of(material).seeds == "SURFACE":
        seeding.plant_recorded(material)
    nca_of(material).points.remove(index)
    events.changed(material)


def nearest(material: bpy.types.Material, context: bpy.types.Context, x: float, y: float) -> int:
    """Number of the seed whose dot is under a point of the region; -1 where there is none."""
    reach = REACH * context.preferences.system.ui_scale
    best, number = reach, -1
    for index, (at, _) in enumerate(dots.on_screen(material, context)):
        away = float("inf") if at is None else ((at[0] - x) ** 2 + (at[1] - y) ** 2) ** 0.5
        if away < best:
            best, number = away, index
    return number


classes = (NCA_OT_update_surface, NCA_OT_growth_uv, NCA_OT_plant_seed, NCA_OT_take_seed, NCA_OT_comb)
