# SPDX-License-Identifier: GPL-3.0-or-later
"""Species: a named DNA of one model, and the JSON file that keeps it."""

from __future__ import annotations

import base64
import json
import re
import struct
from dataclasses import dataclass, field, replace
from pathlib import Path

from .dna import DNAError, parse_dna
from .translucency import Translucency

FORMAT = "neural growth species"
VERSION = 1
MOST_BYTES = 2**20
"""Of a species' file: one with a picture in it has a twentieth of that."""
LONGEST = 200
"""Letters of a name, a tag and the like."""
MOST_TAGS = 64
MOST_PIXELS = 1024
"""A side, of the picture in a file: a small file may hold one that fills the memory."""
_PNG = b"\x89PNG\r\n\x1a\n"


class SpeciesError(ValueError):
    """A species that cannot be used. The message is written for the artist."""


def is_plain_name(name: object) -> bool:
    """Whether a name, such as a model's, stays in the folder that it is looked for in, on any system."""
    return isinstance(name, str) and name.strip(" .") != "" and not set(name) & set("/\\:\0")


def is_key(key: str) -> bool:
    """Whether a text is the key of a unit: it names files, too."""
    return re.fullmatch("[0-9a-f]{64}", key) is not None


@dataclass(frozen=True)
class Species:
    """A named DNA of one manifold: what the library lists.

    Attributes
    ----------
    name
        As the library shows it. Runs of white space become one space.
    dna
        Letters A, C, G and T. Its length is checked against the manifold where that is open, not here.
    manifold
        Name of the manifold that grows it.
    tags, author
        For searching and for credit; both may be empty.
    picture
        A PNG beside the species' file, or None. Not kept in the file itself.
    learned
        Keys of the units that it grows by (`manifold.own_unit`): of a learned species its own, of a child those of its
        parents.
    licence
        By which others may use it; empty where nobody said.
    translucency
        What light does below its surface, or None where it stays on it.
    file
        Where it was read from, or None. What is compared is the species, wherever it lies.

    Raises
    ------
    SpeciesError
        A name or manifold that is blank, not printable or endless, DNA with other letters, tags that are not words,
        keys that are none.
    """

    name: str
    dna: str
    manifold: str
    tags: tuple[str, ...] = ()
    author: str = ""
    picture: Path | None = None
    learned: tuple[str, ...] = ()
    licence: str = ""
    translucency: Translucency | None = None
    file: Path | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        # A frozen dataclass sets its own tidied values this way.
        object.__setattr__(self, "name", _tidy_text("name", self.name))
        object.__setattr__(self, "manifold", _tidy_text("manifold", self.manifold))
        object.__setattr__(self, "author", _tidy_text("author", self.author, blank=True))
        object.__setattr__(self, "licence", _tidy_text("licence", self.licence, blank=True))
        if not isinstance(self.tags, (tuple, list)):
            raise SpeciesError(f"its tags are a list of words, not {self.tags!r:.80}")
        if len(self.tags) > MOST_TAGS:
            raise SpeciesError(f"it has {len(self.tags)} tags: keep {MOST_TAGS} of them")
        object.__setattr__(self, "tags", tuple(_tidy_text("tag", tag) for tag in self.tags))
        keys = self.learned if isinstance(self.learned, (tuple, list)) else [None]
        if not all(isinstance(key, str) and is_key(key) for key in keys):
            raise SpeciesError(f"the keys of what it learned are none: {self.learned!r:.80}")
        object.__setattr__(self, "learned", tuple(keys))
        if not isinstance(self.dna, str):
            raise SpeciesError(f"its DNA is text, not {self.dna!r:.80}")
        try:
            object.__setattr__(self, "dna", parse_dna(self.dna))
        except DNAError as error:
            raise SpeciesError(str(error)) from error


def read_species(path: Path | str) -> Species:
    """Read a species from its file; its picture is the PNG of the same name beside it, where there is one.

    Raises
    ------
    SpeciesError
        As of `unpack_species`; the message begins with the path.
    OSError
        The file is missing or may not be read.
    """
    path = Path(path)
    try:
        species, _ = unpack_species(read_bounded(path))
    except SpeciesError as error:
        raise SpeciesError(f"{path}: {error}") from error
    picture = path.with_suffix(".png")
    return replace(species, picture=picture if picture.is_file() else None, file=path)


