# SPDX-License-Identifier: GPL-3.0-or-later
"""Bundle: let learned species come with the materials, beside those that they were trained on.

    python3 scripts/learn.py --species "White Marble" --minutes 12 --cores 1 --out out/new_species
    python3 scripts/bundle.py out/new_species/white_marble.safetensors

All other species grow bit for bit as before. Look at a species first, and measure it afterwards (scripts/evaluate.py).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import virtual_environment
from virtual_environment import REPOSITORY


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("species", type=Path, nargs="+", help="files that scripts/learn.py wrote")
    parser.add_argument(
        "--model",
        type=Path,
        default=REPOSITORY / "models" / "materials",
        help="its folder (models/materials)",
    )
    options = parser.parse_args()
    virtual_environment.enter()

    from blender_nca.manifold import learned_file
    from blender_nca.manifold.model_file import ManifoldError
    from blender_nca.training.publication import publish_learned

    for path in options.species:
        try:
            print(publish_learned(options.model, learned_file.read(path)))
        except (ManifoldError, ValueError) as error:
            parser.error(str(error))


if __name__ == "__main__":
    main()
