# SPDX-License-Identifier: GPL-3.0-or-later
"""Extension builder: Blender's own commands that check, pack and list extensions."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple


class BuildError(Exception):
    """Something could not be built; the message says why and what to do."""


class ExtensionBuilder(NamedTuple):
    """Blender's builder of extensions.

    Attributes
    ----------
    command : tuple of str
        Starts it.
    tags : tuple of str
        The argument that names the valid tags, where it wants one.
    """

    command: tuple[str, ...]
    tags: tuple[str, ...] = ()

    def validate(self, path: Path) -> None:
        """Check a folder of sources, or a zip; raises `BuildError`."""
        self._run("validate", *self.tags, str(path))

    def build(self, source: Path, archive: Path) -> None:
        """Pack a folder of sources into a zip; both are checked. Raises `BuildError`."""
        archive.parent.mkdir(parents=True, exist_ok=True)
        self.validate(source)
        self._run("build", *self.tags, "--source-dir", str(source), "--output-filepath", str(archive))
        if not archive.is_file():
            raise BuildError(f"Blender's builder wrote no {archive}.")
        self.validate(archive)

    def list_repository(self, folder: Path) -> str:
        """Write the index of a folder of zips; returns what Blender said. Raises `BuildError`."""
        return self._run("server-generate", "--html", "--repo-dir", str(folder))

    def _run(self, *arguments: str) -> str:
        command = [*self.command, *arguments]
        try:
            done = subprocess.run(
                command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace"
            )
        except OSError as error:
            raise BuildError(f"{command[0]} can't be started: {error}") from error
        if done.returncode:
            raise BuildError(done.stdout)
        return done.stdout


def builder_of_blender(program: str) -> ExtensionBuilder:
    """The builder of an installed Blender."""
    return ExtensionBuilder((program, "--command", "extension"))


def builder_of_bpy() -> ExtensionBuilder:
    """The builder of Blender as a module; raises `BuildError` where it comes without."""
    specification = importlib.util.find_spec("bpy")  # Blender itself need not start
    folders = specification.submodule_search_locations if specification else None
    for folder in folders or ():
        for program in Path(folder).glob("*/scripts/addons_core/bl_pkg/cli/blender_ext.py"):
            tags = program.parents[3] / "modules" / "_bpy_internal" / "extensions" / "tags.py"
            return ExtensionBuilder(
                (sys.executable, str(program)), ("--valid-tags", str(tags) if tags.exists() else "")
            )
    raise BuildError("This bpy comes without Blender's extension builder; name a Blender with --builder.")
