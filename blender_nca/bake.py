# SPDX-License-Identifier: GPL-3.0-or-later
"""Bake: `python -m blender_nca.bake` writes textures of growth files, and of .blend files beside the package bpy.

See docs/manual/headless.md.
"""

from __future__ import annotations

import sys

from .baking.command import BAD_ARGUMENTS, run
from .baking.command_line import read_arguments
from .baking.program import NAME, bake_growth, program_parser


def main(arguments: list[str]) -> int:
    """Bake what the arguments name; the exit status."""
    parser = program_parser()
    try:
        said = read_arguments(parser, arguments)
    except SystemExit as end:  # argparse has told what is wrong, or given its help
        return BAD_ARGUMENTS if end.code else 0
    if said.growth and not said.file:
        return run(NAME, lambda told: bake_growth(said, told))
    if not said.file or said.growth:
        print(f"{NAME}: name a growth file with --growth, or a .blend file.", file=sys.stderr)
        return BAD_ARGUMENTS
    return _bake_blend(said.file, [each for each in arguments if each != said.file])


def _bake_blend(file: str, arguments: list[str]) -> int:
    """Bake a .blend file in this Python, which is to have bpy."""
    from . import addon

    try:
        from .addon.bake.file import bake_file
    except ImportError as error:
        print(
            f"{NAME}: a .blend file needs the package bpy, which does not load here ({error}): install it with pip, "
            "bake with blender -b FILE.blend --command nca_bake, or export the growth and name it with --growth.",
            file=sys.stderr,
        )
        return BAD_ARGUMENTS
    return bake_file(file, arguments, addon, NAME)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
