# SPDX-License-Identifier: GPL-3.0-or-later
"""Growth export: a material's growth as a file that is baked without Blender."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import bpy
from bpy.props import BoolProperty, StringProperty

from ...automaton.growth_error import GrowthError
from ...baking.bake_error import BakeError
from ..host.stubs import Result
from ..host.text import fill
from ..library import learned
from ..material.target import OnGrowth
from .chosen_preset import chosen
from .preset_files import own_presets
from .properties import baking_of

if TYPE_CHECKING:
    from ...automaton.growth import Growth
    from ...baking.growth_file import GrowthFile


SUFFIX = ".growth.json"


def growth_file_of(material: bpy.types.Material) -> GrowthFile:
    """Describe a material's growth, and its bake, for machines without Blender.

    Raises
    ------
    BakeError, GrowthError, TextureError
        With what to do.
    """
    from ...baking.growth_file import MOST_FRAMES, GrowthFile
    from . import bake

    settings = bake.settings_to_bake(material)
    ends = [settings.range, (settings.frame, settings.frame), *([settings.loop] if settings.loop else [])]
    first, last = min(min(each) for each in ends), max(max(each) for each in ends)
    if last - first >= MOST_FRAMES:
        raise BakeError(
            f"Frames {first} to {last}: a growth file holds {MOST_FRAMES} at most. Set Start and End in Bake closer."
        )
    subject, frames = bake.Subject(material), range(first, last + 1)
    grown = tuple(map(subject.frame_of, frames))
    growth, order = subject.describe(max(grown), True)
    assert order is not None  # it was asked for
    version = subject.version(growth)
    own = chosen(baking_of(material))
    others = [preset for preset, _ in own_presets().values() if preset.name != own.name]
    looks, started = [], 0
    for look, run in itertools.groupby(subject.looks(frames)):
        looks.append((started, look))
        started += len(list(run))
    return GrowthFile(
        name=material.name,
        settings=settings,
        presets=(own, *others),
        growth=replace(growth, manifold_version=version),
        manifold_version=version,
        first=first,
        grown=grown,
        order=order,
        all_looks=tuple(looks),
        layout=subject.layout,
        learned=_learned_of(growth),
    )


def _learned_of(growth: Growth) -> dict[str, bytes]:
    found = {key: learned.content_of(key) for key in growth.learned}
    if None in found.values():
        raise GrowthError("A learned species of this growth is not on this machine: import its file again.")
    return {key: content for key, content in found.items() if content is not None}


class NCA_OT_export_growth(OnGrowth, bpy.types.Operator):
    """Write the growth, with what its bake needs, into a file that machines without Blender bake"""

    bl_idname = "nca.export_growth"
    bl_label = "Export Growth"

    filepath: StringProperty(
        name="File", description="The growth file", subtype="FILE_PATH", options={"SKIP_SAVE"}
    )
    filter_glob: StringProperty(default="*.json", options={"HIDDEN", "SKIP_SAVE"})
    check_existing: BoolProperty(default=True, options={"HIDDEN", "SKIP_SAVE"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        from ...baking.naming import stem_for

        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        self.material = material.name  # another one may be active when the file is chosen
        folder = Path(bpy.data.filepath).parent if bpy.data.filepath else Path.home()
        self.filepath = str(folder / f"{stem_for(material.name)}{SUFFIX}")
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from ...baking.growth_file import GrowthFileError, write_growth

        if not self.filepath:
            self.report({"ERROR"}, "Choose a file to write the growth into.")
            return {"CANCELLED"}
        path = Path(bpy.path.abspath(self.filepath))
        path = path if path.suffix == ".json" else path.with_name(f"{path.name}{SUFFIX}")
        try:
            write_growth(path, growth_file_of(material))
        except (BakeError, GrowthError, GrowthFileError, ValueError) as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        except OSError as error:
            self.report(
                {"ERROR"}, f"{path} cannot be written ({error.strerror or error}): choose another file."
            )
            return {"CANCELLED"}
        self.report({"INFO"}, fill("Written to {path}", path=path))
        return {"FINISHED"}


classes = (NCA_OT_export_growth,)
