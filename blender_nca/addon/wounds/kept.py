# SPDX-License-Identifier: GPL-3.0-or-later
"""Kept: the wounds of a growth as a material keeps them in its .blend file, and as what its cells meet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

import bpy
import numpy as np

from ...automaton.environment import Environment, MaskTrack, join
from ...automaton.growth import Mask
from ...automaton.growth_error import GrowthError
from ..material.kept_surface import read_surface
from .properties import NCA_PG_wound_source, wounded

Painted = tuple[tuple[int, str, float], ...]
"""Frame, packed mask and share of the cells, of each wound made by hand."""

_environments: dict[int, tuple[tuple[object, ...], Environment | None]] = {}
"""By a material's session uid: what its wounds were, and what its cells meet of them."""


def environment_of(material: bpy.types.Material, frame: int) -> Environment | None:
    """What the cells of a growth meet of its wounds, as `growth.environments` asks.

    Raises
    ------
    GrowthError
        A wound cannot be read; the message says what to do.
    """
    nca = wounded(material)
    by_hand = tuple((wound.frame, wound.mask) for wound in nca.wounds)
    recorded = tuple((each.record, each.effect) for each in nca.wound_sources if each.used and each.record)
    if not by_hand and not recorded:
        return None
    said = by_hand, recorded, nca.wounds_heal, nca.height, nca.width
    before = _environments.get(material.session_uid)
    if before is None or before[0] != said:
        parts: list[Environment | None] = []
        if by_hand:
            parts.append(_of_hand(by_hand, nca.wounds_heal, nca.height, nca.width))
        parts += [_of_record(text, effect, nca.wounds_heal) for text, effect in recorded]
        before = _environments[material.session_uid] = said, join(parts, nca.height, nca.width)
    return before[1]


def painted(material: bpy.types.Material) -> Painted:
    """The wounds made by hand, as they are kept."""
    return tuple((wound.frame, wound.mask, wound.share) for wound in wounded(material).wounds)


def put_back(material: bpy.types.Material, wounds: Painted) -> None:
    """Let a growth have exactly these wounds made by hand."""
    kept = wounded(material).wounds
    kept.clear()
    for frame, mask, share in wounds:
        one = kept.add()
        one.frame, one.mask, one.share = frame, mask, share


def add(material: bpy.types.Material, frame: int, cells: np.ndarray) -> None:
    """Wound cells (bool, shape (height, width)) in a frame of the growth, beside what is wounded there already."""
    kept = wounded(material).wounds
    one = next((wound for wound in kept if wound.frame == frame), None)
    if one is None:
        kept.add().frame = frame
        number = sum(wound.frame <= frame for wound in kept) - 1
        kept.move(len(kept) - 1, number)
        one = kept[number]
        wounded(material).wound_index = number
    else:
        cells = cells | (_mask(one.mask).unpack(*cells.shape) > 0.5)
    one.mask, one.share = pack(cells), share_of(material, cells)


def share_of(material: bpy.types.Material, cells: np.ndarray) -> float:
    """How many of a growth's cells are among some, from 0 to 1."""
    try:
        surface = read_surface(wounded(material))
    except GrowthError:
        surface = None
    if surface is None or surface.on.shape != cells.shape:
        return float(cells.mean())
    return float((cells & surface.on).sum() / max(surface.on.sum(), 1))


def pack(cells: np.ndarray) -> str:
    """Cells (bool, shape (height, width)) as text: width, height, and the packed pixels of their mask."""
    mask = Mask.pack(cells)
    return f"{mask.width} {mask.height} {mask.data}"


def keep_record(source: NCA_PG_wound_source, masks: Mapping[int, np.ndarray], last: int, digest: str) -> None:
    """Keep what a source does to a growth.

    Parameters
    ----------
    source : NCA_PG_wound_source
    masks : mapping of int to bool ndarray, shape (height, width)
        Frame of the growth -> the cells that are touched in it.
    last : int
        The last frame that was looked at.
    digest : str
        What the source was then, to be compared.
    """
    frames, packed = sorted(masks), [pack(masks[frame]) for frame in sorted(masks)]
    texts = list(dict.fromkeys(packed))
    said = {"last": last, "frames": frames, "masks": [texts.index(each) for each in packed], "packed": texts}
    source.record, source.record_of = json.dumps(said), digest


def touched_frames(source: NCA_PG_wound_source) -> int:
    """In how many of the recorded frames a source touches anything; 0 where its record cannot be read."""
    try:
        return len(_read_record(source.record)[1]) if source.record else 0
    except GrowthError:
        return 0


def size_of(material: bpy.types.Material) -> int:
    """Characters that all wounds of a growth take in the file."""
    nca = wounded(material)
    return sum(len(each.mask) for each in nca.wounds) + sum(len(each.record) for each in nca.wound_sources)


def forget_environments() -> None:
    """Another file is open."""
    _environments.clear()


def _of_hand(wounds: tuple[tuple[int, str], ...], heals: bool, height: int, width: int) -> Environment:
    by_frame: dict[int, list[Mask]] = {}
    for frame, text in wounds:
        by_frame.setdefault(frame, []).append(_mask(text))
    masks = []
    for frame in sorted(by_frame):
        first, *others = by_frame[frame]
        if others:
            first = Mask.pack(np.max([each.unpack(height, width) for each in (first, *others)], axis=0))
        masks.append(first)
    return Environment(wounds=MaskTrack(tuple(sorted(by_frame)), tuple(masks)), heals=heals)


@lru_cache(64)
def _of_record(text: str, effect: str, heals: bool) -> Environment | None:
    last, touched = _read_record(text)
    if not touched:
        return None
    if effect == "WOUND":
        return Environment(wounds=MaskTrack(tuple(touched), tuple(touched.values())), heals=heals)
    free = Mask.pack(np.ones((1, 1)))
    lives = {0: free}
    for frame, mask in touched.items():
        lives[frame] = Mask.pack(1 - mask.unpack(mask.height, mask.width))
        lives[frame + 1] = free
    # after the last frame that was looked at it goes on touching what it touched then
    lives.pop(last + 1, None)
    return Environment(habitable=MaskTrack(tuple(lives), tuple(lives.values())))


@lru_cache(64)
def _read_record(text: str) -> tuple[int, dict[int, Mask]]:
    """The last frame that was looked at, and by frame what was touched."""
    try:
        said = json.loads(text)
        masks = [_mask(each) for each in said["packed"]]
        return int(said["last"]), {
            int(frame): masks[number] for frame, number in zip(said["frames"], said["masks"], strict=True)
        }
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        raise GrowthError("What was recorded of a growth's wounds is damaged: press Record again.") from error


@lru_cache(4096)
def _mask(text: str) -> Mask:
    try:
        width, height, data = text.split(" ")
        return Mask(int(width), int(height), data)
    except ValueError as error:
        raise GrowthError("A wound of this growth is damaged: remove it in Wounds.") from error
