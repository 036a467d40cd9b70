# SPDX-License-Identifier: GPL-3.0-or-later
"""Protocol: what client and worker say to each other. JSON in both directions, never pickle; pixels go beside it.

First words
    The client writes one line to the worker's stdin: ``{"key", "torch", "torch_folder", "origin", "device",
    "model_folders", "paths", "pixels"}``. The worker prints one line, ``{"port"}``, lets in the one client that has the
    key, and says ``{"ready": {...}}`` or ``{"failed": error}`` over that connection.
Requests
    ``{"id", "do", ...}`` where `do` names a task of `grower.Grower`; ``{"do": "cancel", "id"}``.
    ``{"do": "growth", "key", "growth"}`` tells a growth, that later requests name by its key (`growths_told.py`); it
    has no reply.
Replies
    ``{"id", "started": true}``, again when it had to give way, then exactly one of ``{"id", "value"}``,
    ``{"id", "error"}``, ``{"id", "cancelled": true}``. ``{"id", "progress"}`` between them, and ``{"device": line}``
    whenever the device changed.
Errors
    ``{"kind", "message"}``: the message is written for the artist.
"""

from __future__ import annotations

import json
import socket

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


def fault(kind: str, message: str) -> dict:
    """An error as it travels."""
    return {
        "kind": kind,
        "message": message if len(message) <= MOST_WORDS else message[: MOST_WORDS - 1] + "…",
    }


def send_at_once(peer: socket.socket) -> None:
    """No waiting for an answer between two small messages: it costs 40 ms a frame."""
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
