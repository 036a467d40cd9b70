# SPDX-License-Identifier: GPL-3.0-or-later
"""Torch zip: the extension with PyTorch's wheels in it, and the checks of one file by file."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

import torch_wheels
from extension_builder import BuildError, ExtensionBuilder
from torch_wheels import LOCK, TAGS, Target

MANIFEST, WHEELS = "blender_manifest.toml", "wheels"
LONGEST_PATH = 259
"""Characters that Windows takes, where nobody has set it otherwise."""
SITE_PACKAGES = (
    r"C:\Users\{user}\AppData\Roaming\Blender Foundation\Blender\{blender}\extensions\.local\lib\python{python}"
    r"\site-packages"
)
"""Where Blender unpacks wheels on Windows."""
LONGEST_USER = 20
"""Characters of a name on Windows."""


def pack(small: Path, target: Target, index: str, out: Path, builder: ExtensionBuilder, lock: Path) -> Path:
    """Make the zip of a target out of the small one.

    Parameters
    ----------
    small
        The extension's zip without PyTorch.
    target
    index
        As for `torch_wheels.fetch`.
    out
        Folder of the zips.
    builder
    lock
        Of the wheels.

    Returns
    -------
    Path
        The zip.

    Raises
    ------
    BuildError
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".torch-", dir=out) as folder:  # there the room is looked after
        source = Path(folder)
        with ZipFile(small) as archive:
            archive.extractall(source)
        wheels = torch_wheels.fetch(target, source / WHEELS, index, lock)
        manifest = source / MANIFEST
        text = write_manifest(manifest.read_text(encoding="utf-8"), target, [wheel.name for wheel in wheels])
        manifest.write_text(text, encoding="utf-8", newline="\n")
        path = out / name(small, target)
        builder.build(source, path)
    try:
        check(path, target, lock)
    except BuildError:
        path.unlink()
        raise
    return path


