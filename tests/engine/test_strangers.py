# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes through the pipes, and who has them."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

import pytest

from blender_nca.engine import process as process_module
from blender_nca.engine.interpreter import find_python
from blender_nca.engine.pixel_block import PixelBlock, block_prefix
from blender_nca.engine.process import WorkerProcess
from blender_nca.engine.protocol import ProtocolError, pack, unpack
from tests.engine.tiny import REPOSITORY, alive, growth


@pytest.fixture
def worker(models):
    process = WorkerProcess(find_python(torch=False)[0])
    process.settings = {"device": "cpu", "model_folders": [str(models)], "pixels": block_prefix()}
    yield process
    process.end()


@pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir(), reason="what a process has open is seen on Linux alone"
)
def test_no_door_is_open_to_strangers_and_no_network_is_needed(worker):
    """Blender and its worker speak through pipes, whose ends nobody else has: not even what Blender starts later."""
    own = sockets_of(os.getpid())
    worker.connect(worker.settings)
    assert not sockets_of(worker.pid)
    assert sockets_of(os.getpid()) == own
    ours = {os.readlink(f"/proc/self/fd/{stream.fileno()}") for stream in pipes_of(worker)}
    look = "import os; print([os.readlink(entry.path) for entry in os.scandir('/proc/self/fd')])"
    other = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert not ours & set(ast.literal_eval(other.stdout))


def test_what_a_library_prints_does_not_come_between():
    """Nor does it take from what Blender says to the worker."""
    code = """
import os, sys
from blender_nca.engine.worker import take_pipes
heard, said = take_pipes()
print("loud", flush=True)
os.write(1, b"louder" + os.linesep.encode())
print(repr(sys.stdin.read()), flush=True)
said.write(heard.readline())
said.flush()
"""
    done = subprocess.run(
        [sys.executable, "-c", code], input=b"hello\n", capture_output=True, cwd=REPOSITORY, check=True
    )
    assert done.stdout == b"hello\n"
    assert done.stderr.split() == [b"loud", b"louder", b"''"]


@pytest.mark.skipif(os.name == "nt", reason="stops a process by a signal")
def test_a_worker_that_hangs_is_ended_all_the_same(worker, monkeypatch):
    """Also while something is being said to it that it does not take."""
    monkeypatch.setattr(process_module, "END_SECONDS", 0.3)
    worker.connect(worker.settings)
    os.kill(worker.pid, signal.SIGSTOP)
    sender = threading.Thread(target=say_much, args=(worker,))
    sender.start()
    worker.end()
    sender.join(10)
    assert not sender.is_alive() and not alive(worker.pid)


def say_much(worker: WorkerProcess) -> None:
    with pytest.raises(OSError):
        worker.send({"id": 1, "do": "frame", "growth": "x" * 2**22})


def pipes_of(worker: WorkerProcess) -> tuple[IO, IO]:
    return worker._process.stdin, worker._process.stdout


def sockets_of(pid: int) -> set[str]:
    links = set()
    for entry in os.scandir(f"/proc/{pid}/fd"):
        with contextlib.suppress(FileNotFoundError):  # it was closed meanwhile
            links.add(os.readlink(entry.path))
    return {link for link in links if link.startswith("socket:")}


def test_a_message_that_is_none_does_not_end_the_worker(worker):
    worker.connect(worker.settings)
    stdin, _ = pipes_of(worker)
    for nonsense in (
        b"",
        b"\xff\x00",
        b"[]",
        b"{}",
        b'{"id": "one"}',
        b"[" * 100_000,
        b'{"id": true, "do": "frame"}',
    ):
        stdin.write(nonsense + b"\n")
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
