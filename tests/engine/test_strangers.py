# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes over the connection, and who may open it."""

from __future__ import annotations

import json
import socket
from multiprocessing.connection import AuthenticationError, Client, Connection

import pytest

from blender_nca.engine import process as process_module
from blender_nca.engine.interpreter import find_python
from blender_nca.engine.pixel_block import PixelBlock, block_prefix
from blender_nca.engine.process import WorkerProcess
from blender_nca.engine.protocol import ProtocolError, pack, unpack
from tests.engine.tiny import growth


@pytest.fixture
def worker(models):
    process = WorkerProcess(find_python(torch=False)[0])
    process.settings = {"device": "cpu", "model_folders": [str(models)], "pixels": block_prefix()}
    yield process
    process.end()


def test_a_stranger_without_the_key_is_refused_and_keeps_nobody_waiting(worker, monkeypatch):
    seen = {}

    def create_connection(address):
        seen["silent"] = socket.create_connection(address)  # holds the line and says nothing
        seen["rude"] = socket.create_connection(address)
        seen["rude"].sendall(b"GET / HTTP/1.1\r\n\r\n" * 100)
        with pytest.raises((AuthenticationError, OSError, EOFError)):
            Client(address, authkey=b"guessed")
        seen["port"] = address
        return socket.create_connection(address)

    class Sockets:
        IPPROTO_TCP, TCP_NODELAY = socket.IPPROTO_TCP, socket.TCP_NODELAY

    Sockets.create_connection = staticmethod(create_connection)
    monkeypatch.setattr(process_module, "socket", Sockets)
    assert "No torch" in worker.connect(worker.settings)["device"]
    with pytest.raises(OSError):
        socket.create_connection(seen["port"], timeout=2)  # the door is shut behind the one who had the key
    for stranger in (seen["silent"], seen["rude"]):
        stranger.close()


def test_a_message_that_is_none_does_not_end_the_worker(worker):
    worker.connect(worker.settings)
    connection: Connection = worker._connection
    for nonsense in (
        b"",
        b"\xff\x00",
        b"[]",
        b"{}",
        b'{"id": "one"}',
        b"[" * 100_000,
        b'{"id": true, "do": "frame"}',
    ):
        connection.send_bytes(nonsense)
    replies = {}
    requests = [
        {"id": 1, "do": "__init__"},
        {"id": 2, "do": "frame"},
        {"id": 3, "do": "frame", "growth": [], "frame": 1, "block": "/nowhere"},
        {"id": 4, "do": "frame", "growth": growth().to_json(), "frame": 1, "block": "/nowhere"},
        {"id": 5, "do": ["frame"]},
        {"id": 6, "do": "cancel"},
        {"id": 7, "do": "self_test"},
    ]
    for request in requests:
        worker.send(request)
    while 7 not in replies:
        message = worker.receive()
        if "started" not in message and "progress" not in message:
            replies[message["id"]] = message
    assert all("error" in replies[number] for number in (1, 2, 3, 4, 5))
    assert "value" in replies[7]


def test_messages_are_bounded():
    assert unpack(pack({"a": "ü\udcff"})) == {"a": "ü\udcff"}
    with pytest.raises(ProtocolError):
        pack({"a": "x" * 100}, most=50)
    with pytest.raises(ProtocolError):
        pack({"a": object()})
    for data in (b"", b"7", json.dumps([1]).encode(), b"\xff"):
        with pytest.raises(ProtocolError):
            unpack(data)


def test_a_block_that_is_too_short_is_refused_before_it_is_touched():
    block = PixelBlock.create(block_prefix(), 4096)
    try:
        with pytest.raises(OSError, match="fewer"):
            PixelBlock.open(block.name, 10**6)
    finally:
        block.close()
        block.unlink()
    with pytest.raises(OSError):
        PixelBlock.open(block.name, 4096)
