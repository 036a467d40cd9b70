# SPDX-License-Identifier: GPL-3.0-or-later
"""A sequence is written by one process at a time, and nobody waits for one that is gone."""

from __future__ import annotations

import pytest

from blender_nca.maps.claim import Claim, ClaimedError


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
