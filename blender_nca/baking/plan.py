# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan: all that a bake writes, known before it begins."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from ..automaton.growth import Growth
from ..automaton.growth_limits import MOST_PIXELS_PER_CELL
from ..maps.bake_preset import BLENDER, BakePreset, with_growth_order, with_motion
from ..maps.flipbook import Flipbook, FlipbookError
from ..maps.look import Look
from ..maps.order import Order
from .bake_error import BakeError
from .layout import Layout
from .naming import stem_for
from .settings import LEAST_SIDE, MOST_SIDE, BakeSettings

NO_FLIPBOOK = (
    "The material shows Blender's own files as a sequence or a still: choose another preset, such as glTF or Plain, "
    "for this layout."
)


class Subject(Protocol):
    """What is baked: a material of Blender, or a file that says as much of one."""

    @property
    def name(self) -> str:
        """Of the material."""

    @property
    def layout(self) -> Layout | None:
        """The other UV map that the pictures are for, if they are for one."""

    def frame_of(self, scene_frame: int) -> int:
        """The growth's frame at a frame of the scene; raises `GrowthError` or `BakeError` where it is not known."""

    def describe(self, frame: int, is_dated: bool) -> tuple[Growth, Order | None]:
        """The growth as far as a frame of it, and its order where that is wanted; raises `GrowthError`."""

    def looks(self, scene_frames: Sequence[int]) -> list[Look | None]:
        """How files are changed in frames of the scene; raises as `frame_of`."""

    def version(self, growth: Growth) -> str:
        """Which training of its manifold a growth is grown by."""


