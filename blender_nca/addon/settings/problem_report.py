# SPDX-License-Identifier: GPL-3.0-or-later
"""Problem report: what somebody who helps needs to know of this Blender, as text, without what is personal."""

from __future__ import annotations

import getpass
import os
import platform
import re
import socket
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import bpy
import numpy as np

from .. import engine
from ..host.extension import PACKAGE
from ..host.log import NAME, read_tail
from ..host.personal import hide
from . import device_table, preferences

LOG_LINES, WORKER_LINES = 80, 40
MOST_KNOWN_DEPTH = 3
"""Folders with no more parts, such as /usr/bin, are not named by what is in them."""
ROOT = Path(__file__).resolve().parents[3]
"""The extension's folder."""


def compose() -> str:
    """The whole report."""
    return tidy("\n".join(_lines()))


def tidy(text: str) -> str:
    """A text without the paths and names of whoever sits here."""
    folders = {
        str(ROOT): "<extension>",
        bpy.app.binary_path and str(Path(bpy.app.binary_path).parent): "<Blender>",
    }
    folders[sys.prefix] = "<Python>"
    known = {
        folder: name for folder, name in folders.items() if len(Path(folder or ".").parts) > MOST_KNOWN_DEPTH
    }
    if bpy.data.filepath:
        known[bpy.path.basename(bpy.data.filepath)] = "<file>.blend"
    return hide(text, _homes(), _users(), known)


def _lines() -> Iterator[str]:
    yield f"Neural Growth {version()}, {PACKAGE}"
    build = bpy.app.build_hash.decode(errors="replace")
    yield f"Blender {bpy.app.version_string} ({build}), {'without' if bpy.app.background else 'with'} a window"
    yield f"System: {platform.platform()}, {platform.machine()}, {os.cpu_count()} processors"
    yield f"Python {platform.python_version()}, numpy {np.__version__}"
    limits, own = preferences.limits(), preferences.current()
    if own is not None:
        kept = f"memory limit {own.memory_limit:g} GiB, cache {own.cache_limit:g} GiB in {limits.cache}"
        yield f"Preferences: device {own.device}, {kept}, log {own.log_level}, Python {own.python or 'found by itself'}"
        yield f"Online access: {bpy.app.online_access}"
    yield ""
    yield f"Engine: {engine.state()}. {engine.device_line()}"
    yield from engine.problem().splitlines()
    yield from _of_self_test()
    folder = preferences.log_folder()
    if folder is not None:
        yield from ["", f"The last lines of {NAME}:", *read_tail(folder / NAME, LOG_LINES)]
    lines = engine.log_lines()[-WORKER_LINES:]
    if lines:
        yield from ["", "The last lines of the engine:", *lines]


def _of_self_test() -> Iterator[str]:
    report = engine.self_test_report or {}
    if "error" in report:
        yield f"Self-test: {report['error']}"
    elif report:
        versions = report["versions"]
        yield f"Its Python {versions['python']}: {report['python']}, numpy {versions['numpy']}"
        yield f"Its torch {versions['torch']}: {report['torch']}"
        yield from report["problems"]
    tried = device_table.rows()
    if not tried:
        yield "No self-test was made."
    for one in tried:
        speeds = ", ".join(
            f"{speed:.4g} steps a second of {side} x {side}" for side, speed in one.speeds.items()
        )
        result = "right" if one.right else f"not right, {one.problem or 'another picture'}"
        yield f"{one.name}: {result} ({one.apart:.1e} apart). {speeds}"


def version() -> str:
    """The extension's version, as its manifest says it."""
    try:
        return str(tomllib.loads((ROOT / "blender_manifest.toml").read_text("utf-8"))["version"])
    except (OSError, ValueError, KeyError):
        return "?"


def _homes() -> set[str]:
    home = Path.home()
    named = {os.environ.get("HOME", ""), os.environ.get("USERPROFILE", "")}
    return {folder for folder in {str(home), str(home.resolve()), *named} if len(Path(folder).parts) > 1}


def _users() -> set[str]:
    names = {
        Path.home().name,
        socket.gethostname(),
        *map(os.environ.get, ("USER", "USERNAME", "LOGNAME", "COMPUTERNAME")),
    }
    try:
        names.add(getpass.getuser())
    except (OSError, KeyError, ImportError):  # one without a name
        pass
    found = {name for name in names if name}
    return found | {host for name in found for host in re.split(r"\.", name)[:1]}
