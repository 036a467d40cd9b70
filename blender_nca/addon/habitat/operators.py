# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators: make a habitat by one click, change its conditions, record and paint them, and plant seeds in it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import bpy
from bpy.props import BoolProperty, EnumProperty, IntProperty

from ...automaton.growth_error import GrowthError
from ...automaton.surface_error import SurfaceError
from ..host.stubs import Result
from ..host.text import CONTEXT, fill
from ..host.window import redraw
from ..material import events
from ..material.properties import nca_of
from ..material.target import OnOpenGrowth
from . import presets
from .conditions import KINDS
from .properties import NCA_PG_condition, all_conditions, inhabiting

PAUSE, BUSY = 0.01, 0.1
"""Seconds in which Blender goes on while a movie is recorded, and then those in which pictures are."""


class OnHabitat(OnOpenGrowth):
    """For operators that change what a growth meets."""

    to_do = "to change what it meets"


class NCA_OT_habitat(OnHabitat, bpy.types.Operator):
    """Make a habitat by one click. It joins those that the growth has"""

    bl_idname = "nca.habitat"
    bl_label = "Habitat"
    bl_options = {"REGISTER", "UNDO"}

    preset: EnumProperty(
        name="Habitat",
        items=[
            (key, one.name, one.description, one.icon, number)
            for number, (key, one) in enumerate(presets.PRESETS.items())
        ],
    )
    alone: BoolProperty(
        name="In Place of Others", description="Take the other conditions away", options={"SKIP_SAVE"}
    )
    plants: BoolProperty(
        name="Plant Seeds There",
        description="Begin at several places where the growth lives well. Seeds that you placed yourself stay, "
        "as long as one of them lives",
        default=True,
        options={"SKIP_SAVE"},
    )

    @classmethod
    def description(cls, context: bpy.types.Context, properties: bpy.types.OperatorProperties) -> str:
        return fill(presets.PRESETS[properties.preset].description)

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import seeding

        if self.alone:
            inhabiting(material).conditions.clear()
        condition = presets.apply(self.preset, material, context)
        if condition.problem:
            self.report({"WARNING"}, f"{condition.name}: {condition.problem}")
        elif self.plants and _is_to_be_seeded(material):
            count = seeding.plant(material, presets.PRESETS[self.preset].seeds, context)
            self.report(
                {"INFO"},
                fill("{condition}, with {count} seeds planted there.", condition=condition.name, count=count),
            )
        events.changed(material)
        return {"FINISHED"}


class NCA_OT_add_condition(OnHabitat, bpy.types.Operator):
    """Let the growth meet something more"""

    bl_idname = "nca.add_condition"
    bl_label = "Add Condition"
    bl_options = {"REGISTER", "UNDO"}

    kind: EnumProperty(
        name="Kind",
        translation_context=CONTEXT,
        items=[
            (key, one.name, one.description, one.icon, number)
            for number, (key, one) in enumerate(KINDS.items())
        ],
    )

    @classmethod
    def description(cls, context: bpy.types.Context, properties: bpy.types.OperatorProperties) -> str:
        return fill(KINDS[properties.kind].description)

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        add(material, self.kind, context)
        events.changed(material)
        return {"FINISHED"}


class NCA_OT_remove_condition(OnHabitat, bpy.types.Operator):
    """Take the chosen condition away"""

    bl_idname = "nca.remove_condition"
    bl_label = "Remove Condition"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        growth = inhabiting(material)
        if chosen(material) is None:
            return {"CANCELLED"}
        growth.conditions.remove(growth.condition_index)
        growth.condition_index = max(0, min(growth.condition_index, len(growth.conditions) - 1))
        events.changed(material)
        return {"FINISHED"}


class NCA_OT_move_condition(OnHabitat, bpy.types.Operator):
    """Move the chosen condition in the list"""

    bl_idname = "nca.move_condition"
    bl_label = "Move Condition"
    bl_options = {"REGISTER", "UNDO"}

    step: IntProperty(default=1, min=-1, max=1, options={"HIDDEN"})

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        growth = inhabiting(material)
        to = growth.condition_index + self.step
        if chosen(material) is None or not 0 <= to < len(growth.conditions):
            return {"CANCELLED"}
        growth.conditions.move(growth.condition_index, to)
        growth.condition_index = to
        return {"FINISHED"}


