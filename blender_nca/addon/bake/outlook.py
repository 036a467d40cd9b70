# SPDX-License-Identifier: GPL-3.0-or-later
"""Outlook: what a bake will take, before it begins; and what the last one gave."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import bpy

from ...baking.estimate import estimate_bytes, in_words
from ...baking.pace import Pace
from ...baking.pace import in_words as time_in_words
from ...baking.plan import BakePlan
from ...maps.bake_preset import BakePreset
from ...maps.texture import TextureError
from ..host.text import fill
from ..material.order import is_asked
from . import chosen_preset
from .properties import baking_of, settings_of


@dataclass(frozen=True)
class Ended:
    """A bake that has ended.

    Attributes
    ----------
    sentence : str
    folder : Path
        Where its files are.
    """

    sentence: str
    folder: Path


_ended: dict[int, Ended] = {}
_speed: list[float] = []
"""Seconds for a pixel of a frame, as the last bakes of this session took."""


def note_pace(plan: BakePlan, pace: Pace) -> None:
    """Learn how fast bakes are here."""
    if pace.seconds_a_frame is not None:
        height, width = plan.size
        _speed[:] = [pace.seconds_a_frame / (height * width)]


def note_end(material: bpy.types.Material, ended: Ended) -> None:
    """A bake has written its files."""
    _ended[material.session_uid] = ended


def ended_of(material: bpy.types.Material) -> Ended | None:
    """The last bake of a material in this session, while its folder is there."""
    ended = _ended.get(material.session_uid)
    return ended if ended is not None and ended.folder.is_dir() else None


def sentence_of(material: bpy.types.Material) -> str:
    """What a bake of a material will take: "250 frames of 1024 x 1024 pixels, about 1.9 GB, 2 min 5 s"."""
    nca = baking_of(material)
    try:
        preset: BakePreset = chosen_preset.chosen(nca)
    except TextureError:  # which the panel tells where the table is
        return ""
    settings = settings_of(material, is_asked(material))
    height, width = settings.size
    first, last = settings.ends
    frames = files = max(0, last - first + 1)
    grown = height * width
    if settings.layout in ("STILL", "ORDER"):
        frames = files = 1
    elif settings.layout == "FLIPBOOK":
        frames, files = min(frames, settings.columns * settings.rows), 1
        width, height = (
            settings.width,
            round(settings.width / settings.columns * height / width) * settings.rows,
        )
    if not frames:
        return ""
    size = in_words(files * estimate_bytes(preset.textures, height * width))
    time = f", {time_in_words(frames * grown * _speed[0])}" if _speed else ""
    text = "{count} frames, {width} x {height} pixels: about {size}"
    if frames == 1:
        text = "1 frame, {width} x {height} pixels: about {size}"
    return fill(text, count=frames, width=width, height=height, size=size) + time


def forget_all() -> None:
    """As the add-on is switched off."""
    _ended.clear()
    _speed.clear()
