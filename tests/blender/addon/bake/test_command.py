# SPDX-License-Identifier: GPL-3.0-or-later
"""Bakes without a window: what a farm gives, and what it is told."""

from __future__ import annotations

import json

import pytest

from tests.pictures import read_png


@pytest.fixture
def command(growing, capsys):
    """The command: from arguments to the exit status and the summary."""
    run = growing.module("addon.bake.command").run

    def call(*arguments: object) -> tuple[int, dict]:
        capsys.readouterr()
        status = run([str(argument) for argument in arguments])
        last = capsys.readouterr().out.strip().splitlines()[-1]
        return status, json.loads(last)

    return call


def test_a_farm_bakes_what_it_names_and_goes_on_where_it_stopped(growing, command, tmp_path):
    material = growing.material(bake_start=1, bake_end=9)
    cells = max(material.nca.width, material.nca.height)
    said = ["--preset", "Plain", "--maps", "base_colour", "--size", 2 * cells, "--out", tmp_path]
    status, summary = command(*said, "--frames", "2-3")
    (told,) = summary["materials"]
    assert (status, told["material"], told["frames"], told["kept"]) == (0, material.name, [2, 3], 0)
    files = sorted(path for path in (tmp_path / "Plain").iterdir() if path.suffix == ".png")
    assert len(files) == 2 and max(read_png(files[0]).shape[:2]) == 2 * cells
    before = {path: path.stat().st_mtime_ns for path in files}
    status, summary = command(*said, "--frames", "2-4")
    assert (status, summary["materials"][0]["kept"]) == (0, 2)
    assert {path: path.stat().st_mtime_ns for path in files} == before, "they are not written again"


def test_whoever_asks_for_what_is_not_there_is_told_and_nothing_is_written(growing, command, tmp_path):
    material = growing.material()
    (tmp_path / "file").touch()
    for arguments, status, problem in (
        (["--frames", "9-2"], 2, "end before they begin"),
        (["--frames", "all"], 2, "such as 1-250"),
        (["--size", "8"], 2, "choose 16 to 16384"),
        (["--preset", "Etch a Sketch"], 2, "There is no bake preset"),
        (["--preset", "Plain", "--maps", "smell"], 2, "has no texture 'smell'"),
        (["--material", "Stone"], 3, f"those that do: {material.name}"),
        (["--out", tmp_path / "file" / "in"], 5, "choose another folder"),
    ):
        found, summary = command("--out", tmp_path / "out", *arguments)
        assert (found, summary["status"]) == (status, status), arguments
        assert problem in summary["problem"]
    assert not (tmp_path / "out").exists() and not material.nca.baked