@dataclass(frozen=True, eq=False)
class BakePlan:
    """A bake as data.

    Attributes
    ----------
    name, stem : str
        Of the material, and what its files begin with.
    settings : BakeSettings
    presets : tuple of BakePreset
        All share one rollout, and their maps are made once.
    frames : tuple of int
        Of the scene.
    growth_frames : int
        How many frames of the scene the range to bake has, whichever of them are baked.
    grown : mapping of int to int
        Frame of the scene -> that of the growth.
    watched : tuple of int
        The growth's frames in which a growth order watches what is seen; those of the whole range.
    growth : Growth
    order : Order, optional
        How growth order and front are painted, where they are baked, too.
    looks : mapping of int to Look or None
        Frame of the scene -> how its maps are changed.
    layout : Layout, optional
        The other UV map that the pictures are for.
    flipbook : Flipbook, optional
        How frames lie on a sheet.
    version : str
        Of the manifold's training.
    """

    name: str
    stem: str
    settings: BakeSettings
    presets: tuple[BakePreset, ...]
    frames: tuple[int, ...]
    growth_frames: int
    grown: Mapping[int, int]
    watched: tuple[int, ...]
    growth: Growth
    order: Order | None
    looks: Mapping[int, Look | None]
    layout: Layout | None
    flipbook: Flipbook | None
    version: str

    @property
    def first(self) -> int:
        return self.frames[0]

    @property
    def last(self) -> int:
        return self.frames[-1]

    @property
    def tiles(self) -> tuple[int, ...]:
        """Numbers of the UDIM tiles, each of which has a picture; empty where one picture has all."""
        return tuple(self.layout.tiles) if self.layout is not None and self.layout.is_tiled else ()

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in pixels of each frame, but for a flipbook's."""
        return self.settings.size

    @property
    def middle(self) -> int | None:
        """The growth's frame at half the time, of a growth order."""
        return self.watched[(len(self.watched) - 1) // 2] if self.watched else None

    @property
    def is_loop(self) -> bool:
        """Whether the frames come again and again in the material."""
        return self.settings.bakes_loop_alone and self.settings.layout == "SEQUENCE"

    @property
    def is_looped(self) -> bool:
        """Whether the first tile of a flipbook follows on its last."""
        return self.settings.flipbook_loops or self.settings.bakes_loop_alone

    @property
    def has_look(self) -> bool:
        """Whether the files are changed as the material's look says."""
        return any(self.looks.values())

    def number(self, frame: int) -> int:
        """Number of a frame's files: its own, or where a bake begins below 0, which no file has, counted from 1."""
        return frame if self.first >= 0 else frame - self.first + 1

    def keys(self) -> dict[int, str]:
        """Frame -> a key of all that its files depend on."""
        growth = self.growth
        chain = growth.chain(max(self.grown.values()))
        size = "" if self.size == _painted(growth) else "{} x {} ".format(*self.size)
        rest = f"{size}{growth.pixels_per_cell} {growth.boundary} {self.settings.normal_strength:.6g} {self.version}"
        if growth.surface is not None:
            rest += f" {growth.margin}"
        if growth.fine:
            rest += " fine"
        if self.layout is not None:
            rest += f" {self.layout.digest}"
        keys = {}
        for frame, grown in self.grown.items():
            state, weights = chain[grown]
            # the weights also here: what is painted of a state depends on those of its own frame
            said = f"{state} {weights} {rest}{_said(self.looks[frame])}"
            keys[frame] = hashlib.sha256(said.encode()).hexdigest()[:32]
        return keys


def plan_bake(subject: Subject, settings: BakeSettings, presets: Sequence[BakePreset]) -> BakePlan:
    """Plan a bake.

    Raises
    ------
    BakeError, GrowthError
        With what to do.
    """
    chosen, layout = list(presets), settings.layout
    if layout in ("FLIPBOOK", "ORDER") and any(preset.name == BLENDER for preset in chosen):
        raise BakeError(NO_FLIPBOOK)
    if layout == "ORDER":
        chosen = [with_growth_order(preset) for preset in chosen]
    elif layout == "FLIPBOOK" and settings.flipbook_motion:
        chosen = [with_motion(preset) for preset in chosen]
    first, last = settings.ends
    if last < first and layout != "STILL":
        raise BakeError(f"The bake ends at frame {last}, before it starts at {first}: set its end later.")
    flipbook = _flipbook_of(settings) if layout == "FLIPBOOK" else None
    frames = _frames_of(settings, flipbook)
    grown = {frame: subject.frame_of(frame) for frame in frames}
    is_dated = settings.is_dated or any(preset.is_dated for preset in chosen)
    watched = [subject.frame_of(frame) for frame in range(first, last + 1)] if layout == "ORDER" else []
    growth, order = subject.describe(max([*grown.values(), *watched]), is_dated)
    pixels = _pixels_for(settings)
    if growth.pixels_per_cell != pixels:
        growth = replace(growth, pixels_per_cell=pixels)
    if layout == "ORDER" and order is not None:
        # what is packed is all of the growth, whichever frame the live order ends at
        order = Order(max(1, growth.steps_until(grown[frames[-1]])), order.front)
    laid_out = subject.layout
    if laid_out is not None and laid_out.is_tiled:
        _check_tiled(layout, chosen)
    return BakePlan(
        name=subject.name,
        stem=stem_for(subject.name),
        settings=settings,
        presets=tuple(chosen),
        frames=tuple(frames),
        growth_frames=last - first + 1,
        grown=grown,
        watched=tuple(watched),
        growth=growth,
        order=order,
        looks=dict(zip(frames, subject.looks(frames), strict=True)),
        layout=laid_out,
        flipbook=flipbook,
        version=subject.version(growth),
    )


def _pixels_for(settings: BakeSettings) -> int:
    """How finely each cell is painted: as is asked for, or finely enough for the side that is.

    What is painted is then made as large as that side. Raises `BakeError` for a side that no texture has.
    """
    if not settings.side:
        return settings.pixels_per_cell
    if not LEAST_SIDE <= settings.side <= MOST_SIDE:
        raise BakeError(
            f"Textures of {settings.side} pixels: choose {LEAST_SIDE} to {MOST_SIDE} along the longer side."
        )
    return min(MOST_PIXELS_PER_CELL, -(-settings.side // max(settings.cells)))


def _painted(growth: Growth) -> tuple[int, int]:
    """Height and width of what is painted, in pixels."""
    return growth.height * growth.pixels_per_cell, growth.width * growth.pixels_per_cell


def _check_tiled(layout: str, presets: Sequence[BakePreset]) -> None:
    """Refuse what cannot lie over several UDIM tiles."""
    if layout not in ("SEQUENCE", "STILL"):
        raise BakeError(
            "Its UV map lies over several UDIM tiles, and this layout is one picture: choose Still or Sequence in Bake."
        )
    if layout == "SEQUENCE" and any(preset.name == BLENDER for preset in presets):
        raise BakeError(
            "Its UV map lies over several UDIM tiles, of which Blender shows no sequences: choose Still in Bake, or "
            "another preset, such as Plain."
        )


def _frames_of(settings: BakeSettings, flipbook: Flipbook | None) -> list[int]:
    """The frames of the scene that are shown in files."""
    first, last = settings.ends
    if settings.layout == "STILL":
        return [settings.frame]
    if settings.layout == "ORDER":
        return [last]
    if flipbook is not None:
        return flipbook.frames(first, last, settings.flipbook_loops or settings.bakes_loop_alone)
    return list(range(first, last + 1))


def _flipbook_of(settings: BakeSettings) -> Flipbook:
    height, width = settings.cells
    try:
        return Flipbook(settings.columns, settings.rows, settings.width, settings.padding, height / width)
    except FlipbookError as error:
        raise BakeError(str(error)) from error


def _said(look: Look | None) -> str:
    """A look as a part of a key; nothing without one."""
    return "" if look is None else f" {json.dumps(look.describe())}"
