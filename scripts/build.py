# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the extension: ``dist/blender_nca-<version>.zip``, to be dragged into Blender.

python3 scripts/build.py                                uses the extension builder of Blender in .venv
python3 scripts/build.py --without-kernels              growths then need a C compiler, or PyTorch, to be fast
python3 scripts/build.py --blender /path/to/blender     uses an installed Blender; nothing is set up, no kernel built

The kernels of all systems are built first (scripts/build_kernels.py). What goes into the zip is said in
``blender_manifest.toml``. The sources are validated before, the zip after.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import build_kernels
import virtual_environment
from virtual_environment import REPOSITORY


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--blender", metavar="PROGRAM", help="an installed Blender to build with")
    parser.add_argument("--out", metavar="DIR", type=Path, default=REPOSITORY / "dist", help="default: dist/")
    parser.add_argument("--without-kernels", action="store_true", help="leave them as they are, or away")
    options = parser.parse_args()
    if options.blender:
        builder, tags = [options.blender, "--command", "extension"], []
    else:
        virtual_environment.enter()
        builder, tags = _builder_of_bpy()

    if not options.without_kernels and not options.blender:
        try:
            built = build_kernels.build()
        except virtual_environment.SetUpError as error:
            print(f"build: {error}\nBuild --without-kernels to do without.", file=sys.stderr)
            return 1
        print(f"{built[0].parent}: {len(built)} libraries")
    options.out.mkdir(parents=True, exist_ok=True)
    steps = (
        ["validate", *tags, str(REPOSITORY)],
        ["build", *tags, "--source-dir", str(REPOSITORY), "--output-dir", str(options.out)],
    )
    before = {path: path.stat().st_mtime_ns for path in options.out.glob("*.zip")}
    for step in steps:
        if not _run([*builder, *step]):
            return 1
    built = [path for path in options.out.glob("*.zip") if before.get(path) != path.stat().st_mtime_ns]
    if len(built) != 1:
        print(f"The builder wrote no zip into {options.out}.", file=sys.stderr)
        return 1
    if not _run([*builder, "validate", *tags, str(built[0])]):
        return 1
    with ZipFile(built[0]) as archive:
        size = built[0].stat().st_size / 2**20
        print(f"{built[0]}: {len(archive.namelist())} files, {size:.1f} MiB")
    return 0


def _builder_of_bpy() -> tuple[list[str], list[str]]:
    """The extension builder of Blender as a module, and the argument that names the valid tags."""
    specification = importlib.util.find_spec("bpy")  # Blender itself need not start
    folders = specification.submodule_search_locations if specification else None
    for folder in folders or ():
        for program in Path(folder).glob("*/scripts/addons_core/bl_pkg/cli/blender_ext.py"):
            tags = program.parents[3] / "modules" / "_bpy_internal" / "extensions" / "tags.py"
            return [sys.executable, str(program)], ["--valid-tags", str(tags) if tags.exists() else ""]
    raise SystemExit("This bpy comes without Blender's extension builder; name a Blender with --blender.")


def _run(command: list[str]) -> bool:
    """Run one command of the builder; its output is shown when it fails."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
    except OSError as error:
        print(f"{command[0]} can't be started: {error}", file=sys.stderr)
        return False
    if done.returncode:
        print(done.stdout, file=sys.stderr)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
