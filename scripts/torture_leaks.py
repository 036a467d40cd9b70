# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts in a Blender: growths are added and taken away, the add-on switched on and off. Nothing is left of them."""

from __future__ import annotations

import gc
import os
import random
import sys
import threading
import types
from pathlib import Path
from typing import TYPE_CHECKING

import bpy
import checkout
from torture_start import children, resident, slope

if TYPE_CHECKING:
    from torture_inside import Stage, Steps

ROUNDS_BEFORE = 10
"""Rounds after which everything has been loaded that ever is."""
SHARED = Path("/dev/shm")


def add(stage: Stage, times: int, seed: int) -> Steps:
    """Add growths and take them away: by the operator, by undo, by redo and undo, or with their material."""
    chance = random.Random(seed)
    bpy.ops.ed.undo_push(message="Nothing")
    before: dict[str, int] = {}
    samples: list[tuple[int, int]] = []
    ways = {"removed": _remove, "undone": _undo, "redone": _redo, "deleted": _delete}
    counts = dict.fromkeys(ways, 0)
    for number in range(times):
        name = f"Growth {number}"
        stage.material(name, chance.randrange(6))
        bpy.ops.ed.undo_push(message="Added")
        bpy.context.scene.frame_set(1 + chance.randrange(12))
        way = chance.choice(list(ways))
        counts[way] += 1
        ways[way](name)
        stage.module("addon.playback.frames").poll()
        if any(material.nca.growing for material in bpy.data.materials):
            raise AssertionError(f"a growth that was {way} is still there")
        _purge()
        bpy.ops.ed.undo_push(message="Gone")
        if number == min(ROUNDS_BEFORE, times // 2):
            before = held()
        samples.append((number, resident(os.getpid())))
        yield
    _compare(before, held())
    kilobytes = slope(samples[len(samples) // 4 :]) / 1e3
    return {"growths": times, **counts, "blender_kb_a_growth": round(kilobytes, 1), **held()}


def _remove(name: str) -> None:
    bpy.context.view_layer.objects.active = _object(name)
    bpy.ops.nca.remove()


def _undo(name: str) -> None:
    bpy.ops.ed.undo()


def _redo(name: str) -> None:
    bpy.ops.ed.undo()
    bpy.ops.ed.redo()
    if not bpy.data.materials[name].nca.growing:
        raise AssertionError("redo brings no growth back")
    bpy.context.scene.frame_set(3)
    _remove(name)


def _delete(name: str) -> None:
    bpy.data.materials.remove(bpy.data.materials[name])
    bpy.context.scene.frame_set(2)


def _object(name: str) -> bpy.types.Object:
    return next(one for one in bpy.data.objects if name in one.data.materials)


def _purge() -> None:
    for one in list(bpy.data.objects):
        bpy.data.objects.remove(one)
    bpy.data.orphans_purge(do_recursive=True)


def switch(stage: Stage, times: int, seed: int) -> Steps:
    """Switch the add-on off and on while a growth is shown."""
    chance = random.Random(seed)
    stage.material("Shown", chance.randrange(6))
    samples: list[tuple[int, int]] = []
    before: dict[str, int] = {}
    for number in range(times):
        bpy.context.scene.frame_set(1 + chance.randrange(12))
        if stage.picture(bpy.data.materials["Shown"]).problem:
            raise AssertionError(stage.picture(bpy.data.materials["Shown"]).problem)
        checkout.disable()
        left = ours()
        if left:
            raise AssertionError(f"left in Blender after the add-on was switched off: {left}")
        if number == min(ROUNDS_BEFORE, times // 2):
            before = held()
        if number == times - 1:
            _compare(before, held())
        samples.append((number, resident(os.getpid())))
        stage.enable()
        if not bpy.data.materials["Shown"].nca.growing:
            raise AssertionError("the growth is gone with the add-on")
        yield
    kilobytes = slope(samples[len(samples) // 4 :]) / 1e3
    return {"times": times, "blender_kb_a_time": round(kilobytes, 1), **before}


def held() -> dict[str, int]:
    """What this process holds, of which nothing may become more."""
    gc.collect()
    own = os.getpid()
    pixels = list(SHARED.glob(f"neural-growth-pixels-{own}-*")) if SHARED.is_dir() else []
    return {
        "handlers": sum(len(some) for some in _handler_lists()),
        "threads": threading.active_count(),
        "files": len(os.listdir("/proc/self/fd")),
        "blocks": len(pixels),
        "processes": len(children(own)),
        "previews": len(getattr(bpy.utils.previews, "_uuid_open", ())),
        "images": len(bpy.data.images),
        "groups": len(bpy.data.node_groups),
        "materials": len(bpy.data.materials),
        "texts": len(bpy.data.texts),
    }


def _compare(before: dict[str, int], after: dict[str, int]) -> None:
    more = {name: f"{before[name]} to {after[name]}" for name in before if after[name] > before[name]}
    if more:
        raise AssertionError(f"more and more: {more}")


def ours() -> list[str]:
    """What of the add-on Blender holds."""
    found = [f"handler {each.__name__}" for some in _handler_lists() for each in some if _is_ours(each)]
    found += [f"class {name}" for name in dir(bpy.types) if name.startswith("NCA_")]
    for name in dir(bpy.types):
        draw = getattr(getattr(bpy.types, name, None), "draw", None)
        found += [f"{name} draws {each}" for each in getattr(draw, "_draw_funcs", ()) if _is_ours(each)]
    for kind in (bpy.types.Material, bpy.types.WindowManager, bpy.types.Scene, bpy.types.Object):
        found += [
            f"{kind.__name__}.{name}" for name in ("nca", "neural_growth") if name in kind.bl_rna.properties
        ]
    modules = [module for name, module in list(sys.modules.items()) if name.startswith(checkout.PACKAGE)]
    for module in modules:
        for each in list(vars(module).values()):
            if isinstance(each, types.FunctionType) and bpy.app.timers.is_registered(each):
                found.append(f"timer {each.__name__}")
    found += [f"thread {each.name}" for each in threading.enumerate() if "growth" in each.name.casefold()]
    return found


def _handler_lists() -> list[list]:
    handlers = bpy.app.handlers
    return [some for name in dir(handlers) if isinstance(some := getattr(handlers, name), list)]


def _is_ours(function: object) -> bool:
    return str(getattr(function, "__module__", "")).startswith(checkout.PACKAGE)
