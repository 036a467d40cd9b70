# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions: which trainings of a model are at hand. An update replaces those that the add-on brings; it keeps them."""

from __future__ import annotations

import contextlib
from pathlib import Path

from ...genetics.species import is_plain_name
from ...genetics.version import version_of
from ...maps.whole_file import write_together
from ..host.extension import BUNDLED_MODELS
from ..settings import preferences
from . import catalogue

_found: dict[str, dict[str, Path]] | None = None
"""By a model's name: version -> folder of the model, the one that counts last."""


def forget() -> None:
    """Look again when somebody asks."""
    global _found
    _found = None


def present(manifold: str) -> str:
    """The version of the model that counts here, as species show it; empty where there is none."""
    return next(reversed(_versions(manifold)), "")


def is_at_hand(manifold: str, version: str) -> bool:
    """Whether a version is in any folder of models, or was kept from before an update."""
    kept = _place(manifold, version)
    return version in _versions(manifold) or (kept is not None and (kept / catalogue.MODEL_FILE).is_file())


def keep(manifold: str) -> None:
    """Keep the present version for the time after an update, where the add-on brings it. A full disk is no error."""
    version = present(manifold)
    folder = _versions(manifold).get(version)
    place = _place(manifold, version)
    if folder is None or folder.parent != BUNDLED_MODELS or place is None:
        return
    files = [catalogue.CARD_FILE, catalogue.MODEL_FILE]
    if (place / files[-1]).is_file():
        return
    with contextlib.suppress(OSError):
        place.mkdir(parents=True, exist_ok=True)
        write_together({place / name: (folder / name).read_bytes() for name in files})


def _place(manifold: str, version: str) -> Path | None:
    """Where a version is kept."""
    folder = preferences.earlier_models()
    # both stand in a file that may be a stranger's
    names = is_plain_name(version) and is_plain_name(manifold)
    return folder / version / manifold if folder is not None and names else None


def _versions(manifold: str) -> dict[str, Path]:
    global _found
    if _found is None:
        _found = {}
        for folder in preferences.model_folders():
            for file in catalogue.model_files(folder):
                versions = _found.setdefault(file.parent.name, {})
                version = version_of(file, catalogue.read_card(file.with_name(catalogue.CARD_FILE)))
                versions.pop(version, None)  # the same in a later folder counts there
                versions[version] = file.parent
    return _found.get(manifold, {})
