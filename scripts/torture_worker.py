# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts in a Blender: its worker is struck while a growth plays, and while it is baked."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy
from torture_strikes import LIFTED, Striker

if TYPE_CHECKING:
    from torture_inside import Stage, Steps

FRAMES, CELLS = 60, 32
BAKED = 24
PATIENCE = 60.0
"""Seconds without a new picture after which playback does not go on."""
MEANT = ("memory", "died")
"""Kinds of errors that may be told of a worker that is struck."""


def play(stage: Stage, times: int, seed: int) -> Steps:
    """Play a growth over and over. Whatever is seen is the picture of the frame that it is said to be."""
    chance = random.Random(seed)
    material = stage.material("Struck", 3, CELLS)
    last_frame = min(FRAMES, 6 + 2 * times)
    expected = stage.expected(material, last_frame)
    frames = stage.module("addon.playback.frames")
    striker = _striker(stage, times, chance)
    scene, counts = bpy.context.scene, Counter[str]()
    problems: set[str] = set()
    last, longest, tick = time.monotonic(), 0.0, 0
    striker.start()
    while True:
        tick += 1
        now = 1 + tick % last_frame
        if tick % 5 or not bpy.app.background:
            _show(frames, material, now)
        else:  # as a render asks: it waits
            scene.frame_set(now)
        yield
        picture = stage.picture(material)
        if picture.shown is not None:
            frame = picture.frame + 1
            if stage.seen(material) != expected[frame]:
                raise AssertionError(f"what is shown as frame {frame} is another picture")
            counts["right"] += 1
            if frame == now:
                counts["in time"] += 1
                longest, last = max(longest, time.monotonic() - last), time.monotonic()
                if striker.is_over and striker.moment < last:
                    break
        if picture.problem:
            counts["ticks without one, with a sentence"] += 1
            problems.add(picture.problem.splitlines()[0][:160])
        if stage.engine.state == "failed":  # as an artist presses Try Again
            counts["given up"] += 1
            stage.engine.start()
        if time.monotonic() - last > PATIENCE:
            raise AssertionError(
                f"playback does not go on: {picture.problem or stage.engine.message or 'no word'}"
            )
    return {
        "strikes": dict(striker.done),
        "longest_wait_s": round(longest, 2),
        **counts,
        "said": sorted(problems),
    }


def _show(frames: Any, material: bpy.types.Material, frame: int) -> None:
    """As playback in a window does, also without one."""
    if bpy.app.background:
        frames.show([material], frame, frames.PATIENCE)
        frames.poll()
    else:
        bpy.context.scene.frame_set(frame)


def bake(stage: Stage, times: int, seed: int) -> Steps:
    """Bake over and over, begun again where it was stopped. The files are those of a bake that nobody disturbed."""
    chance = random.Random(seed)
    material = stage.material("Struck", 3, CELLS, bake_start=1, bake_end=BAKED)
    bakes = stage.module("addon.bake.bake")
    baking = stage.module("addon.bake.properties").baking_of(material)
    whole = stage.folder / "whole"
    _bake(stage, bakes, baking, material, whole)
    expected = _files(whole)
    striker, counts = _striker(stage, times, chance), Counter[str]()
    problems: set[str] = set()
    striker.start()
    out = stage.folder / "struck0"
    while not striker.is_over:
        problem = _bake(stage, bakes, baking, material, out)
        if problem:
            counts["stopped with a sentence"] += 1
            problems.add(problem.splitlines()[0][:160])
            time.sleep(0.5)  # an artist reads it
        else:
            counts["whole"] += 1
            _compare(_files(out), expected)
            out = stage.folder / f"struck{counts['whole']}"
        yield
    time.sleep(2 * LIFTED[1])  # what was stopped goes on, what had no memory has it again
    problem = _bake(stage, bakes, baking, material, out)
    if problem:
        raise AssertionError(f"nobody strikes any more, and the bake fails: {problem}")
    _compare(_files(out), expected)
    return {"strikes": dict(striker.done), "files": len(expected), **counts, "said": sorted(problems)}


def _bake(stage: Stage, bakes: Any, baking: Any, material: bpy.types.Material, folder: Path) -> str:
    """Bake to the end; returns why that was not reached."""
    errors = stage.module("engine.client").EngineError
    if stage.engine.state == "failed":
        stage.engine.start()
    baking.bake_folder = str(folder)
    running = bakes.start(material)
    until = time.monotonic() + PATIENCE
    finished = 0
    try:
        while not running.done:
            running.step(0.05)
            if len(running.finished) > finished:
                finished, until = len(running.finished), time.monotonic() + PATIENCE
            if time.monotonic() > until:
                raise AssertionError("the bake does not go on")
    except errors as error:
        if error.kind not in MEANT:
            raise
        return str(error)
    finally:
        running.close()
    return ""


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _compare(found: dict[str, bytes], expected: dict[str, bytes]) -> None:
    left = {name for name in found if name.endswith(".part")}
    if left:
        raise AssertionError(f"left half written: {sorted(left)[:5]}")
    if found != expected:
        others = {name for name in found.keys() | expected if found.get(name) != expected.get(name)}
        raise AssertionError(f"not the files of an undisturbed bake: {sorted(others)[:5]}")


def _striker(stage: Stage, times: int, chance: random.Random) -> Striker:
    client = stage.engine
    supervisor = client._supervisor

    def worker() -> int | None:
        return client.worker_pid if client.state == "ready" else None

    return Striker(worker, lambda: list(supervisor._unanswered.entries), times, chance)
