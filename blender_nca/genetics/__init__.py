# SPDX-License-Identifier: GPL-3.0-or-later
"""Genetics: DNA and species. Parse, blend, mutate and cross DNA; read and write the species library.

Plain Python and numpy: neither torch nor bpy.
"""

from .dna import (
    LETTERS,
    DNAError,
    blend,
    format_dna,
    hamming_distance,
    nearest_dna,
    parse_dna,
    random_dna,
    relax,
)
from .library import Library, read_library
from .species import Species, SpeciesError, read_species, write_species
from .variation import cross_one_point, cross_two_points, mutate
from .version import version_of

__all__ = [
    "LETTERS",
    "DNAError",
    "Library",
    "Species",
    "SpeciesError",
    "blend",
    "cross_one_point",
    "cross_two_points",
    "format_dna",
    "hamming_distance",
    "mutate",
    "nearest_dna",
    "parse_dna",
    "random_dna",
    "read_library",
    "read_species",
    "relax",
    "version_of",
    "write_species",
]
