# SPDX-License-Identifier: GPL-3.0-or-later
"""Genetics: DNA and species. Parse, blend, mutate and cross DNA; read and write the species library.

Plain Python and numpy: neither torch nor bpy.
"""

from .arithmetic import analogy, average
from .dna import (
    LETTERS,
    DNAError,
    blend,
    format_differences,
    format_dna,
    hamming_distance,
    nearest_dna,
    parse_dna,
    random_dna,
    relax,
)
from .learned import (
    LEARNED_FOLDER,
    LEARNED_SUFFIX,
    MOST_LEARNED_BYTES,
    LearnedHeader,
    find_learned,
    learned_place,
    read_learned_header,
)
from .library import Library, read_library
from .species import (
    Species,
    SpeciesError,
    is_key,
    is_plain_name,
    pack_species,
    read_bounded,
    read_species,
    unpack_species,
    write_species,
)
from .translucency import Translucency, mix
from .variation import cross_one_point, cross_two_points, keep_letters, mutate, parse_places
from .version import version_of

__all__ = [
    "LEARNED_FOLDER",
    "LEARNED_SUFFIX",
    "LETTERS",
    "MOST_LEARNED_BYTES",
    "DNAError",
    "LearnedHeader",
    "Library",
    "Species",
    "SpeciesError",
    "Translucency",
    "analogy",
    "average",
    "blend",
    "cross_one_point",
    "cross_two_points",
    "find_learned",
    "format_differences",
    "format_dna",
    "hamming_distance",
    "is_key",
    "is_plain_name",
    "keep_letters",
    "learned_place",
    "mix",
    "mutate",
    "nearest_dna",
    "pack_species",
    "parse_dna",
    "parse_places",
    "random_dna",
    "read_bounded",
    "read_learned_header",
    "read_library",
    "read_species",
    "relax",
    "unpack_species",
    "version_of",
    "write_species",
]
