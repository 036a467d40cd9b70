# SPDX-License-Identifier: GPL-3.0-or-later
"""A sequence is written by one process at a time, and nobody waits for one that is gone."""

from __future__ import annotations

import threading

import pytest

from blender_nca.maps.claim import Claim, ClaimedError, turn


def test_a_sequence_is_held_by_one_at_a_time(tmp_path):
    first = Claim(tmp_path / "new", "moss")
    with pytest.raises(ClaimedError, match=r"Another Blender is baking moss into .*: wait for its end"):
        Claim(tmp_path / "new", "moss")
    other = Claim(tmp_path / "new", "lichen")
    first.release()
    Claim(tmp_path / "new", "moss").release()
    other.release()
    assert list((tmp_path / "new").iterdir()) == []


def test_letting_go_twice_takes_it_from_nobody(tmp_path):
    first = Claim(tmp_path, "moss")
    first.release()
    second = Claim(tmp_path, "moss")
    first.release()
    with pytest.raises(ClaimedError):
        Claim(tmp_path, "moss")
    second.release()


def test_a_file_that_a_dead_process_left_is_no_claim(tmp_path):
    (tmp_path / "moss_growth.lock").write_bytes(b"")
    Claim(tmp_path, "moss").release()


def test_a_stem_that_leaves_the_folder_is_refused(tmp_path):
    with pytest.raises(ValueError, match="File names"):
        Claim(tmp_path, "../moss")


def test_chunks_of_one_sequence_are_written_at_the_same_time_and_no_frame_twice(tmp_path):
    first, second = Claim(tmp_path, "moss", (1, 10)), Claim(tmp_path, "moss", (11, 20))
    for numbers in ((10, 11), (1, 1), (20, 300), None):
        with pytest.raises(ClaimedError):
            Claim(tmp_path, "moss", numbers)
    first.release()
    Claim(tmp_path, "moss", (1, 10)).release()
    second.release()
    (tmp_path / "moss_growth_0005-0015.lock").touch()  # as a dead process leaves it
    Claim(tmp_path, "moss").release()
    assert list(tmp_path.iterdir()) == []


def test_who_changes_one_file_waits_for_his_turn(tmp_path):
    count = tmp_path / "count"
    count.write_text("0")

    def add() -> None:
        for _ in range(25):
            with turn(count):
                count.write_text(str(int(count.read_text()) + 1))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert count.read_text() == "100" and list(tmp_path.iterdir()) == [count]
