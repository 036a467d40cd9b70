# SPDX-License-Identifier: GPL-3.0-or-later
"""Driver: what a driver reads, and whether it can be known at other frames than the one that is shown."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator

import bpy

from .evaluation import OF_TIME
from .keyframes import curve_state, fcurves_of, simple_values
from .nla import curves_of

_PLAIN = frozenset(
    {*dir(math), "frame", "self", "noise", "lerp", "clamp", "smoothstep"}
    | {"abs", "min", "max", "pow", "round", "int", "float", "bool", "sum", "any", "all", "len", "divmod"}
)
"""Names in an expression that give the same at a frame whenever they are asked."""
_MOST_READ = 64
"""Data-blocks that are looked through for what a driver reads."""

Source = tuple[bpy.types.ID, str]
"""A data-block, and the path to the property that is read of it; empty for its transforms."""


def driver_of(owner: bpy.types.ID, path: str) -> bpy.types.FCurve | None:
    """The driver of a property, unless it is switched off."""
    animation = owner.animation_data  # type: ignore[attr-defined]
    drivers = animation.drivers if animation else ()
    return next((d for d in drivers if d.data_path == path and not d.mute), None)


def why_unknown(curve: bpy.types.FCurve, depth: int = 0) -> str:
    """Why the value of a driver is not known at other frames, as the end of a sentence; empty where it is."""
    driver = curve.driver
    if driver is None:
        return ""
    names = {variable.name for variable in driver.variables}
    if driver.type == "SCRIPTED":
        try:
            tree = ast.parse(driver.expression.strip(), mode="eval")
        except SyntaxError:
            return "its expression is not Python"
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id not in names | _PLAIN:
                return f"its expression reads “{node.id}”, which is known only in the frame that is shown"
            if isinstance(node, ast.Attribute) and node.attr.startswith(("random", "seed")):
                return f"its expression draws numbers by “{node.attr}”"
    for owner, path in sources_of(curve):
        if isinstance(owner, bpy.types.Scene):
            if depth and path in OF_TIME:
                return "it reads another driver that reads the scene's current frame"
            if any(curve.data_path == path for curve in curves_of(owner)):
                return f"it reads {path} of the scene, which is animated"
        for other in _drivers(owner, path):
            reason = why_unknown(other, depth + 1) if depth < 8 else "its drivers read each other"
            if reason:
                return f"{reason} (in {owner.name})" if depth == 0 else reason
    return ""


def sources_of(curve: bpy.types.FCurve) -> Iterator[Source]:
    """What the variables of a driver read, but for the time of the active scene."""
    for variable in curve.driver.variables if curve.driver else ():
        for target in variable.targets:
            if variable.type == "CONTEXT_PROP":
                scene: bpy.types.Scene | None = bpy.context.scene
                if scene is not None and target.data_path not in OF_TIME:
                    yield scene, target.data_path
            elif target.id is not None:
                yield target.id, target.data_path if variable.type == "SINGLE_PROP" else ""


def driver_state(curve: bpy.types.FCurve) -> tuple[object, ...]:
    """What a driver says and the animation of what it reads, to be compared with what it was before."""
    seen: dict[bpy.types.ID, tuple[object, ...]] = {}
    said = _said(curve)
    waiting = [owner for owner, _ in sources_of(curve)]
    while waiting and len(seen) < _MOST_READ:
        owner = waiting.pop()
        if owner in seen:
            continue
        drivers = list(_drivers(owner, ""))
        seen[owner] = (
            *(curve_state(each) for each in fcurves_of(owner)),
            *(_said(each) for each in drivers),
        )
        waiting += [source for each in drivers for source, _ in sources_of(each)]
        waiting += [parent for parent in (getattr(owner, "parent", None),) if parent is not None]
    return (*said, *seen.values())


def _said(curve: bpy.types.FCurve) -> tuple[object, ...]:
    driver = curve.driver
    said: list[object] = [*curve_state(curve), driver.type, driver.expression, driver.use_self]
    for variable in driver.variables:
        said.append((variable.name, variable.type))
        for target in variable.targets:
            uid = target.id.session_uid if target.id else 0
            said.append((uid, *simple_values(target)))
    return tuple(said)


def _drivers(owner: bpy.types.ID, path: str) -> Iterator[bpy.types.FCurve]:
    """The drivers of a data-block that have to do with a path; all where it is empty."""
    animation = getattr(owner, "animation_data", None)
    for curve in animation.drivers if animation else ():
        if curve.driver is not None and (not path or path.startswith(curve.data_path)):
            yield curve