def read_version(folder: Path) -> str:
    """The version of the extension whose sources lie in a folder."""
    found = re.search(r'^version = "(.*)"$', (folder / MANIFEST).read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise BuildError(f"{folder / MANIFEST} says no version.")
    return found[1]


def name(small: Path, target: Target) -> str:
    """The file name of a target's zip: "blender_nca-0.1.0-linux_x64-cpu-blender_4.2.zip"."""
    first = target.blender.first.rpartition(".")[0]
    return f"{small.stem}-{target.platform.replace('-', '_')}-{target.kind}-blender_{first}.zip"


def write_manifest(text: str, target: Target, wheels: list[str]) -> str:
    """The manifest of a target's zip, out of that of the small one."""
    end = f'blender_version_max = "{target.blender.end}"\n' if target.blender.end else ""
    listed = "".join(f'  "./{WHEELS}/{wheel}",\n' for wheel in wheels)
    own = (
        f'blender_version_min = "{target.blender.first}"\n{end}'
        f'platforms = ["{target.platform}"]\nwheels = [\n{listed}]\n'
    )
    text, count = re.subn(r'^blender_version_min = ".*"\n', lambda _: own, text, flags=re.MULTILINE)
    if count != 1:
        raise BuildError(f"{MANIFEST} says blender_version_min {count} times.")
    return text


def check(path: Path, target: Target, lock: Path = LOCK) -> None:
    """Check a finished zip file by file: manifest, tags, hashes, names; raises `BuildError` with all that is wrong."""
    import tomllib  # here: a small zip is packed by older Pythons, too

    wrong, locked = [], torch_wheels.read_lock(target, lock)
    with ZipFile(path) as archive, tempfile.TemporaryDirectory(prefix=".check-", dir=path.parent) as folder:
        manifest = tomllib.loads(archive.read(MANIFEST).decode("utf-8"))
        lying = {entry for entry in archive.namelist() if entry.startswith(f"{WHEELS}/")}
        listed = {entry.removeprefix("./") for entry in manifest["wheels"]}
        if not lying == listed == {f"{WHEELS}/{wheel}" for wheel in locked}:
            wrong.append("manifest, lock and zip do not name the same wheels")
        if manifest["platforms"] != [target.platform]:
            wrong.append(f"the manifest is for {manifest['platforms']}")
        versions = manifest["blender_version_min"], manifest.get("blender_version_max", "")
        if versions != (target.blender.first, target.blender.end):
            wrong.append(f"the manifest is for Blender {versions}")
        for entry in sorted(lying):
            wheel = Path(archive.extract(entry, folder))
            wrong += [
                f"{wheel.name}: {what}" for what in _wrong_with(wheel, target, locked.get(wheel.name, ""))
            ]
            wheel.unlink()
    if wrong:
        raise BuildError("\n".join([f"{path.name} is not as it should be:", *wrong]))


def _wrong_with(wheel: Path, target: Target, digest: str) -> list[str]:
    wrong = []
    if torch_wheels.digest(wheel) != digest:
        wrong.append("its hash is not that of the lock")
    if not _fits(wheel.name, target):
        wrong.append(f"its tags are not for {target}")
    if wheel.name.lower().startswith("numpy-"):
        wrong.append("Blender has a numpy of its own")
    with ZipFile(wheel) as archive:
        names = archive.namelist()
    if any(".." in PurePosixPath(entry).parts or entry.startswith("/") for entry in names):
        wrong.append("it leads out of its folder")
    longest = max(names, key=len, default="")
    if target.platform.startswith("windows") and len(longest) > room_on_windows(target):
        wrong.append(f"a path of {len(longest)} characters is too long for Windows: {longest}")
    return wrong


def room_on_windows(target: Target) -> int:
    """The characters that are left to a wheel's paths there, for an artist with a long name."""
    version = target.blender.first.rpartition(".")[0]
    folder = SITE_PACKAGES.format(user="u" * LONGEST_USER, blender=version, python=target.blender.python)
    return LONGEST_PATH - len(folder) - 1


def _fits(wheel: str, target: Target) -> bool:
    """Whether a wheel's tags are for the target's Python and platform."""
    python, abi, platforms = wheel.removesuffix(".whl").split("-")[-3:]
    compact = target.blender.python.replace(".", "")
    is_python = f"cp{compact}" in python.split(".") or "py3" in python.split(".")
    if abi == "abi3":  # of that Python 3 or a newer one
        lowest = min(int(tag.removeprefix("cp3")) for tag in python.split(".") if tag.startswith("cp3"))
        is_python = lowest <= int(compact.removeprefix("3"))
    is_abi = abi in (f"cp{compact}", "abi3", "none")
    return is_python and is_abi and any(_runs_on(tag, target.platform) for tag in platforms.split("."))


def _runs_on(tag: str, platform: str) -> bool:
    if platform == "macos-arm64":
        return tag == "any" or bool(re.fullmatch(r"macosx_(1[0-4])_\d+_(arm64|universal2)", tag))
    return tag == "any" or tag in TAGS[platform]


def tell(path: Path) -> str:
    """A line on a finished zip: how large it is, and what it takes where it is installed."""
    with ZipFile(path) as archive:
        wheels = [entry for entry in archive.infolist() if entry.filename.endswith(".whl")]
        files = len(archive.namelist())
        unpacked = sum(_unpacked(archive, entry.filename) for entry in wheels)
    size = path.stat().st_size
    text = f"{path}: {files} files, {size / 2**20:.1f} MiB"
    if wheels:
        text += f", of which {len(wheels)} wheels {sum(entry.file_size for entry in wheels) / 2**20:.1f} MiB"
        text += f"; installed {(size + unpacked) / 2**30:.1f} GiB"
    return text


def _unpacked(archive: ZipFile, entry: str) -> int:
    with archive.open(entry) as stream, ZipFile(stream) as wheel:
        return sum(member.file_size for member in wheel.infolist())
