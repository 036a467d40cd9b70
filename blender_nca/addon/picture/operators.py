# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators: read a DNA from the picture, refine it, learn a species from it, and take what came of that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty

from ...genetics.learned import LEARNED_SUFFIX
from ...genetics.species import Species, SpeciesError
from ...maps.whole_file import write_whole
from ..host.stubs import Result
from ..host.text import fill
from ..library import catalogue, learned, own, versions
from ..material import events, layering
from ..material.operators import PARENT
from ..material.properties import nca_of
from ..material.target import OnGrowth, OnOpenGrowth
from . import study
from .given import given_of, minutes_of, model_of, name_of
from .pixels import PictureError
from .properties import pictured
from .study import READ, REFINED, Study

LOOKS = 0.05
"""Seconds between two looks at the engine."""
PATIENCE = 600.0
"""Seconds that a script waits for what is read or refined."""
LESSON = {
    "name": "Lesson",
    "description": "Which one, as the names of its files say; the material's own if empty",
    "options": {"HIDDEN", "SKIP_SAVE"},
}


class OnPicture(OnOpenGrowth):
    """For operators on the picture of a growth."""

    to_do = "to change its species"

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from .lessons import LessonError

        try:
            return self.change(context, material)
        except (PictureError, LessonError, SpeciesError, RuntimeError, TimeoutError) as error:
            return self.refuse(error)

    def refuse(self, error: Exception) -> Result:
        """Report what was not done, and why."""
        self.report({"ERROR"}, str(error))
        return {"CANCELLED"}

    def change(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        """Do what the operator is for."""
        raise NotImplementedError


class Studying(OnPicture):
    """For operators that ask the engine for a DNA. In a window Blender goes on meanwhile."""

    how = ""

    _study: Study
    _timer: bpy.types.Timer

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        if bpy.app.background or context.window is None:
            return self.act(context, material)
        self.material = material.name
        try:
            self._study = Study(material, self.how)
        except (PictureError, RuntimeError) as error:
            return self.refuse(error)
        manager = context.window_manager
        self._timer = manager.event_timer_add(LOOKS, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        job = self._study.job
        if event.type == "ESC" and event.value == "PRESS":
            self._study.finish()
            return {"RUNNING_MODAL"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        self._study.attend()
        if not job.done():
            return {"PASS_THROUGH"}
        self.cancel(context)
        if job.cancelled:
            return {"CANCELLED"}
        material = next((one for one in bpy.data.materials if one.session_uid == self._study.uid), None)
        if material is None or not nca_of(material).growing:
            return {"CANCELLED"}
        try:
            return self._keep(material)
        except RuntimeError as error:  # the engine's
            return self.refuse(error)

    def cancel(self, context: bpy.types.Context) -> None:
        """It ends, or another file is being opened."""
        self._study.job.cancel()
        self._study.close()
        context.window_manager.event_timer_remove(self._timer)

    def change(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        """For scripts: wait for it."""
        self._study = Study(material, self.how)
        try:
            self._study.job.result(PATIENCE)
            return self._keep(material)
        finally:
            self._study.job.cancel()
            self._study.close()

    def _keep(self, material: bpy.types.Material) -> Result:
        one = study.keep(pictured(material), self._study, self._study.job.result())
        self.report(
            {"INFO"},
            fill(
                "{name}: outline {structure}, color {colour} away."
                if catalogue.grows_figures(one.manifold)
                else "{name}: structure {structure}, color {colour} away.",
                name=one.species,
                structure=f"{one.structure:.2f}",
                colour=f"{one.colour:.3f}",
            ),
        )
        return {"FINISHED"}


class NCA_OT_read_picture(Studying, bpy.types.Operator):
    """Read a DNA from the picture at once. Pictures like the species that are known are read well, others become
    something new"""

    bl_idname = "nca.read_picture"
    bl_label = "Read"
    bl_options = {"REGISTER", "UNDO"}
    how = READ


class NCA_OT_refine_picture(Studying, bpy.types.Operator):
    """Search for the DNA that grows most like the picture, for about a minute, while Blender goes on.
    ESC ends it with the nearest so far"""

    bl_idname = "nca.refine_picture"
    bl_label = "Refine"
    bl_options = {"REGISTER", "UNDO"}
    how = REFINED


class NCA_OT_stop_refining(OnGrowth, bpy.types.Operator):
    """End the search with the nearest so far"""

    bl_idname = "nca.stop_refining"
    bl_label = "Stop"

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        running = study.running(material)
        if running is None:
            return {"CANCELLED"}
        running.finish()
        return {"FINISHED"}


class NCA_OT_take_reading(OnPicture, bpy.types.Operator):
    """Make this one species A"""

    bl_idname = "nca.take_reading"
    bl_label = "Take"
    bl_options = {"REGISTER", "UNDO"}

    how: EnumProperty(
        name="Found by",
        description="Which of what was found for the picture",
        items=((READ, "Read", "What was read at once"), (REFINED, "Refined", "What was searched for")),
        options={"SKIP_SAVE"},
    )

    def change(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        nca = pictured(material)
        one = next((one for one in nca.readings if one.how == self.how), None)
        if one is None:
            raise PictureError("Nothing was found that way yet: press Read or Refine first.")
        keys = learned.keys_in(one.learned)
        header = learned.header_of(keys[0]) if keys else None
        species = Species(one.species, one.dna, one.manifold, learned=keys)
        _become(material, species, header.manifold_version if header else "")
        self.report({"INFO"}, fill("{name} is species A now.", name=one.species))
        return {"FINISHED"}


class NCA_OT_learn_picture(OnPicture, bpy.types.Operator):
    """Learn a new species from the picture, in the background: it blends and breeds with all others of its model.
    It goes on when Blender is closed and opened again"""

    bl_idname = "nca.learn_picture"
    bl_label = "Learn"
    bl_options = {"REGISTER", "UNDO"}

    def change(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import lessons

        nca = pictured(material)
        note = lessons.begin(
            name_of(nca),
            model_of(nca),
            given_of(nca),
            minutes_of(nca),
            nca.picture_scale,
            nca.picture_flatten,
            nca.picture_cut_out,
            nca.picture_author.strip(),
            nca.picture_licence.strip(),
        )
        nca.lesson = note.identifier
        return _await(self, note.identifier)


class OnLesson(OnPicture):
    """For operators on a lesson."""

    lesson: StringProperty(**LESSON)

    def identifier(self, material: bpy.types.Material) -> str:
        """Of the lesson that is meant.

        Raises
        ------
        LessonError
            There is none.
        """
        from . import lessons
        from .lessons import LessonError

        found = self.lesson or pictured(material).lesson
        if lessons.find(found) is None:
            raise LessonError("There is no such lesson on this machine: press Learn.")
        return found


class NCA_OT_resume_lesson(OnLesson, bpy.types.Operator):
    """Go on learning where it rested"""

    bl_idname = "nca.resume_lesson"
    bl_label = "Resume"

    def change(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import lessons

        return _await(self, lessons.resume(self.identifier(material)).identifier)


class NCA_OT_pause_lesson(OnLesson, bpy.types.Operator):
    """Let the lesson rest: it goes on later, also after Blender was closed"""

    bl_idname = "nca.pause_lesson"
    bl_label = "Pause"

    def change(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import lessons

        if lessons.goes_on(self.identifier(material)):
            lessons.pause()
        return {"FINISHED"}


class NCA_OT_stop_lesson(OnLesson, bpy.types.Operator):
    """End the lesson with the nearest so far. It cannot go on after that"""

    bl_idname = "nca.stop_lesson"
    bl_label = "Stop"

    def change(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import lessons

        identifier = self.identifier(material)
        if lessons.goes_on(identifier):
            lessons.stop()
        else:
            lessons.end(identifier)
        return {"FINISHED"}


class NCA_OT_remove_lesson(OnLesson, bpy.types.Operator):
    """Take the lesson and what it has learned from the disk. What was taken of it stays"""

    bl_idname = "nca.remove_lesson"
    bl_label = "Remove Lesson"

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        return context.window_manager.invoke_confirm(self, event)

    def change(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import lessons

        lessons.remove(self.identifier(material))
        return {"FINISHED"}


class NCA_OT_take_lesson(OnLesson, bpy.types.Operator):
    """Make the species that was learned species A, also while it is learned on"""

    bl_idname = "nca.take_lesson"
    bl_label = "Take"
    bl_options = {"REGISTER", "UNDO"}

    def change(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import lessons
        from .lessons import LessonError

        identifier = self.identifier(material)
        path = lessons.species_file(identifier)
        if path is None:
            raise LessonError("Nothing has been learned yet: wait for the first picture.")
        header = learned.keep(learned.read_file(path), path.name)
        one = own.take(replace(header.species, licence=header.licence))  # the library lists it
        _become(material, one, header.manifold_version)
        self.report({"INFO"}, fill("{name} is species A now.", name=one.name))
        return {"FINISHED"}


class NCA_OT_import_species(OnPicture, bpy.types.Operator):
    """Choose the file of a learned species. A growth that misses it grows on; otherwise it becomes species A"""

    bl_idname = "nca.import_learned"
    bl_label = "Import Learned Species"
    bl_options = {"REGISTER", "UNDO"}

    filepath: StringProperty(
        name="File", description="Of the learned species", subtype="FILE_PATH", options={"SKIP_SAVE"}
    )
    filter_glob: StringProperty(default=f"*{LEARNED_SUFFIX}", options={"HIDDEN", "SKIP_SAVE"})
    becomes: BoolProperty(
        name="Make It Species A",
        description="Grow it at once, where this growth was not waiting for it",
        default=True,
    )

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        self.material = material.name
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def change(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        if not self.filepath:
            raise SpeciesError("Choose the file of a learned species.")
        path = Path(self.filepath)
        header = learned.keep(learned.read_file(path), path.name)
        parents = layering.parents_of(material, also_off=True)
        awaited = any(key in parent.learned for parent in parents for key in header.species.learned)
        if self.becomes and not awaited:
            _become(material, header.species, header.manifold_version)
        events.changed(material)
        self.report({"INFO"}, fill("{name} is here now.", name=header.species.name))
        return {"FINISHED"}


class NCA_OT_export_species(OnGrowth, bpy.types.Operator):
    """Write a learned species as one file that can be given away, with its picture and license"""

    bl_idname = "nca.export_learned"
    bl_label = "Export Learned Species"

    filepath: StringProperty(name="File", description="To write", subtype="FILE_PATH", options={"SKIP_SAVE"})
    filter_glob: StringProperty(default=f"*{LEARNED_SUFFIX}", options={"HIDDEN", "SKIP_SAVE"})
    parent: EnumProperty(**PARENT)

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        self.material = material.name
        if not self.filepath:
            name = bpy.path.clean_name(getattr(nca_of(material), self.parent.lower()).species or "species")
            self.filepath = f"{name}{LEARNED_SUFFIX}"
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        one = getattr(nca_of(material), self.parent.lower())
        keys = learned.keys_in(one.learned)
        headers = {key: header for key in keys if (header := learned.header_of(key)) is not None}
        own = next((key for key, header in headers.items() if header.species.dna == one.dna), None)
        content = None if own is None else learned.content_of(own)
        if content is None:
            said = f"“{one.species}” is no learned species"
            if headers:
                said = f"“{one.species}” comes of {', '.join(h.species.name for h in headers.values())}"
            self.report(
                {"ERROR"}, f"{said}: choose a species that was learned from a picture, and export that."
            )
            return {"CANCELLED"}
        try:
            write_whole(Path(self.filepath).with_suffix(LEARNED_SUFFIX), content)
        except (OSError, ValueError) as error:
            self.report(
                {"ERROR"}, f"{self.filepath or 'No file'} cannot be written ({error}): choose another place."
            )
            return {"CANCELLED"}
        return {"FINISHED"}


def _become(material: bpy.types.Material, species: Species, trained: str = "") -> None:
    """Make a species A; `trained` is the training of its model that it was learned on."""
    nca = nca_of(material)
    if nca.b.manifold != species.manifold:
        nca.b.choose(species)  # only species of one model blend
    if trained and trained != nca.model_version and trained == versions.present(species.manifold):
        nca.take_model()
    nca.a.choose(species)


def _await(operator: bpy.types.Operator, identifier: str) -> Result:
    """With a window, let the lesson go on; for scripts without one, wait for it."""
    from . import lessons

    while bpy.app.background and lessons.goes_on(identifier):
        lessons.wait(1.0)
    note = lessons.find(identifier)
    if note is not None and note.problem:
        operator.report({"ERROR"}, note.problem)
        return {"CANCELLED"}
    return {"FINISHED"}


classes = (
    NCA_OT_read_picture,
    NCA_OT_refine_picture,
    NCA_OT_stop_refining,
    NCA_OT_take_reading,
    NCA_OT_learn_picture,
    NCA_OT_pause_lesson,
    NCA_OT_resume_lesson,
    NCA_OT_stop_lesson,
    NCA_OT_take_lesson,
    NCA_OT_remove_lesson,
    NCA_OT_import_species,
    NCA_OT_export_species,
)
