# SPDX-License-Identifier: GPL-3.0-or-later
"""A later bake knows whether the frames in its folder are those of its growth."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

import pytest

from blender_nca.maps.record import RecordError, read_record, record_path, write_record
from blender_nca.maps.whole_file import open_together, remove_parts, write_together, write_whole

RECORD = {"growth_key": "f00d", "maps": ["height"], "strength": 4.5, "name": "Flechte ü"}


def test_a_record_comes_back_the_same(tmp_path):
    path = write_record(tmp_path / "new", "moss", RECORD)
    assert path == tmp_path / "new" / "moss_growth.json"
    assert read_record(tmp_path / "new", "moss") == RECORD
    assert [one.name for one in path.parent.iterdir()] == ["moss_growth.json"]


def test_a_folder_without_a_record_has_none(tmp_path):
    assert read_record(tmp_path, "moss") is None
    assert read_record(tmp_path / "none", "moss") is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is broken"),
        (b"\xff", "is broken"),
        (b"[" * 100_000, "is broken"),
        (b"[]", "is not a record of a bake"),
        (b'{"growth_key": "f00d"}', "is not a record of a bake"),
        (json.dumps({"format": "neural growth sequence", "version": 2}).encode(), "version 2, .* knows 1"),
        (json.dumps({"format": "neural growth sequence"}).encode(), "version None"),
    ],
)
def test_a_file_that_is_no_record_is_named_and_kept(tmp_path, content, message):
    path = record_path(tmp_path, "moss")
    path.write_bytes(content)
    with pytest.raises(RecordError, match=message) as error:
        read_record(tmp_path, "moss")
    assert str(path) in str(error.value)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("record", "error"),
    [
        ({"strength": math.nan}, ValueError),
        ({"version": 3}, ValueError),
        ({"format": "mine"}, ValueError),
        ({"path": Path("x")}, TypeError),
    ],
)
def test_what_would_not_come_back_is_refused_and_the_old_record_kept(tmp_path, record, error):
    write_record(tmp_path, "moss", RECORD)
    with pytest.raises(error):
        write_record(tmp_path, "moss", record)
    assert read_record(tmp_path, "moss") == RECORD


def test_a_stem_that_leaves_the_folder_is_refused(tmp_path):
    with pytest.raises(ValueError, match="File names"):
        write_record(tmp_path, "../moss", RECORD)


def test_a_worker_that_outlives_its_blender_spoils_no_file_of_the_next_bake(tmp_path, monkeypatch):
    path, other = tmp_path / "moss_0001.png", tmp_path / "moss_0002.png"
    with open_together([path]) as files:
        files[path].write(b"half")
        with monkeypatch.context() as next_one:
            next_one.setattr(os, "getpid", lambda: 1)
            write_together({path: b"whole", other: b"whole"})
        assert path.read_bytes() == b"whole"
        files[path].write(b" and half")
    assert path.read_bytes() == b"half and half"
    for left in (f"{path.name}.77.part", f"{other.name}.77.part"):
        (tmp_path / left).write_bytes(b"ha")
    remove_parts([path])
    assert sorted(tmp_path.iterdir()) == [path, other, tmp_path / f"{other.name}.77.part"]


def test_of_two_processes_that_write_one_file_each_leaves_a_whole_one(tmp_path, monkeypatch):
    path = tmp_path / "shelf.json"
    rename = Path.replace

    def meanwhile(part, target):
        monkeypatch.setattr(Path, "replace", rename)
        monkeypatch.setattr(os, "getpid", lambda: 1)
        write_whole(path, b"the other one's")
        return rename(part, target)

    monkeypatch.setattr(Path, "replace", meanwhile)
    write_whole(path, b"ours")
    assert path.read_bytes() == b"ours" and list(tmp_path.iterdir()) == [path]
