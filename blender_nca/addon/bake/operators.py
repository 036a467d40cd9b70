# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators: write a growth to image sequences while Blender goes on, and go back to the live growth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import bpy
from bpy.props import BoolProperty, StringProperty

from ...automaton.growth_error import GrowthError
from ...baking.bake_error import BakeError, TakenError
from ...baking.pace import Pace, in_words
from ..host.rendering import is_rendering
from ..host.stubs import Result
from ..host.text import fill, write
from ..host.window import redraw, redraw_panels, tell_in_status_bar
from ..material.properties import nca_of
from ..material.target import OnGrowth
from .destination import NoPlaceError, said_from_the_file
from .preset_files import all_presets
from .properties import baking_of

if TYPE_CHECKING:
    from ...maps.bake_preset import BakePreset
    from . import bake


LOOKS = 0.1
"""Seconds between two looks at the engine."""
DIALOG = 440
"""Width of a question, in pixels at scale 1."""
PATIENCE = 0.25
"""Seconds that a bake without a window waits before it looks whether it was stopped."""


class NCA_OT_bake(OnGrowth, bpy.types.Operator):
    """Write the growth to image files, so that it renders fast and everywhere, also without this add-on.
    ESC stops it; what is finished stays, and the next bake goes on from there"""

    bl_idname = "nca.bake"
    bl_label = "Bake"
    bl_options = {"REGISTER", "UNDO"}

    replace: BoolProperty(
        name="Replace",
        description="Replace also files that another material, or another .blend file, shows",
        options={"HIDDEN", "SKIP_SAVE"},
    )

    fill_disk: BoolProperty(
        name="Fill the Disk",
        description="Bake also where the disk seems to have too little room",
        options={"HIDDEN", "SKIP_SAVE"},
    )

    presets: StringProperty(
        name="Presets",
        description="Names of bake presets, a line each, that are written in one go. Empty: the preset of the material",
        options={"HIDDEN", "SKIP_SAVE"},
    )

    following: StringProperty(
        name="Following",
        description="Names of further materials, a line each, that are baked after this one",
        options={"HIDDEN", "SKIP_SAVE"},
    )

    _bake = None
    _pace: Pace | None = None
    _timer = None
    _question = ""
    _asks_for_room = False

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        from ...baking.estimate import why_too_large

        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        self.material = material.name  # another one may be active when a question is answered
        try:
            running = self._start(context)
        except NoPlaceError:
            return bpy.ops.nca.bake_into("INVOKE_DEFAULT", material=self.material, presets=self.presets)
        except TakenError as error:
            return self._ask(context, str(error), "Replace Files That Others Show?", "Replace")
        except (BakeError, GrowthError) as error:
            self.report({"WARNING" if self.following else "ERROR"}, str(error))
            return self._go_on({"CANCELLED"})
        if running is None:
            return {"CANCELLED"}
        problem = "" if self.fill_disk else why_too_large(running)
        if problem:
            running.close()
            self._bake, self._asks_for_room = None, True
            return self._ask(context, problem, "Bake onto a Disk That May Get Full?", "Bake")
        manager = context.window_manager
        manager.progress_begin(0, running.total)
        self._timer = manager.event_timer_add(LOOKS, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def _ask(self, context: bpy.types.Context, question: str, title: str, answer: str) -> Result:
        self._question = question
        return context.window_manager.invoke_props_dialog(
            self, width=DIALOG, title=title, confirm_text=answer, cancel_default=True
        )

    def draw(self, context: bpy.types.Context) -> None:
        """The question whether files are to be replaced, or the disk filled."""
        if self.layout is not None and self._question:
            write(self.layout, context, self._question, "ERROR", pixels=DIALOG)

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        running = self._bake
        if running is None:
            return {"CANCELLED"}
        if event.type == "ESC" and event.value == "PRESS":
            running.cancel()
        if event.type == "TIMER" or running.is_cancelled:
            ended = self._step(running, 0.0)
            context.window_manager.progress_update(len(running.finished))
            if self._pace is not None:
                self._pace.note(len(running.finished))
                tell_in_status_bar(f"Baking {running.plan.name}: {_said(self._pace, running)}. ESC stops it.")
            redraw_panels()  # the view shows the same, and may take longer than a frame's bake
            # a render reads the live images, which go when a bake has ended
            if ended and not is_rendering():
                is_stopped = running.is_cancelled
                result = self._end(context)
                redraw()
                return result if is_stopped else self._go_on(result)
        return {"PASS_THROUGH"}

    def cancel(self, context: bpy.types.Context) -> None:
        """Another file is being opened."""
        self._end(context)

    def execute(self, context: bpy.types.Context) -> Result:
        from ...baking.estimate import why_too_large

        if self._question:  # it was answered: bake on while Blender goes on
            return bpy.ops.nca.bake(
                "INVOKE_DEFAULT",
                material=self.material,
                replace=self.replace or not self._asks_for_room,
                fill_disk=self.fill_disk or self._asks_for_room,
                presets=self.presets,
                following=self.following,
            )
        try:
            running = self._start(context)
        except (BakeError, GrowthError) as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        if running is None:
            return {"CANCELLED"}
        problem = "" if self.fill_disk else why_too_large(running)
        if problem:  # nobody can be asked
            self.report({"WARNING"}, problem)
        try:
            while not self._step(running, PATIENCE):
                pass
        finally:
            result = self._end(context)
        return result

    def _go_on(self, result: Result) -> Result:
        """Begin with the next material, if there is one."""
        names = self.following.splitlines()
        while names:
            name, *names = names
            try:
                bpy.ops.nca.bake(
                    "INVOKE_DEFAULT", material=name, presets=self.presets, following="\n".join(names)
                )
                break
            except RuntimeError as error:  # what it has reported
                self.report({"ERROR"}, " ".join(str(error).split()).removeprefix("Error: "))
        return result

    def _start(self, context: bpy.types.Context) -> bake.Bake | None:
        """Begin; None where there is no material to bake, which is told. Raises as `bake.start`."""
        from . import bake

        material = self.find(context)
        if material is None:
            return None
        self._bake = bake.start(material, self.replace, self._chosen_presets())
        self._failed = False
        self._pace = Pace(len(self._bake.finished), self._bake.total)
        return self._bake

    def _chosen_presets(self) -> list[BakePreset] | None:
        names = self.presets.splitlines()
        known = all_presets()
        for name in names:
            if name not in known:
                raise BakeError(f"There is no bake preset {name!r}: choose one of {', '.join(known)}.")
        return [known[name] for name in names] or None

    def _step(self, running: bake.Bake, patience: float) -> bool:
        """Go on; whether the bake has ended, in whichever way."""
        from ...baking import bake as bakes
        from ...engine.client import EngineError

        if not running.is_cancelled and _find(running.uid) is None:
            self.report({"WARNING"}, f"{running.plan.name} is gone: its bake has stopped. {_kept(running)}")
            running.cancel()
        if running.is_cancelled or running.done:
            return True
        try:
            running.step(patience)
        except (EngineError, bakes.FolderGoneError) as error:
            self._failed = True
            kept = "" if isinstance(error, OSError) else _kept(running)
            self.report({"ERROR"}, f"{error} {kept}".rstrip())
            return True
        return running.done

    def _end(self, context: bpy.types.Context) -> Result:
        from ...baking.delivery import deliver, what_was_baked
        from . import missing, outlook, shown

        running, self._bake = self._bake, None
        if self._timer is not None:
            context.window_manager.event_timer_remove(self._timer)
            context.window_manager.progress_end()
            tell_in_status_bar(None)
            self._timer = None
        if running is None:
            return {"CANCELLED"}
        if not running.close():
            self.report(
                {"WARNING"},
                f"The drive of {running.folder} does not answer: what is finished is noted there when it comes back.",
            )
        missing.forget()
        if self._pace is not None:
            self._pace.note(len(running.finished))
            outlook.note_pace(running.plan, self._pace)
        material = _find(running.uid)
        if running.done and not running.is_cancelled and material is not None:
            if running.saw_other_mesh(material):
                self.report(
                    {"WARNING"},
                    f"The mesh of {material.name} was changed while it was baked: the pictures are for the mesh as it "
                    "was before. Free the bake, press Update Surface, and bake again.",
                )
            try:
                deliver(running)
                if running.shown is not None:
                    shown.show_baked(material, running)
            except OSError as error:
                self.report(
                    {"ERROR"},
                    f"The textures are there, and {error.filename or running.folder} could not be written "
                    f"({error.strerror or error}): choose another folder in Bake.",
                )
                return {"CANCELLED"}
            except RuntimeError as error:  # somebody has taken the files away meanwhile
                reason = " ".join(str(error).split()).removeprefix("Error: ")
                self.report({"ERROR"}, f"The baked images cannot be opened: bake again. ({reason})")
                return {"CANCELLED"}
            outlook.note_end(material, outlook.Ended(f"Baked {what_was_baked(running)}.", running.folder))
            self.report(
                {"INFO"},
                fill("Baked {what} into {folder}", what=what_was_baked(running), folder=running.folder),
            )
            if running.constancy is not None and running.constancy.sentence:
                self.report({"WARNING"}, running.constancy.sentence)
            return {"FINISHED"}
        if not self._failed and material is not None:
            self.report({"INFO"}, fill("Bake stopped. {kept}", kept=_kept(running)))
        return {"CANCELLED"}


class InFolder(OnGrowth):
    """For operators that ask for a folder."""

    directory: StringProperty(
        name="Folder", description="The folder", subtype="DIR_PATH", options={"SKIP_SAVE"}
    )
    filter_folder: BoolProperty(default=True, options={"HIDDEN", "SKIP_SAVE"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        self.material = material.name  # another one may be active when the folder is chosen
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}


class NCA_OT_bake_into(InFolder, bpy.types.Operator):
    """Choose the folder that the growth's image files go into, and write them"""

    bl_idname = "nca.bake_into"
    bl_label = "Bake into Folder"
    bl_options = {"REGISTER", "UNDO"}

    presets: StringProperty(name="Presets", description="As for Bake", options={"HIDDEN", "SKIP_SAVE"})

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        if not self.directory:
            self.report({"ERROR"}, "Choose a folder for the images.")
            return {"CANCELLED"}
        baking_of(material).bake_folder = said_from_the_file(Path(self.directory))
        how = "EXEC_DEFAULT" if bpy.app.background else "INVOKE_DEFAULT"
        try:
            return bpy.ops.nca.bake(how, material=material.name, presets=self.presets)
        except RuntimeError as error:  # what it has reported
            self.report({"ERROR"}, " ".join(str(error).split()).removeprefix("Error: "))
            return {"CANCELLED"}


class NCA_OT_find_bake(InFolder, bpy.types.Operator):
    """Choose a folder in which the baked files of this growth are now, or in one of its folders"""

    bl_idname = "nca.find_bake"
    bl_label = "Find Files"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import missing

        if not nca_of(material).baked:
            self.report({"INFO"}, fill("{name} is not baked.", name=material.name))
            return {"CANCELLED"}
        place = missing.find(material, Path(self.directory)) if self.directory else None
        if place is None:
            self.report(
                {"ERROR"},
                f"The baked files of {material.name} are not in {self.directory or 'no folder'}: "
                "choose another folder, or bake again.",
            )
            return {"CANCELLED"}
        baking_of(material).bake_folder = said_from_the_file(place)
        lost = missing.missing(material, is_new=True)
        if lost is not None:
            self.report({"WARNING"}, lost.sentence)
        else:
            self.report({"INFO"}, fill("Found in {folder}", folder=place))
        return {"FINISHED"}


class NCA_OT_stop_bake(OnGrowth, bpy.types.Operator):
    """Stop the bake. What is finished stays, and the next bake goes on from there"""

    bl_idname = "nca.stop_bake"
    bl_label = "Stop Bake"

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import bake

        running = bake.running(material)
        if running is None:
            return {"CANCELLED"}
        running.cancel()
        return {"FINISHED"}


class NCA_OT_free_bake(OnGrowth, bpy.types.Operator):
    """Show the live growth again. The baked files stay on the disk"""

    bl_idname = "nca.free_bake"
    bl_label = "Free Bake"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import shown

        if not nca_of(material).baked:
            self.report({"INFO"}, fill("{name} is not baked.", name=material.name))
            return {"CANCELLED"}
        shown.free(material)
        return {"FINISHED"}


def _find(uid: int) -> bpy.types.Material | None:
    return next((m for m in bpy.data.materials if m.session_uid == uid and nca_of(m).growing), None)


def _said(pace: Pace, running: bake.Bake) -> str:
    if pace.seconds_stalled:
        return f"no frame for {in_words(pace.seconds_stalled)}: is the drive of {running.folder} there?"
    return pace.sentence


def _kept(running: bake.Bake) -> str:
    return f"{len(running.finished)} of {running.total} frames are finished and kept in {running.folder}."


classes = (NCA_OT_bake, NCA_OT_bake_into, NCA_OT_find_bake, NCA_OT_stop_bake, NCA_OT_free_bake)
