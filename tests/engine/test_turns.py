# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from blender_nca.engine import request_queue
from blender_nca.engine.client import Cancelled
from blender_nca.engine.request_queue import RequestQueue
from tests.engine.tiny import far, growth, wait_until


def test_the_newest_request_is_not_kept_waiting(preview):
    preview.frame(growth(), 1, 60)
    long, frame = far()
    old = preview.request(long, frame, slot="moss")
    wait_until(lambda: old.progress > 0)
    assert old.progress < 0.9, "too quick to tell anything"
    newest = [preview.request(long, frame - n, slot="moss") for n in range(20)][-1]
    last = preview.request(growth(), 3, slot="moss")
    assert last.result(60).frame == 3
    assert old.cancelled and newest.cancelled and not last.cancelled
    with pytest.raises(Cancelled):
        old.result(1)


def test_a_long_jump_of_one_material_holds_up_another_only_for_a_turn(preview):
    preview.frame(growth(), 1, 60)
    jump = preview.request(*far(), slot="moss")
    wait_until(lambda: jump.progress > 0)
    assert preview.request(growth(), 3, slot="rust").result(60).frame == 3
    assert not jump.done(), "it is still under way"


def test_what_can_wait_gives_way_at_once_and_others_do_not(monkeypatch):
    monkeypatch.setattr(request_queue, "TURN_SECONDS", 1000.0)
    monkeypatch.setattr(request_queue, "SHORT_TURN_SECONDS", -1.0)
    for slot, gives_way in (("later pictures", True), ("moss", False)):
        queue = RequestQueue()
        queue.put({"id": 1, "slot": slot})
        queue.take()
        assert not queue.should_stop(), "nobody waits"
        queue.put({"id": 2, "slot": "rust"})
        assert queue.should_stop() == gives_way


def test_a_jump_that_gave_way_comes_in_the_end(preview, make_engine):
    slow = growth(width=64, height=64, steps=(20.0,))
    jump = preview.request(slow, 40, slot="moss")
    while not jump.done():
        preview.request(growth(), 3, slot="rust").result(60)
    alone = make_engine(device="numpy").frame(slow, 40, 60)
    assert (jump.result().pixels == alone.pixels).all()


def test_a_cancelled_job_ends_at_once_and_the_next_is_served(preview):
    job = preview.request(*far())
    job.cancel()
    assert job.done() and job.cancelled
    with pytest.raises(Cancelled):
        job.result()
    assert preview.frame(growth(), 2, 20).frame == 2


def test_waiting_has_an_end(preview):
    preview.frame(growth(), 1, 60)
    job = preview.request(*far())
    with pytest.raises(TimeoutError):
        job.result(0.05)
    assert not job.done(), "the job goes on"
    with pytest.raises(TimeoutError):
        preview.frame(far()[0], far()[1] - 1, timeout=0.05)
    job.cancel()


def test_slots_take_turns_and_keep_their_order():
    requests = RequestQueue()
    for number, slot in enumerate(["bake", "bake", "bake", "moss", "moss", "rust"]):
        requests.put({"id": number, "slot": slot})
    taken = []
    for _ in range(6):
        taken.append(requests.take()["id"])
        requests.over()
    assert taken == [0, 3, 5, 1, 4, 2]


def test_a_request_put_back_stays_the_first_of_its_slot():
    requests = RequestQueue()
    requests.put({"id": 1, "slot": "moss"})
    first = requests.take()
    requests.put({"id": 2, "slot": "moss"})
    requests.put({"id": 3, "slot": "rust"})
    assert requests.put_back(first)
    order = []
    for _ in range(3):
        order.append(requests.take()["id"])
        requests.over()
    assert order == [1, 3, 2] or order == [3, 1, 2]
    assert order.index(1) < order.index(2)


def test_a_cancelled_request_is_not_put_back():
    requests = RequestQueue()
    requests.put({"id": 1})
    request = requests.take()
    assert not requests.should_stop()
    requests.cancel(1)
    assert requests.should_stop() and not requests.put_back(request)
    requests.over()
    requests.cancel(1)  # over already
    requests.put({"id": 1})
    requests.take()
    assert not requests.should_stop()
