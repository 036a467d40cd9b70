# SPDX-License-Identifier: GPL-3.0-or-later
"""Own: the artist's own species, each a file in the extension's user folder with its picture beside it.

Files are named by what they hold, so that a name never leads out of the folder, and two Blenders that save at once
write two files. They know nothing of each other otherwise: what is there is asked of the disk.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ...genetics.learned import LEARNED_SUFFIX
from ...genetics.species import (
    Species,
    SpeciesError,
    pack_species,
    read_bounded,
    read_species,
    unpack_species,
)
from ...maps.whole_file import write_whole
from ..host.extension import user_folder
from . import catalogue, choices, learned

NO_FOLDER = "A legacy add-on has no folder for species of your own: install Neural Growth as an extension."


def folder() -> Path | None:
    """Where the artist's own species are. It need not exist; None for an old-style add-on, which has none."""
    models = user_folder("models")
    return None if models is None else models / "species"


def stem_of(manifold: str, name: str) -> str:
    """How files of a species are named: readable, of letters that every file system takes, and its own."""
    readable = re.sub("[^a-z0-9]+", "_", name.casefold()).strip("_")[:40]
    return f"{readable}_{hashlib.sha256(f'{manifold}/{name}'.encode()).hexdigest()[:12]}"


def is_own(one: Species) -> bool:
    """Whether a species of the library is the artist's own: it can be changed and deleted."""
    return one.file is not None and one.file.parent == folder()


def listed() -> list[Species]:
    """The artist's own, by name."""
    return [one for one in catalogue.species().species if is_own(one)]


def save(one: Species, picture: bytes = b"", may_replace: bool = False) -> Species:
    """Keep a species as one of the artist's own.

    Parameters
    ----------
    one : Species
    picture : bytes
        A PNG, where there is one already.
    may_replace : bool
        Whether one of the artist's own of that name may go for it.

    Raises
    ------
    SpeciesError
        There is one of that name already, or it cannot be written; nothing has changed.
    """
    path = _place(one.manifold, one.name)
    if _is_listed_elsewhere(one):
        raise SpeciesError(f"“{one.name}” is in the library and not one of your own: choose another name.")
    known = find(one.manifold, one.name)
    if known is not None and not may_replace:
        raise SpeciesError(f"You have a species “{one.name}” already: choose another name, or replace it.")
    if known is not None and known.file is not None:
        path = known.file
    with _told(f"“{one.name}” was not saved"):
        path.parent.mkdir(parents=True, exist_ok=True)
        if picture:
            _write_picture(path, picture)
        elif known is None or known.dna != one.dna:
            path.with_suffix(".png").unlink(missing_ok=True)  # it shows another
        write_whole(path, pack_species(one))
        catalogue.forget_species()
        return read_species(path)


def find(manifold: str, name: str) -> Species | None:
    """One of the artist's own, as the disk has it: another Blender may have saved it just now."""
    try:
        one = read_species(_place(manifold, name))
        if (one.manifold, one.name) == (manifold, name):
            return one
    except (OSError, SpeciesError):
        pass
    listed = catalogue.species().find(manifold, name)
    return listed if listed is not None and is_own(listed) and _is_there(listed) else None


def change(one: Species, **values: object) -> Species:
    """Give one of the artist's own another name, other tags, author or licence. Its picture stays.

    Raises
    ------
    SpeciesError
        The values are none, another species has that name, or it cannot be written; nothing has changed.
    """
    kept = _kept(one)
    other = replace(kept, **values)  # type: ignore[arg-type]  # its own check says what is wrong
    if other.name == kept.name:
        return save(other, may_replace=True)
    saved = save(other, picture_of(kept))
    with _told(f"“{kept.name}” is saved as “{other.name}”, and the old one could not be taken away"):
        _remove(kept)
    catalogue.forget_species()
    return saved


def delete(one: Species) -> None:
    """Take one of the artist's own away. Growths keep its DNA.

    Raises
    ------
    SpeciesError
        It is none of the artist's own, or the folder allows nothing.
    """
    kept = _kept(one)
    with _told(f"“{kept.name}” was not deleted"):
        _remove(kept)
    catalogue.forget_species()


