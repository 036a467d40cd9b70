# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference: the picture of each model that the self-test compares every device with, grown by numpy.

python3 scripts/reference.py        write models/*/reference.npz, for models that were trained anew
"""

from __future__ import annotations

from pathlib import Path

import virtual_environment
from virtual_environment import REPOSITORY

virtual_environment.enter()

from blender_nca.engine.device_trial import write_reference
from blender_nca.genetics.library import read_library
from blender_nca.genetics.version import version_of
from blender_nca.manifold.model_file import WEIGHTS, read_card


def write(folder: Path) -> Path:
    """Write that of one model, of two species of its own."""
    library = read_library([folder.parent])
    species = library.by_dna_alone(folder.name) or library.of(folder.name)
    first, second = species[0], species[len(species) // 2]
    return write_reference(
        folder, version_of(folder / WEIGHTS, read_card(folder)[0]), (first.dna, second.dna)
    )


if __name__ == "__main__":
    for weights in sorted((REPOSITORY / "models").glob(f"*/{WEIGHTS}")):
        print(write(weights.parent))
