# SPDX-License-Identifier: GPL-3.0-or-later
"""Run every test: the whole suite beside Blender 5.0, then the add-on's side again in Blender 4.5 and 5.2.

python3 scripts/test.py                                 everything
python3 scripts/test.py tests/genetics -x               these pytest arguments, beside Blender 5.0 alone
python3 scripts/test.py --blender 5.2                   the add-on's side in Blender 5.2 alone
python3 scripts/test.py --blender all -k bake           the tests named so, in all three Blenders

Sets up the environments it needs on its first run. Paths are relative to the repository.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import virtual_environment
from virtual_environment import REPOSITORY

BLENDERS = {
    "5.0": virtual_environment.MAIN,
    "4.5": virtual_environment.BLENDER_4_5,
    "5.2": virtual_environment.BLENDER_5_2,
}
NO_TESTS = 5  # pytest's exit status


class Result(NamedTuple):
    """How the run beside one Blender ended."""

    blender: str
    failed: bool
    line: str


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument(
        "--blender",
        choices=["all", *BLENDERS],
        help="which Blender to test in (without pytest arguments: all; with them: 5.0)",
    )
    options, arguments = parser.parse_known_args()
    virtual_environment.enter()

    choice = options.blender or ("5.0" if arguments else "all")
    chosen = list(BLENDERS) if choice == "all" else [choice]
    first = [blender for blender in chosen if BLENDERS[blender] is virtual_environment.MAIN]
    results = [_test(blender, arguments) for blender in first]
    results += _test_side_by_side([blender for blender in chosen if blender not in first], arguments)

    print("\nSummary", flush=True)
    for result in results:
        print(f"  Blender {result.blender}: {result.line}", flush=True)
    failed = any(result.failed for result in results)
    print("FAILED" if failed else "All passed", flush=True)
    return 1 if failed else 0


def _test_side_by_side(blenders: list[str], arguments: list[str]) -> list[Result]:
    """Run pytest beside several Blenders at once; each one's output is shown when it is done."""
    if len(blenders) < 2:
        return [_test(blender, arguments) for blender in blenders]
    for blender in blenders:  # environments are set up one after the other
        with contextlib.suppress(virtual_environment.SetUpError):  # told by `_test`
            virtual_environment.prepare(BLENDERS[blender])
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(len(blenders)) as pool:
        logs = [Path(folder) / f"{blender}.txt" for blender in blenders]
        jobs = [
            pool.submit(_test, blender, arguments, log) for blender, log in zip(blenders, logs, strict=True)
        ]
        results = []
        for job, log in zip(jobs, logs, strict=True):
            results.append(job.result())
            if log.exists():
                print(log.read_text("utf-8", "replace"), flush=True)
    return results


def _test(blender: str, arguments: list[str], log: Path | None = None) -> Result:
    """Set up for one Blender and run pytest beside it; its output goes to the screen, or to a file."""
    environment = BLENDERS[blender]
    print(f"\n== Tests beside Blender {blender}", flush=True)
    try:
        python = virtual_environment.prepare(environment)
    except virtual_environment.PythonMissingError as error:
        if environment.python_version == virtual_environment.MAIN.python_version:
            return Result(blender, True, f"not run. {error}")
        print(error, flush=True)
        return Result(blender, False, f"skipped, no Python {environment.python_version} on this machine")
    except virtual_environment.SetUpError as error:
        return Result(blender, True, f"not run. {error}")

    whole_suite = environment is virtual_environment.MAIN
    by_name = bool(arguments)
    if not whole_suite and not any((REPOSITORY / argument.split("::")[0]).exists() for argument in arguments):
        arguments = [*arguments, "tests/blender"]
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "tests.xml"
        begun = time.monotonic()
        with contextlib.ExitStack() as stack:
            out = stack.enter_context(log.open("w")) if log else None
            status = subprocess.call(
                [str(python), "-m", "pytest", f"--junitxml={record}", *arguments],
                cwd=REPOSITORY,
                env={**os.environ, "PYTHONNOUSERSITE": "1"},
                stdout=out,
                stderr=out,
            )
        seconds = time.monotonic() - begun
        counts = _counts(record)
    if status == NO_TESTS:
        # Chosen by name, the tests may be others than the add-on's.
        return Result(blender, whole_suite or not by_name, "no tests found")
    failed = status != 0
    ending = "passed" if not failed else "FAILED" if status > 0 else f"FAILED, ended by signal {-status}"
    return Result(blender, failed, f"{ending} after {seconds:.0f} s{counts}")


def _counts(record: Path) -> str:
    """How many tests did what, from pytest's record; empty when it did not come to write one."""
    try:
        suites = ElementTree.parse(record).getroot().iter("testsuite")
        totals = {name: 0 for name in ("tests", "failures", "errors", "skipped")}
        for suite in suites:
            for name in totals:
                totals[name] += int(suite.get(name, 0))
    except (OSError, ElementTree.ParseError):
        return ""
    passed = totals.pop("tests") - sum(totals.values())
    words = {"failures": "failed", "errors": "with errors", "skipped": "skipped"}
    rest = [f"{count} {words[name]}" for name, count in totals.items() if count]
    return ": " + ", ".join([f"{passed} passed", *rest])


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nStopped.", flush=True)
        sys.exit(130)