class NCA_OT_update_habitat(OnHabitat, bpy.types.Operator):
    """Record what the growth meets as it is now, over the frames of what moves, and all pictures of movies.
    ESC stops that"""

    bl_idname = "nca.update_habitat"
    bl_label = "Update"
    bl_options = {"REGISTER", "UNDO"}

    _timer: bpy.types.Timer | None = None
    _pass: Iterator[tuple[int, int]] | None = None

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        self._problems: list[str] = []
        for _ in self._record(material, context):
            pass
        return self._end(context, material)

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        from . import recording

        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        self.material = material.name  # another one may be active meanwhile
        if not any(recording.moves(one) for one in all_conditions(material)):
            return self.act(context, material)
        self._problems = []
        self._pass = self._record(material, context)
        manager = context.window_manager
        manager.progress_begin(0, 100)
        self._timer = manager.event_timer_add(PAUSE, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        material = bpy.data.materials.get(self.material)
        if material is None or self._pass is None or (event.type == "ESC" and event.value == "PRESS"):
            self.cancel(context)
            self.report({"INFO"}, "Stopped: the growth meets what it met before.")
            return {"CANCELLED"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        until = time.monotonic() + BUSY
        while time.monotonic() < until:
            try:
                number, count = next(self._pass)
            except StopIteration:
                self.cancel(context)
                return self._end(context, material)
        context.window_manager.progress_update(100 * number // count)
        context.workspace.status_text_set(
            fill("Recording frame {frame} of {count}. ESC stops it", frame=number, count=count)
        )
        return {"RUNNING_MODAL"}

    def cancel(self, context: bpy.types.Context) -> None:
        """Stop, also as another file is being opened."""
        if self._pass is not None:
            self._pass.close()  # type: ignore[attr-defined]  # it is a generator
            self._pass = None
        if self._timer is not None:
            context.window_manager.event_timer_remove(self._timer)
            context.window_manager.progress_end()
            context.workspace.status_text_set(None)
            self._timer = None

    def _record(self, material: bpy.types.Material, context: bpy.types.Context) -> Iterator[tuple[int, int]]:
        from . import recording

        recording.look_again()
        for condition in all_conditions(material):
            if not condition.on:
                continue
            if recording.moves(condition):
                try:
                    yield from recording.record_moving(condition, context)
                except (GrowthError, SurfaceError) as error:
                    condition.problem = str(error)
            else:
                recording.record(condition, context)
            if condition.problem:
                self._problems.append(f"{condition.name}: {condition.problem}")

    def _end(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        for problem in self._problems:
            self.report({"WARNING"}, problem)
        events.changed(material)
        redraw()
        return {"FINISHED"}


class NCA_OT_paint_condition(OnHabitat, bpy.types.Operator):
    """Paint with Blender's own brushes: makes what is painted on, and enters the mode in which you do that.
    The growth follows each stroke"""

    bl_idname = "nca.paint_condition"
    bl_label = "Paint"
    bl_options = {"REGISTER", "UNDO"}

    kind: EnumProperty(
        name="Paint",
        items=(
            ("IMAGE", "Mask Image", "A new image, in Texture Paint", "TPAINT_HLT", 1),
            ("ATTRIBUTE", "Color Attribute", "A new color attribute, in Vertex Paint", "VPAINT_HLT", 2),
            ("GROUP", "Vertex Group", "A new vertex group, in Weight Paint", "WPAINT_HLT", 3),
        ),
        default="IMAGE",
        options={"SKIP_SAVE"},
    )
    is_new: BoolProperty(name="New", default=True, options={"HIDDEN", "SKIP_SAVE"})

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import painting, recording

        condition = chosen(material)
        if self.is_new:
            condition = add(material, self.kind, context)
            condition.name = "Painted"
        if condition is None or condition.kind not in painting.MODES:
            self.report({"ERROR"}, "Choose an image, an attribute or a vertex group to paint.")
            return {"CANCELLED"}
        try:
            said = painting.begin(condition, context)
        except (GrowthError, RuntimeError) as error:
            if self.is_new:
                growth = inhabiting(material)
                growth.conditions.remove(growth.condition_index)
            self.report({"ERROR"}, " ".join(str(error).split()).removeprefix("Error: "))
            return {"CANCELLED"}
        recording.look_again()
        recording.record(condition, context)
        self.report({"INFO"}, said)
        events.changed(material)
        return {"FINISHED"}


class NCA_OT_seed_habitat(OnHabitat, bpy.types.Operator):
    """Begin at several places, far from each other, where the growth lives well"""

    bl_idname = "nca.seed_habitat"
    bl_label = "Seed Where It Thrives"
    bl_options = {"REGISTER", "UNDO"}

    count: IntProperty(name="Seeds", description="How many", default=16, min=1, max=500)

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import seeding

        if not seeding.plant(material, self.count, context):
            self.report({"ERROR"}, "It may grow nowhere: its conditions leave no cell.")
            return {"CANCELLED"}
        events.changed(material)
        return {"FINISHED"}


def add(material: bpy.types.Material, kind: str, context: bpy.types.Context) -> NCA_PG_condition:
    """Add a condition of a kind, with what that begins with, as the chosen one."""
    growth = inhabiting(material)
    condition = growth.conditions.add()
    growth.condition_index = len(growth.conditions) - 1
    presets.put(condition, {"name": KINDS[kind].name, **presets.begin(kind, material, context)}, context)
    return condition


def chosen(material: bpy.types.Material) -> NCA_PG_condition | None:
    """The condition that is chosen in the list."""
    growth = inhabiting(material)
    if not 0 <= growth.condition_index < len(growth.conditions):
        return None
    return growth.conditions[growth.condition_index]


def _is_to_be_seeded(material: bpy.types.Material) -> bool:
    """Whether the seeds are not an artist's own, or none of these lives."""
    from . import seeding

    return nca_of(material).seeds in {"CENTRE", "SCATTERED"} or bool(seeding.why_nothing_lives(material))


classes = (
    NCA_OT_habitat,
    NCA_OT_add_condition,
    NCA_OT_remove_condition,
    NCA_OT_move_condition,
    NCA_OT_update_habitat,
    NCA_OT_paint_condition,
    NCA_OT_seed_habitat,
)
