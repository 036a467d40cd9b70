# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from blender_nca.engine import process as process_module
from blender_nca.engine import supervisor, unanswered_jobs
from blender_nca.engine.client import EngineError
from blender_nca.engine.job import Job
from blender_nca.engine.pixel_block import PixelBlock, block_folders, block_prefix
from blender_nca.engine.supervisor import Supervisor
from tests.engine.tiny import REPOSITORY, alive, ended, far, growth, kill, wait_until

pytestmark = pytest.mark.skipif(os.name == "nt", reason="ends processes by signals")


def test_a_killed_worker_is_restarted_and_the_frame_comes_all_the_same(preview, make_engine):
    slow = growth(width=64, height=64, steps=(15.0,))
    expected = make_engine(device="numpy").frame(slow, 30, 60)
    job = preview.request(slow, 30)
    wait_until(lambda: job.progress > 0)
    first = preview.worker_pid
    kill(first)
    np.testing.assert_array_equal(job.result(60).pixels, expected.pixels)
    assert preview.worker_pid != first
    assert not Path(f"/proc/{first}").exists(), "a zombie is left"


def test_garbage_is_the_end_of_the_worker_that_says_it_and_not_of_the_engine():
    for reply in (
        {"id": []},
        {"id": 1, "value": {}},
        {"id": 1, "value": 7},
        {"id": 1, "error": "x"},
        {"id": 1, "progress": "far"},
        {"id": 1, "news": None},
    ):
        supervises = Supervisor(list, {})
        job = Job({}, read=lambda value, pixels: value["frame"])
        supervises._unanswered.add(job)
        assert "it said what no worker says" in supervises._listen(Babbling(reply)), reply
        assert not job.done(), "another worker is asked for it"


class Babbling:
    """A worker that says one thing, and nothing more."""

    gone = False

    def __init__(self, reply: dict):
        self._replies = [reply]

    def receive(self) -> dict:
        if not self._replies:
            raise EOFError
        return self._replies.pop()

    def why_it_died(self) -> str:
        return "it was ended"


def test_a_growth_that_cannot_be_told_ends_with_a_sentence_and_others_are_grown(preview, monkeypatch):
    tell = supervisor.tell

    def stumble(growth, told):
        if growth.random_seed == 13:
            raise KeyError("a fault of ours")
        return tell(growth, told)

    monkeypatch.setattr(supervisor, "tell", stumble)
    job = preview.request(growth(random_seed=13), 1)
    with pytest.raises(EngineError, match=r"could not be asked for this.*undo"):
        job.result(60)
    assert preview.frame(growth(), 1, 60).frame == 1


def test_a_worker_that_does_not_leave_what_was_cancelled_keeps_nobody_waiting(preview, monkeypatch):
    """As after ESC in a bake on a network drive that has gone."""
    monkeypatch.setattr(unanswered_jobs, "DEAF_SECONDS", 0.2)
    job = preview.request(*far())
    wait_until(lambda: job.progress > 0)
    deaf = preview.worker_pid
    os.kill(deaf, signal.SIGSTOP)
    job.cancel()
    assert preview.frame(growth(), 1, 60).frame == 1
    assert preview.worker_pid != deaf and not alive(deaf)
    assert preview.message == ""


def test_a_worker_that_was_killed_at_rest_is_there_again_for_the_next_frame(preview):
    preview.frame(growth(), 1, 60)
    kill(preview.worker_pid)
    wait_until(lambda: preview.state == "stopped")
    assert "signal 9" in preview.message
    assert preview.frame(growth(), 2, 60).frame == 2
    assert preview.state == "ready"


def test_a_worker_killed_while_it_starts_again_gets_another_try(preview):
    preview.frame(growth(), 1, 60)
    first = preview.worker_pid
    kill(first)
    wait_until(lambda: preview.state == "stopped")
    job = preview.request(growth(), 2)
    wait_until(lambda: preview.worker_pid not in (first, None))
    kill(preview.worker_pid)
    assert job.result(60).frame == 2
    assert preview.message == ""


def test_a_worker_that_dies_again_and_again_is_given_up(preview):
    long, frame = far()
    job = preview.request(long, frame)
    killed = set()

    def strike() -> bool:
        pid = preview.worker_pid
        if preview.state == "ready" and job.progress > 0 and pid not in killed and alive(pid):
            killed.add(pid)
            job.progress = 0
            kill(pid)
        return job.done()

    wait_until(strike)
    with pytest.raises(EngineError, match="stopped 2 times") as caught:
        job.result()
    assert caught.value.kind == "died" and "signal 9" in str(caught.value)
    assert len(killed) == 2
    assert preview.frame(growth(), 1, 60).frame == 1, "another growth is served"


