# SPDX-License-Identifier: GPL-3.0-or-later
"""Corners: a small file that says where a mesh's corners lie on two UV maps, for maps that are laid out anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .array_file import read_arrays


def write_corners(path: Path, painted: np.ndarray, wanted: np.ndarray) -> None:
    """Write where corners lie in the maps that there are and in those that are wanted.

    Parameters
    ----------
    path
        Of the file.
    painted, wanted
        float32 (triangles, 3, 2), v upwards.

    Raises
    ------
    OSError
        No space, or no right to write there.
    """
    with path.open("wb") as file:
        np.savez(file, painted=painted, wanted=wanted)


def read_corners(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Read what `write_corners` wrote.

    Returns
    -------
    ndarray, ndarray
        Painted and wanted: float32 (triangles, 3, 2).

    Raises
    ------
    OSError
        The file is not there, or is none of these.
    """
    try:
        kept = read_arrays(path)
        return kept["painted"], kept["wanted"]
    except (KeyError, ValueError) as error:
        raise OSError(f"{path} does not hold the corners of two UV maps") from error
