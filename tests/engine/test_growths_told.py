# SPDX-License-Identifier: GPL-3.0-or-later
"""A growth with long tracks travels to the worker once, whatever happens to the worker."""

from __future__ import annotations

import pytest

from blender_nca.automaton.growth import Growth
from blender_nca.automaton.growth_error import GrowthError
from blender_nca.automaton.surface_example import build_corner
from blender_nca.engine import growths_told
from blender_nca.engine.client import EngineError
from blender_nca.engine.growths_told import GrowthsTold, hear, read_growth, tell
from blender_nca.engine.process import WorkerProcess
from blender_nca.engine.protocol import pack, unpack
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


def on_surface(gap: float, **changes) -> Growth:
    return growth(width=28, height=16, boundary="surface", surface=build_corner(16, 28, gap), **changes)


def test_a_surface_travels_once_for_all_growths_on_it():
    ours, theirs = GrowthsTold(), GrowthsTold()
    sizes = []
    many = [
        on_surface(0.04),
        on_surface(0.04, random_seed=5),
        on_surface(0.05),
        on_surface(0.04, random_seed=6),
    ]
    many += [on_surface(0.04 + n / 500, random_seed=n) for n in range(growths_told.MOST_SURFACES + 2)]
    many += [growth(), many[0]]
    for each in many:
        data = pack(tell(each, ours), 2**26)
        sizes.append(len(data))
        hear(unpack(data), theirs)
        assert read_growth(theirs.get(each.key)) == each and list(ours.surfaces) == list(theirs.surfaces)
    assert sizes[1] < 1000 > sizes[3] and min(sizes[0], sizes[2], sizes[-1]) > 3000
    one, other = (read_growth(theirs.get(many[i].key)).surface for i in (0, 1))
    assert one is not other  # the first was forgotten and told again
    message = tell(on_surface(0.07, random_seed=9), GrowthsTold())
    message["growth"]["surface"]["island"] = None
    hear(message, theirs)
    for _ in range(2):
        with pytest.raises(GrowthError, match="make it again from its mesh"):
            read_growth(theirs.get(message["key"]))


def test_what_could_not_be_sent_is_told_again():
    ours, each = GrowthsTold(), on_surface(0.04)
    ours.take_back(tell(each, ours))
    assert each.key not in ours and "surface" in tell(each, ours)["growth"]
    other = on_surface(0.04, random_seed=5)
    ours.take_back(tell(other, ours))  # its surface is known all the same
    assert other.key not in ours and "surface" not in tell(other, ours)["growth"]


def test_a_growth_on_a_surface_is_grown_shown_and_baked(preview, tmp_path):
    each = on_surface(0.04, steps=(8.0,))
    frame = preview.frame(each, 3, 60)
    assert 0 < frame.living <= 1 and frame.pixels.any()
    assert (preview.frame(Growth.from_json(each.to_json()), 3, 60).pixels == frame.pixels).all()
    paths = preview.write(each, 3, tmp_path / "bake", "moss", 1).result(60)
    assert any("normal" in path.name for path in paths) and all(path.stat().st_size for path in paths)
