# SPDX-License-Identifier: GPL-3.0-or-later
"""Bake: materials that are being baked, while Blender goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import bpy

from ...automaton.growth import Growth
from ...baking import bake as bakes
from ...baking.bake_error import BakeError
from ...baking.command_line import Options
from ...baking.layout import Layout
from ...baking.plan import BakePlan, plan_bake
from ...baking.settings import BakeSettings
from ...maps.bake_preset import BakePreset
from ...maps.order import Order
from ...maps.texture import TextureError
from ..host.colour_space import look, why_no_bake
from ..library import catalogue
from ..material import duplicates, events
from ..material.clock import frame_of
from ..material.look import looks_to_bake
from ..material.order import describe, is_asked
from ..material.status import why_not_editable
from ..material.track import forget_track
from ..settings.preferences import chosen_engine
from . import chosen_preset
from .destination import baked_to_the_same_files, folder_at, folder_of, stem_of
from .layout import corners_now, layout_of
from .order_file import write_order_files
from .owners import Owners
from .properties import baking_of, settings_of
from .texture_cache import forget

if TYPE_CHECKING:
    from ...engine.client import Engine
    from ...maps.look import Look

AS_IT_SAYS = Options()
"""Nothing is told: the bake is what the material says."""

_running: dict[int, Bake] = {}


class Subject:
    """A material, as `baking.plan.Subject` says what is baked."""

    def __init__(self, material: bpy.types.Material) -> None:
        self._material = material
        self.name = material.name

    @property
    def layout(self) -> Layout | None:
        """The other UV map that the pictures are for; raises `BakeError`."""
        return layout_of(self._material)

    def frame_of(self, scene_frame: int) -> int:
        """As `clock.frame_of`."""
        return frame_of(self._material, scene_frame)

    def describe(self, frame: int, is_dated: bool) -> tuple[Growth, Order | None]:
        """As `order.describe`."""
        return describe(self._material, frame, is_dated)

    def looks(self, scene_frames: Sequence[int]) -> list[Look | None]:
        """As `look.looks_to_bake`."""
        return looks_to_bake(self._material, scene_frames)

    def version(self, growth: Growth) -> str:
        """The growth's own, or where it does not say that which is here."""
        known: str = catalogue.models().get(growth.manifold, {}).get("sha256", "")
        return growth.manifold_version or known


class Bake(bakes.Bake):
    """The bake of a material.

    Parameters
    ----------
    material : Material
    replace : bool
        Also files that another material, or another .blend file, shows.
    presets : sequence of BakePreset, optional
        For which programs; by default for that of the material.
    options : Options, optional
        What was told instead of what the material says.
    engines : sequence of functions, optional
        Give the engines that share the frames; by default that of Blender.
    """

    def __init__(
        self,
        material: bpy.types.Material,
        replace: bool = False,
        presets: Sequence[BakePreset] | None = None,
        options: Options = AS_IT_SAYS,
        engines: Sequence[Callable[[], Engine]] = (chosen_engine,),
    ):
        """Plan the bake and open its folder.

        Raises
        ------
        BakeError, GrowthError
            With what to do.
        """
        plan = plan_of(material, presets, options)
        self.uid = material.session_uid
        folder = _folder_told(material, options)
        _check_alone(material, folder, plan.stem)
        uv_map = baking_of(material).uv_map
        self._mesh = uv_map, corners_now(material, uv_map)
        super().__init__(
            plan, folder, engines, Owners(material), replace, options.chunk, options.states_folder
        )

    def saw_other_mesh(self, material: bpy.types.Material) -> bool:
        """Whether the mesh was changed since the bake began."""
        uv_map, corners = self._mesh
        return corners_now(material, uv_map) != corners

    def write_beside(self) -> None:
        write_order_files(self)

    def close(self, patience: float = bakes.CLOSE_SECONDS) -> bool:
        _running.pop(self.uid, None)
        has_answered = super().close(patience)
        if has_answered:  # nobody waits for a drive that is gone
            forget(self.written)
        return has_answered


def plan_of(
    material: bpy.types.Material, presets: Sequence[BakePreset] | None = None, options: Options = AS_IT_SAYS
) -> BakePlan:
    """Plan the bake of a material. Parameters as of `Bake`.

    Raises
    ------
    BakeError, GrowthError
        With what to do.
    ArgumentError
        It cannot be as `options` say.
    """
    settings = options.applied(settings_to_bake(material))
    return plan_bake(Subject(material), settings, presets or [_chosen(material)])


def settings_to_bake(material: bpy.types.Material) -> BakeSettings:
    """What a material says of its bakes, once it may be baked: what was read of its animation is read anew.

    Raises
    ------
    BakeError
        It may not be; the message says what to do.
    """
    duplicates.separate()
    problem = why_not_editable(material)
    if problem:
        raise BakeError(problem)
    if not baking_of(material).growing:
        raise BakeError(f"{material.name} has no growth: press New Growth first.")
    look()
    if why_no_bake():
        raise BakeError(why_no_bake())
    events.needed(material)
    forget_track(material)  # what its drivers read may have been changed by a script meanwhile
    return settings_of(material, is_asked(material))


def _folder_told(material: bpy.types.Material, options: Options) -> Path:
    if not options.folder:
        return folder_of(material)
    # as anywhere in Blender, // is where the file lies
    is_beside = options.folder.startswith("//")
    return folder_at(options.folder if is_beside else str(Path(options.folder).absolute()))


def _check_alone(material: bpy.types.Material, folder: Path, stem: str) -> None:
    """Refuse a bake that would replace that of another material."""
    other = baked_to_the_same_files(material, folder, stem)
    if other is None:
        return
    same = "the same names" if stem_of(other) == stem else "names that Windows and macOS take for these"
    raise BakeError(
        f"{other.name} is baked to files of {same} in {folder}: choose another folder in Bake, "
        "or rename one of the two materials."
    )


def _chosen(material: bpy.types.Material) -> BakePreset:
    try:
        return chosen_preset.chosen(baking_of(material))
    except TextureError as error:
        raise BakeError(f"{error} (See Textures in Bake.)") from error


def start(
    material: bpy.types.Material,
    replace: bool = False,
    presets: Sequence[BakePreset] | None = None,
    options: Options = AS_IT_SAYS,
    engines: Sequence[Callable[[], Engine]] = (chosen_engine,),
) -> Bake:
    """Begin a bake. Parameters and errors as of `Bake`; also `BakeError` where one is under way."""
    if material.session_uid in _running:
        raise BakeError(f"{material.name} is being baked: wait for its end, or press ESC to stop it.")
    bake = Bake(material, replace, presets, options, engines)
    _running[bake.uid] = bake
    return bake


def running(material: bpy.types.Material) -> Bake | None:
    """The bake of a material that is under way, if there is one."""
    return _running.get(material.session_uid)


def is_running(material: bpy.types.Material) -> bool:
    """Whether a material is being baked."""
    return material.session_uid in _running


def is_any_running() -> bool:
    """Whether any material is being baked."""
    return bool(_running)


def cancel(material: bpy.types.Material) -> None:
    """Stop the bake of a material, if there is one."""
    bake = running(material)
    if bake is not None:
        bake.cancel()


def stop_all() -> None:
    """End all bakes, as the add-on is switched off. (Opening another file cancels the operators that run them.)"""
    for bake in list(_running.values()):
        bake.close()
