# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernels as a shared library.

An extension that was built has them ready in `BUILT`, for each system and kind of processor; elsewhere they are
compiled on first use with the machine's own C compiler, and kept in the user's cache. Nothing depends on them: where
there is neither, `open_library` gives None and the plain paths serve.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from functools import lru_cache
from pathlib import Path

BUILT = Path(__file__).parent / "built"
SOURCES = ("step.c", "arrival.c", "through_time.c", "painting.c", "sliced_wasserstein.c", "relief.c")
FLAGS = ("-std=gnu11", "-O3", "-fno-math-errno", "-shared", "-fPIC")
COMPILERS = ("cc", "gcc", "clang")
NONE = "NCA_NO_KERNELS"
"""Environment variable that leaves the kernels out, where it is set to something."""
CURVE_LEVELS = 4097
"""Values of the curve that `nca_paint_live` reads colours through."""
VECTOR = 16
"""Widths that the kernels take are multiples of this."""

_pointer, _long, _int = ctypes.c_void_p, ctypes.c_long, ctypes.c_int
_u32, _float = ctypes.c_uint32, ctypes.c_float
_GRID = [_long] * 3 + [_int]
_PAINTER, _GRAIN = [_long, *[_pointer] * 6], [_long, _long, _pointer, _pointer]
_SIGNATURES = {
    "nca_take_part": [_pointer, _long],
    "nca_drafts": [],
    "nca_widen": [_int],
    "nca_date": [*[_long] * 3, _int, *[_pointer] * 3],
    "nca_quiet": [*[_long] * 2, *[_int] * 3, _u32, *[_pointer] * 4],
    "nca_grow": [*_GRID, _long, *[_pointer] * 3, _u32, _u32, _long, _u32, *[_pointer] * 4],
    "nca_grow_back": [*_GRID, _long, *[_pointer] * 3, _long, *[_pointer] * 8],
    "nca_paint": [*_GRID, _long, _pointer, *_PAINTER, *_GRAIN, _long, _long, *[_pointer] * 3],
    "nca_paint_live": [*_GRID, _long, _pointer, *_PAINTER, *_GRAIN, _long, _long, *[_pointer] * 4],
    "nca_paint_back": [*_GRID, _long, _pointer, _long, *[_pointer] * 15],
    "nca_gather": [_long, _long, *[_pointer] * 4],
    "nca_paint_told": [
        *[_long] * 2,
        *_PAINTER,
        _long,
        _pointer,
        _long,
        _long,
        *[_pointer] * 10,
        _long,
        _pointer,
    ],
    "nca_paint_order": [*[_long] * 3, _pointer, *[_float] * 3, *[_long] * 2, *[_pointer] * 2],
    "nca_smooth": [_long, _long, _int, *[_long] * 3, *[_pointer] * 2],
    "nca_see_sky": [_long, _long, _int, *[_long] * 3, *[_pointer] * 5],
    "nca_see_slopes": [_long, _long, _int, _float, _float, _long, _long, *[_pointer] * 2],
    "nca_lay_steps": [*[_long] * 4, *[_pointer] * 3],
    "nca_slice": [*[_long] * 7, *[_pointer] * 5, _float, _long, _pointer],
}
_RESULTS = {"nca_drafts": _int, "nca_widen": _int, "nca_slice": _float, "nca_lay_steps": _long}


def library() -> ctypes.CDLL:
    """The kernels, for callers that have asked `open_library` whether they are there."""
    found = open_library()
    assert found is not None, "a path that needs the kernels was taken without them"
    return found


@lru_cache(1)
def open_library() -> ctypes.CDLL | None:
    """The kernels, or None where they cannot be compiled."""
    if os.environ.get(NONE):
        return None
    for find in (_find_built, _compile):
        try:
            path = find()
            library = None if path is None else ctypes.CDLL(str(path))
        except (OSError, subprocess.SubprocessError):
            continue
        if library is not None:
            for name, arguments in _SIGNATURES.items():
                function = getattr(library, name)
                function.argtypes, function.restype = arguments, _RESULTS.get(name)
            return library
    return None


def user_cache() -> Path:
    """Where is kept what was found out about this machine."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "neural_growth"


def identity() -> str:
    """Of these kernels on this kind of processor: what was measured of others says nothing of it."""
    return hashlib.sha256(Path(library()._name).read_bytes() + _processor().encode()).hexdigest()[:20]


def built_name(part: str, system: str = platform.system(), machine: str = platform.machine()) -> str:
    """Name of a built library: `part` is 'probe', or the level of the processor ('v3', 'v4'; 'any' on ARM)."""
    machine = {"amd64": "x86_64", "aarch64": "arm64"}.get(machine.lower(), machine.lower())
    ending = {"windows": "dll", "darwin": "dylib"}.get(system.lower(), "so")
    return f"{system.lower()}-{machine}-{part}.{ending}"


def module_folder(
    python: str = f"3.{sys.version_info[1]}",
    system: str = platform.system(),
    machine: str = platform.machine(),
) -> Path:
    """Where modules that others have compiled for a Python lie in an extension that was built."""
    return (BUILT / built_name(f"python{python}", system, machine)).with_suffix("")


def _find_built() -> Path | None:
    """The best of the built libraries that this processor runs."""
    parts = ["any"]
    if (probe := BUILT / built_name("probe")).exists():
        level = ctypes.CDLL(str(probe)).nca_level()
        parts = [f"v{each}" for each in (4, 3) if each <= level]
    return next((path for part in parts if (path := BUILT / built_name(part)).exists()), None)


def _compile() -> Path | None:
    """Compile into the cache, once for these sources, this compiler and this processor."""
    compiler = next((found for name in COMPILERS if (found := shutil.which(name))), None)
    if compiler is None:
        return None
    folder = Path(__file__).parent
    version = subprocess.run([compiler, "--version"], capture_output=True, check=True, timeout=60).stdout
    content = [path.read_bytes() for path in sorted(folder.glob("*.[ch]"))]
    made_of = b"\0".join([*content, version, " ".join(FLAGS).encode(), _processor().encode()])
    cache = user_cache()
    path = cache / f"kernels-{hashlib.sha256(made_of).hexdigest()[:20]}.so"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as beside:
            built = Path(beside) / path.name
            command = [
                compiler,
                "-march=native",
                *FLAGS,
                "-o",
                str(built),
                *(str(folder / name) for name in SOURCES),
            ]
            subprocess.run(command, capture_output=True, check=True, timeout=300)
            built.replace(path)
    return path


def _processor() -> str:
    """What decides which instructions there are: a cache may be shared by several machines."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line for line in lines if line.startswith(("flags", "Features")))
    except (OSError, StopIteration):
        return platform.processor() + platform.machine()
