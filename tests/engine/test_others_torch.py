# SPDX-License-Identifier: GPL-3.0-or-later
"""A torch that is not ours, not for this Python, or does not work: told, and the next that works grows."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest

from blender_nca.engine import missing_libraries
from blender_nca.engine.interpreter import WORKER_PYTHON
from blender_nca.engine.torch_place import ANOTHERS, BLENDERS, BUNDLED, TorchPlace, find_torches, is_displaced
from tests.engine.tiny import growth

OWN = f"cp3{sys.version_info[1]}"
WITHOUT_NUMPY = """
__version__ = "2.0.0"
class backends:
    class cudnn: pass
def set_float32_matmul_precision(precision): pass
def set_num_threads(count): pass
def from_numpy(array): raise RuntimeError("Numpy is not available")
"""


def unpack(folder: Path, version: str, tag: str = OWN, code: str = "") -> Path:
    """What Blender leaves of a wheel."""
    for name, text in (
        ("torch/__init__.py", code),
        (f"torch-{version}.dist-info/WHEEL", f"Wheel-Version: 1.0\nTag: {tag}-{tag}-win_amd64\n"),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def shared(tmp_path) -> Path:
    """The folder into which Blender unpacks the wheels of all extensions."""
    return tmp_path / "extensions" / ".local" / "lib" / "site-packages"


@pytest.fixture
def wheels(tmp_path) -> Path:
    """The wheels in this extension's zip."""
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / f"torch-2.13.0+cpu-{OWN}-{OWN}-win_amd64.whl").touch()
    return tmp_path / "wheels"


def test_the_bundled_torch_goes_before_another_in_blenders_python(shared, wheels, tmp_path):
    found = find_torches(
        [str(unpack(tmp_path / "python", "2.9.0")), str(unpack(shared, "2.13.0+cpu"))], wheels
    )
    assert [(place.owner, place.version) for place in found] == [
        (BUNDLED, "2.13.0+cpu"),
        (BLENDERS, "2.9.0"),
    ]
    assert not any(place.hindrance for place in found)


def test_another_extensions_newer_torch_in_its_place_is_told_and_tried(shared, wheels, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path, str(unpack(shared, "9.9.0"))])
    bundled, other, *_ = (place for place in find_torches(None, wheels) if place.owner != BLENDERS)
    assert bundled.owner == BUNDLED and "another extension brought torch 9.9.0" in bundled.hindrance
    assert (other.owner, other.version, other.hindrance) == (ANOTHERS, "9.9.0", "")
    assert is_displaced(wheels) and not is_displaced(wheels / "none")
    unpack(shared, "9.9.0").joinpath("torch-9.9.0.dist-info").rename(shared / "torch-2.13.0+cpu.dist-info")
    assert not is_displaced(wheels)


def test_a_torch_for_another_python_is_not_started_and_the_reason_is_told(shared, wheels, tmp_path):
    (place,) = find_torches([str(unpack(shared, "2.13.0+cpu", "cp399"))], wheels)
    assert place.owner == BUNDLED and "is built for Python 3.99" in place.hindrance
    (place,) = find_torches([], wheels)
    assert "has not unpacked it" in place.hindrance
    assert find_torches([], tmp_path / "no wheels") == []


def test_torches_that_do_not_work_are_named_and_the_next_one_is_taken(make_engine, tmp_path, monkeypatch):
    places = [
        TorchPlace("", "2.13.0", BUNDLED, "another extension brought torch 9.9.0"),
        TorchPlace(str(unpack(tmp_path / "a", "9.9.0", code=WITHOUT_NUMPY)), "9.9.0", ANOTHERS),
        TorchPlace(
            str(unpack(tmp_path / "b", "9", code="raise ImportError('an undefined symbol')")), "9", BLENDERS
        ),
    ]
    (tmp_path / "a" / "numpy.py").write_text("raise SystemExit('the numpy of another extension')")
    working = [place for place in find_torches() if not place.hindrance]
    monkeypatch.delenv(WORKER_PYTHON, raising=False)
    monkeypatch.setattr("blender_nca.engine.interpreter.find_torches", lambda: places + working)
    engine = make_engine(device="torch")
    assert engine.frame(growth(), 2, 120).frame == 2
    bundled, others, blenders = engine.message.splitlines()
    assert "(bundled) is not used: another extension brought torch 9.9.0" in bundled
    assert "(another extension's) did not start: torch 2.0.0 and numpy" in others
    assert "Numpy is not available" in others and "an undefined symbol" in blenders
    if working:
        assert "of torch; torch " in engine.device_line and "(Blender's own)" in engine.device_line
        report = engine.self_test(120)
        assert report["backend"] == "torch" and report["speeds"]["torch"] == report["steps_per_second"] > 0
    else:
        assert engine.device_line.startswith("No torch: ")


def write_library(path: Path, *imports: str) -> Path:
    """Write a Windows library that does nothing but import others."""
    address, names = 0x1000, b""
    table, first = b"", 20 * (len(imports) + 1)
    for name in imports:
        table += struct.pack("<5I", 1, 0, 0, address + first + len(names), 1)
        names += name.encode() + b"\0"
    content = table + bytes(20) + names
    coff = struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, 240, 0x2022)
    optional = struct.pack("<H", 0x20B).ljust(112, b"\0") + struct.pack("<4I", 0, 0, address, len(table))
    section = b".idata\0\0" + struct.pack("<4I", len(content), address, len(content), 0x200)
    start = (
        b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x40) + b"PE\0\0" + coff + optional.ljust(240, b"\0")
    ) + section
    path.write_bytes(start.ljust(0x200, b"\0") + content)
    return path


def test_the_dll_that_windows_lacks_is_named_with_what_to_install(tmp_path):
    write_library(tmp_path / "torch_cpu.dll", "c10.dll", "KERNEL32.dll")
    write_library(tmp_path / "c10.dll", "MSVCP140.dll", "KERNEL32.dll", "torch_cpu.dll")
    message = (
        f'[WinError 126] Not found. Error loading "{tmp_path / "torch_cpu.dll"}" or one of its dependencies.'
    )

    def windows(name):
        return name == "KERNEL32.dll"

    told = missing_libraries.explain(message, windows)
    assert told.startswith(
        "Windows has no MSVCP140.dll, which torch_cpu.dll needs. Install Microsoft's Visual C++"
    )
    assert missing_libraries.explain(message, lambda name: True) == ""
    assert missing_libraries.explain("[Errno 13] Permission denied", windows) == ""
    (tmp_path / "c10.dll").unlink()
    assert "has no c10.dll" in missing_libraries.explain(message, windows)
    (tmp_path / "torch_cpu.dll").write_bytes(b"MZ, and then nothing")
    assert missing_libraries.explain(message, windows) == ""
