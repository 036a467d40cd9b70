# SPDX-License-Identifier: GPL-3.0-or-later
"""Run every check that is no test: style, format, the directions of imports, types.

python3 scripts/check.py                        all of them
python3 scripts/check.py --only types           one of them; may be given several times

Sets up the environments it needs on its first run. Ends with 1 when a check has failed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import virtual_environment
from virtual_environment import MAIN, REPOSITORY, VirtualEnvironment

STUBS = VirtualEnvironment(REPOSITORY / ".venv-types", "3.11", "addon-types", ("mypy", "numpy"))
"""Stubs of Blender's modules. They are of no use in `.venv`: mypy would find Blender itself there."""


class Check(NamedTuple):
    """One check: what it says of the code, and the command, whose program stands in an environment."""

    says: str
    environment: VirtualEnvironment
    command: tuple[str, ...]


CHECKS = {
    "style": Check("rules of style", MAIN, ("ruff", "check", ".")),
    "format": Check("the formatter would change nothing", MAIN, ("ruff", "format", "--check", ".")),
    "imports": Check("imports point one way", MAIN, ("lint-imports",)),
    "types": Check("types of the rooms that pyproject.toml names", MAIN, ("mypy",)),
    "addon-types": Check(
        "types of the add-on, by stubs of Blender", STUBS, ("mypy", "--config-file", "mypy-addon.ini")
    ),
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument(
        "--only",
        action="append",
        choices=list(CHECKS),
        metavar="NAME",
        help=f"one check alone: {', '.join(CHECKS)}",
    )
    options = parser.parse_args()
    virtual_environment.enter()
    return run(options.only or list(CHECKS))


def run(names: list[str]) -> int:
    """Run checks, all of them also where one fails; 1 when one has failed."""
    results = {name: _run(name) for name in dict.fromkeys(names)}
    print("\nSummary", flush=True)
    for name, (passed, line) in results.items():
        print(f"  {name}: {'passed' if passed else 'FAILED'}, {line}", flush=True)
    failed = not all(passed for passed, _ in results.values())
    print("FAILED" if failed else "All passed", flush=True)
    return 1 if failed else 0


def _run(name: str) -> tuple[bool, str]:
    """Run one check; whether it passed, and a line on it."""
    check = CHECKS[name]
    print(f"\n== {name}: {check.says}", flush=True)
    try:
        python = virtual_environment.prepare(check.environment)
    except virtual_environment.SetUpError as error:
        return False, f"not run. {error}"
    begun = time.monotonic()
    program, *arguments = check.command
    status = subprocess.call([str(_program(python, program)), *arguments], cwd=REPOSITORY)
    return status == 0, f"after {time.monotonic() - begun:.0f} s ({' '.join(check.command)})"


def _program(python: Path, name: str) -> Path:
    """A program that was installed beside an interpreter."""
    return python.with_name(name + python.suffix)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nStopped.", flush=True)
        sys.exit(130)
