# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import sys
import venv
from pathlib import Path

import pytest

from blender_nca.engine import process
from blender_nca.engine.client import EngineError
from blender_nca.engine.interpreter import WORKER_PYTHON, find_python, python_of
from blender_nca.engine.torch_place import BUNDLED, TorchPlace
from tests.engine.tiny import NAME, growth, needs_torch

posix_only = pytest.mark.skipif(os.name == "nt", reason="makes its Pythons as shell scripts")


@pytest.fixture(autouse=True)
def no_python_from_outside(monkeypatch):
    """Only what a test names, and numpy alone after it."""
    monkeypatch.delenv(WORKER_PYTHON, raising=False)
    monkeypatch.setattr("blender_nca.engine.interpreter.module_folder", lambda name: None)
    monkeypatch.setattr("blender_nca.engine.interpreter.find_torches", list)


def script(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
    path.chmod(0o755)
    return path


def test_a_python_that_is_not_there_is_named_and_numpy_serves(make_engine, tmp_path):
    engine = make_engine(python=tmp_path / "no such python")
    assert engine.frame(growth(), 2, 60).frame == 2
    assert engine.device_line.startswith("No torch: ")
    assert "no such python" in engine.message and "chosen in the preferences" in engine.message
    assert engine.self_test(60)["problems"] == engine.message.splitlines()


@posix_only
@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["echo 'ImportError: DLL load failed' >&2", "exit 3"], "DLL load failed"),
        (["kill -SEGV $$"], "did not start"),
        (["echo '{\"port\": 1}'", "sleep 0.2"], "what no worker says"),
        (["cat"], "did not start"),
        (["head -c 3000000 /dev/zero >&2; echo; echo last word >&2; exit 1"], "last word"),
    ],
    ids=["an error", "a crash", "a wrong answer", "no python", "a flood of text"],
)
def test_a_python_that_fails_at_the_start_is_named_and_numpy_serves(make_engine, tmp_path, lines, told):
    engine = make_engine(python=script(tmp_path / "python", *lines))
    assert engine.frame(growth(), 2, 60).frame == 2
    assert engine.device_line.startswith("No torch: ")
    assert told in engine.message and len(engine.message) < 6000


@posix_only
def test_a_python_that_hangs_at_the_start_is_ended(make_engine, tmp_path, monkeypatch):
    monkeypatch.setattr(process, "START_SECONDS", 0.5)
    monkeypatch.setattr(process, "END_SECONDS", 0.2)
    engine = make_engine(python=script(tmp_path / "python", "exec sleep 60"))
    with pytest.raises((EngineError, TimeoutError)):
        engine.frame(growth(), 2, 0.4)
    monkeypatch.setattr(process, "START_SECONDS", 60)
    engine.frame(growth(), 2, 60)
    assert "not ready after" in engine.message


def test_a_python_without_numpy_or_torch_is_told_so(make_engine, tmp_path):
    venv.create(tmp_path / "bare", with_pip=False)
    engine = make_engine(python=python_of(tmp_path / "bare"))
    engine.frame(growth(), 1, 60)
    assert "it has no " in engine.message
    assert engine.device_line.startswith("No torch: ")


def test_where_nothing_runs_the_reasons_are_listed(make_engine, tmp_path, monkeypatch):
    monkeypatch.setattr("blender_nca.engine.interpreter.own_python", lambda: tmp_path / "lost")
    engine = make_engine()
    with pytest.raises(EngineError, match=r"No Python could run the engine: .*\n.*lost") as caught:
        engine.frame(growth(), 1, 60)
    assert caught.value.kind == "start" and engine.state == "failed"
    with pytest.raises(EngineError, match="No Python could run"):
        engine.request(growth(), 1).result(1)
    monkeypatch.undo()
    engine.start()
    assert engine.frame(growth(), 1, 60).frame == 1


@needs_torch
def test_blenders_python_settings_do_not_break_a_foreign_python(make_engine, monkeypatch, tmp_path):
    chosen = os.environ.get(WORKER_PYTHON) or sys.executable
    (tmp_path / "numpy.py").write_text("raise SystemExit('the wrong numpy')")
    for name in ("PYTHONHOME", "PYTHONPATH"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("PYTHONSAFEPATH", "1")
    monkeypatch.chdir(tmp_path)
    engine = make_engine(python=chosen)
    assert engine.frame(growth(), 1, 120).frame == 1
    assert engine.message == "" and "CPU" in engine.device_line


def test_it_runs_from_a_folder_with_spaces_and_other_letters(make_engine, tmp_path, monkeypatch):
    folder = tmp_path / "Ålesund – 材料 (1)"
    folder.mkdir()
    (folder / process.PACKAGE.name).symlink_to(process.PACKAGE, target_is_directory=True)
    monkeypatch.setattr(process, "PACKAGE", folder / process.PACKAGE.name)
    assert make_engine(device="numpy").frame(growth(), 1, 60).frame == 1


def test_models_in_a_relative_folder_are_found(make_engine, models, monkeypatch):
    monkeypatch.chdir(models.parent)
    assert make_engine(device="numpy", model_folders=[Path(models.name)]).self_test(60)["manifolds"] == [NAME]


def test_pythons_are_tried_from_the_artists_choice_to_numpy_alone(monkeypatch, tmp_path):
    private = python_of(tmp_path)
    private.parent.mkdir()
    private.touch()
    monkeypatch.setenv(WORKER_PYTHON, "/studio/python")
    monkeypatch.setattr("blender_nca.engine.interpreter.module_folder", lambda name: f"/wheels/{name}")
    place = TorchPlace("/shared/torch", "2.13.0", BUNDLED)
    monkeypatch.setattr("blender_nca.engine.interpreter.find_torches", lambda: [place])
    found = find_python(Path("/mine/python"), tmp_path)
    assert [c.python for c in found[:3]] == [Path("/studio/python"), Path("/mine/python"), private]
    assert [c.torch for c in found] == [True, True, True, True, False]
    assert found[3].torch_folder == "/shared/torch" and found[4].paths == (
        "/wheels/numpy",
        "/wheels/OpenImageIO",
    )
    assert [c.torch for c in find_python(Path("/mine/python"), tmp_path, torch=False)] == [False]
