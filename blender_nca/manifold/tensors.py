# SPDX-License-Identifier: GPL-3.0-or-later
"""Tensors in a file, in the safetensors format: the length of a header, the header in JSON, then the numbers.

Written and read with numpy alone, because neither the fallback without torch nor an artist's torch has the library.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np

_LONGEST_HEADER = 1 << 20
_KINDS = {"F32": np.float32, "F16": np.float16, "I8": np.int8, "U8": np.uint8}


def unpack(content: bytes) -> tuple[dict[str, str], dict[str, np.ndarray]]:
    """Read what a file holds.

    Returns
    -------
    metadata : dict of str to str
    tensors : dict of str to ndarray, each of any shape (...)
        Bytes as they are, all other numbers as float32.

    Raises
    ------
    ValueError
        It is damaged, or of another format.
    """
    length = int.from_bytes(content[:8], "little")
    if len(content) < 8 or length > min(_LONGEST_HEADER, len(content) - 8):
        raise ValueError("no header")
    tensors, numbers, taken = {}, content[8 + length :], 0
    try:
        header = json.loads(content[8 : 8 + length])
        metadata = header.pop("__metadata__", None) or {}
        for name, entry in header.items():
            kind = np.dtype(_KINDS[entry["dtype"]]).newbyteorder("<")
            first, end = entry["data_offsets"]
            taken += end - first
            if not 0 <= first <= end or taken > len(numbers):  # else a small file could fill the memory
                raise ValueError("parts that overlap")
            tensor = np.frombuffer(numbers[first:end], kind).reshape(entry["shape"])
            tensors[name] = tensor if kind.itemsize == 1 else tensor.astype(np.float32)
    except (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError) as error:
        raise ValueError("damaged") from error
    return metadata, tensors


def pack(metadata: Mapping[str, str], tensors: Mapping[str, np.ndarray]) -> bytes:
    """A file's content: tensors of any shape (...), bytes and float16 as they are, all other numbers as float32."""
    header: dict[str, object] = {"__metadata__": dict(metadata)}
    numbers = bytearray()
    for name, tensor in tensors.items():
        kind = {"uint8": "U8", "int8": "I8", "float16": "F16"}.get(tensor.dtype.name, "F32")
        data = np.ascontiguousarray(tensor, np.dtype(_KINDS[kind]).newbyteorder("<")).tobytes()
        offsets = [len(numbers), len(numbers) + len(data)]
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": offsets}
        numbers += data
    said = json.dumps(header).encode("ascii")
    said += b" " * (-len(said) % 8)  # numbers begin at a multiple of eight
    return len(said).to_bytes(8, "little") + said + bytes(numbers)
