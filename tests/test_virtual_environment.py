# SPDX-License-Identifier: GPL-3.0-or-later
"""On a fresh machine the two commands set themselves up, or say what is missing."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture
def virtual_environment():
    specification = importlib.util.spec_from_file_location(
        "virtual_environment", REPOSITORY / "scripts" / "virtual_environment.py"
    )
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def small(virtual_environment, monkeypatch, tmp_path):
    """An environment that needs nothing from a network, and a set-up that makes no other."""
    monkeypatch.setattr(virtual_environment, "_read_groups", lambda name: {"tests": ["pip"]})
    return virtual_environment.VirtualEnvironment(tmp_path / "environment", VERSION, "tests", ("json",))


def test_second_run_starts_at_once(virtual_environment, small, capsys):
    assert virtual_environment.prepare(small) == small.python
    said = capsys.readouterr()
    assert "(1/1) test tools" in said.err and not said.out  # where --json goes
    assert virtual_environment.prepare(small) == small.python
    assert capsys.readouterr() == ("", "")


def test_half_made_environment_is_made_again(virtual_environment, small, capsys):
    (small.folder / "bin").mkdir(parents=True)
    (small.folder / "bin" / "python").write_text("half a file")
    virtual_environment.prepare(small)
    assert "making it again" in capsys.readouterr().err
    assert virtual_environment._probe(str(small.python))["version"] == VERSION


def test_new_requirement_is_added_to_what_is_there(virtual_environment, small, monkeypatch, capsys):
    virtual_environment.prepare(small)
    (small.folder / "mark").touch()
    monkeypatch.setattr(virtual_environment, "_read_groups", lambda name: {"tests": ["pip>=1"]})
    virtual_environment.prepare(small)
    assert "Updating" in capsys.readouterr().err
    assert (small.folder / "mark").exists()


def test_no_network_is_said(virtual_environment, small, monkeypatch):
    monkeypatch.setattr(
        virtual_environment, "_read_groups", lambda name: {"tests": ["neural-growth-none==1"]}
    )
    for variable in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(virtual_environment.SetUpError, match=r"There is no network"):
        virtual_environment.prepare(small)
    assert not small.stamp.exists()


def test_missing_python_is_said_with_what_to_install(virtual_environment, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(virtual_environment.PythonMissingError, match=r"Python 3\.1 .*is needed.*python\.org"):
        virtual_environment.find_python("3.1")


def test_missing_system_library_is_named(virtual_environment):
    output = "ImportError: libXrender.so.1: cannot open shared object file: No such file or directory"
    assert "libxrender1" in virtual_environment._explain(output, 1)
    assert "libXrender.so.1" in virtual_environment._explain(output, 1)
