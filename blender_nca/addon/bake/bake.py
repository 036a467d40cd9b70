# SPDX-License-Identifier: GPL-3.0-or-later
"""Bake: a growth as image sequences on disk, frame by frame while Blender goes on."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import bpy

from ...maps.bake_preset import BLENDER, BakePreset, with_growth_order
from ...maps.claim import ClaimedError
from ...maps.flipbook import Flipbook, FlipbookError
from ...maps.order import Order
from ...maps.record import RecordError
from ...maps.texture import TextureError
from ...maps.texture_files import Files
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
from .constancy import Constancy
from .destination import BakeError, baked_to_the_same_files, folder_of, stem_of
from .layout import corners_now, layout_of
from .properties import bakes_loop_alone, baking_of, frames_of
from .texture_cache import forget
from .texture_set import TextureSet

if TYPE_CHECKING:
    from ...engine.client import Job
    from ...maps.look import Look
    from .properties import Baking

AHEAD = 2
"""Frames asked of the engine at a time: one is written, one waits."""
NO_FLIPBOOK = (
    "The material shows Blender's own files as a sequence or a still: choose another preset, such as glTF or Plain, "
    "for this layout."
)

_running: dict[int, Bake] = {}


class Bake:
    """A bake under way. The growth is that of the moment in which it began.

    Parameters
    ----------
    material : Material
    replace : bool
        Also files that another material, or another .blend file, shows.
    presets : sequence of BakePreset, optional
        For which programs; by default for that of the material. All share one rollout, and their maps are made once.

    Attributes
    ----------
    first, last : int
        Frames of the scene.
    is_loop : bool
        Whether they come again and again in the material.
    growth_frames : int
        How many frames of the scene the range to bake has, whichever of them are baked.
    sets : list of TextureSet
        What is written, a preset each.
    flipbook : Flipbook or None
        How frames lie on a sheet.
    constancy : Constancy or None
        Of a growth order, once its textures are there: whether what has grown stays as it is.
    order : Order or None
        How growth order and front are painted, where they are baked, too.
    finished : set of int
        Frames that are on disk, also those that were there before.
    """

    def __init__(
        self, material: bpy.types.Material, replace: bool = False, presets: Sequence[BakePreset] | None = None
    ):
        """Plan the bake and open its folder.

        Raises
        ------
        BakeError, GrowthError
            With what to do.
        """
        duplicates.separate()
        nca = baking_of(material)
        problem = why_not_editable(material)
        if problem:
            raise BakeError(problem)
        if not nca.growing:
            raise BakeError(f"{material.name} has no growth: press New Growth first.")
        look()
        self.uid, self.name = material.session_uid, material.name
        if why_no_bake():
            raise BakeError(why_no_bake())
        chosen = list(presets or [_chosen(material)])
        self.time_layout = nca.bake_layout
        if self.time_layout in ("FLIPBOOK", "ORDER") and any(preset.name == BLENDER for preset in chosen):
            raise BakeError(NO_FLIPBOOK)
        if self.time_layout == "ORDER":
            chosen = [with_growth_order(preset) for preset in chosen]
        self.first, self.last = frames_of(nca)
        self.is_loop = bakes_loop_alone(nca) and self.time_layout == "SEQUENCE"
        if self.last < self.first and self.time_layout != "STILL":
            raise BakeError(
                f"The bake ends at frame {self.last}, before it starts at {self.first}: set its end later."
            )
        self.growth_frames = self.last - self.first + 1
        middle = (self.first + self.last) // 2
        scene_frames = list(range(self.first, self.last + 1))
        if self.time_layout == "STILL":
            scene_frames = [nca.bake_frame]
        elif self.time_layout == "ORDER":
            scene_frames = [self.last]
        self.flipbook = _flipbook_of(nca) if self.time_layout == "FLIPBOOK" else None
        self.is_looped = nca.flipbook_loops or bakes_loop_alone(nca)
        if self.flipbook is not None:
            scene_frames = self.flipbook.frames(self.first, self.last, self.is_looped)
        self.frames, first = scene_frames, self.first
        self.first, self.last = scene_frames[0], scene_frames[-1]
        events.needed(material)
        forget_track(material)  # what its drivers read may have been changed by a script meanwhile
        self._grown = {frame: frame_of(material, frame) for frame in scene_frames}
        # a growth order is made of what is seen in each frame
        seen = range(first, self.last + 1) if self.time_layout == "ORDER" else ()
        self._watched = [frame_of(material, frame) for frame in seen]
        is_dated = is_asked(material) or any(preset.is_dated for preset in chosen)
        self.growth, self.order = describe(
            material, max([*self._grown.values(), *self._watched]), is_dated
        )
        if self.time_layout == "ORDER" and self.order is not None:
            # what is packed is all of the growth, whichever frame the live order ends at
            end = max(1, self.growth.steps_until(self._grown[self.last]))
            self.order = Order(end, self.order.front)
        self.folder, self.stem = folder_of(material), stem_of(material)
        other = baked_to_the_same_files(material, self.folder, self.stem)
        if other is not None:
            same = (
                "the same names"
                if stem_of(other) == self.stem
                else "names that Windows and macOS take for these"
            )
            raise BakeError(
                f"{other.name} is baked to files of {same} in {self.folder}: choose another folder in Bake, "
                "or rename one of the two materials."
            )
        self.normal_strength = nca.normal_strength
        self.layout = layout_of(material)
        self._looks = dict(zip(scene_frames, looks_to_bake(material, scene_frames), strict=True))
        self._mesh = nca.uv_map, corners_now(material, nca.uv_map)
        self._corners: Path | None = None
        self._aside: tempfile.TemporaryDirectory[str] | None = None
        self.sets = self._plan_sets(chosen)
        self._jobs: deque[tuple[int, Job]] = deque()
        self._assembly: Job | None = None
        self.constancy: Constancy | None = None
        self._middle = frame_of(material, middle) if self.time_layout == "ORDER" else None
        self._cancelled = False
        self._written: list[Path] = []
        try:
            try:
                for one in self.sets:
                    one.claim()
                if self.layout is not None or self.flipbook is not None:
                    self._aside = tempfile.TemporaryDirectory(prefix="growth-", ignore_cleanup_errors=True)
                if self.layout is not None and self._aside is not None:
                    self._corners = self.layout.keep(Path(self._aside.name))
                for one in self.sets:
                    one.open(material, replace)
            except BaseException:
                for one in self.sets:
                    one.release()
                raise
        except (RecordError, ClaimedError) as error:
            raise BakeError(str(error)) from error
        except ValueError as error:  # names of files that would be too long
            raise BakeError(f"{error}.") from error
        except OSError as error:
            raise BakeError(
                f"Cannot write into {self.folder} ({error.strerror or error}): choose another folder in Bake."
            ) from error
        wanted = {frame for one in self.sets for frame in one.todo}
        self._is_assembled = self.flipbook is None or not wanted
        if self.flipbook is not None and wanted:
            wanted = set(self.frames)
        self._todo = sorted(wanted)
        self.finished = set(self.frames) - wanted

    def number(self, frame: int) -> int:
        """Number of a frame's files: its own, or where a bake begins below 0, which no file has, counted from 1."""
        return frame if self.first >= 0 else frame - self.first + 1

    @property
    def has_look(self) -> bool:
        """Whether the files are changed as the material's look says."""
        return any(self._looks.values())

    @property
    def total(self) -> int:
        return len(self.frames)

    @property
    def progress(self) -> float:
        """Share of the frames that are on disk; of one alone, such as a growth order, how far it has grown."""
        if self.total == 1 and self._jobs:
            return self._jobs[0][1].progress
        return len(self.finished) / self.total

    @property
    def done(self) -> bool:
        return len(self.finished) == self.total and self._is_assembled and self._middle is None

    @property
    def shown(self) -> TextureSet | None:
        """The files that the material in Blender will show."""
        return next((one for one in self.sets if one.is_shown), None)

    def step(self, patience: float = 0.0) -> None:
        """Note finished frames and ask for more.

        Parameters
        ----------
        patience : float
            Seconds to wait for the frame that is being written.

        Raises
        ------
        EngineError
            A frame cannot be written. What is finished stays.
        """
        while self._todo and len(self._jobs) < AHEAD:
            frame = self._todo.pop(0)
            self._jobs.append((frame, self._ask(frame)))
        while self._jobs:
            frame, job = self._jobs[0]
            try:
                job.result(patience)
            except TimeoutError:
                return
            self._jobs.popleft()
            self.finished.add(frame)
            if self.flipbook is None:
                for one in self.sets:
                    one.note(frame)
            if patience:
                return
        if not self._todo and not self._is_assembled:
            self._put_together(patience)
        if not self._todo and self._middle is not None:
            if self.constancy is None:
                self.constancy = Constancy(self.growth, self._middle, self._grown[self.last])
            if self.constancy.step(patience):
                self._middle = None

    def _plan_sets(self, presets: Sequence[BakePreset]) -> list[TextureSet]:
        keys: dict[int, str] = self._frame_keys()
        numbers: dict[int, int | str | None] = {frame: self.number(frame) for frame in self.frames}
        others: dict[int, int | str | None] = dict(numbers)
        if self.flipbook is not None:
            # all tiles are one picture, which goes by its last frame
            tiles = f"{' '.join(keys.values())} {self.flipbook}"
            keys = {self.last: hashlib.sha256(tiles.encode()).hexdigest()[:32]}
            others = {self.last: f"{self.flipbook.columns}x{self.flipbook.rows}"}
        elif self.time_layout != "SEQUENCE":
            others = {self.last: None}
        order = "" if self.order is None else str(self.order)
        if self._watched:
            order += f" seen in {self._watched}"
        return [
            TextureSet(
                preset,
                self.folder,
                self.stem,
                self.name,
                keys,
                order,
                numbers if preset.name == BLENDER else others,
            )
            for preset in presets
        ]

    def _ask(self, frame: int) -> Job:
        """Ask the engine for a frame."""
        grown = self._grown[frame]
        if self.flipbook is not None:
            tile = self._tile(frame)
            return chosen_engine().write_tile(
                self.growth,
                grown,
                tile,
                self.flipbook,
                [texture for all in self._sheets().values() for texture in all],
                self.normal_strength,
                self.order,
                corners=self._corners,
                look=self._looks[frame],
            )
        files = {path: all for one in self.sets for path, all in one.todo.get(frame, {}).items()}
        self._written += files
        is_dated = any(texture.is_dated for all in files.values() for texture in all)
        return chosen_engine().write_files(
            self.growth,
            grown,
            files,
            self.normal_strength,
            self.order if is_dated else None,
            corners=self._corners,
            look=self._looks[frame],
            watched=self._watched if is_dated else (),
        )

    def _put_together(self, patience: float) -> None:
        """Make the sheets of a flipbook of its tiles."""
        assert self.flipbook is not None
        if self._assembly is None:
            files = self._sheets()
            self._written += files
            self._assembly = chosen_engine().assemble(
                self.flipbook, [self._tile(frame) for frame in self.frames], files
            )
        try:
            self._assembly.result(patience)
        except TimeoutError:
            return
        self._is_assembled = True
        for one in self.sets:
            one.note(self.last)

    def _tile(self, frame: int) -> Path:
        assert self._aside is not None
        return Path(self._aside.name, f"{frame}.npz")

    def _sheets(self) -> Files:
        return {path: all for one in self.sets for path, all in one.files(self.last).items()}

    def saw_other_mesh(self, material: bpy.types.Material) -> bool:
        """Whether the mesh was changed since the bake began."""
        uv_map, corners = self._mesh
        return corners_now(material, uv_map) != corners

    def cancel(self) -> None:
        """Stop; a bake from now on continues with what is missing."""
        self._cancelled = True

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled

    def close(self) -> None:
        """End what is under way and note what is finished."""
        for _, job in self._jobs:
            job.cancel()
        self._jobs.clear()
        if self._assembly is not None:
            self._assembly.cancel()
        if self.constancy is not None:
            self.constancy.cancel()
        if self._aside is not None:
            self._aside.cleanup()
        forget(self._written)
        for one in self.sets:
            one.note_finished()
            one.release()
        _running.pop(self.uid, None)

    def _frame_keys(self) -> dict[int, str]:
        """Frame -> a key of all that its files depend on."""
        chain = self.growth.chain(max(self._grown.values()))
        model = self.growth.manifold_version
        model = model or catalogue.models().get(self.growth.manifold, {}).get("sha256", "")
        rest = f"{self.growth.pixels_per_cell} {self.growth.boundary} {self.normal_strength:.6g} {model}"
        if self.growth.surface is not None:
            rest += f" {self.growth.margin}"
        if self.layout is not None:
            rest += f" {self.layout.digest}"
        keys = {}
        for frame, grown in self._grown.items():
            state, weights = chain[grown]
            look = self._looks[frame]
            # the weights also here: what is painted of a state depends on those of its own frame
            keys[frame] = hashlib.sha256(f"{state} {weights} {rest}{_said(look)}".encode()).hexdigest()[:32]
        return keys


def _chosen(material: bpy.types.Material) -> BakePreset:
    try:
        return chosen_preset.chosen(baking_of(material))
    except TextureError as error:
        raise BakeError(f"{error} (See Textures in Bake.)") from error


def _said(look: Look | None) -> str:
    """A look as a part of a key; nothing without one."""
    return "" if look is None else f" {json.dumps(look.describe())}"


def _flipbook_of(nca: Baking) -> Flipbook:
    aspect = nca.height / nca.width
    try:
        return Flipbook(nca.bake_columns, nca.bake_rows, int(nca.bake_size), nca.bake_padding, aspect)
    except FlipbookError as error:
        raise BakeError(str(error)) from error


def start(
    material: bpy.types.Material, replace: bool = False, presets: Sequence[BakePreset] | None = None
) -> Bake:
    """Begin a bake. Parameters and errors as of `Bake`; also `BakeError` where one is under way."""
    if material.session_uid in _running:
        raise BakeError(f"{material.name} is being baked: wait for its end, or press ESC to stop it.")
    bake = Bake(material, replace, presets)
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
