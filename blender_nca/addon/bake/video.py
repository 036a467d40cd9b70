# SPDX-License-Identifier: GPL-3.0-or-later
"""Video: the pictures of a baked sequence as one file, encoded by the FFmpeg that every Blender has.

A Blender of its own does it, without a window, so that the artist's goes on.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import bpy

_SCRIPT = Path(__file__).with_name("video_script.py")


class VideoError(Exception):
    """A video that cannot be written; the message is for the artist."""


@dataclass(frozen=True)
class VideoFormat:
    """One kind of video.

    Attributes
    ----------
    label, description : str
        For the artist.
    suffix : str
    colours : str
        'RGB' or 'RGBA'.
    ffmpeg : dict
        Blender's settings of it.
    """

    label: str
    description: str
    suffix: str
    colours: str
    ffmpeg: dict[str, str | int]


FORMATS = MappingProxyType(
    {
        "FFV1": VideoFormat(
            "FFV1, Lossless", "Every pixel as it was baked, with alpha, in a Matroska file", ".mkv", "RGBA",
            {"format": "MKV", "codec": "FFV1"},
        ),
        "PRORES": VideoFormat(
            "ProRes 4444", "For editing, nearly lossless, with alpha, in a QuickTime file", ".mov", "RGBA",
            {"format": "QUICKTIME", "codec": "PRORES", "ffmpeg_prores_profile": "4444"},
        ),
        "VP9": VideoFormat(
            "VP9 with Alpha", "For web pages, with alpha, in a WebM file", ".webm", "RGBA",
            {"format": "WEBM", "codec": "WEBM", "constant_rate_factor": "HIGH"},
        ),
        "H264": VideoFormat(
            "H.264", "For web pages and players, on black, in an MP4 file", ".mp4", "RGB",
            {"format": "MPEG4", "codec": "H264", "constant_rate_factor": "HIGH"},
        ),
    }
)  # fmt: skip


def formats_here() -> list[str]:
    """Those of `FORMATS` that this Blender has."""
    properties = bpy.types.FFmpegSettings.bl_rna.properties
    codecs = {item.identifier for item in properties["codec"].enum_items}  # type: ignore[attr-defined]
    return [
        name
        for name, kind in FORMATS.items()
        if kind.ffmpeg["codec"] in codecs and all(key in properties for key in kind.ffmpeg)
    ]


class Video:
    """A video that is being written.

    Parameters
    ----------
    files : sequence of Path
        The pictures, in one folder.
    path : Path
        Of the video. It appears there when it is whole.
    format : str
        One of `formats_here`.
    fps : tuple of int and float
        Frames a second, and the number that they are divided by.

    Raises
    ------
    OSError
        Nothing can be written there.
    """

    def __init__(self, files: Sequence[Path], path: Path, format: str, fps: tuple[int, float]) -> None:
        self.path, self.total = path, len(files)
        self._aside = tempfile.TemporaryDirectory(
            prefix=".video-", dir=path.parent, ignore_cleanup_errors=True
        )
        folder, kind = Path(self._aside.name), FORMATS[format]
        self._part = folder / f"video{kind.suffix}"
        told = {
            "files": [str(file) for file in files],
            "path": str(self._part),
            "fps": fps[0],
            "fps_base": fps[1],
            "colours": kind.colours,
            "ffmpeg": kind.ffmpeg,
        }
        (folder / "told.json").write_text(json.dumps(told), "utf-8")
        self._said = folder / "said.txt"
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(
                [*_blender(), str(folder / "told.json")],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                # its colours are Blender's own, whatever those of the artist are
                env={name: value for name, value in os.environ.items() if name != "OCIO"},
            )

    @property
    def written(self) -> int:
        """Frames so far."""
        found = re.findall(r"^written (\d+)", self._said.read_text("utf-8", "replace"), re.MULTILINE)
        return int(found[-1]) if found else 0

    def step(self, patience: float = 0.0) -> bool:
        """Whether it has ended.

        Raises
        ------
        VideoError, OSError
            It could not be written; what was there before stays.
        """
        try:
            status = self._process.wait(patience)
        except subprocess.TimeoutExpired:
            return False
        if status or self.written < self.total or not self._part.is_file():
            lines = [line for line in self._said.read_text("utf-8", "replace").splitlines() if "rror" in line]
            raise VideoError(
                f"Blender could not encode {self.path.name} ({lines[-1].strip() if lines else f'status {status}'}): "
                "choose another format, or look whether the disk is full."
            )
        os.replace(self._part, self.path)
        return True

    def close(self) -> None:
        """End it, and leave nothing unfinished."""
        if self._process.poll() is None:
            self._process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
        self._aside.cleanup()


def _blender() -> list[str]:
    """A Blender that runs the script: this one again, or this Python where Blender is a module of it."""
    if not bpy.app.binary_path:
        return [sys.executable, str(_SCRIPT)]
    options = ["--background", "--factory-startup", "-noaudio", "--python-exit-code", "1"]
    return [bpy.app.binary_path, *options, "--python", str(_SCRIPT), "--"]
