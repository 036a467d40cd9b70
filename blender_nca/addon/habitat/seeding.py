# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeding: whether any seed of a growth lies where it may live, and planting some where it thrives."""

from __future__ import annotations

import bpy
import numpy as np

from ...automaton.growth import Growth
from ...automaton.growth_error import GrowthError
from ...automaton.seeding import seed_cells
from ...automaton.surface_error import SurfaceError
from ..material.clock import frame_of
from ..material.growth import growth_of
from ..material.properties import nca_of
from .kept import goodness
from .noise import numbers
from .recording import find_cells

THRIVING = 0.6
"""Seeds are planted where cells live at least so well, of where they live best."""

_looked: dict[int, tuple[Growth, bool]] = {}
"""Session uid of a material -> a growth of it, and whether a seed of it lives."""


def why_nothing_lives(material: bpy.types.Material) -> str:
    """Why nothing of a growth lives at its beginning by what it meets; empty where something does."""
    try:
        growth = growth_of(material, frame_of(material, bpy.context.scene.frame_current))
    except GrowthError:
        return ""  # it is told elsewhere
    environment = growth.environment
    if environment is None or environment.habitable is None or environment.plantings:
        return ""
    held = _looked.get(material.session_uid)
    if held is None or held[0] is not growth:
        habitat = environment.habitat(0, growth.height, growth.width)
        try:
            lives = habitat is None or bool((habitat[seed_cells(growth)] > 0).any())
        except GrowthError:
            lives = True
        held = _looked[material.session_uid] = growth, lives
    return "" if held[1] else "None of its seeds lies where it may grow: press Seed Where It Thrives."


def plant(material: bpy.types.Material, count: int, context: bpy.types.Context) -> int:
    """Let a growth begin at places far from each other where it lives well: their number, 0 where it lives nowhere."""
    nca = nca_of(material)
    good = goodness(material)
    shape = nca.height, nca.width
    values = np.ones(shape).reshape(-1) if good is None else good.reshape(-1)
    try:
        cells = find_cells(material, context)
        candidates, places = cells.number, cells.positions
    except SurfaceError:
        candidates = np.arange(values.size)
        y, x = np.divmod(candidates, nca.width)
        places = np.stack([x, y], 1).astype(np.float64)
    thrives = values[candidates] >= max(THRIVING * values[candidates].max(initial=0.0), 1e-6)
    candidates, places = candidates[thrives], places[thrives]
    if not len(candidates):
        return 0
    order = np.argsort(numbers(len(candidates), nca.random_seed), kind="stable")
    candidates, places = candidates[order], places[order]
    away, chosen = np.full(len(candidates), np.inf), [0]
    for _ in range(min(count, len(candidates)) - 1):
        away = np.minimum(away, np.linalg.norm(places - places[chosen[-1]], axis=1))
        chosen.append(int(away.argmax()))
    nca.points.clear()
    for cell in candidates[chosen].tolist():
        y, x = divmod(cell, nca.width)
        nca.points.add().at = ((x + 0.5) / nca.width, 1 - (y + 0.5) / nca.height)
    nca.seeds = "POINTS"
    return len(chosen)


def forget() -> None:
    """Another file is open."""
    _looked.clear()
