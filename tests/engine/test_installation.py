# SPDX-License-Identifier: GPL-3.0-or-later
"""The private PyTorch, with a tiny package in its place: the same code, without a network."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import sysconfig
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from blender_nca.engine import installation
from blender_nca.engine import recipe as recipes
from blender_nca.engine.installation import RECORD, Installation, Recipe, find_installed, torch_recipe
from blender_nca.engine.interpreter import find_python, python_of
from blender_nca.engine.recipe import bundled_recipe
from tests import wheel as wheels

PACKAGE = "neural_growth_seedling"
PATIENCE = 60
REPOSITORY = Path(__file__).resolve().parents[2]
posix_only = pytest.mark.skipif(os.name == "nt", reason="makes its Pythons as shell scripts")


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch):
    """None of this machine's package indices."""
    for name in [name for name in os.environ if name.upper().startswith(("PIP_", "HTTP_PROXY", "ALL_PROXY"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def folder(tmp_path) -> Path:
    """Where it is installed; not made yet, and its name is not a plain one."""
    return tmp_path / "Åsa Öberg – 材料 (1)" / "torch"


UNPACK_PIP = """
import ensurepip, pathlib, sysconfig, zipfile
wheels = list((pathlib.Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"))
for wheel in wheels:
    zipfile.ZipFile(wheel).extractall(sysconfig.get_path("purelib"))
if not wheels:  # a distribution's Python has them elsewhere
    ensurepip.bootstrap()
"""


def unpack_pip(monkeypatch, made_by: type[Installation]) -> None:
    """Let Python's pip be unpacked into environments, where it is not what is tested: `ensurepip` takes long."""
    run = made_by._run

    def run_quickly(made: Installation, command: list[str], *others) -> list[str]:
        if "ensurepip" in command:
            command = [command[0], "-I", "-c", UNPACK_PIP]
        return run(made, command, *others)

    monkeypatch.setattr(made_by, "_run", run_quickly)


@pytest.fixture
def quick_pip(monkeypatch):
    unpack_pip(monkeypatch, Installation)


@pytest.fixture
def wheel(tmp_path) -> Path:
    return write_wheel(tmp_path / "whéels of mine")


def write_wheel(folder: Path, code: str = "__version__ = '1.5'\n") -> Path:
    """Write a package as a wheel."""
    return wheels.write_wheel(folder, PACKAGE, "1.5", {f"{PACKAGE}.py": code})


def recipe(requirement: Path | str, **arguments) -> Recipe:
    return Recipe((str(requirement),), (PACKAGE,), **arguments)


def install(folder: Path, wanted: Recipe, index: str = "", python: Path | None = None) -> Installation:
    made = Installation(folder, python)
    made.install(wanted, index)
    assert made.wait(PATIENCE)
    return made


ANOTHER_BLENDER = """
import sys
from pathlib import Path
from blender_nca.engine.installation import Installation, Recipe
made = Installation(Path(sys.argv[1]))
made.install(Recipe((sys.argv[2],), ()), sys.argv[3])
made.wait()
"""


def pips_in(environment: Path) -> str:
    """The processes that run in an environment."""
    processes = subprocess.check_output(["ps", "-A", "-ww", "-o", "args"], text=True, encoding="utf-8")
    return "\n".join(line for line in processes.splitlines() if line.startswith(str(environment)))


def lies_in(folder: Path) -> list[str]:
    """What an artist's disk is filled with."""
    return sorted(entry.name for entry in folder.iterdir() if entry.name != installation.LOCK)


@pytest.fixture
def endless_index():
    """A package index that never comes to an end, and the event that somebody asks it."""
    asked, ended = threading.Event(), threading.Event()

    class Endless(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.set()
            ended.wait(PATIENCE)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Endless)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/simple", asked
    ended.set()
    server.shutdown()
    server.server_close()


def test_one_press_installs_and_the_engine_finds_it_and_remove_takes_it_away(folder, wheel, monkeypatch):
    # what Blender, or the artist's shell, may have set; each of them would break it or lead it elsewhere
    elsewhere = str(folder.parent / "elsewhere")
    for name in ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_CACHE_DIR", "PIP_USER"):
        monkeypatch.setenv(name, elsewhere)
    blenders_own = sorted(os.listdir(sysconfig.get_path("purelib")))
    made = Installation(folder)
    stages = set()
    made.install(recipe(wheel))
    while made.busy:
        stages.add(made.stage)
        time.sleep(0.01)
    assert made.message == "" and made.stage == ""
    assert {"Making an environment", "Adding pip", "Downloading and installing"} <= stages
    found = made.installed
    assert (found.version, found.python) == ("1.5", f"{sys.version_info[0]}.{sys.version_info[1]}")
    assert found.size > 2**20
    assert lies_in(folder) == sorted([found.environment.name, RECORD])
    assert not (found.environment / "tmp").exists() and not Path(elsewhere).exists()
    monkeypatch.delenv("NCA_WORKER_PYTHON", raising=False)
    assert find_python(None, found.environment)[0].python == python_of(found.environment)
    said = subprocess.check_output(
        [python_of(found.environment), "-I", "-c", f"import {PACKAGE}; print('here')"]
    )
    assert said.strip() == b"here"
    assert sorted(os.listdir(sysconfig.get_path("purelib"))) == blenders_own
    made.remove()
    assert made.installed is None, "at once"
    assert made.wait(PATIENCE) and made.message == "" and not folder.exists()


def test_the_bundled_wheels_are_installed_without_an_index_and_nothing_is_added(folder, tmp_path, quick_pip):
    needs = ("a-package-that-is-nowhere",)
    code = {"torch/__init__.py": "__version__ = '2.13.0'\n"}
    wheels.write_wheel(tmp_path / "wheels", "torch", "2.13.0", code, needs=needs)
    wanted = bundled_recipe(tmp_path / "wheels")
    assert "nothing to download" in wanted.offer
    made = install(folder, wanted, index="http://127.0.0.1:9/nobody-is-asked")
    assert made.message == "" and made.installed.version == "2.13.0"


def test_cancelling_leaves_nothing_behind_and_ends_pip(folder, endless_index, quick_pip):
    index, asked = endless_index
    made = Installation(folder)
    made.install(recipe(PACKAGE), index)
    assert asked.wait(PATIENCE)
    process = made._process
    begun = time.monotonic()
    made.cancel()
    assert time.monotonic() - begun < 0.5, "the window does not wait"
    assert made.stage == "Cancelling" and not made.can_cancel
    assert made.wait(10) and made.message == "" and made.stage == ""
    assert process.poll() is not None
    assert lies_in(folder) == [] and made.installed is None and not made.leftovers


@posix_only
def test_a_second_blender_waits_and_what_a_crash_left_is_repaired_by_the_next_press(
    folder, wheel, endless_index, quick_pip
):
    index, asked = endless_index
    blender = subprocess.Popen(
        [sys.executable, "-c", ANOTHER_BLENDER, folder, PACKAGE, index], cwd=REPOSITORY
    )
    try:
        assert asked.wait(PATIENCE)
        (half,) = lies_in(folder)
        assert pips_in(folder / half)
        for attempt in (lambda one: one.install(recipe(wheel)), Installation.remove):
            second = Installation(folder)
            attempt(second)
            assert second.wait(PATIENCE) and "Another Blender" in second.message
        assert lies_in(folder) == [half] and find_installed(folder) is None
    finally:
        blender.kill()
        blender.wait()
    begun = time.monotonic()
    while pips_in(folder / half):
        assert time.monotonic() - begun < 10, "pip goes on downloading for nobody"
        time.sleep(0.1)
    assert Installation(folder).leftovers
    (folder / "my notes.txt").write_text("not ours")
    made = install(folder, recipe(wheel))
    assert made.message == "" and made.installed.version == "1.5"
    assert lies_in(folder) == sorted([made.installed.environment.name, RECORD, "my notes.txt"])


def test_an_installation_whose_blender_is_gone_is_not_offered_to_the_engine(folder, wheel):
    assert find_installed(folder) is None, "nothing there at all"
    environment = folder / "e0123"
    python_of(environment).parent.mkdir(parents=True)
    python_of(environment).touch()
    record = {"format": installation.FORMAT, "environment": "e0123", "base": sys.executable}
    record |= {"python": "3.11", "version": "1.5", "size": 1}
    (folder / RECORD).write_text(json.dumps(record))
    assert find_installed(folder).environment == environment
    for broken in (
        {**record, "base": str(folder / "a Blender of last year" / "python")},
        {**record, "environment": ".."},
        {**record, "size": None},
        {"format": "another"},
        [],
    ):
        (folder / RECORD).write_text(json.dumps(broken))
        assert find_installed(folder) is None
    (folder / RECORD).write_bytes(b"\xff half a rec")
    assert find_installed(folder) is None


def test_without_a_network_it_says_so_and_leaves_nothing(folder, monkeypatch, quick_pip):
    monkeypatch.setattr(installation, "PATIENCE", ("--retries", "1", "--timeout", "5"))
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, but nobody listens
        index = f"http://127.0.0.1:{closed.getsockname()[1]}/simple"
        made = install(folder, recipe(PACKAGE), index)
    assert "There is no network, or the package index does not answer" in made.message
    assert made.installed is None and lies_in(folder) == []


def test_a_package_that_the_index_has_not_for_this_system_is_told_so(folder, tmp_path, quick_pip):
    (tmp_path / "index" / PACKAGE.replace("_", "-")).mkdir(parents=True)
    index = (tmp_path / "index").as_uri()
    for name in ("index.html", f"{PACKAGE.replace('_', '-')}/index.html"):
        (tmp_path / "index" / name).write_text("<!DOCTYPE html><html></html>")
    made = install(folder, recipe(PACKAGE), index)
    assert "has no PyTorch for this system" in made.message, made.message
    assert "No matching distribution" in made.message, "pip's own words follow"


@pytest.mark.parametrize("index", ["--target=/", "example.org/simple", "https://one https://two"])
def test_a_mistyped_index_is_told_before_anything_begins(folder, index):
    assert "begins with https://" in install(folder, recipe(PACKAGE), index).message
    assert not folder.exists()


def test_a_torch_that_does_not_load_is_told_and_not_kept(folder, tmp_path, quick_pip):
    wheel = write_wheel(tmp_path, "raise ImportError('DLL load failed while importing _C')\n")
    made = install(folder, recipe(wheel))
    assert "Visual C++ Redistributable" in made.message and "DLL load failed" in made.message
    assert lies_in(folder) == []


def test_too_little_room_is_told_before_anything_begins(folder, wheel):
    made = install(folder, recipe(wheel, room=2**60))
    assert "not enough room" in made.message and "are free" in made.message and not folder.exists()


def test_a_folder_that_cannot_be_made_is_told(folder, wheel):
    folder.parent.write_text("a file")
    made = install(folder, recipe(wheel))
    assert made.message and made.stage == "" and not made.busy


@posix_only
@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (['echo "$0: No module named ensurepip" >&2', "exit 1"], "On Debian and Ubuntu install python3"),
        (["echo 'OSError: [Errno 28] No space left on device'", "exit 1"], "The disk is full"),
        (["echo 'a line'; echo 'the last words'", "exit 7"], "the last words"),
        (["kill -SEGV $$"], "could not make a virtual environment"),
    ],
    ids=["Debian's Blender", "a full disk", "an error", "a crash"],
)
def test_a_python_that_cannot_make_environments_is_told_with_what_to_do(folder, wheel, tmp_path, lines, told):
    python = tmp_path / "python3"
    python.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
    python.chmod(0o755)
    made = install(folder, recipe(wheel), python=python)
    assert told in made.message and lies_in(folder) == []


@pytest.mark.parametrize("name", ["python3", "blender"])
def test_a_blender_without_a_python_program_is_not_started_in_its_place(folder, wheel, tmp_path, name):
    if name == "blender":
        (tmp_path / name).write_text("#!/bin/sh\ntouch started\n")
    assert "no Python program" in install(folder, recipe(wheel), python=tmp_path / name).message


def test_torch_stays_below_the_paths_that_windows_cannot_hold(monkeypatch):
    assert torch_recipe().requirements[0] == "torch>=2.6" or os.name == "nt"
    for system, machine, word in (
        ("win32", "AMD64", "without CUDA"),
        ("darwin", "arm64", "Metal"),
        ("darwin", "x86_64", "no current PyTorch"),
        ("linux", "x86_64", "with CUDA"),
        ("linux", "aarch64", "GB"),
    ):
        text, room = recipes._offer(system, machine)
        assert word in text and room >= recipes.GIB
    assert torch_recipe(custom_index=True).room == recipes.GIB
    monkeypatch.setattr(recipes.os, "name", "nt")
    monkeypatch.setattr(recipes, "_long_paths", lambda: False)
    assert torch_recipe().requirements[0].endswith(",<2.13")
    monkeypatch.setattr(recipes, "_long_paths", lambda: True)
    assert torch_recipe().requirements[0] == "torch>=2.6"
