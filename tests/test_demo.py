# SPDX-License-Identifier: GPL-3.0-or-later
"""The first thing that anybody runs."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

Image = pytest.importorskip("PIL.Image")
DEMO = [sys.executable, str(Path(__file__).parents[1] / "scripts" / "demo.py")]


def test_the_demo_shows_one_species_growing_into_another(tmp_path):
    command = [
        *DEMO,
        "--out",
        str(tmp_path),
        "--frames",
        "12",
        "--pixels",
        "64",
        "--cells",
        "64",
        "--species",
        "Coral",
        "Zebra",
        "--device",
        "torch",
    ]
    (tmp_path / "textures").mkdir()
    (tmp_path / "textures" / "own.png").touch()
    done = subprocess.run(command, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stdout + done.stderr
    with Image.open(tmp_path / "growth.webp") as animation:
        shown, milliseconds = [], 0
        for frame in range(animation.n_frames):
            animation.seek(frame)
            shown.append(np.asarray(animation.convert("RGB"), float))
            milliseconds += animation.info["duration"]
    # WebP joins frames that look alike, as the first ones do on a small picture: their time stays
    assert milliseconds == 11 * 84 + 1000 and len(shown) > 6
    shown = [shown[0], shown[len(shown) // 2], shown[-1]]
    assert all(np.abs(a - b).mean() > 2 for a, b in itertools.pairwise(shown)), "nothing grows"
    assert Image.open(tmp_path / "contact.png").width > 200
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["species"] == ["Coral", "Zebra"] and report["frames"] == 12 and report["steps"] > 0
    assert report["backend"] == "torch" and set(report["speeds"]) >= {"torch"}, (
        "the torch path, on any processor"
    )
    assert report["versions"]["blender"] and report["device"]
    assert {"Growing and baking", "Rendering"} <= set(report["seconds"])
    assert len(list((tmp_path / "textures" / "demo" / "Head").glob("Head_base_colour_*.png"))) == 12
    assert (tmp_path / "textures" / "own.png").exists(), "what else lies in the folder is nobody's to remove"
    assert (tmp_path / "demo.blend").stat().st_size > 10_000


def test_a_species_that_is_not_there_is_told_with_those_that_are(tmp_path):
    command = [*DEMO, "--out", str(tmp_path), "--species", "Unicorn", "Zebra"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert done.returncode == 2 and "Unicorn" in done.stderr and "Coral" in done.stderr
