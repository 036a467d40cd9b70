# SPDX-License-Identifier: GPL-3.0-or-later
"""Array file: named arrays in one file, as `numpy.savez` writes them, read so that a damaged one costs nothing."""

from __future__ import annotations

import io
import math
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import numpy as np

_LONGEST_HEADER = 2**16


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """The arrays of a file, of any shape, by their names. None is unpacked, made by running something, or larger than
    the file.

    Raises
    ------
    ValueError
        It is damaged, or another file.
    OSError
        It may not be read.
    """
    size = path.stat().st_size
    try:
        with ZipFile(path) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > size:
                raise ValueError("it claims more than it has")
            return {member.filename.removesuffix(".npy"): _read(archive, member) for member in members}
    except OSError:
        raise
    except (
        Exception
    ) as error:  # the libraries raise what they like: zlib.error, struct.error, SyntaxError, ...
        raise ValueError(f"{path} is damaged") from error


def _read(archive: ZipFile, member: ZipInfo) -> np.ndarray:
    if member.compress_type != ZIP_STORED:
        raise ValueError("it is compressed")
    content = bytearray(archive.read(member))
    stream = io.BytesIO(content[:_LONGEST_HEADER])
    if np.lib.format.read_magic(stream) != (1, 0):
        raise ValueError("another version")
    shape, is_by_columns, kind = np.lib.format.read_array_header_1_0(stream)
    begin, count = stream.tell(), math.prod(shape)
    if kind.hasobject or min(shape, default=0) < 0 or count * kind.itemsize != len(content) - begin:
        raise ValueError("its numbers are not all there")
    if not count:
        return np.zeros(shape, kind)
    return np.frombuffer(content, kind, offset=begin).reshape(shape, order="F" if is_by_columns else "C")
