# SPDX-License-Identifier: GPL-3.0-or-later
"""Interpreter: which Pythons the worker may run in, in the order in which they are tried.

Whether one of them really has a torch that works is seen by starting the worker in it: nothing less tells.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from .torch_place import find_torches

WORKER_PYTHON = "NCA_WORKER_PYTHON"
"""Environment variable that names a Python to try before all others, for tests and render farms."""


@dataclass(frozen=True)
class Candidate:
    """A Python that may run the worker.

    Attributes
    ----------
    python : Path
    torch : bool
        Whether torch is wanted of it; without, the worker imports no torch and grows with numpy.
    origin : str
        Who named it, or whose torch it is, in words for the artist.
    paths : tuple of str
        Folders to look for modules in after its own.
    own : bool
        It is the Python that this process runs in: an artist's per-user packages stay out, as they do in
        Blender.
    torch_folder : str
        Where torch is to come from, before all other folders of modules; empty where it is its own.
    hindrance : str
        Why it need not be started: it cannot work.
    """

    python: Path
    torch: bool
    origin: str
    paths: tuple[str, ...] = ()
    own: bool = False
    torch_folder: str = ""
    hindrance: str = ""


def find_python(
    preference: Path | None = None, own_folder: Path | None = None, torch: bool = True
) -> list[Candidate]:
    """The Pythons to try, best first; the last one grows without torch.

    Parameters
    ----------
    preference
        The Python that the artist chose.
    own_folder
        A virtual environment of the extension's own, where there is one.
    torch
        Whether Pythons with torch are wanted at all.
    """
    candidates = []
    modules = module_folders("numpy", "OpenImageIO")
    if torch:
        if os.environ.get(WORKER_PYTHON):
            candidates.append(Candidate(Path(os.environ[WORKER_PYTHON]), True, f"named by {WORKER_PYTHON}"))
        if preference is not None:
            candidates.append(Candidate(Path(preference), True, "chosen in the preferences"))
        if own_folder is not None and (private := python_of(own_folder)).exists():
            origin = "installed from the preferences"
            candidates.append(Candidate(private, True, origin, modules))
        for place in find_torches():
            own = (own_python(), True, place.owner, modules, True)
            candidates.append(Candidate(*own, place.folder, place.hindrance))
    candidates.append(Candidate(own_python(), False, "Blender's own", modules, True))
    return candidates


def python_of(environment: Path) -> Path:
    """Where a virtual environment has its Python."""
    return Path(environment) / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def own_python() -> Path:
    """The Python that runs here, as a program: where it is embedded, `sys.executable` may be what embeds it."""
    executable = Path(sys.executable or "")
    if executable.name.lower().startswith("python"):
        return executable
    names = [f"python{sys.version_info[0]}.{sys.version_info[1]}", "python3", "python", "python.exe"]
    for folder in (
        Path(sys.prefix) / "bin",
        Path(sys.prefix),
        Path(sys.base_prefix) / "bin",
        executable.parent,
    ):
        for name in names:
            if (folder / name).is_file():
                return folder / name
    return executable


def module_folder(name: str) -> str | None:
    """The folder from which this process would import a module, without importing it."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
    if spec is None or not spec.submodule_search_locations:
        return None
    return str(Path(next(iter(spec.submodule_search_locations))).parent)


def module_folders(*names: str) -> tuple[str, ...]:
    """The folders of the modules that are there, each once."""
    return tuple(dict.fromkeys(folder for name in names if (folder := module_folder(name)) is not None))


def folders_beside_bpy() -> tuple[str, ...]:
    """Where Blender as a Python module keeps the modules that Blender's own Python has, such as OpenImageIO."""
    folder = module_folder("bpy")
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    found = (
        Path(folder, "bpy").glob(f"*/python/lib/{place}/site-packages") for place in (version, ".")
    ) if folder else ()  # fmt: skip
    return tuple(str(path) for paths in found for path in paths)
