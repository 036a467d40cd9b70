# SPDX-License-Identifier: GPL-3.0-or-later
"""What went wrong in the worker, in words for the artist."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

from ..automaton.growth_error import GrowthError
from ..genetics.dna import DNAError
from ..genetics.species import SpeciesError
from ..learning.errors import LessonError, PictureError
from ..manifold.model_file import ManifoldError
from .devices import first_line, ran_out_of_memory
from .memory import TooLargeError
from .protocol import fault


class FilesError(Exception):
    """A frame that could not be written; the message names the folder and says what to do."""


class TorchMissingError(Exception):
    """Something that only torch can do."""


KINDS = {
    GrowthError: "growth",
    DNAError: "dna",
    ManifoldError: "manifold",
    PictureError: "picture",
    LessonError: "lesson",
    SpeciesError: "species",
    FilesError: "files",
    TorchMissingError: "torch",
    TooLargeError: "memory",
}
"""Errors whose messages are the artist's already."""


def fault_of(error: Exception) -> dict:
    """An error of a request as it travels."""
    for sort, kind in KINDS.items():
        if isinstance(error, sort):
            return fault(kind, str(error))
    if ran_out_of_memory(error):
        return fault(
            "memory", "There is not enough memory for this growth: choose fewer cells or fewer pixels a cell."
        )
    return fault("engine", f"The engine could not do this: {type(error).__name__}: {first_line(error)}")


@contextlib.contextmanager
def told_of_files(folder: Path) -> Iterator[None]:
    """Tell what goes wrong while files are written into a folder as `FilesError`."""
    try:
        yield
    except OSError as error:
        if ran_out_of_memory(error):  # no other folder would help
            raise
        raise FilesError(what_to_do(str(folder), error)) from error
    except ValueError as error:
        raise FilesError(str(error)) from error


def what_to_do(folder: str, error: OSError) -> str:
    """Why the folder of a bake could not be written to, and what to do."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return f"The disk of {folder} is full: free some space, or choose another folder. Finished frames are kept."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{folder} may not be written to: choose another folder, or change its rights."
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return f"{folder} is no folder: choose another one."
    if error.errno in (errno.ENAMETOOLONG, errno.EINVAL):
        return f"{folder}, or the name of its files, is not one that this disk takes: choose a shorter one."
    return f"{folder} could not be written to ({error.strerror or error}): choose another folder."
