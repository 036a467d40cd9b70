# SPDX-License-Identifier: GPL-3.0-or-later
"""Protocol: what client and worker say to each other. JSON in both directions, never pickle; pixels go beside it.

Way
    One message a line, through the worker's stdin and stdout. Nobody else has the ends of these pipes, so there is
    nothing to prove and no door to find; and they are there in a sandbox without any network, where not even the
    machine itself can be reached by an address. When Blender ends, however it ends, the worker's stdin does, too.
First words
    The client says ``{"torch", "torch_folder", "origin", "device", "model_folders", "earlier_models",
    "learned_species", "background", "paths", "pixels"}``, and the worker ``{"ready": {...}}`` or ``{"failed": error}``.
Requests
    ``{"id", "do", ...}`` where `do` names a task of `grower.Grower` or `tutor.Tutor`; ``{"do": "cancel", "id"}``, and
    ``{"do": "finish", "id"}`` for what is to end with what it has.
    ``{"do": "growth", "key", "growth"}`` tells a growth, that later requests name by its key (`growths_told.py`); it
    has no reply.
Replies
    ``{"id", "started": true}``, again when it had to give way, then exactly one of ``{"id", "value"}``,
    ``{"id", "error"}``, ``{"id", "cancelled": true}``. ``{"id", "progress"}`` and ``{"id", "news"}`` (`news.py`)
    between them, and ``{"device": line}`` whenever the device changed.
Errors
    ``{"kind", "message"}``: the message is written for the artist.
"""

from __future__ import annotations

import json
from typing import BinaryIO

MOST_REQUEST_BYTES = 64 * 2**20
"""A growth with large masks and long tracks stays far below."""
MOST_REPLY_BYTES = 2**20
MOST_WORDS = 4000
"""Characters of an error's message."""


class ProtocolError(ValueError):
    """Bytes that are not a message."""


def pack(message: dict, most: int = MOST_REPLY_BYTES) -> bytes:
    """A message as bytes, plain ASCII; raises `ProtocolError` where it is no JSON or longer than `most`."""
    try:
        data = json.dumps(message).encode("ascii")
    except (TypeError, ValueError) as error:
        raise ProtocolError(f"not plain values: {error}") from error
    if len(data) > most:
        raise ProtocolError(f"{len(data)} bytes where {most} are the most")
    return data


def unpack(data: bytes) -> dict:
    """The message in bytes; raises `ProtocolError` where there is none."""
    try:
        message = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"not JSON: {error}") from error
    if not isinstance(message, dict):
        raise ProtocolError("not an object")
    return message


def write_message(stream: BinaryIO, message: dict, most: int = MOST_REPLY_BYTES) -> None:
    """Say a message; raises as `pack`, before anything is said, and OSError where nobody listens any more."""
    stream.write(pack(message, most) + b"\n")
    stream.flush()


def read_message(stream: BinaryIO, most: int = MOST_REPLY_BYTES) -> dict:
    """Wait for the next message; raises as `unpack`, and EOFError where nobody speaks any more."""
    line = stream.readline(most + 1)
    if line.endswith(b"\n"):
        return unpack(line)
    if len(line) > most:
        raise ProtocolError(f"a line of more than {most} bytes")
    raise EOFError("nobody speaks any more")


def fault(kind: str, message: str) -> dict:
    """An error as it travels."""
    return {
        "kind": kind,
        "message": message if len(message) <= MOST_WORDS else message[: MOST_WORDS - 1] + "…",
    }
