# SPDX-License-Identifier: GPL-3.0-or-later
"""Try the add-on on the materials of a folder of .blend files: grow, bake, save, open again, remove.

    python3 scripts/try_files.py FOLDER                  every .blend file in it and below
    python3 scripts/try_files.py FOLDER --materials 8    at most so many materials of a file (4)
    python3 scripts/try_files.py FOLDER --json

Prints a row a material: whether the growth is seen in a render, whether its baked pictures look as the live ones, and
whether Remove gave the material back exactly. Each file is opened in a process of its own; none is written to.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import virtual_environment

SECONDS = 300
"""How long one file may take."""
CHECKS = ("grown", "baked", "restored")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where .blend files are, also in folders below")
    parser.add_argument("--materials", type=int, default=4, help="at most so many materials of a file (4)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.one and not options.folder.is_dir():
        parser.error(f"{options.folder} is no folder")
    virtual_environment.enter()
    if options.one:
        return try_one(options.one, options.materials)

    paths = sorted(options.folder.rglob("*.blend"))
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
    counts = {check: sum(bool(row.get(check)) for row in tried) for check in CHECKS}
    summary = {"files": len(paths), "materials": len(tried), **counts}
    if options.json:
        print(json.dumps({"rows": rows, **summary}, indent=2))
    else:
        print(", ".join(f"{count} {name}" for name, count in summary.items()))
    return 0 if all(count == len(tried) for count in counts.values()) else 1


def _in_a_process(path: Path, options: argparse.Namespace) -> list[dict]:
    command = [sys.executable, __file__, str(options.folder), "--one", str(path)]
    command += ["--materials", str(options.materials)]
    nothing = {"file": str(path), "material": ""}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return [{**nothing, "says": f"not done after {SECONDS} s"}]
    rows = [json.loads(line[4:]) for line in done.stdout.splitlines() if line.startswith("ROW ")]
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]
        rows.append({**nothing, "says": last})
    return rows or [{**nothing, "says": "no material that can grow"}]


def _line(row: dict, folder: Path) -> str:
    checks = "  ".join(f"{check} {'yes' if row.get(check) else 'NO '}" for check in CHECKS)
    name = f"{Path(row['file']).relative_to(folder)}: {row['material'] or '-'}"
    return f"{name:60.60} {checks if row['material'] else ''}  {row['says']}".rstrip()


def try_one(path: Path, most: int) -> int:
    """Try the materials of one file, in this process."""
    with tempfile.TemporaryDirectory(prefix="neural-growth-", ignore_cleanup_errors=True) as resources:
        os.environ["BLENDER_USER_RESOURCES"] = resources  # nobody's own preferences are read or changed
        os.environ.setdefault("NCA_WORKER_PYTHON", sys.executable)
        import bpy
        import checkout
        from trial import Trial

        bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
        checkout.offer(Path(resources))
        checkout.enable()
        trial = Trial(path, Path(resources))
        for name in trial.materials()[:most]:
            print(f"ROW {json.dumps({'file': str(path), 'material': name, **trial.run(name)})}", flush=True)
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # Blender as a module may hang when Python ends
