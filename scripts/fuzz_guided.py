# SPDX-License-Identifier: GPL-3.0-or-later
"""Fuzz one reader, led by what code its inputs reach: `fuzz.py` with atheris, which keeps inputs that reach more.

    pip install atheris
    python3 scripts/fuzz_guided.py --reader growth_file --inputs 100000

What counts as wrong stands in fuzz.py, and the changes are its own: atheris chooses what is changed further. The first
input that a reader does not take well ends the run with exit status 77, and lies in the folder as `crash-...`.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import virtual_environment

if __name__ == "__main__":
    virtual_environment.enter()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reader", required=True, help="as fuzz.py --list names it")
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    said = parser.parse_args()
    try:
        import atheris
    except ImportError:
        parser.error("atheris is not there: pip install atheris (Linux and macOS), or use scripts/fuzz.py")

    with atheris.instrument_imports(include=["blender_nca"], enable_loader_override=False):
        from fuzz import fault_of, limit_memory
        from fuzz_inputs import change_bytes
        from fuzz_readers import readers

    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    known = readers(folder)
    if said.reader not in known:
        parser.error(f"no reader {said.reader}: choose among {', '.join(known)}")
    reader = known[said.reader]()
    seeds = folder / "seeds"
    seeds.mkdir()
    for number, content in enumerate(reader.valid):
        (seeds / str(number)).write_bytes(content)

    def read_one(content: bytes) -> None:
        # instrumented code takes several times as long: time is fuzz.py's to judge
        fault = fault_of(reader, content, seconds=None)
        if fault:
            raise AssertionError(f"{said.reader}: {fault}")

    def change(content: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.6:
            with suppress(Exception):  # what was changed before need not be what it was
                return reader.change(content, chance)[:most]
        return change_bytes(content, chance)[:most]

    limit_memory()
    longest = 2 * max(map(len, reader.valid))
    flags = [
        f"-runs={said.inputs}",
        f"-seed={said.seed}",
        f"-max_len={longest}",
        f"-artifact_prefix={folder}/",
    ]
    print(f"{said.reader}: inputs that are not taken well go to {folder}", flush=True)
    atheris.Setup([sys.argv[0], *flags, "-print_final_stats=1", str(seeds)], read_one, custom_mutator=change)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
