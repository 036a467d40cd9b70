# SPDX-License-Identifier: GPL-3.0-or-later
"""Curves: Blender's curve of a node as text, set to what a text says, and sampled."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

import bpy

HANDLES: dict[str, Literal["AUTO", "AUTO_CLAMPED", "VECTOR"]] = {
    "A": "AUTO",
    "C": "AUTO_CLAMPED",
    "V": "VECTOR",
}
"""Letter -> the handle that Blender draws at a point."""
MOST_POINTS = 64
DIGITS = 6


class Point(NamedTuple):
    """A point of a curve, its numbers in [0, 1]."""

    x: float
    y: float
    handle: str = "A"


def read(text: str) -> list[Point]:
    """Read points as `describe` writes them; nothing of what is no curve."""
    points: list[Point] = []
    for part in text.split(",")[: MOST_POINTS + 1]:
        try:
            x, y, *handles = part.split()
            point = Point(float(x), float(y), *handles[:1])
        except ValueError:
            return []
        if not (0 <= point.x <= 1 and 0 <= point.y <= 1 and point.handle in HANDLES):
            return []
        points.append(point)
    return points if 2 <= len(points) <= MOST_POINTS else []


def describe(mapping: bpy.types.CurveMapping) -> str:
    """The points of a curve, such as “0 0, 0.4 0.7, 1 1”."""
    letters = {handle: letter for letter, handle in HANDLES.items()}
    parts = []
    for point in mapping.curves[0].points:
        letter = letters.get(point.handle_type, "A")
        numbers = " ".join(f"{round(number, DIGITS):g}" for number in (point.location.x, point.location.y))
        parts.append(numbers if letter == "A" else f"{numbers} {letter}")
    return ", ".join(parts)


def put(mapping: bpy.types.CurveMapping, points: list[Point]) -> None:
    """Give a curve other points."""
    held = mapping.curves[0].points
    while len(held) > 2:
        held.remove(held[1])
    while len(held) < len(points):
        held.new(1.0, 1.0)
    for point, (x, y, handle) in zip(held, sorted(points), strict=True):
        point.location, point.handle_type = (x, y), HANDLES[handle]
    mapping.update()


def sample(mapping: bpy.types.CurveMapping) -> tuple[float, ...]:
    """What values from 0 to 1 become, in even distances as Cycles takes them; nothing where all stay as they are."""

    from ...maps.look import CURVE_POINTS

    mapping.initialize()
    places = [number / (CURVE_POINTS - 1) for number in range(CURVE_POINTS)]
    values = tuple(mapping.evaluate(mapping.curves[0], place) for place in places)
    is_straight = all(math.isclose(a, b, abs_tol=1e-6) for a, b in zip(values, places, strict=True))
    return () if is_straight else values
