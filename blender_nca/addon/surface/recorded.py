# SPDX-License-Identifier: GPL-3.0-or-later
"""Recorded: the seeds that were read from a scene, as a material keeps them in its .blend file."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import bpy
import numpy as np

from ...automaton.growth import Mask, Seeds
from ...automaton.growth_error import GrowthError
from ...automaton.packed import unpack_up_to
from ..material.properties import nca_of
from ..material.sowing import Sown, begin, sow
from .seed_properties import sowing_of
from .spots import Spots

if TYPE_CHECKING:
    from .seed_properties import Sowing


@dataclass(frozen=True, eq=False)
class Record:
    """What was read: spots in the order in which they begin, or all cells of a mask.

    Attributes
    ----------
    spots : Spots
    cells : Mask, optional
        Where nothing but it was read.
    """

    spots: Spots
    cells: Mask | None = None


MOST_BYTES = 2**27
"""Of what a record holds of each kind: ten million places."""
NOTHING = Spots(np.zeros((0, 2)), np.zeros((0, 3)), (), np.zeros(0, bool))


def keep(nca: Sowing, record: Record) -> None:
    """Let a growth begin where a scene was read to say."""
    spots = record.spots
    names = sorted(set(spots.owner))
    said = {
        "at": _packed(spots.at, np.float32),
        "place": _packed(spots.place, np.float32),
        "owner": _packed(np.array([names.index(name) for name in spots.owner]), np.int32),
        "lost": _packed(spots.lost, np.int32),
        "names": names,
        "cells": record.cells and asdict(record.cells),
    }
    text = json.dumps(said)
    if nca.seeds_kept != text:
        nca.seeds_kept = text


def read(nca: Sowing) -> Record | None:
    """What a growth has of a scene; None where nothing was read yet. Raises `GrowthError` where it is damaged."""
    return _read(nca.seeds_kept) if nca.seeds_kept else None


def sown(material: bpy.types.Material) -> Sown | None:
    """The seeds of a growth that begins where its scene was read to say. Raises `GrowthError` where it was not."""
    if nca_of(material).seeds != "SURFACE":
        return None
    nca = sowing_of(material)
    if not nca.seeds_kept:
        raise GrowthError(nca.seeds_problem or "The growth has read no seeds yet: press Read Again in Seeds.")
    return _sown(nca.seeds_kept, nca.seed_start, nca.seed_delay)


def starts(count: int, first: int, delay: float) -> np.ndarray:
    """From which frame of the growth each of some seeds is there, one after another: int, shape (count,)."""
    return first + np.floor(np.arange(count) * delay + 0.5).astype(int)


@lru_cache(16)
def _sown(text: str, first: int, delay: float) -> Sown:
    record = _read(text)
    if record.cells is not None:
        seeds = Seeds("mask", mask=record.cells)
        return begin(seeds, first)
    spots = record.spots
    rows = zip(spots.at.tolist(), starts(len(spots), first, delay).tolist(), spots.lost.tolist(), strict=True)
    return sow(tuple((x, 1.0 - y, start) for (x, y), start, is_lost in rows if not is_lost))


@lru_cache(16)
def _read(text: str) -> Record:
    try:
        said = json.loads(text)
        at = _unpacked(said["at"], np.float32).reshape(-1, 2).astype(np.float64)
        place = _unpacked(said["place"], np.float32).reshape(-1, 3).astype(np.float64)
        owner = tuple(said["names"][number] for number in _unpacked(said["owner"], np.int32).tolist())
        lost = _unpacked(said["lost"], np.int32) > 0
        cells = said["cells"] and Mask(**said["cells"])
        if not len(at) == len(place) == len(owner) == len(lost):
            raise ValueError(text)
    except (LookupError, TypeError, ValueError, RecursionError) as error:
        raise GrowthError("The growth's seeds are damaged: press Read Again in Seeds.") from error
    return Record(Spots(at, place, owner, lost), cells or None)


def _packed(values: np.ndarray, kind: type) -> str:
    return base64.b64encode(zlib.compress(np.ascontiguousarray(values, kind).tobytes())).decode("ascii")


def _unpacked(text: str, kind: type) -> np.ndarray:
    return np.frombuffer(unpack_up_to(text, MOST_BYTES), kind)
