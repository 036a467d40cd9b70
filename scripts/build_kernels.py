# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the kernels for every system that Blender runs on, into blender_nca/kernels/built.

python3 scripts/build_kernels.py       all of them; `scripts/build.py` does it before it makes the extension

Zig's C compiler, which comes as a Python package, builds for all of them on any of them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import virtual_environment
from virtual_environment import REPOSITORY, VirtualEnvironment

ZIG = VirtualEnvironment(REPOSITORY / ".venv-zig", "3.11", "kernels", ("ziglang",))
WIDE = "x86_64_v4+avx512bf16-prefer_256_bit"  # narrower vectors would not hold a tile of the products
TILED = (
    f"{WIDE}+amx_tile+amx_bf16"  # used where the processor has them and the system lends them: `nca_drafts`
)
# System, machine, target, then the name of each part with the processor it is for
TARGETS = (
    (
        "Linux",
        "x86_64",
        "x86_64-linux-gnu.2.28",
        {"probe": "x86_64", "v3": "x86_64_v3", "v4": TILED},
    ),
    (
        "Windows",
        "x86_64",
        "x86_64-windows-gnu",
        {"probe": "x86_64", "v3": "x86_64_v3", "v4": WIDE},
    ),
    ("Darwin", "x86_64", "x86_64-macos.11.0", {"probe": "x86_64", "v3": "x86_64_v3"}),
    ("Darwin", "arm64", "aarch64-macos.11.0", {"any": "apple_m1"}),
    ("Linux", "arm64", "aarch64-linux-gnu.2.28", {"any": "generic"}),
)


def main() -> int:
    virtual_environment.enter()
    try:
        built = build()
    except virtual_environment.SetUpError as error:
        print(f"build_kernels: {error}", file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in built) / 2**20
    print(f"{built[0].parent}: {len(built)} libraries, {size:.1f} MiB")
    return 0


def build() -> list[Path]:
    """Build all libraries anew; raises `SetUpError` where the compiler cannot be had, or fails."""
    from blender_nca.kernels.library import BUILT, FLAGS, SOURCES, built_name

    python, kernels, built = virtual_environment.prepare(ZIG), BUILT.parent, []
    shutil.rmtree(BUILT, ignore_errors=True)
    BUILT.mkdir()
    for system, machine, target, parts in TARGETS:
        for part, processor in parts.items():
            path = BUILT / built_name(part, system, machine)
            sources = ["probe.c"] if part == "probe" else SOURCES
            command = [str(python), "-m", "ziglang", "cc", "-target", target, f"-mcpu={processor}", *FLAGS]
            command += [
                "-fno-sanitize=all",
                "-s",
                "-o",
                str(path),
                *(str(kernels / name) for name in sources),
            ]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                raise virtual_environment.SetUpError(
                    f"{path.name} could not be built: {done.stderr.strip()[-400:]}"
                )
            built.append(path)
    for left in BUILT.glob("*.lib"):  # what Windows' linker adds
        left.unlink()
    return built


if __name__ == "__main__":
    sys.exit(main())
