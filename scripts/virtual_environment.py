# SPDX-License-Identifier: GPL-3.0-or-later
"""The repository's private Python environments: made on first use, started at once from then on.

A script that a person runs begins with::

    import virtual_environment

    virtual_environment.enter()

and goes on inside ``.venv``, with torch, Blender and ``blender_nca`` to import. What an environment holds is
pinned in ``pyproject.toml``. This file and the top of such scripts run on whatever ``python3`` is, so they
are written for Python 3.8 and the standard library.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

REPOSITORY = Path(__file__).resolve().parents[1]


class VirtualEnvironment(NamedTuple):
    """One environment: its folder in the repository, its Python, its group in ``pyproject.toml``."""

    folder: Path
    python_version: str
    group: str
    modules: Sequence[str]

    @property
    def python(self) -> Path:
        """Its interpreter."""
        folder, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
        return self.folder / folder / name

    @property
    def stamp(self) -> Path:
        """Written last, when all is installed and starts; says what was installed."""
        return self.folder / "neural-growth.json"


MAIN = VirtualEnvironment(REPOSITORY / ".venv", "3.11", "main", ("torch", "bpy", "numpy", "pytest"))
BLENDER_4_5 = VirtualEnvironment(
    REPOSITORY / ".venv-blender-4.5", "3.11", "blender-4-5-tests", ("bpy", "numpy", "pytest")
)
BLENDER_5_2 = VirtualEnvironment(
    REPOSITORY / ".venv-blender-5.2", "3.13", "blender-5-2-tests", ("bpy", "numpy", "pytest")
)

# What the progress line says of a dependency group.
CONTENTS = {
    "torch": "torch, about 200 MB (where pip takes the CUDA build: several GB)",
    "blender-4-5": "Blender 4.5 as a Python module, about 350 MB",
    "blender-5-0": "Blender 5.0 as a Python module, about 350 MB",
    "blender-5-2": "Blender 5.2 as a Python module, about 350 MB",
    "tests": "test tools",
    "manual": "a reader of Markdown",
    "checks": "code checks",
    "types": "mypy and stubs of Blender's modules, about 60 MB",
    "cuda": "NVIDIA's compiler of kernels, about 90 MB",
    "zig": "Zig's C compiler, about 100 MB",
    "cax": "CAX and JAX, about 400 MB",
}


class SetUpError(Exception):
    """The environment could not be made; the message says why and what to do."""


class PythonMissingError(SetUpError):
    """No Python of the needed version was found."""


def enter() -> None:
    """Go on in ``.venv``; make it first when it is not there, not complete or not up to date.

    Ends the script with status 2 and a message when that can't be done.
    """
    try:
        if sys.version_info[:2] != (3, 11):
            _restart(find_python("3.11"))
        python = prepare(MAIN)
    except SetUpError as error:
        _give_up(error)
    except KeyboardInterrupt:
        _say("\nStopped. The next run sets up again.")
        sys.exit(130)
    if Path(sys.prefix).resolve() != MAIN.folder.resolve():
        _restart(python)
    sys.path.insert(0, str(REPOSITORY))  # Python itself puts only scripts/ there


def prepare(environment: VirtualEnvironment) -> Path:
    """Make an environment ready.

    Returns
    -------
    Path
        The environment's interpreter.

    Raises
    ------
    SetUpError
        When it can't be made: no such Python, no network, no room on the disk, a system library missing.
    """
    groups = _read_groups(environment.group)
    wanted = {
        "folder": str(environment.folder),  # a moved environment has scripts that point nowhere
        "python": environment.python_version,
        "requirements": [requirement for group in groups.values() for requirement in group],
    }
    if _read_stamp(environment) == wanted:
        return environment.python
    with _alone():
        present = _read_stamp(environment)  # another script may have made it meanwhile
        if present == wanted:
            return environment.python
        _make(environment, groups, wanted, present)
    return environment.python


def find_python(version: str) -> Path:
    """Find an interpreter of one version, such as ``"3.11"``, that can make virtual environments.

    Raises
    ------
    PythonMissingError
        With what to install.
    """
    without_venv = None
    for candidate in _candidates(version):
        probe = _probe(candidate)
        if probe is None or probe["version"] != version or not probe["usable"]:
            continue
        if probe["venv"]:
            return Path(probe["executable"])
        without_venv = without_venv or candidate
    if without_venv:
        raise PythonMissingError(
            f"{without_venv} can't make virtual environments. Install its venv module "
            f"(Debian, Ubuntu: sudo apt install python{version}-venv) and run this again."
        )
    running = ".".join(str(part) for part in sys.version_info[:3])
    raise PythonMissingError(
        f"Python {version} (64 bit) is needed, the one that Blender is built for; this is Python {running}, "
        f"and no other was found. Install Python {version} from python.org or your system's packages, so "
        f"that 'python{version}' starts it, and run this again."
    )


def _candidates(version: str) -> Iterator[str]:
    """Where Pythons are: the running one, PATH, then where installers put them without telling PATH."""
    yield getattr(sys, "_base_executable", None) or sys.executable
    suffix = ".exe" if os.name == "nt" else ""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        for name in (f"python{version}", "python3", "python"):
            path = Path(folder or ".") / (name + suffix)
            if path.is_file():
                yield str(path)
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    compact = version.replace(".", "")
    for root, pattern in (
        (pyenv / "versions", f"{version}.*/bin/python{version}"),
        (Path.home() / ".local/share/uv/python", f"cpython-{version}*/bin/python{version}"),
        (Path("/opt/homebrew/bin"), f"python{version}"),
        (Path("/usr/local/bin"), f"python{version}"),
        (Path("/Library/Frameworks/Python.framework/Versions"), f"{version}/bin/python{version}"),
        (Path.home() / "AppData/Local/Programs/Python", f"Python{compact}/python.exe"),
        (pyenv / "pyenv-win/versions", f"{version}.*/python.exe"),
    ):
        yield from map(str, sorted(root.glob(pattern), reverse=True))


def _probe(python: str) -> dict[str, object] | None:
    """Ask an interpreter what it is; None when it doesn't start (a pyenv shim without that version, say)."""
    question = (
        "import importlib.util as u, json, sys; print(json.dumps({"
        "'version': '%d.%d' % sys.version_info[:2],"
        "'usable': sys.implementation.name == 'cpython' and sys.maxsize > 2**32,"
        "'venv': all(u.find_spec(m) is not None for m in ('venv', 'ensurepip')),"
        "'executable': getattr(sys, '_base_executable', sys.executable)}))"
    )
    try:
        answer = subprocess.run(
            [python, "-I", "-c", question],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=30,
            check=True,
        )
        return json.loads(answer.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def _read_groups(name: str) -> dict[str, list[str]]:
    """The dependency groups that a group of ``pyproject.toml`` includes, in its order."""
    import tomllib  # here: the scripts come to this on Python 3.11 at the earliest

    with (REPOSITORY / "pyproject.toml").open("rb") as file:
        groups = tomllib.load(file)["dependency-groups"]
    included = [entry["include-group"] for entry in groups[name]]
    return {group: list(groups[group]) for group in included}


def _read_stamp(environment: VirtualEnvironment) -> dict[str, object] | None:
    """What was installed; None when the environment is missing or half made."""
    try:
        stamp = json.loads(environment.stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return stamp if isinstance(stamp, dict) and environment.python.exists() else None


def _make(
    environment: VirtualEnvironment,
    groups: dict[str, list[str]],
    wanted: dict[str, object],
    present: dict[str, object] | None,
) -> None:
    """Install what is wanted, into a new folder unless the present environment only lacks newer packages."""
    folder = environment.folder
    usable = present is not None and all(present.get(key) == wanted[key] for key in ("folder", "python"))
    python = None if usable else find_python(environment.python_version)
    begun = time.monotonic()
    _say(
        f"{'Updating' if usable else 'Setting up'} {folder.name} (Python {environment.python_version}), "
        "once, a few minutes:"
    )
    if usable:
        environment.stamp.unlink()
    else:
        if folder.exists():
            _say(f"  {folder.name} was not finished or was moved: making it again")
        _remove(folder)
        _run([str(python), "-I", "-m", "venv", str(folder)], "making the environment")
    for number, (group, requirements) in enumerate(groups.items(), start=1):
        pip = [str(environment.python), "-I", "-m", "pip", "--disable-pip-version-check", "--no-input"]
        _run(
            [*pip, "install", "--quiet", "--progress-bar", "off", "--retries", "2", *requirements],
            f"({number}/{len(groups)}) {CONTENTS[group]}",
        )
    statement = f"import {', '.join(environment.modules)}, os; os._exit(0)"
    _run([str(environment.python), "-I", "-c", statement], "checking that it starts", limit=300)
    part = environment.stamp.with_suffix(".part")
    part.write_text(json.dumps(wanted, indent=1), encoding="utf-8")
    part.replace(environment.stamp)
    _say(f"{folder.name} is ready after {time.monotonic() - begun:.0f} s.")


def _say(text: str, end: str = "\n") -> None:
    """Tell of the progress; not where a script's results go, which another program may read."""
    print(text, end=end, file=sys.stderr, flush=True)


def _run(command: list[str], what: str, limit: float = 7200) -> None:
    """Run one command of the set-up behind a progress line; a dot every five seconds."""
    _say(f"  {what} ", end="")
    begun = time.monotonic()
    variables = {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
    process = subprocess.Popen(
        command,
        cwd=str(REPOSITORY),
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    try:
        while True:
            try:
                output = process.communicate(timeout=5)[0]
                break
            except subprocess.TimeoutExpired:
                _say(".", end="")
                if time.monotonic() - begun > limit:
                    raise SetUpError(f"It did not end within {limit:.0f} s: {' '.join(command)}") from None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if process.returncode:
        _say(" failed")
        raise SetUpError(_explain(output, process.returncode))
    _say(f" {time.monotonic() - begun:.0f} s")


def _explain(output: str, status: int) -> str:
    """Say in a sentence what went wrong in a command of the set-up and what to do; its last lines follow."""
    library = re.search(r"(lib[\w.+-]+\.so[\w.]*): cannot open shared object file", output)
    if "No space left on device" in output:
        reason = "The disk is full. An environment takes up to 2.5 GB here, and as much again in pip's cache."
    elif library:
        reason = (
            f"Blender needs a system library that is not installed: {library.group(1)}. Debian, Ubuntu: sudo "
            "apt install libx11-6 libxext6 libxi6 libxfixes3 libxrender1 libxxf86vm1 libxkbcommon0 libsm6 "
            "libgl1"
        )
    elif re.search(
        r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError"
        r"|Connection refused|Connection aborted|Network is unreachable|Max retries exceeded"
        r"|Temporary failure in name resolution",
        output,
    ):
        reason = (
            "There is no network: pip can't reach the package registry. Connect (behind a proxy: set "
            "HTTPS_PROXY) and run this again; what is downloaded already is kept."
        )
    elif "No matching distribution found" in output:
        reason = (
            "A package has no build for this system. Blender as a Python module is there for Linux and "
            "Windows on x86-64 and for macOS on Apple silicon; a mirror or a proxy can also hide it."
        )
    else:
        reason = f"The command ended with status {status}."
    last = [
        line for line in output.splitlines() if line.strip() and not line.startswith("WARNING: Retrying")
    ][-6:]
    return "\n".join([reason, *(f"  | {line}" for line in last)])


def _remove(folder: Path) -> None:
    """Remove an environment, or what is left of one."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        try:
            shutil.rmtree(str(folder))
        except OSError as error:
            raise SetUpError(
                f"{folder} is not complete and can't be removed ({error}). Remove it by hand."
            ) from None


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Hold other scripts of this checkout off while an environment is made (not on Windows)."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with (REPOSITORY / "pyproject.toml").open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Another script is setting up; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError:  # a network drive without locks
            pass
        yield


def _restart(python: Path) -> NoReturn:
    """Run this script again, with another interpreter, in place of this process."""
    sys.stdout.flush()
    sys.stderr.flush()
    command = [str(python), *sys.argv]
    if os.name == "nt":  # there execv returns to the shell at once
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


def _give_up(error: SetUpError) -> NoReturn:
    sys.stdout.flush()
    print(f"\nCan't set up. {error}", file=sys.stderr, flush=True)
    sys.exit(2)
