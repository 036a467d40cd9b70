# SPDX-License-Identifier: GPL-3.0-or-later
"""Naming: what folders and files are called after a material, without what some file system refuses."""

from __future__ import annotations

import hashlib

from ..maps.sequence import LONGEST_STEM


def stem_for(name: str) -> str:
    """The beginning of the names of files for a material of some name."""
    name = folder_name(name) or "material"
    encoded = name.encode()
    if len(encoded) <= LONGEST_STEM:
        return name
    # names that are the same up to there stay apart
    ending = f"_{hashlib.sha256(encoded).hexdigest()[:8]}"
    return encoded[: LONGEST_STEM - len(ending)].decode(errors="ignore").rstrip(" .") + ending


def folder_name(name: str) -> str:
    """A name without what some file system refuses in it."""
    return "".join("_" if c in '<>:"/\\|?*' or not c.isprintable() else c for c in name).strip(" .")
