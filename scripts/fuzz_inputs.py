# SPDX-License-Identifier: GPL-3.0-or-later
"""What `fuzz.py` gives to readers: valid content that was changed as damage and malice change it."""

from __future__ import annotations

import base64
import io
import json
import random
import string
import zipfile
import zlib
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from typing import Any

NESTED, BOMB = "@nested@", "@bomb@"
"""Stand for what no `json.dumps` writes: lists in lists without end, and a text that unpacks to a gibibyte."""
DEEP = 20_000
BOMB_BYTES = 2**30
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2**31, 2**63, -(2**63), 10**30, 10**400, 0.5, -0.0, 1e308, 1e-320),
    *(float("nan"), float("inf"), float("-inf"), "", " ", "0", "nan", [], {}, [[]], [None], {"": None}),
    *("\ud800", "\x00", "\u202emoss", "ᎪCGT", "A" * 70_000, "é" * 300, "%s%n", "{0.__class__}"),
    *("../../etc/passwd", "/etc/passwd", "..", ".", "C:\\windows", "\\\\host\\share", "CON", "a/b", "a:b"),
    *("__import__('os').system('true')", "$(true)", "`true`", NESTED, BOMB, {"frames": [10**12]}),
)
"""Values that a place in JSON may have, and that its reader did not expect."""


@cache
def bomb() -> str:
    """Base64 of a megabyte that unpacks to a gibibyte."""
    packer, zeros = zlib.compressobj(9), bytes(2**20)
    head = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)  # it refers to nothing before it
    return base64.b64encode(head + again * (BOMB_BYTES // len(zeros) - 1) + packer.flush()).decode("ascii")


def as_json(values: Any) -> bytes:
    """Values as JSON, with what stands for others put in their places."""
    text = json.dumps(values)
    if NESTED in text:
        text = text.replace(f'"{NESTED}"', "[" * DEEP + "]" * DEEP, 1)
    if BOMB in text:
        text = text.replace(BOMB, bomb())
    return text.encode()


def change_bytes(content: bytes, chance: random.Random) -> bytes:
    """Content with some bits turned, or a part of it gone, twice there, moved, or foreign."""
    changed, kind = bytearray(content), chance.randrange(6)
    at = chance.randrange(len(changed)) if changed else 0
    end = min(len(changed), at + chance.choice((1, 2, 8, 64, 1024)))
    if kind == 0:
        for _ in range(chance.choice((1, 1, 2, 8))):
            if changed:
                changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    elif kind == 1:
        del changed[at:]
    elif kind == 2:
        del changed[at:end]
    elif kind == 3:
        changed[at:at] = changed[at:end] * chance.choice((1, 2, 100))
    elif kind == 4:
        changed[at:end] = chance.randbytes(end - at)
    else:
        changed[at:end] = chance.choice((b"\xff", b"\x00", b"-", b"9", b"NaN", b"[", b'"', b"\\ud800")) * 3
    return bytes(changed)


def places(values: Any) -> Iterator[tuple[Any, Any]]:
    """Each place in plain values: what holds it, and its key or number there."""
    waiting = [values]
    while waiting:
        holder = waiting.pop()
        keys = holder if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        for key in keys:
            yield holder, key
            waiting.append(holder[key])


def change_values(values: Any, chance: random.Random, odd: Callable[[], Any]) -> Any:
    """Plain values with up to three places changed; `odd` gives what they may become. They are changed in place."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        found = list(places(values))
        if not found:
            return odd()
        holder, key = chance.choice(found)
        kind, value = chance.randrange(10), holder[key]
        if kind < 5:
            holder[key] = odd()
        elif kind == 5:
            del holder[key]
        elif kind == 6:
            other, place = chance.choice(found)
            if isinstance(other, dict) or (isinstance(place, int) and place < len(other)):
                holder[key] = json.loads(
                    json.dumps(other.get(place) if isinstance(other, dict) else other[place])
                )
        elif isinstance(value, bool) or value is None:
            holder[key] = odd()
        elif isinstance(value, int | float):
            holder[key] = chance.choice(
                (-value, value + 1, value * 10**6, 1 / (abs(value) + 1), str(value), [value])
            )
        elif isinstance(value, str):
            letter = chance.choice(string.printable + "\ud800é")
            at = chance.randrange(len(value) + 1)
            holder[key] = chance.choice(
                (value[:at], value[:at] + letter + value[at + 1 :], value * 3, [value])
            )
        elif isinstance(value, list):
            holder[key] = chance.choice((value * 2, value[::-1], value[:-1], dict.fromkeys("ab", value)))
        elif isinstance(holder, dict):
            holder[chance.choice(string.ascii_letters)] = holder.pop(key)
    return values


def odd_values(chance: random.Random) -> Callable[[], Any]:
    """Draws from `ODD`; what takes the reader's time more seldom."""

    def draw() -> Any:
        value = chance.choice(ODD)
        if isinstance(value, str) and value in (NESTED, BOMB) and chance.random() < 0.9:
            value = chance.choice(ODD[:20])
        return deepcopy(value)

    return draw


def change_json(content: bytes, chance: random.Random, odd: Callable[[], Any] | None = None) -> bytes:
    """JSON with other values in some places."""
    return as_json(change_values(json.loads(content), chance, odd or odd_values(chance)))


def change_tensors(content: bytes, chance: random.Random, odd: Callable[[], Any] | None = None) -> bytes:
    """A safetensors file with another header, which may hold JSON itself."""
    end = 8 + int.from_bytes(content[:8], "little")
    header, numbers = json.loads(content[8:end]), content[end:]
    metadata = header.get("__metadata__", {})
    if metadata and chance.random() < 0.5:
        name = chance.choice(list(metadata))
        metadata[name] = change_json(metadata[name].encode(), chance, odd).decode()
        said = json.dumps(header).encode()
    else:
        said = as_json(change_values(header, chance, odd or odd_values(chance)))
    length = len(said) if chance.random() < 0.95 else chance.choice((0, 2**63, 2**64 - 1, len(said) - 1))
    return length.to_bytes(8, "little") + said + numbers


def change_arrays(content: bytes, chance: random.Random, odd: object = None) -> bytes:
    """A zip of arrays in which one was changed, whole as a zip, so that no checksum keeps it from the reader."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(list(members))
    kind = chance.randrange(6)
    if kind == 0:
        members[name] = _with_shape(members[name], chance)
    elif kind == 1:
        members[chance.choice(("../out.npy", "/out.npy", "a\x00.npy", "x", "digest.npy"))] = members.pop(name)
    elif kind == 2:
        head, rest = members[name][:128], members[name][128:]
        members[name] = change_bytes(head, chance) + rest
    elif kind == 3:
        members[name] = members[name] + bytes(2**18)
    else:
        members[name] = change_bytes(members[name], chance)
    packed, how = io.BytesIO(), chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    with zipfile.ZipFile(packed, "w", how) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return packed.getvalue()


def _with_shape(array: bytes, chance: random.Random) -> bytes:
    """An array whose header claims another shape or kind: huge, negative, of objects."""
    shape = chance.choice(("(1000000000000,)", "(-1,)", "(4294967296, 4294967296)", "()", "(0,)", "(2.5,)"))
    kind = chance.choice(("<f4", "|O", "<f8", "|V99999999", "<U99999999", "|b1"))
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return array[:8] + len(header).to_bytes(2, "little") + header.encode() + array[128:]
