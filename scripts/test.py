# SPDX-License-Identifier: GPL-3.0-or-later
"""Run every test: the whole suite beside Blender 5.0, and the add-on's side again in Blender 4.5 and 5.2.

python3 scripts/test.py                                 everything
python3 scripts/test.py tests/genetics -x               these pytest arguments, beside Blender 5.0 alone
python3 scripts/test.py --blender 5.2                   the add-on's side in Blender 5.2 alone
python3 scripts/test.py --blender all -k bake           the tests named so, in all three Blenders

Sets up the environments it needs on its first run. Two runs of pytest go side by side: the first one's output is seen
as it comes, the others' when they are done. Paths are relative to the repository.
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
AT_ONCE = 2
"""Runs of pytest side by side: most tests wait much for a Blender or an engine to start."""


class Run(NamedTuple):
    """One run of pytest: what it is called, beside which Blender, with which arguments."""

    name: str
    blender: str
    arguments: list[str]


class Result(NamedTuple):
    """How a run ended."""

    name: str
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
    results = _test_side_by_side([run for blender in chosen for run in _runs(blender, arguments)])

    print("\nSummary", flush=True)
    for result in results:
        print(f"  {result.name}: {result.line}", flush=True)
    failed = any(result.failed for result in results)
    print("FAILED" if failed else "All passed", flush=True)
    return 1 if failed else 0


def _runs(blender: str, arguments: list[str]) -> list[Run]:
    """The runs beside one Blender: the whole suite is four, the longest first, so that none is alone at the end."""
    name = f"Blender {blender}"
    if arguments or BLENDERS[blender] is not virtual_environment.MAIN:
        return [Run(name, blender, arguments)]
    return [
        Run("Training", blender, ["tests/training"]),
        Run(
            "The other rooms",
            blender,
            [f"--ignore=tests/{room}" for room in ("blender", "training", "engine")],
        ),
        Run(name, blender, ["tests/blender"]),
        Run("Engine", blender, ["tests/engine"]),
    ]


def _test_side_by_side(runs: list[Run]) -> list[Result]:
    """Run pytest several times, `AT_ONCE` at a time."""
    for run in runs if len(runs) > 1 else ():  # environments are set up one after the other
        with contextlib.suppress(virtual_environment.SetUpError):  # told by `_test`
            virtual_environment.prepare(BLENDERS[run.blender])
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(AT_ONCE) as pool:
        logs = [None, *(Path(folder) / f"{number}.txt" for number in range(1, len(runs)))]
        jobs = [pool.submit(_test, run, log) for run, log in zip(runs, logs, strict=True)]
        results = []
        for job, run, log in zip(jobs, runs, logs, strict=True):
            results.append(job.result())
            if log is not None and log.exists():
                print(f"\n== {run.name}\n{log.read_text('utf-8', 'replace')}", flush=True)
    return results


def _test(run: Run, log: Path | None = None) -> Result:
    """Set up for one Blender and run pytest beside it; its output goes to the screen, or to a file."""
    name, blender, arguments = run
    environment = BLENDERS[blender]
    print(f"\n== {name}: tests beside Blender {blender}", flush=True)
    try:
        python = virtual_environment.prepare(environment)
    except virtual_environment.PythonMissingError as error:
        if environment.python_version == virtual_environment.MAIN.python_version:
            return Result(name, True, f"not run. {error}")
        print(error, flush=True)
        return Result(name, False, f"skipped, no Python {environment.python_version} on this machine")
    except virtual_environment.SetUpError as error:
        return Result(name, True, f"not run. {error}")

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
                # The tests' arrays are small, and another run has the other core: threads of torch would wait for each
                # other, and where they do they give their core away.
                env={
                    "OMP_NUM_THREADS": "1",
                    "OMP_WAIT_POLICY": "PASSIVE",
                    **os.environ,
                    "PYTHONNOUSERSITE": "1",
                },
                stdout=out,
                stderr=out,
            )
        seconds = time.monotonic() - begun
        counts = _counts(record)
    if status == NO_TESTS:
        # Chosen by name, the tests may be others than the add-on's.
        return Result(name, whole_suite or not by_name, "no tests found")
    failed = status != 0
    ending = "passed" if not failed else "FAILED" if status > 0 else f"FAILED, ended by signal {-status}"
    return Result(name, failed, f"{ending} after {seconds:.0f} s{counts}")


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
