# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts that end Blender, in every way that there is, or have several of them at once: seen from outside."""

from __future__ import annotations

import ctypes
import hashlib
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from torture_start import Bench, BrokenError, children, is_there

if TYPE_CHECKING:
    from torture_inside import Stage, Steps

SECONDS = 15.0
"""How long a worker may outlive its Blender: a step of a large growth, and 2.5 seconds for a driver that hangs."""
WAYS = ("quit", "raise", "exit", "crash", "abort", "terminated", "killed", "killed with its worker stopped")
FRAMES = 24


def end(bench: Bench, times: int, seed: int) -> dict[str, Any]:
    """End a Blender that has a worker for pictures, one for lessons and a bake under way."""
    chance, counts, longest = random.Random(seed), Counter[str](), 0.0
    for number in range(times):
        way = WAYS[number % len(WAYS)]
        blender = bench.start("torture_end:live_until", way=way, seconds=chance.uniform(0.0, 1.0))
        own = blender.told("pid")
        workers = blender.told("workers")
        began = time.monotonic()
        if way == "terminated":
            os.kill(own, signal.SIGTERM)
        elif way.startswith("killed"):
            time.sleep(chance.uniform(0.0, 1.0))
            if "stopped" in way:
                os.kill(workers[0], signal.SIGSTOP)
            os.kill(own, signal.SIGKILL)
            if "stopped" in way:
                time.sleep(0.5)
                os.kill(workers[0], signal.SIGCONT)
        blender.process.wait(60)
        gone = time.monotonic()
        while left := [pid for pid in workers if is_there(pid)]:
            if time.monotonic() - gone > SECONDS:
                raise BrokenError(f"Blender was ended ({way}), and processes {left} are still there")
            time.sleep(0.02)
        longest = max(longest, time.monotonic() - (gone if way != "quit" else began))
        pixels = list(Path("/dev/shm").glob(f"neural-growth-pixels-{own}-*"))
        if pixels:
            raise BrokenError(f"Blender was ended ({way}), and left {len(pixels)} blocks of pixels in memory")
        counts[way] += 1
    return {"ended": dict(counts), "processes_each": 2, "longest_s": round(longest, 2)}


def live_until(stage: Stage, way: str, seconds: float) -> Steps:
    """Play, have a lesson's worker and a bake; then end in some way, or wait for one from outside."""
    import bpy

    material = stage.material("Ended", 1, bake_start=1, bake_end=200)
    stage.module("addon.bake.properties").baking_of(material).bake_folder = str(stage.folder / "baked")
    bpy.context.scene.frame_set(3)
    engine = stage.engine
    engine._learning.start()
    while engine.learning_pid is None or engine._learning.state != "ready":
        time.sleep(0.02)
    baking = stage.module("addon.bake.bake").start(material)
    from torture_inside import tell

    tell({"workers": [engine.worker_pid, engine.learning_pid], "all": children(os.getpid())})
    until = time.monotonic() + seconds
    while time.monotonic() < until or way.startswith(("killed", "terminated")):
        baking.step(0.05)
        yield
    if way == "raise":
        raise RuntimeError("as a script does that fails")
    if way == "exit":
        sys.exit(3)  # torture_inside ends Python as one does who is in a hurry: by os._exit
    if way == "crash":
        ctypes.string_at(8)
    if way == "abort":
        os.abort()
    if way == "quit" and not bpy.app.background:
        bpy.ops.wm.quit_blender()
        yield
    # a Blender without a window ends with its script, and asks whoever wants to know of it
    import atexit

    atexit._run_exitfuncs()
    return {}


