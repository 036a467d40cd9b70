# SPDX-License-Identifier: GPL-3.0-or-later
"""A growth with long tracks travels to the worker once, whatever happens to the worker."""

from __future__ import annotations

import pytest

from blender_nca.automaton.growth import Growth
from blender_nca.engine import growths_told
from blender_nca.engine.client import EngineError
from blender_nca.engine.process import WorkerProcess
from tests.engine.tiny import alive, growth, kill, wait_until


@pytest.fixture
def sent(monkeypatch) -> list[dict]:
    messages: list[dict] = []
    send = WorkerProcess.send

    def keep(self, message):
        if "do" in message:  # not the first words
            messages.append(message)
        send(self, message)

    monkeypatch.setattr(WorkerProcess, "send", keep)
    return messages


def test_a_growth_is_sent_once_for_many_frames(preview, sent):
    long = growth(steps=tuple(1.0 + f % 3 for f in range(500)), random_seed=41)
    for frame in (3, 4, 9):
        assert preview.frame(long, frame, 60).steps == long.steps_until(frame)
    # what is equal is known, though it is another object
    assert preview.frame(Growth.from_json(long.to_json()), 5, 60).frame == 5
    assert [message["do"] for message in sent] == ["growth", *["frame"] * 4]
    assert all(len(str(message)) < 500 for message in sent if message["do"] == "frame")


def test_a_worker_that_was_started_again_is_told_again(preview, sent):
    one = growth(random_seed=42)
    before = preview.frame(one, 6, 60).pixels
    pid = preview.worker_pid
    kill(pid)
    wait_until(lambda: not alive(pid) or preview.state != "ready")
    assert (preview.frame(one, 6, 60).pixels == before).all()
    assert [message["do"] for message in sent].count("growth") == 2


def test_more_growths_than_are_remembered_are_all_grown(preview, sent):
    many = [growth(random_seed=1000 + n) for n in range(growths_told.MOST + 3)]
    for each in (*many, *many[:4]):
        assert preview.frame(each, 1, 60).frame == 1
    assert [message["do"] for message in sent].count("growth") == len(many) + 4


def test_a_growth_that_cannot_be_grown_is_told_with_each_request(preview):
    wrong = growth(random_seed=43)
    object.__setattr__(wrong, "steps", (-1.0,))  # as a newer client might say it
    for _ in range(2):
        with pytest.raises(EngineError, match="Steps a frame are numbers"):
            preview.frame(wrong, 0, 60)
