# SPDX-License-Identifier: GPL-3.0-or-later
"""Farm: whether a .blend file has all that machines of a farm need to render what grows in it.

Submitters that ask Blender for its files are told one of each sequence, and render the others pink. So each frame can
have an image of its own in the file, which no material reads.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

import bpy
from bpy.props import BoolProperty

from ..host.stubs import Result
from ..host.text import write
from ..material.properties import nca_of
from .destination import said_from_the_file

NAME = "nca_files"
"""Of the command."""
LIST = "Files of Growths"
"""Name of the text in the .blend file that lists them."""
_MARK = "nca_farm"
POPUP = 440
"""Width of what is told, in pixels at scale 1."""
READY, NOT_READY = 0, 3
"""Exit statuses of the command."""


@dataclass
class Readiness:
    """What a farm would find.

    Attributes
    ----------
    files : list of Path
        All that baked growths read, each once.
    problems : list of str
        Sentences: what a farm would lack, and what to do.
    size : int
        Bytes of the files.
    """

    files: list[Path] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    size: int = 0

    @property
    def sentence(self) -> str:
        """In words, where all is well."""
        if not self.files:
            return "Nothing grows here that reads files."
        size = f"{self.size / 2**20:.1f} MB"
        return f"Ready: {len(self.files)} files ({size}) are there, by paths from the .blend file on."


def check(mends_paths: bool = False) -> Readiness:
    """Look at each growing material's files.

    Parameters
    ----------
    mends_paths : bool
        Whether paths are made relative to the .blend file where they can be.
    """
    from . import missing

    ready = Readiness()
    if not bpy.data.filepath:
        ready.problems.append("This file is not saved: a farm reads it from the disk. Save it.")
    files: dict[Path, None] = {}
    for material in bpy.data.materials:
        nca = nca_of(material)
        if not nca.growing:
            continue
        if not nca.baked:
            ready.problems.append(
                f"{material.name} grows live, and only machines with Neural Growth show that: bake it."
            )
            continue
        lost = missing.missing(material, is_new=True)
        if lost is not None:
            ready.problems.append(f"{material.name}: {lost.sentence}")
        for image, paths in missing.files_of(material).items():
            files |= dict.fromkeys(paths)
            if not _is_relative(image, mends_paths):
                ready.problems.append(
                    f"{material.name} shows {image.filepath}, a path of this machine alone: put the files beside the "
                    ".blend file, and let Find Files show them."
                )
    ready.files = list(files)
    ready.size = sum(path.stat().st_size for path in files if path.is_file())
    return ready


def list_files(ready: Readiness, has_images: bool) -> None:
    """List the files in a text of the .blend file, a path a line, and where it is asked for as images, too."""
    text = bpy.data.texts.get(LIST) or bpy.data.texts.new(LIST)
    text.clear()
    text.write("".join(f"{said_from_the_file(path)}\n" for path in ready.files))
    shown = {said_from_the_file(path) for path in ready.files}
    for image in [image for image in bpy.data.images if image.get(_MARK)]:
        if not has_images or image.filepath not in shown:
            bpy.data.images.remove(image)
    there = {image.filepath for image in bpy.data.images if image.filepath}
    for path in ready.files if has_images else ():
        said = said_from_the_file(path)
        if said not in there:
            image = bpy.data.images.new(path.name, 1, 1)
            image.source, image.filepath = "FILE", said
            image.use_fake_user, image[_MARK] = True, True


def run(arguments: list[str]) -> int:
    """`blender -b FILE --command nca_files`: one line of JSON; the exit status is 0 where all is ready."""
    ready = check()
    for problem in ready.problems:
        print(f"{NAME}: {problem}", file=sys.stderr, flush=True)
    status = NOT_READY if ready.problems else READY
    summary = {"status": status, "problems": ready.problems, "bytes": ready.size}
    print(json.dumps({**summary, "files": [str(path) for path in ready.files]}), flush=True)
    return status


def _is_relative(image: bpy.types.Image, is_mended: bool) -> bool:
    """Whether an image's path is relative to its .blend file, or was made so."""
    if not image.filepath.startswith("//") and is_mended and image.library is None:
        image.filepath = said_from_the_file(Path(image.filepath))
    return image.filepath.startswith("//")


class NCA_OT_ready_for_farm(bpy.types.Operator):
    """Check that a render farm finds every file that this file's growths read: all frames there, and by paths from
    the .blend file on. They are listed in a text"""

    bl_idname = "nca.ready_for_farm"
    bl_label = "Ready for the Farm"
    bl_options = {"REGISTER", "UNDO"}

    has_images: BoolProperty(
        name="Image for Each Frame",
        description="Give each frame an image of its own in this file, which no material reads: for farms whose "
        "submitter asks Blender for its files, and would leave out all but the first frame of a sequence",
    )

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        result = self.execute(context)
        problems = check().problems

        def draw(self: bpy.types.Menu, context: bpy.types.Context) -> None:
            for problem in problems:
                if self.layout is not None:
                    write(self.layout, context, problem, "ERROR", pixels=POPUP)

        if problems:
            context.window_manager.popup_menu(draw, title="Not Ready for the Farm")
        return result

    def execute(self, context: bpy.types.Context) -> Result:
        ready = check(mends_paths=True)
        if ready.files:
            list_files(ready, self.has_images)
        for problem in ready.problems:
            self.report({"WARNING"}, problem)
        if not ready.problems:
            listed = f" They are listed in the text {LIST}. Save the file." if ready.files else ""
            self.report({"INFO"}, f"{ready.sentence}{listed}")
        return {"FINISHED"}


classes = (NCA_OT_ready_for_farm,)
