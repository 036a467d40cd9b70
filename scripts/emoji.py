# SPDX-License-Identifier: GPL-3.0-or-later
"""Write an atlas of emoji to train and evaluate on: a fifth is held out, and hashes choose, not people."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import virtual_environment

virtual_environment.enter()

from blender_nca.training.exemplars.emoji import (
    choose,
    find_font,
    is_held_out,
    single_codepoints,
    write_atlas,
)

FOLDER = virtual_environment.REPOSITORY / "models" / "emoji"
LICENCE = FOLDER / "LICENCE-NotoEmoji.txt"


def main() -> None:
    """Read the command line, choose, draw, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--out", type=Path, default=FOLDER / "atlas.png", help="PNG to write (models/emoji/atlas.png)"
    )
    parser.add_argument("--trained", type=int, default=64, metavar="N", help="how many to train on (64)")
    parser.add_argument(
        "--held-out", type=int, default=16, metavar="N", help="how many to keep from training (16)"
    )
    parser.add_argument(
        "--all", action="store_true", help="every emoji of one code point that the font draws"
    )
    parser.add_argument("--font", type=Path, help="NotoColorEmoji.ttf, where it is in no usual place")
    arguments = parser.parse_args()
    try:
        font = arguments.font or find_font()
        characters = single_codepoints(font)
        available = sum(map(is_held_out, characters))
        trained, held_out = arguments.trained, arguments.held_out
        if arguments.all:
            trained, held_out = len(characters) - available, available
        chosen = choose(characters, trained, held_out)
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        write_atlas(arguments.out, chosen, font)
        copy = arguments.out.parent / LICENCE.name
        if not copy.exists():
            shutil.copyfile(LICENCE, copy)  # the pictures are the font's: its licence goes where they go
    except (OSError, ValueError) as error:
        sys.exit(f"No atlas: {error}")
    print(f"{font} draws {len(characters)} emoji of one code point, {available} of them held out")
    print(
        f"wrote {arguments.out}: {trained} to train on, {held_out} held out, {arguments.out.stat().st_size:,} bytes"
    )


if __name__ == "__main__":
    main()
