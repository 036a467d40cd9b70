# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts in a Blender: frames in any order, saves while a growth plays, and a day of playback."""

from __future__ import annotations

import os
import random
import time
from typing import TYPE_CHECKING

import bpy
from torture_start import resident, slope

if TYPE_CHECKING:
    from torture_inside import Stage, Steps

FRAMES = 400
LOOP = 250
WARM, SAMPLE = 2000, 50
"""Frames before memory is looked at, and between two looks."""
MOST_SLOPE = 512.0
"""Bytes that a frame may leave in memory: 10 MB in 20,000 frames."""


def jump(stage: Stage, times: int, seed: int) -> Steps:
    """Jump to frames at random, of a growth that blends, and of one on its own. Each is as it was in order."""
    chance = random.Random(seed)
    plain = stage.material("Plain", 0)
    blended = stage.material("Blended", 4, seeds="SCATTERED")
    for frame, blend in ((1, 0.0), (FRAMES // 2, 1.0), (FRAMES, 0.25)):
        blended.nca.blend = blend
        blended.nca.keyframe_insert("blend", frame=frame)
    materials = (plain, blended)
    last = min(FRAMES, 4 + times)
    expected = [stage.expected(material, last) for material in materials]
    yield
    longest = 0.0
    for _ in range(times):
        frame = chance.randint(1, last)
        began = time.perf_counter()
        bpy.context.scene.frame_set(frame)
        longest = max(longest, time.perf_counter() - began)
        for material, right in zip(materials, expected, strict=True):
            if stage.seen(material) != right[frame]:
                raise AssertionError(f"frame {frame} of {material.name} is another one than in order")
        yield
    return {"jumps": times, "frames": last, "growths": len(materials), "longest_ms": round(1e3 * longest)}


def save(stage: Stage, times: int, seed: int) -> Steps:
    """Save copies and the file itself at random moments of playback; each opens, and shows its frame.

    Some of the copies as Blender saves by itself: it calls no handlers then.
    """
    chance = random.Random(seed)
    material = stage.material("Saved", 2)
    last = min(LOOP, 10 * times)
    expected = stage.expected(material, last)
    frames, own = stage.module("addon.playback.frames"), stage.folder / "own.blend"
    saved, by_itself, tick = 0, 0, 0
    longest = 0.0
    while saved < times:
        tick += 1
        now = 1 + tick % last
        bpy.context.scene.frame_current = now
        frames.show([material], now, frames.PATIENCE if bpy.app.background else 0.0)
        if chance.random() < 0.2:
            is_copy, is_by_itself = chance.random() < 0.5, chance.random() < 0.5
            path = stage.folder / f"{saved}.blend" if is_copy else own
            handlers = bpy.app.handlers.save_pre[:]
            if is_copy and is_by_itself:
                bpy.app.handlers.save_pre.clear()
            began = time.perf_counter()
            # half of them while a picture is under way
            bpy.ops.wm.save_as_mainfile(filepath=str(path), copy=is_copy, check_existing=False)
            longest = max(longest, time.perf_counter() - began)
            bpy.app.handlers.save_pre[:] = handlers
            saved += 1
            by_itself += is_copy and is_by_itself
        frames.poll()
        yield
        picture = stage.picture(material)
        if picture.problem:
            raise AssertionError(picture.problem)
        if picture.shown is not None and stage.seen(material) != expected[picture.frame + 1]:
            raise AssertionError(f"after a save frame {picture.frame + 1} is another picture")
    size = 0
    paths = sorted(stage.folder.glob("*.blend"))
    for path in paths:
        bpy.ops.wm.open_mainfile(filepath=str(path), load_ui=False)
        material, now = bpy.data.materials["Saved"], bpy.context.scene.frame_current
        bpy.context.scene.frame_set(now)
        if stage.seen(material) != expected[now]:
            raise AssertionError(f"{path.name} shows another picture at frame {now}")
        size = max(size, path.stat().st_size)
        yield
    return {
        "saves": saved,
        "without_handlers": by_itself,
        "files_opened": len(paths),
        "longest_save_ms": round(1e3 * longest),
        "bytes": size,
    }


def play(stage: Stage, times: int, seed: int) -> Steps:
    """Play a scene over and over, and look at the memory of Blender and of its worker."""
    material = stage.material("Played", seed % 5)
    scene, own = bpy.context.scene, os.getpid()
    samples: dict[str, list[tuple[int, int]]] = {"blender": [], "worker": []}
    scene.frame_set(1)
    worker = stage.engine.worker_pid
    warm, began = min(WARM, times // 4), time.monotonic()
    for tick in range(1, times + 1):
        scene.frame_set(1 + tick % LOOP)
        if tick >= warm and tick % SAMPLE == 0:
            samples["blender"].append((tick, resident(own)))
            samples["worker"].append((tick, resident(worker)))
        yield
    if stage.picture(material).problem or stage.engine.worker_pid != worker:
        raise AssertionError(stage.picture(material).problem or "the worker is another one")
    figures: dict[str, float] = {"frames": times, "loop": LOOP, "seconds": round(time.monotonic() - began)}
    for name, some in samples.items():
        figures[f"{name}_mb"] = round(some[-1][1] / 1e6, 1)
        figures[f"{name}_bytes_a_frame"] = round(slope(some), 1)
    # a few hundred frames say nothing: one page more is more than is allowed
    if times >= 2 * WARM:
        for name, some in samples.items():
            if slope(some) > MOST_SLOPE:
                raise AssertionError(f"the memory of {name} grows: {figures}")
    return figures
