# SPDX-License-Identifier: GPL-3.0-or-later
"""A growth that is exported is baked without Blender, byte for byte as in it."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import bpy
import pytest

from ..picture.test_learned_species import given  # noqa: F401  # a fixture


@pytest.fixture
def program(growing, models, capsys):
    """The program without Blender: from arguments to the exit status and the summary."""
    main = growing.module("bake").main

    def call(*arguments: object) -> tuple[int, dict]:
        capsys.readouterr()
        status = main([*map(str, arguments), "--models", str(models)])
        return status, json.loads(capsys.readouterr().out.strip().splitlines()[-1])

    return call


def textures(folder: Path) -> dict[str, bytes]:
    """The files of a bake, but for its records, which name .blend files."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith("_growth.json")
    }


def test_a_growth_file_is_baked_as_blender_bakes_the_material(growing, program, given, monkeypatch, tmp_path):  # noqa: F811
    @contextlib.contextmanager
    def open_blenders(*_):
        """The engine that there is: another one takes seconds to start."""
        yield [growing.module("addon.engine").current] * 2

    material = growing.material("Oak", bake_start=-1, bake_end=2, normal_strength=5.0)
    assert bpy.ops.nca.import_learned(filepath=str(given)) == {"FINISHED"} and material.nca.a.learned
    material.nca.start_frame = -1
    material.nca.blend = 0.25
    material.nca.look_hue = 0.5
    assert bpy.ops.nca.export_growth(filepath=str(tmp_path / "oak")) == {"FINISHED"}
    file = tmp_path / "oak.growth.json"
    size = 3 * max(material.nca.width, material.nca.height) - 5
    told = ["--preset=Blender", "--preset=Godot 4", f"--size={size}"]
    assert growing.module("addon.bake.command").run([*told, f"--out={tmp_path / 'blender'}"]) == 0
    status, summary = program("--growth", file, *told, "--out", tmp_path / "free")
    assert status == 0 and summary["materials"][0]["frames"] == [-1, 0, 1, 2]
    expected = textures(tmp_path / "blender")
    assert len(expected) > 40 and textures(tmp_path / "free") == expected

    monkeypatch.setattr(growing.module("baking.program"), "open_engines", open_blenders)
    chunks, states = tmp_path / "chunks", f"--states={tmp_path / 'states'}"
    for chunk in ("1-2", "-1-0"):
        status, _ = program("--growth", file, *told, "--out", chunks, "--chunk", chunk, states)
        assert status == 0
    assert textures(chunks) == expected, "chunks are numbered as the whole is"
    records = [folder / "Oak_growth.json" for folder in (tmp_path / "free", chunks)]
    assert records[0].read_bytes() == records[1].read_bytes()
    status, summary = program("--growth", file, *told, "--out", chunks)
    assert (status, summary["materials"][0]["kept"]) == (0, 4)
    # of the numbers of files: the first frame, -1, has 1
    claim = growing.module("maps.claim").Claim(chunks, "Oak", (3, 3))
    status, summary = program("--growth", file, *told, "--out", chunks, "--chunk", "1-2")
    assert (status, "Another Blender is baking" in summary["problem"]) == (5, True)
    claim.release()

    said = ["--species", "Ash, 0.5 Ash + 0.5 Cedar", "--layout", "still", "--out", tmp_path / "batch"]
    status, summary = program("--growth", file, *said)
    assert status == 0, summary
    found = {path.name for path in (tmp_path / "batch").iterdir()}
    assert found == {"Ash", "0.5 Ash + 0.5 Cedar", "Oak_contact_sheet.png"}

    for arguments, status, problem in (
        (["--frames", "1-300"], 3, "holds the frames -1 to 2"),
        (["--chunk", "7-9"], 3, "choose a chunk of these"),
        (["--chunk", "1-2", "--layout", "still"], 3, "in one go"),
        (["--preset", "Etch a Sketch"], 2, "There is no bake preset"),
        (["--species", "Ivy"], 2, "choose among Ash, Birch, Cedar"),
        (["--jobs", "0"], 2, "choose 1 to"),
    ):
        found, summary = program("--growth", file, *arguments, "--out", tmp_path / "none")
        assert (found, summary["status"]) == (status, status) and problem in summary["problem"], arguments
    assert not (tmp_path / "none").exists()
