# SPDX-License-Identifier: GPL-3.0-or-later
"""Digest: a short text by which arrays are told from others, also after the file is opened again."""

from __future__ import annotations

import hashlib

import numpy as np

FINE = 1e4
"""Parts of the whole size by which places are told apart."""


def digest_of(*arrays: np.ndarray) -> str:
    """A hash of what arrays hold, of 32 characters."""
    summed = hashlib.sha256()
    for array in arrays:
        summed.update(np.ascontiguousarray(array).tobytes())
    return summed.hexdigest()[:32]


def rounded(numbers: np.ndarray, size: float | None = None) -> np.ndarray:
    """Numbers to a ten-thousandth of a size, or of the largest of them: float64, whole, in such parts."""
    whole = size if size is not None else np.abs(numbers).max(initial=0.0) or 1.0
    return np.rint(numbers / whole * FINE) + 0.0  # a zero has no sign
