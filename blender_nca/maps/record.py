# SPDX-License-Identifier: GPL-3.0-or-later
"""Record: the small file beside an image sequence that says which growth its frames belong to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from .sequence import check_stem
from .whole_file import write_whole

FORMAT = "neural growth sequence"
VERSION = 1
MOST_BYTES = 2**28
"""Of a file: the record of a hundred thousand frames has a tenth of that."""


class RecordError(ValueError):
    """A record that cannot be used. The message is written for the artist."""


def record_path(folder: Path | str, stem: str) -> Path:
    """Name the record of a sequence: `<stem>_growth.json`.

    Raises
    ------
    ValueError
        A stem that cannot be part of a file name.
    """
    return Path(folder) / f"{check_stem(stem)}_growth.json"


def write_record(folder: Path | str, stem: str, record: Mapping[str, object]) -> Path:
    """Write what a bake says of its sequence, whole or not at all.

    Parameters
    ----------
    folder
        Made if it does not exist.
    stem
        Of the sequence.
    record
        Plain values that JSON holds, by any key but "format" and "version", which are written beside them.

    Raises
    ------
    ValueError
        One of these two keys, a value that JSON does not hold (NaN is one), or the stem. Nothing is written.
    TypeError
        A value of a type that JSON does not have. Nothing is written.
    OSError
        No space, or no right to write there. A record from before is still there.
    """
    if {"format", "version"} & record.keys():
        raise ValueError('A record\'s own keys are other than "format" and "version"')
    values = {"format": FORMAT, "version": VERSION, **record}
    content = json.dumps(values, indent=2, allow_nan=False) + "\n"
    path = record_path(folder, stem)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content.encode("utf-8"))
    return path


def read_record(folder: Path | str, stem: str) -> dict[str, object] | None:
    """Read what a bake wrote of its sequence; None where there is no record.

    Raises
    ------
    RecordError
        The file is not a record, or of a newer version: it is not overwritten unasked.
    OSError
        The file may not be read.
    ValueError
        A stem that cannot be part of a file name.
    """
    path = record_path(folder, stem)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _refuse(path, "is far too large for a record")
        values = json.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        return None
    except RecordError:
        raise
    except (ValueError, RecursionError) as error:
        raise _refuse(path, "is broken") from error
    if not isinstance(values, dict) or values.pop("format", None) != FORMAT:
        raise _refuse(path, "is not a record of a bake")
    version = values.pop("version", None)
    if version != VERSION:
        raise _refuse(path, f"is of version {version!r:.40}, and this Neural Growth knows {VERSION}")
    return values


def _refuse(path: Path, fault: str) -> RecordError:
    return RecordError(f"{path} {fault}: bake into another folder, or move this file away")
