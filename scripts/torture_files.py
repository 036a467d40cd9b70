# SPDX-License-Identifier: GPL-3.0-or-later
"""Part with files of other versions: the older ones in `tests/data`, and one that says that it is newer."""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import bpy
from torture_start import REPOSITORY

if TYPE_CHECKING:
    from torture_inside import Stage, Steps

DATA = REPOSITORY / "tests" / "data"
NEWER = 1000


def open_files(stage: Stage, times: int, seed: int) -> Steps:
    """Open older files, play and save them, and open what was saved. What grows is the same each time."""
    chance, counts = random.Random(seed), Counter[str]()
    older = [path for path in sorted(DATA.glob("growths_*.blend")) if _version(path) <= bpy.app.version[:2]]
    held = json.loads((DATA / "growths.json").read_text("utf-8"))["materials"]
    migration = stage.module("addon.material.migration")
    for number in range(times):
        folder = stage.folder / f"files{number}"
        shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        path = folder / chance.choice(older).name
        bpy.ops.wm.open_mainfile(filepath=str(path), load_ui=False)
        live = [name for name, values in held.items() if "growth" in values]
        before = {name: _grown(stage, name) for name in live}
        versions = {bpy.data.materials[name].nca.version for name in held}
        if versions != {migration.VERSION}:
            raise AssertionError(f"{path.name} is not brought up to date: versions {versions}")
        bpy.context.scene.frame_set(chance.randint(1, 20))
        yield
        is_newer = chance.random() < 0.5
        if is_newer:
            for name in live:
                bpy.data.materials[name].nca.version = NEWER
        bpy.ops.wm.save_as_mainfile(filepath=str(folder / "saved.blend"), check_existing=False)
        bpy.ops.wm.open_mainfile(filepath=str(folder / "saved.blend"), load_ui=False)
        after = {name: _grown(stage, name) for name in live}
        if after != before:
            others = [name for name in live if after[name] != before[name]]
            raise AssertionError(f"after {path.name} was saved other growths are in it: {others}")
        if is_newer and {bpy.data.materials[name].nca.version for name in live} != {NEWER}:
            raise AssertionError("a newer file is said to be an older one")
        counts[path.stem] += 1
        counts["said to be newer"] += is_newer
        shutil.rmtree(folder)
        yield
    return {"files": times, "growths_each": len(live), **counts}


def _grown(stage: Stage, name: str) -> str:
    material = bpy.data.materials[name]
    return str(stage.growth(material, 12)[0].key)


def _version(path: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in path.stem.removeprefix("growths_").split("."))
