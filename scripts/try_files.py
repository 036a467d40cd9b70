# SPDX-License-Identifier: GPL-3.0-or-later
"""Try the add-on on the materials of a folder of .blend files: grow, bake, save, open again, remove.

    python3 scripts/try_files.py FOLDER                  every .blend file in it and below; a file alone, too
    python3 scripts/try_files.py FOLDER --materials 8    at most so many materials of a file (4)
    python3 scripts/try_files.py FOLDER --python PATH   in the Blender that this Python has, instead of 5.0
    python3 scripts/try_files.py FOLDER --pictures OUT  renders of the grown materials, to look at
    python3 scripts/try_files.py FOLDER --json

Prints a row a material: whether the growth is seen in renders of a plane and of the file's own object, whether the
material looks as before where nothing has grown, whether the growth looks the same opened again and baked, and whether
Remove gave the material back exactly. What the add-on itself says of a material stands in “quotes”; a row that lacks
something without such a sentence is a silent failure. Each file is opened in a process of its own; none is written to.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import virtual_environment

SECONDS = 300
"""How long one file may take."""
CHECKS = ("grown", "ground", "baked", "restored")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where .blend files are, also below it; or a file")
    parser.add_argument("--materials", type=int, default=4, help="at most so many materials of a file (4)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--python", type=Path, help="interpreter of another Blender as a Python module")
    parser.add_argument("--pictures", type=Path, help="folder for renders of the grown materials")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        return try_one(options.one, options.materials, options.pictures)
    if not options.folder.exists():
        parser.error(f"there is no {options.folder}")
    virtual_environment.enter()

    folder = options.folder
    paths = [folder] if folder.is_file() else sorted(folder.rglob("*.blend"))
    if not paths:
        parser.error(f"there is no .blend file in {options.folder}")
    rows: list[dict] = []
    for path in paths:
        found = _in_a_process(path, options)
        rows += found
        if not options.json:
            for row in found:
                print(_line(row, options.folder), flush=True)
    tried = [row for row in rows if row["material"]]
    summary = {"files": len(paths), "materials": len(tried)}
    summary |= {check: sum(bool(row[check]) for row in tried) for check in CHECKS}
    summary["silent"] = sum(_is_silent(row) for row in tried)
    summary["files not done"] = sum(row.get("not_done", False) for row in rows)
    if options.json:
        print(json.dumps({"rows": rows, **summary}, indent=2))
    else:
        print(", ".join(f"{count} {name}" for name, count in summary.items()))
    is_whole = all(summary[check] == len(tried) for check in CHECKS)
    return 0 if is_whole and not summary["files not done"] else 1


def _is_silent(row: dict) -> bool:
    """Whether something failed that the add-on did not say: it may refuse, with a sentence, and no more."""
    return not row["refused"] and not all(row[check] for check in CHECKS)


def _in_a_process(path: Path, options: argparse.Namespace) -> list[dict]:
    command = [str(options.python or sys.executable), __file__, str(options.folder), "--one", str(path)]
    command += ["--materials", str(options.materials)]
    if options.pictures is not None:
        options.pictures.mkdir(parents=True, exist_ok=True)
        command += ["--pictures", str(options.pictures.resolve())]
    variables = {"NCA_WORKER_PYTHON": sys.executable, "PYTHONNOUSERSITE": "1", **os.environ}
    status: int | None = None
    # a file, which also has what was printed until then where the time is over
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        with contextlib.suppress(subprocess.TimeoutExpired):
            status = subprocess.run(
                command, stdout=out, stderr=errors, env=variables, timeout=SECONDS
            ).returncode
        out.seek(0)
        errors.seek(0)
        rows = [json.loads(line[4:]) for line in out if line.startswith("ROW ")]
        last = (errors.read().strip().splitlines() or [""])[-1]
    nothing = {"file": str(path), "material": "", "told": ""}
    if status is None:
        rows.append({**nothing, "not_done": True, "says": f"not done after {SECONDS} s"})
    elif status:
        rows.append({**nothing, "not_done": True, "says": f"ended with {status}. {last}"})
    return rows or [{**nothing, "says": "no material that can grow"}]


def _line(row: dict, folder: Path) -> str:
    checks = "  ".join(f"{check} {'yes' if row.get(check) else 'NO '}" for check in CHECKS)
    path = Path(row["file"])
    name = f"{path.name if path == folder else path.relative_to(folder)}: {row['material'] or '-'}"
    told = f"“{row['told']}”" if row["told"] else ""
    return f"{name:60.60} {checks if row['material'] else ''}  {told} {row['says']}".rstrip()


def try_one(path: Path, most: int, pictures: Path | None) -> int:
    """Try the materials of one file, in this process."""
    with tempfile.TemporaryDirectory(prefix="neural-growth-", ignore_cleanup_errors=True) as resources:
        os.environ["BLENDER_USER_RESOURCES"] = resources  # nobody's own preferences are read or changed
        import bpy
        import checkout
        from trial import Trial

        bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
        checkout.offer(Path(resources))
        checkout.enable()
        trial = Trial(path, Path(resources), pictures)
        names = trial.materials()
        if len(names) > most:
            rest = {
                "file": str(path),
                "material": "",
                "told": "",
                "says": f"{len(names) - most} more: --materials",
            }
            print(f"ROW {json.dumps(rest)}", flush=True)
        for name in names[:most]:
            print(f"ROW {json.dumps({'file': str(path), 'material': name, **trial.run(name)})}", flush=True)
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # Blender as a module may hang when Python ends