def write_species(path: Path | str, species: Species) -> None:
    """Write a species to its file, whole or not at all; missing folders are made, a picture is not copied.

    Raises
    ------
    OSError
        No space, or no right to write there. What was at `path` before is still there.
    """
    write_file(Path(path), pack_species(species))


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and the folders that are missing; raises `OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def pack_species(species: Species, picture: bytes = b"") -> bytes:
    """A species as the JSON of its file, with its picture in it where it is to be given away: a PNG."""
    values = {"format": FORMAT, "version": VERSION, **to_values(species)}
    if picture:
        values["picture"] = base64.b64encode(picture).decode("ascii")
    return (json.dumps(values, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def unpack_species(content: bytes) -> tuple[Species, bytes]:
    """Read what `pack_species` gave, maybe a stranger's.

    Returns
    -------
    species : Species
    picture : bytes
        A small PNG; empty where there is none in it, or none that can be shown.

    Raises
    ------
    SpeciesError
        Not JSON, not a species, of a newer version, far too large, or with missing or wrong values.
    """
    if len(content) > MOST_BYTES:
        raise SpeciesError("far too large for a species; choose another file")
    values = check_format(parse_json(content), FORMAT, VERSION, "species")
    return from_values(values), _read_picture(values.get("picture"))


def to_values(species: Species) -> dict[str, object]:
    """What a file says of a species, for JSON."""
    values: dict[str, object] = {
        "name": species.name,
        "manifold": species.manifold,
        "dna": species.dna,
        "tags": list(species.tags),
        "author": species.author,
    }
    if species.licence:
        values["licence"] = species.licence
    if species.learned:
        values["learned"] = list(species.learned)
    if species.translucency is not None:
        values["translucency"] = species.translucency.to_json()
    return values


def from_values(values: dict, picture: Path | None = None) -> Species:
    """Read what `to_values` gave, maybe a stranger's; raises `SpeciesError`."""
    missing = [f'"{key}"' for key in ("name", "manifold", "dna") if key not in values]
    if missing:
        raise SpeciesError(f"without {', '.join(missing)}; add it, or save the species again")
    try:
        translucency = Translucency.from_json(values["translucency"]) if "translucency" in values else None
    except ValueError as error:
        raise SpeciesError(str(error)) from error
    return Species(
        name=values["name"],
        dna=values["dna"],
        manifold=values["manifold"],
        tags=values.get("tags", ()),
        author=values.get("author", ""),
        learned=values.get("learned", ()),
        licence=values.get("licence", ""),
        translucency=translucency,
        picture=picture,
    )


def read_bounded(path: Path, most: int = MOST_BYTES) -> bytes:
    """What a file holds, of a huge one no more than shows that it is too large; raises `OSError`."""
    with path.open("rb") as file:
        return file.read(most + 1)


def _read_picture(text: object) -> bytes:
    """The PNG in a species' file. It is there to be looked at: a bad one is left out, and drawn again."""
    try:
        picture = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
        width, height = struct.unpack(">II", picture[16:24])
    except (ValueError, struct.error):
        return b""
    is_small = 0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS
    return picture if picture.startswith(_PNG) and picture[12:16] == b"IHDR" and is_small else b""


def parse_json(content: bytes) -> object:
    """Read JSON in UTF-8, with or without the mark that Windows editors put in front; raises `SpeciesError`."""
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SpeciesError(
            "not a text file in UTF-8; save it as such, or take it out of the folder"
        ) from error
    except json.JSONDecodeError as error:
        raise SpeciesError(
            f"broken JSON at line {error.lineno}, column {error.colno} ({error.msg}); "
            "mend it, or take it out of the folder"
        ) from error
    except (RecursionError, ValueError) as error:
        # Nested without end, or a number of thousands of digits.
        raise SpeciesError("not a species: its JSON is beyond reading; take it out of the folder") from error


def check_format(values: object, kind: str, known: int, what: str) -> dict:
    """Give a file's values back where they are of a format, and of a version that is known here.

    Parameters
    ----------
    values : object
        What its JSON holds.
    kind : str
        The format's name.
    known : int
        The newest version.
    what : str
        What the artist calls such a file.

    Raises
    ------
    SpeciesError
        They are of another format or a newer version.
    """
    if not isinstance(values, dict) or values.get("format") != kind:
        raise SpeciesError(f'not a {what}: it has no "format": "{kind}"; take it out of the folder')
    version = values.get("version")
    if isinstance(version, int) and not isinstance(version, bool) and version > known:
        raise SpeciesError(
            f"of version {version!r:.40}, newer than this one's {known}; update Neural Growth to use it"
        )
    if version != known or isinstance(version, bool):
        raise SpeciesError(f'its "version" is {version!r:.40}, and only {known} is known')
    return values


def _tidy_text(what: str, text: object, blank: bool = False) -> str:
    if not isinstance(text, str):
        raise SpeciesError(f"its {what} is text, not {text!r:.80}")
    tidy = " ".join(text.split())
    # Control characters and halves of broken characters can neither be shown nor written as UTF-8.
    if not tidy.isprintable():
        raise SpeciesError(f"its {what} {tidy!r:.80} has characters that cannot be shown; type it again")
    if not tidy and not blank:
        raise SpeciesError(f"its {what} is blank; give it one")
    if len(tidy) > LONGEST:
        raise SpeciesError(f"its {what} has {len(tidy)} letters; shorten it to {LONGEST}")
    return tidy
