# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties: what a growing material keeps of its bakes, beside the rest in `Material.nca`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy
from bpy.props import BoolProperty, FloatProperty, IntProperty, StringProperty

from ..host.versions import RELATIVE_PATH
from ..material.properties import NCA_PG_growth, nca_of
from ..material.suggestions import matching, meshes_showing

if TYPE_CHECKING:

    class Baking(NCA_PG_growth):
        """A growth with the properties that `register` adds."""

        bake_start: int
        bake_end: int
        bake_follows: bool
        bake_loop: bool
        bake_folder: str
        normal_strength: float
        bake_uv: str
        grown_uv: str
        is_laid_out: bool


EARLIEST, LATEST = -1_048_574, 1_048_574
"""Blender's own first and last frame."""


def _get_start(self: NCA_PG_growth) -> int:
    scene = bpy.context.scene
    first: int = scene.frame_start
    if first == 0:
        # as early as Blender lets a scene begin; frames below 0 can be shown all the same
        first = min(first, self.start_frame)
    return self.get("bake_start", first)


def _set_start(self: NCA_PG_growth, frame: int) -> None:
    self["bake_start"] = frame


def _get_end(self: NCA_PG_growth) -> int:
    return self.get("bake_end", bpy.context.scene.frame_end)


def _set_end(self: NCA_PG_growth, frame: int) -> None:
    self["bake_end"] = frame


def _is_following(self: NCA_PG_growth) -> bool:
    return not {"bake_start", "bake_end"} & set(self.keys())


def _follow(self: NCA_PG_growth, follows: bool) -> None:
    for name in ("bake_start", "bake_end"):
        if not follows:
            self[name] = getattr(self, name)
        elif name in self.keys():
            del self[name]


def _find_uv_maps(self: NCA_PG_growth, context: bpy.types.Context, typed: str) -> list[str]:
    """Those of all objects that show the material."""
    names = [layer.name for owner in meshes_showing(self.id_data, context) for layer in owner.data.uv_layers]
    return matching(names, typed)


PROPERTIES = {
    "bake_uv": StringProperty(
        name="Baked for",
        description="By which UV map the image files are laid out, such as your own where the growth lives on Growth "
        "UV. Empty: the one that the growth lives on",
        search=_find_uv_maps,
        search_options={"SUGGESTION"},
        options=set(),
    ),
    # whether a bake for another UV map than the growth's is shown, and which the growth's is
    "is_laid_out": BoolProperty(options={"HIDDEN"}),
    "grown_uv": StringProperty(options={"HIDDEN"}),
    "bake_start": IntProperty(
        name="Start",
        description="First frame to bake; the scene's, until you set it",
        min=EARLIEST,
        max=LATEST,
        get=_get_start,
        set=_set_start,
        options=set(),
    ),
    "bake_end": IntProperty(
        name="End",
        description="Last frame to bake; the scene's, until you set it. Later frames show this one",
        min=EARLIEST,
        max=LATEST,
        get=_get_end,
        set=_set_end,
        options=set(),
    ),
    "bake_follows": BoolProperty(
        name="Follow the Scene",
        description="Bake the scene's frames, also when its range is changed later",
        get=_is_following,
        set=_follow,
        options={"SKIP_SAVE"},
    ),
    "bake_loop": BoolProperty(
        name="Loop Alone",
        description="Bake each frame of the loop once: the material shows these files again and again, also before the "
        "growth would be full. Without it the frames that you name are baked, as often as they come",
        default=True,
        options=set(),
    ),
    "bake_folder": StringProperty(
        name="Folder",
        description="Where the image sequences go. Empty: textures/<file>/<material> beside the .blend file",
        subtype="DIR_PATH",
        options=RELATIVE_PATH,
    ),
    "normal_strength": FloatProperty(
        name="Normal Strength",
        description="How many pixels high the highest part stands in the normal maps on disk, for other programs. "
        "This material makes its normals from the height map",
        default=8.0,
        min=-1000.0,
        max=1000.0,
        soft_min=0.0,
        soft_max=50.0,
        subtype="PIXEL",
        options=set(),
    ),
}


def baking_of(material: bpy.types.Material) -> Baking:
    """What a material keeps of its growth, with what is kept of its bakes."""
    return nca_of(material)  # type: ignore[return-value]  # it has those properties from `register` on


def frames_of(nca: Baking) -> tuple[int, int]:
    """The first and the last frame of the scene that a bake writes."""
    if nca.loop is None or not nca.bake_loop:
        return nca.bake_start, nca.bake_end
    first = nca.start_frame + nca.loop.start
    return first, first + nca.loop.length - 1


def register() -> None:
    """Add them to what a growing material keeps."""
    for name, declared in PROPERTIES.items():
        setattr(NCA_PG_growth, name, declared)


def unregister() -> None:
    """Take them away; files keep what they hold."""
    for name in PROPERTIES:
        delattr(NCA_PG_growth, name)
