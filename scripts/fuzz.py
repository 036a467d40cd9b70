# SPDX-License-Identifier: GPL-3.0-or-later
"""Give readers of files, of .blend files and of the worker's pipe what damage and malice make of valid content.

    python3 scripts/fuzz.py --reader species --inputs 100000
    python3 scripts/fuzz.py --seconds 60                      every reader, a minute each
    python3 scripts/fuzz.py --list

Each input is a valid one with bits turned, parts gone or foreign, values swapped, numbers that are huge or none, lists
in lists without end, texts that unpack to a gibibyte; one of twenty has values by hypothesis. A reader may only raise
its own errors, whose messages an artist can read: of less than 2000 letters, that can be printed. It may take a second
of the processor, and a gibibyte and a half of memory beside what the process has (on Linux). What goes wrong is
printed once a kind, and its input is written to --keep. Exit status 1 says that something did.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import virtual_environment

if __name__ == "__main__":
    virtual_environment.enter()

from fuzz_inputs import change_bytes
from fuzz_readers import Reader, readers

SECONDS = 1.0
MEMORY = 3 * 2**29
MOST_WORDS = 2000
BATCH = 400


def fault_of(reader: Reader, content: bytes, seconds: float | None = SECONDS) -> str:
    """What is wrong with how a reader takes some content, in so many seconds if they count; empty where nothing is."""
    began = time.process_time()
    try:
        reader.read(content)
    except reader.errors as error:
        said = str(error)
        if not said or len(said) > MOST_WORDS:
            return f"{type(error).__name__} of {len(said)} letters: {said[:80]!r}"
        try:
            said.encode()
        except UnicodeEncodeError:
            return f"{type(error).__name__} that cannot be printed"
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        place = traceback.extract_tb(error.__traceback__)[-1]
        own = [each for each in traceback.extract_tb(error.__traceback__) if "blender_nca" in each.filename]
        place = own[-1] if own else place
        return f"{type(error).__name__} in {Path(place.filename).name}:{place.lineno}: {str(error)[:120]!r}"
    took = time.process_time() - began
    return f"more than {seconds:g} second" if seconds is not None and took > seconds else ""


def inputs(reader: Reader, seed: int) -> Iterator[bytes]:
    """Changed content without end, the same for the same seed."""
    chance = random.Random(seed)
    while True:
        content = chance.choice(reader.valid)
        kind = chance.random()
        if kind < 0.6:
            with suppress(ValueError, KeyError, AttributeError, TypeError, OverflowError):
                content = reader.change(content, chance)
        if kind > 0.55:
            content = change_bytes(content, chance)
        yield content


def drawn(reader: Reader, count: int, seed: int) -> list[bytes]:
    """Content in which hypothesis chose the values of some places."""
    from hypothesis import HealthCheck, Phase, given, settings, strategies
    from hypothesis import seed as seeded

    plain = strategies.none() | strategies.booleans() | strategies.integers() | strategies.floats()
    plain |= strategies.text(max_size=40)
    values = strategies.recursive(
        plain,
        lambda inner: (
            strategies.lists(inner, max_size=5)
            | strategies.dictionaries(strategies.text(max_size=8), inner, max_size=5)
        ),
        max_leaves=12,
    )
    found: list[bytes] = []

    @seeded(seed)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(values, strategies.integers(0, 2**32), strategies.sampled_from(reader.valid))
    def draw(value: Any, number: int, content: bytes) -> None:
        chance = random.Random(number)
        with suppress(ValueError, KeyError, AttributeError, TypeError):
            found.append(reader.change(content, chance, lambda: json.loads(json.dumps(value))))

    draw()
    return found


def try_reader(
    reader: Reader, count: int, seconds: float, seed: int, tell: Callable[[str, bytes], None]
) -> tuple[int, float]:
    """Give a reader inputs until there were so many, or the time is over.

    Returns
    -------
    tried : int
    worst : float
        Seconds of the processor, of the slowest.
    """
    for content in reader.valid:
        fault = fault_of(reader, content)
        if fault:
            tell(f"valid content is refused: {fault}", content)
    until, tried, worst = time.monotonic() + seconds, 0, 0.0
    stream = inputs(reader, seed)
    while tried < count and time.monotonic() < until:
        # a twentieth of a batch by hypothesis, in few and large draws, as it takes its time
        some = min(BATCH, count - tried)
        batch = drawn(reader, some // 20, seed + tried) if some >= 20 else []
        batch += [next(stream) for _ in range(some - len(batch))]
        for content in batch:
            began = time.process_time()
            fault = fault_of(reader, content)
            worst = max(worst, time.process_time() - began)
            tried += 1
            if fault:
                tell(fault, content)
            if time.monotonic() > until:
                break
    return tried, worst


def limit_memory() -> None:
    """Let this process have no more than `MEMORY` beside what it has; nothing where the system does not know how."""
    try:
        import resource

        held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except (ImportError, OSError):
        return
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (held + MEMORY, most))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reader", action="append", default=[], help="again for more (all)")
    parser.add_argument("--inputs", type=int, default=100_000, help="for each reader (100000)")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="at most, for each reader")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="folder for inputs that a reader did not take well")
    parser.add_argument("--list", action="store_true", help="name the readers")
    said = parser.parse_args()
    wrong = 0
    # where there is a folder in memory, thousands of files a second are none too many
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        known = readers(Path(folder))
        if said.list:
            print("\n".join(known))
            return 0
        unknown = set(said.reader) - known.keys()
        if unknown:
            parser.error(f"no reader {', '.join(unknown)}: choose among {', '.join(known)}")
        for name in said.reader or known:
            seen: dict[str, int] = {}

            def tell(fault: str, content: bytes, name: str = name, seen: dict[str, int] = seen) -> None:
                kind = fault.split("'")[0].split('"')[0]
                seen[kind] = seen.get(kind, 0) + 1
                if seen[kind] > 1:
                    return
                print(f"  {name}: {fault}\n    {content[:160]!r}", flush=True)
                if said.keep:
                    said.keep.mkdir(parents=True, exist_ok=True)
                    (said.keep / f"{name}-{hashlib.sha256(content).hexdigest()[:12]}").write_bytes(content)

            try:
                reader = known[name]()
            except ImportError as error:
                print(f"{name}: left out, {error}")
                continue
            limit_memory()
            began = time.monotonic()
            tried, worst = try_reader(reader, said.inputs, said.seconds, said.seed, tell)
            wrong += len(seen)
            print(
                f"{name}: {tried} inputs in {time.monotonic() - began:.0f} s, the slowest {worst:.2f} s, "
                f"{len(seen)} kinds of faults ({sum(seen.values())} inputs)",
                flush=True,
            )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
