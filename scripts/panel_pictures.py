# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual's pictures of the panel: what scripts/panel_shots.py took of Blender's window, cropped and joined."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

SHOTS = Path(__file__).with_name("panel_shots.py")
HEAD, EDGE, GAP = 44, 12, 18
"""Pixels: the line of names above the panels, what is kept around them, between panel and view."""
LEAST, MOST = 440, 620
"""Sides of the view beside a panel, in pixels."""
PLAIN = 3
"""By how much two values of 255 may differ where nothing is drawn."""


def take(blender: str, folder: Path, names: list[str]) -> None:
    """Open Blender's window and take what is missing; it takes minutes, half of one a picture."""
    command = [blender, "--factory-startup", "--python-exit-code", "1", "--python", str(SHOTS)]
    with tempfile.TemporaryDirectory(prefix="neural-growth-") as resources:  # nobody's own preferences
        subprocess.run(
            [*command, "--", str(folder), *names],
            check=True,
            stdout=sys.stderr,
            env={**os.environ, "BLENDER_USER_RESOURCES": resources},
        )


def draw(folder: Path, out: Path) -> list[Path]:
    """Make a picture of each panel that was taken, with the 3D view at its right.

    Parameters
    ----------
    folder : Path
        With `<name>.panel.png`, `<name>.view.png` and what a JSON file beside each says of it.
    out : Path

    Returns
    -------
    list of Path
        WebP files.
    """
    written = []
    for path in sorted(folder.glob("*.panel.png")):
        name = path.name.split(".")[0]
        panel = _trimmed(_region(path).crop((0, HEAD, _region(path).width, _region(path).height)))
        view = path.with_name(f"{name}.view.png")
        picture = panel if not view.exists() else _beside(panel, _region(view))
        out.mkdir(parents=True, exist_ok=True)
        picture.save(out / f"{name}.webp", quality=82, method=6)
        written.append(out / f"{name}.webp")
    return written


def _region(path: Path) -> Image.Image:
    """The part of an area in which panels, or the scene, are drawn."""
    said = json.loads(path.with_suffix(".json").read_text("utf-8"))
    left, below, width, height = said["box"]
    top = said["height"] - below - height
    return Image.open(path).convert("RGB").crop((left, top, left + width, top + height))


def _trimmed(picture: Image.Image) -> Image.Image:
    """Without the rows below the last panel, and with an even edge."""
    pixels = np.asarray(picture).astype(int)[:-EDGE]  # the window has a line of its own below
    ground = pixels[-1, pixels.shape[1] // 2]
    drawn = np.flatnonzero((abs(pixels - ground) > PLAIN).any(axis=2).sum(axis=1) > pixels.shape[1] // 4)
    last = int(drawn[-1]) if len(drawn) else pixels.shape[0]
    return picture.crop((0, 0, picture.width, min(picture.height, last + EDGE)))


def _beside(panel: Image.Image, view: Image.Image) -> Image.Image:
    """A panel, and the middle of a view as high as it, on nothing."""
    side = min(view.size)
    left, top = (view.width - side) // 2, (view.height - side) // 2
    shown = min(MOST, max(LEAST, panel.height))
    seen = view.crop((left, top, left + side, top + side)).resize((shown, shown), Image.Resampling.LANCZOS)
    joined = Image.new("RGBA", (panel.width + GAP + shown, max(panel.height, shown)))
    joined.paste(panel, (0, 0))
    joined.paste(seen, (panel.width + GAP, 0))
    return joined