def together(bench: Bench, times: int, seed: int) -> dict[str, Any]:
    """Several Blenders with the same settings at once: two, then four. Nothing that one of them keeps is lost."""
    figures: dict[str, Any] = {"rounds_each": times}
    for count in (2, 4):
        place = bench.folder / f"together{count}"
        place.mkdir()
        begin = time.time() + 4.0 * count  # when all of them have started
        all_ = [
            bench.start(
                "torture_end:share",
                resources=place / "resources",
                number=number,
                times=times,
                seed=seed + number,
                begin=begin,
                shared=str(place / "baked"),
            )
            for number in range(count)
        ]
        told = [each.figures() for each in all_]
        # one more sees what all of them have kept
        kept = bench.run("torture_end:look", resources=place / "resources")
        wanted = sorted(name for each in told for name in each["kept"])
        if sorted(kept["species"]) != wanted:
            raise BrokenError(
                f"of {len(wanted)} species {sorted(set(wanted) ^ set(kept['species']))[:5]} were lost"
            )
        if sorted(kept["favourites"]) != wanted:
            raise BrokenError(f"favourites were lost: {len(kept['favourites'])} of {len(wanted)} are there")
        if sorted(kept["presets"]) != wanted:
            raise BrokenError(f"presets were lost: {len(kept['presets'])} of {len(wanted)} are there")
        left = [path.name for path in place.rglob("*.part")]
        if left:
            raise BrokenError(f"left half written: {left[:5]}")
        if not told[0]["bakes"] or any(each["bakes"] != told[0]["bakes"] for each in told):
            raise BrokenError("the same growth is baked to other files")
        figures[f"{count}_blenders"] = {
            "kept": len(wanted),
            "refused_bakes": sum(each["refused"] for each in told),
        }
    return figures


def share(stage: Stage, number: int, times: int, seed: int, begin: float, shared: str) -> Steps:
    """Keep species, favourites and presets of one's own, and bake beside others into one folder."""
    import bpy

    chance = random.Random(seed)
    material = stage.material("Shared", 1, bake_start=1, bake_end=FRAMES)
    own_name = f"Own {number}"
    own = stage.material(own_name, 1, bake_start=1, bake_end=FRAMES)
    expected = stage.expected(material, FRAMES)
    library, shelf = stage.module("addon.library.own"), stage.module("addon.library.shelf")
    kinds, presets = stage.module("genetics.species"), stage.module("addon.presets.files")
    preset = presets.read(presets.listed()[0].path)
    bakes, errors = stage.module("addon.bake.bake"), stage.module("baking.bake_error")
    baking_of = stage.module("addon.bake.properties").baking_of
    for each in (material, own):
        baking_of(each).bake_folder = shared
    while time.time() < begin:
        time.sleep(0.01)
    kept, refused = [], 0
    dna = material.nca.a.dna
    for turn in range(times):
        name = f"Kept {number} {turn}"
        library.save(kinds.Species(name, dna, "materials"))
        for _ in range(10):  # as many clicks
            shelf.mark(name, False)
            shelf.mark(name, True)
            shelf.note(name)
        presets.write(name, preset)
        kept.append(name)
        frame = chance.randint(1, FRAMES)
        bpy.context.scene.frame_set(frame)
        if stage.seen(material) != expected[frame]:
            raise AssertionError(f"frame {frame} is another one beside other Blenders")
        yield
    # one folder: files of a name of one's own, and those of a name that all have
    for each in (own, material):
        try:
            running = bakes.start(each)
        except errors.BakeError as error:
            if each is own or "Another Blender" not in str(error):
                raise
            refused += 1
            continue
        try:
            while not running.done:
                running.step(0.1)
        finally:
            running.close()
    stem = own_name.replace(" ", "_")
    baked = {
        path.name.replace(own_name, "").replace(stem, ""): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in Path(shared).iterdir()
        if path.name.startswith((own_name, stem)) and path.suffix == ".png"
    }
    return {"kept": kept, "refused": refused, "bakes": baked}


def look(stage: Stage) -> Steps:
    """What is kept of all of them."""
    yield
    presets = [one.name for one in stage.module("addon.presets.files").listed() if one.is_own]
    return {
        "species": [one.name for one in stage.module("addon.library.own").listed()],
        "favourites": stage.module("addon.library.shelf").favourites(),
        "presets": presets,
    }