def keep_picture(one: Species, picture: bytes) -> None:
    """Put the picture of one of the artist's own beside it; where it is gone, or another by now, nothing.

    Raises
    ------
    SpeciesError
        It cannot be written.
    """
    known = find(one.manifold, one.name)
    if known is None or known.file is None or known.dna != one.dna:
        return
    with _told(f"The picture of “{one.name}” was not saved"):
        _write_picture(known.file, picture)
    catalogue.forget_species()


def picture_of(one: Species) -> bytes:
    """The PNG of a species; empty where it has none."""
    try:
        return b"" if one.picture is None else read_bounded(one.picture)
    except OSError:
        return b""


def write_file(one: Species, path: Path) -> None:
    """Write a species to a file that can be given away: JSON with its picture in it, or that of a learned species.

    Raises
    ------
    SpeciesError
        It cannot be written, or what it learned is not here.
    """
    content: bytes | None = pack_species(one, picture_of(one))
    if path.suffix == LEARNED_SUFFIX:
        content = learned.content_of(one.learned[0]) if len(one.learned) == 1 else None
        if content is None:
            raise SpeciesError(f"What “{one.name}” learned is not on this machine: import its file again.")
    with _told(f"{path.name} was not written"):
        write_whole(path, content or b"")


def read_file(path: Path) -> Species:
    """Take over a species from a file that somebody gave away; it is named anew where its name is taken.

    Raises
    ------
    SpeciesError
        It is no species, of a newer version, far too large or cannot be read, or cannot be kept.
    """
    if path.suffix.casefold() == LEARNED_SUFFIX:
        header = learned.keep(learned.read_file(path), path.name)
        return take(replace(header.species, licence=header.licence))
    try:
        content = read_bounded(path)
    except OSError as error:
        why = error.strerror or error
        raise SpeciesError(f"{path.name} cannot be read ({why}): choose the file again.") from error
    return read_text(content, path.name)


def read_text(content: bytes, name: str) -> Species:
    """Take over a species from the content of a file, or a text; raises as `read_file` does."""
    try:
        one, picture = unpack_species(content)
    except SpeciesError as error:
        raise SpeciesError(f"{name}: {error}.") from error
    return take(one, picture)


def take(one: Species, picture: bytes = b"") -> Species:
    """Keep a species that came from elsewhere, by another name where its own is taken by another DNA.

    Raises
    ------
    SpeciesError
        It cannot be kept.
    """
    given = one.name
    for number in range(2, 1000):
        known = catalogue.species().find(one.manifold, one.name) or find(one.manifold, one.name)
        if known is None:
            return save(one, picture)
        if (known.dna, known.learned) == (one.dna, one.learned):
            return known
        one = replace(one, name=f"{given} {number}")
    raise SpeciesError(f"There are too many species of the name “{given}”: rename some of yours.")


def _kept(one: Species) -> Species:
    if not is_own(one):
        raise SpeciesError(f"“{one.name}” is not one of your own: save it by another name first.")
    if not _is_there(one):
        catalogue.forget_species()
        raise SpeciesError(f"“{one.name}” is not in your folder any more: another Blender may have taken it.")
    return one


def _is_there(one: Species) -> bool:
    return one.file is not None and one.file.is_file()


def _is_listed_elsewhere(one: Species) -> bool:
    listed = catalogue.species().find(one.manifold, one.name)
    return listed is not None and not is_own(listed)


def _place(manifold: str, name: str) -> Path:
    """The file of one of the artist's own."""
    own = folder()
    if own is None:
        raise SpeciesError(NO_FOLDER)
    return own / f"{stem_of(manifold, name)}.json"


def _remove(one: Species) -> None:
    if one.file is not None:
        one.file.unlink(missing_ok=True)
        one.file.with_suffix(".png").unlink(missing_ok=True)


def _write_picture(path: Path, picture: bytes) -> None:
    write_whole(path.with_suffix(".png"), picture)
    choices.redrawn(path.with_suffix(".png"))


@contextlib.contextmanager
def _told(what: str) -> Iterator[None]:
    """Turn what the disk says into a sentence."""
    try:
        yield
    except OSError as error:
        where = f" in {Path(error.filename).parent}" if error.filename else ""
        raise SpeciesError(
            f"{what} ({error.strerror or error}{where}): free some space there, or change its rights."
        ) from error