def test_an_engine_that_cannot_live_fails_and_starts_again_when_asked(preview):
    preview.frame(growth(), 1, 60)
    jobs = [preview.request(*far(), slot=slot) for slot in ("moss", "rust", "bark")]
    killed = set()

    def strike() -> bool:
        pid = preview.worker_pid
        if preview.state == "ready" and pid not in killed:
            killed.add(pid)
            kill(pid)
        return preview.state == "failed"

    wait_until(strike)
    assert len(killed) == 3, "no endless loop"
    for job in jobs:
        with pytest.raises(EngineError, match="was given up"):
            job.result(5)
    assert "was given up" in preview.message
    with pytest.raises(EngineError, match="was given up"):
        preview.frame(growth(), 1, 5)
    preview.start()
    assert preview.frame(growth(), 1, 60).frame == 1


def test_blender_killed_leaves_neither_a_worker_nor_pixels(models):
    blender, worker = start_blender(models)
    assert pixels_of(blender.pid)
    end(blender)
    wait_until(lambda: not alive(worker), 10)
    assert not pixels_of(blender.pid)


def test_pixels_of_a_blender_that_was_killed_with_its_worker_go_with_the_next_start(preview, models):
    blender, worker = start_blender(models)
    os.kill(worker, signal.SIGSTOP)  # it cannot tidy up
    assert pixels_of(blender.pid)  # from its end on, any engine that starts on this machine removes them
    end(blender)
    kill(worker)
    wait_until(lambda: not alive(worker), 10)
    # one that is in use, though no process has the number that it names
    block = PixelBlock.create(block_prefix().replace(str(os.getpid()), str(blender.pid)), 4096)
    try:
        preview.frame(growth(), 1, 60)
        wait_until(lambda: pixels_of(blender.pid) == [Path(block.name)], 10)
        PixelBlock.open(block.name, 4096).close()
    finally:
        block.close()
        block.unlink()


def start_blender(models: Path) -> tuple[subprocess.Popen, int]:
    """A process with an engine that grows something long, and the worker's number."""
    code = """
import sys, time
sys.path.insert(0, sys.argv[1])
from tests.engine.tiny import *
from blender_nca.engine.client import Engine
engine = Engine([sys.argv[2]], device="numpy")
engine.frame(growth(), 1, 60)
job = engine.request(*far())
while not job.progress:
    time.sleep(0.01)
print(engine.worker_pid, flush=True)
time.sleep(60)
"""
    command = [sys.executable, "-c", code, str(REPOSITORY), str(models)]
    blender = subprocess.Popen(command, stdout=subprocess.PIPE)
    return blender, int(blender.stdout.readline())


def end(blender: subprocess.Popen) -> None:
    blender.kill()
    blender.wait()
    blender.stdout.close()


def test_stop_ends_worker_and_jobs_soon(preview):
    others = set(pixels_of(os.getpid()))  # of an engine that another test has running in this process
    preview.frame(growth(), 1, 60)
    assert set(pixels_of(os.getpid())) > others
    pid, job = preview.worker_pid, preview.request(*far())
    began = time.monotonic()
    preview.stop()
    assert time.monotonic() - began < 4
    assert not alive(pid) and job.cancelled and preview.state == "stopped"
    assert set(pixels_of(os.getpid())) <= others
    with pytest.raises(EngineError):
        job.result()
    assert preview.frame(growth(), 1, 60).frame == 1, "it can be used again"


def test_a_worker_that_cannot_even_be_killed_keeps_neither_blender_nor_the_next_one(preview, monkeypatch):
    """As one that a network drive holds in the system."""
    monkeypatch.setattr(process_module, "END_SECONDS", 0.1)
    monkeypatch.setattr(supervisor, "LISTEN_SECONDS", 0.1)
    preview.frame(growth(), 1, 60)
    held = preview.worker_pid
    os.kill(held, signal.SIGSTOP)
    with monkeypatch.context() as unkillable:
        unkillable.setattr(subprocess.Popen, "kill", lambda process: None)
        preview.stop()
    assert alive(held) and preview.state == "stopped"
    assert preview.frame(growth(), 2, 60).frame == 2
    kill(held)
    wait_until(lambda: ended(held))
    assert preview.frame(growth(), 3, 60).frame == 3 and preview.state == "ready"


def test_stop_while_it_starts_is_no_accident(make_engine):
    for pause in (0, 0.05, 0.3):
        engine = make_engine()
        engine.start()
        time.sleep(pause)
        engine.stop()
        assert engine.state == "stopped" and engine.message == ""


def pixels_of(pid: int) -> list[Path]:
    return [path for folder in block_folders() for path in Path(folder).glob(f"neural-growth-pixels-{pid}-*")]
