# SPDX-License-Identifier: GPL-3.0-or-later
"""How near species come that are learned from pictures which the project did not draw."""

from __future__ import annotations

import argparse
import importlib.util
import tempfile
from pathlib import Path
from statistics import median

from benchmark_contest import Skipped
from learn import learn

MINUTES = 15.0
NAMES = "brick", "grass", "gravel"
"""Those of scikit-image that are textures."""


def measure_learning(named: list[Path], minutes: float, device: str, context: dict) -> dict[str, float]:
    """Learn each picture, and take the medians.

    Parameters
    ----------
    named : list of Path
        Pictures; without them those that scikit-image has.
    minutes : float
        For each.
    device : str
        As for `scripts/learn.py`.
    context : dict
        Takes what each picture has.
    """
    pictures = named or find_pictures()
    with tempfile.TemporaryDirectory(prefix="neural-growth-") as out:
        options = argparse.Namespace(minutes=minutes, cores=None, scale=1.0, out=Path(out), device=device)
        found = {path.stem: learn(path, options) for path in pictures}
    context["learned"] = {
        "minutes": minutes,
        **{name: {"structure": round(s, 3), "colour": round(r, 4)} for name, (s, r) in found.items()},
    }
    structure, colour = (median(each) for each in zip(*found.values(), strict=True))
    return {"learn.distance_15min": structure, "learn.colour_15min": colour}


def find_pictures() -> list[Path]:
    """The textures of scikit-image, where it is installed."""
    spec = importlib.util.find_spec("skimage")
    folder = Path(spec.origin).parent / "data" if spec and spec.origin else Path()
    pictures = [folder / f"{name}.png" for name in NAMES]
    if not spec or not all(path.is_file() for path in pictures):
        raise Skipped("name pictures behind --learn, or install scikit-image: its brick, grass and gravel")
    return pictures
