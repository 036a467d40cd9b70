# SPDX-License-Identifier: GPL-3.0-or-later
"""Try to make Blender, its worker and an artist's files come to harm, at random moments. On Linux.

    python3 scripts/torture.py --list                       the parts, and what each does
    python3 scripts/torture.py                              all of them, as often as docs/reliability.md says (hours)
    python3 scripts/torture.py --quick                      all of them, a few times each
    python3 scripts/torture.py --times 50 worker_plays      one of them, so often
    python3 scripts/torture.py --blender /usr/bin/blender   in an installed Blender instead of Blender as a module
    python3 scripts/torture.py --blender … --window         with its window, by timers

Each part prints a line of JSON. Moments are drawn from --seed; what they meet is up to the machine. Exit status 1 says
that something happened which must not.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import virtual_environment

if __name__ == "__main__" and importlib.util.find_spec("bpy") is None and "--blender" not in sys.argv:
    virtual_environment.enter()

from torture_start import Bench, BrokenError


@dataclass(frozen=True)
class Part:
    """Something that is tried.

    Attributes
    ----------
    place : str
        Its module and function.
    times, quick : int
        How often, and how often where there are only seconds.
    inside : bool
        Whether the function runs in a Blender; others are called here, with a `Bench`.
    """

    place: str
    times: int
    quick: int
    inside: bool = True

    def run(self, bench: Bench, times: int, seed: int) -> dict[str, Any]:
        if self.inside:
            return bench.run(self.place, times=times, seed=seed)
        module, _, name = self.place.partition(":")
        function: Callable[..., dict[str, Any]] = getattr(importlib.import_module(module), name)
        return function(bench, times, seed)


outside = partial(Part, inside=False)
PARTS = {
    "worker_plays": Part("torture_worker:play", 300, 4),
    "worker_bakes": Part("torture_worker:bake", 200, 3),
    "bakes_killed": outside("torture_bake:bakes", 50, 1),
    "tasks_killed": outside("torture_bake:tasks", 200, 2),
    "blender_killed": outside("torture_bake:blenders", 50, 1),
    "jumps": Part("torture_live:jump", 10_000, 20),
    "growths_added": Part("torture_leaks:add", 500, 4),
    "switched_off_and_on": Part("torture_leaks:switch", 100, 2),
    "blenders_together": outside("torture_end:together", 100, 2),
    "saved": Part("torture_live:save", 500, 4),
    "played": Part("torture_live:play", 20_000, 40),
    "other_versions": Part("torture_files:open_files", 40, 1),
    "ended": outside("torture_end:end", 40, 1),
}
"""In the order of docs/reliability.md."""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help="which (all)")
    parser.add_argument("--times", type=int, help="how often, each of them")
    parser.add_argument("--quick", action="store_true", help="a few times each")
    parser.add_argument("--seed", type=int, default=0, help="of the moments (0)")
    parser.add_argument("--device", default="numpy", help="what grows (numpy, which starts soonest)")
    parser.add_argument("--blender", type=Path, help="the program (Blender as a module of this Python)")
    parser.add_argument(
        "--window", action="store_true", help="with a window; needs a screen, such as xvfb-run's"
    )
    parser.add_argument("--list", action="store_true", help="name the parts")
    said = parser.parse_args()
    unknown = set(said.parts) - PARTS.keys()
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}: choose among {', '.join(PARTS)}")
    if said.list:
        print("\n".join(f"{name:20} {part.times:6} times" for name, part in PARTS.items()))
        return 0
    broken = 0
    for name in said.parts or PARTS:
        part = PARTS[name]
        times = said.times or (part.quick if said.quick else part.times)
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="growth-torture-", ignore_cleanup_errors=True) as folder:
            bench = Bench(Path(folder), said.blender, said.window, said.device)
            try:
                figures = part.run(bench, times, said.seed)
            except BrokenError as error:
                broken += 1
                figures = {"broken": str(error)}
        took = round(time.monotonic() - began)
        print(json.dumps({"part": name, "seed": said.seed, **figures, "took_s": took}), flush=True)
    return min(broken, 1)


if __name__ == "__main__":
    sys.exit(main())
