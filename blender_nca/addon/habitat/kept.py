# SPDX-License-Identifier: GPL-3.0-or-later
"""Kept: what was recorded of conditions, as a material keeps it in its .blend file, and the environment of it."""

from __future__ import annotations

import hashlib
import json

import bpy
import numpy as np

from ...automaton.environment import Environment, MaskTrack, join
from ...automaton.growth import Mask
from ...automaton.growth_error import GrowthError
from .properties import NCA_PG_condition, inhabiting

_environments: dict[int, tuple[tuple[object, ...], Environment | None]] = {}
"""Session uid of a material -> what its environment was made from, and the environment."""


def keep(condition: NCA_PG_condition, track: MaskTrack) -> None:
    """Let a growth meet masks by frame, as one of its conditions."""
    text = json.dumps(
        {"frames": track.frames, "masks": [(mask.width, mask.height, mask.data) for mask in track.masks]}
    )
    digest = hashlib.sha256(text.encode()).hexdigest()[:32]
    if digest != condition.kept_digest:
        condition.kept, condition.kept_digest = text, digest


def environment_of(material: bpy.types.Material, frame: int) -> Environment | None:
    """What the cells of a growth meet, as it was recorded; None where they meet nothing."""
    growth = inhabiting(material)
    met = [one for one in growth.conditions if one.on and one.kept_digest]
    said = (growth.height, growth.width, *((one.acts, one.kept_digest) for one in met))
    held = _environments.get(material.session_uid)
    if held is None or held[0] != said:
        tracks = [(one.acts, read_kept(one)) for one in met]
        environments = [
            Environment(habitable=track) if acts == "WHERE" else Environment(speed=track)
            for acts, track in tracks
        ]
        held = _environments[material.session_uid] = said, join(environments, growth.height, growth.width)
    return held[1]


def goodness(material: bpy.types.Material) -> np.ndarray | None:
    """How well cells live at the beginning: shape (height, width), 0 where none may, else how fast they grow.

    None where they meet nothing.
    """
    growth = inhabiting(material)
    environment = environment_of(material, 0)
    if environment is None:
        return None
    shape = growth.height, growth.width
    speed = environment.speed.at(0).unpack(*shape) if environment.speed else np.ones(shape)
    if environment.habitable is None:
        return speed
    lives: np.ndarray = speed.clip(1e-3) * (environment.habitable.at(0).unpack(*shape) > 0.5)
    return lives


def forget() -> None:
    """Another file is open."""
    _environments.clear()


def read_kept(condition: NCA_PG_condition) -> MaskTrack:
    """What was recorded of a condition. Raises `GrowthError` where it is damaged."""
    try:
        values = json.loads(condition.kept)
        return MaskTrack(tuple(values["frames"]), tuple(Mask(*mask) for mask in values["masks"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise GrowthError(
            f"What “{condition.name}” has recorded is damaged: press Update in Habitat."
        ) from error
