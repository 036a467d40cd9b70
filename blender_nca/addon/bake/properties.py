# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties: what a growing material keeps of its bakes, beside the rest in `Material.nca`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    StringProperty,
)

from ...automaton.growth_limits import MOST_PIXELS
from ...maps.name_pattern import USUAL_NAMES
from ..host.versions import RELATIVE_PATH
from ..material.properties import NCA_PG_growth, nca_of
from ..material.suggestions import matching, meshes_showing
from ..material.translucent import translucency_of
from .textures import NCA_PG_texture

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
        bake_preset: str
        bake_textures: bpy.types.bpy_prop_collection_idprop[NCA_PG_texture]
        bake_texture_index: int
        bake_names: str
        bake_material_kind: str
        bake_layout: str
        bake_frame: int
        bake_columns: int
        bake_rows: int
        bake_size: str
        bake_side: int
        bake_padding: int
        flipbook_loops: bool
        flipbook_motion: bool

    from ...baking.settings import BakeSettings


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


def _get_frame(self: NCA_PG_growth) -> int:
    return self.get("bake_frame", bpy.context.scene.frame_current)


def _set_frame(self: NCA_PG_growth, frame: int) -> None:
    self["bake_frame"] = frame


def _find_uv_maps(self: NCA_PG_growth, context: bpy.types.Context, typed: str) -> list[str]:
    """Those of all objects that show the material."""
    names = [layer.name for owner in meshes_showing(self.id_data, context) for layer in owner.data.uv_layers]
    return matching(names, typed)


PROPERTIES = {
    "bake_uv": StringProperty(
        name="Baked for",
        description="By which UV map the image files are laid out, such as your own where the growth lives on Growth "
        "UV. Over several UDIM tiles each has a file. Empty: the one that the growth lives on",
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
    # Which files for which program: no part of what a growth is, so growths' own presets leave it out.
    "bake_preset": StringProperty(
        name="Preset",
        description="For which program the files are: which textures there are, what they hold and how they are called",
        options={"HIDDEN"},
    ),
    "bake_textures": CollectionProperty(type=NCA_PG_texture, options={"HIDDEN"}),
    "bake_texture_index": IntProperty(options={"HIDDEN"}),
    "bake_names": StringProperty(
        name="Names",
        description="How files are called, with {material}, {texture} and {frame} in it. Files without a number have "
        "no {frame}",
        default=USUAL_NAMES,
        options={"HIDDEN"},
    ),
    "bake_material_kind": StringProperty(options={"HIDDEN"}),
    "bake_layout": EnumProperty(
        name="Layout",
        description="What the files hold of the growth's time",
        items=[
            ("SEQUENCE", "Sequence", "All frames, a file of each texture for every one"),
            ("STILL", "Still", "One frame"),
            ("FLIPBOOK", "Flipbook", "Frames as tiles of one texture, with a file that says where each is"),
            (
                "ORDER",
                "Growth Order",
                "The last frame, and when each place came alive: engines play the whole growth by one number, such as "
                "an alpha cutoff that falls",
            ),
        ],
        options={"HIDDEN"},
    ),
    "bake_frame": IntProperty(
        name="Frame",
        description="The frame to bake; the one that is shown, until you set it",
        min=EARLIEST,
        max=LATEST,
        get=_get_frame,
        set=_set_frame,
        options={"HIDDEN"},
    ),
    "bake_columns": IntProperty(
        name="Columns", description="Tiles beside each other", default=8, min=1, max=128, options={"HIDDEN"}
    ),
    "bake_rows": IntProperty(
        name="Rows",
        description="Tiles below each other. So many frames are spread over the frames to bake as there are tiles",
        default=8,
        min=1,
        max=128,
        options={"HIDDEN"},
    ),
    "bake_side": IntProperty(
        name="Size",
        description="Pixels along the longer side of each texture, 16 to 16384; 0: as it is shown, the cells by the "
        "pixels of each",
        min=0,
        max=MOST_PIXELS,
        default=0,
        subtype="PIXEL",
        options={"HIDDEN"},
    ),
    "bake_size": EnumProperty(
        name="Width",
        description="Of the whole flipbook, in pixels",
        items=[(str(2**n), str(2**n), f"{2**n} pixels") for n in range(8, 15)],
        default="4096",
        options={"HIDDEN"},
    ),
    "bake_padding": IntProperty(
        name="Padding",
        description="Pixels around each picture within its tile, in which its border is repeated, so that smaller "
        "copies of the texture do not mix frames",
        default=0,
        min=0,
        max=64,
        subtype="PIXEL",
        options={"HIDDEN"},
    ),
    "flipbook_loops": BoolProperty(
        name="Loop",
        description="The frames to bake end where they begin: the last one is not shown twice",
        options={"HIDDEN"},
    ),
    "flipbook_motion": BoolProperty(
        name="Motion Vectors",
        description="One texture more says how each tile moves into the next, for engines that blend tiles by it: the "
        "front is carried on instead of fading in",
        options={"HIDDEN"},
    ),
}


def baking_of(material: bpy.types.Material) -> Baking:
    """What a material keeps of its growth, with what is kept of its bakes."""
    return nca_of(material)  # type: ignore[return-value]  # it has those properties from `register` on


def bakes_loop_alone(nca: Baking) -> bool:
    """Whether a bake writes the frames of a loop, each once."""
    from ...baking.settings import loop_is_baked

    return loop_is_baked(has_loop(nca), nca.bake_loop, nca.bake_layout)


def has_loop(nca: Baking) -> bool:
    """Whether frames of the scene are a loop. By age keyframes say which frames those are, if any."""
    return nca.loop is not None and nca.clock == "TIMELINE"


def settings_of(material: bpy.types.Material, is_dated: bool) -> BakeSettings:
    """What a material says of its bakes.

    Parameters
    ----------
    material : Material
    is_dated : bool
        Whether it has growth order and front.
    """
    from ...baking.settings import BakeSettings

    nca, render = baking_of(material), bpy.context.scene.render
    loop = None
    if nca.loop is not None and has_loop(nca):
        first = nca.start_frame + nca.loop.start
        loop = first, first + nca.loop.length - 1
    return BakeSettings(
        layout=nca.bake_layout,
        range=(nca.bake_start, nca.bake_end),
        frame=nca.bake_frame,
        loop=loop,
        wants_loop=nca.bake_loop,
        columns=nca.bake_columns,
        rows=nca.bake_rows,
        width=int(nca.bake_size),
        padding=nca.bake_padding,
        flipbook_loops=nca.flipbook_loops,
        flipbook_motion=nca.flipbook_motion,
        normal_strength=nca.normal_strength,
        cells=(nca.height, nca.width),
        pixels_per_cell=nca.pixels_per_cell,
        side=nca.bake_side,
        is_dated=is_dated,
        fps=render.fps / render.fps_base,
        **_translucency(material),
    )


def _translucency(material: bpy.types.Material) -> dict[str, float]:
    """How light goes into the growth in the frame that is shown."""
    found = translucency_of(material)
    if found is None:
        return {}
    return {name: getattr(found[0], name) for name in ("subsurface", "transmission", "ior")}


def register() -> None:
    """Add them to what a growing material keeps."""
    bpy.utils.register_class(NCA_PG_texture)
    for name, declared in PROPERTIES.items():
        setattr(NCA_PG_growth, name, declared)


def unregister() -> None:
    """Take them away; files keep what they hold."""
    for name in PROPERTIES:
        delattr(NCA_PG_growth, name)
    bpy.utils.unregister_class(NCA_PG_texture)
