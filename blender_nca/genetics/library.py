# SPDX-License-Identifier: GPL-3.0-or-later
"""Library: all species found in the model folders, and what is wrong with those that cannot be used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from . import species_list
from .dna import hamming_distance
from .species import Species, SpeciesError, read_species


@dataclass(frozen=True)
class Library:
    """The species of some folders.

    Attributes
    ----------
    species
        Sorted by manifold, then name.
    problems
        One message a file that could not be used, each beginning with its path.
    """

    species: tuple[Species, ...] = ()
    problems: tuple[str, ...] = ()

    def find(self, manifold: str, name: str) -> Species | None:
        """Look a species up by its manifold's name and its own; None where there is none."""
        return self._by_name.get((manifold, name))

    def of(self, manifold: str) -> tuple[Species, ...]:
        """List the species of one manifold, sorted by name."""
        return self._by_manifold.get(manifold, ())

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], Species]:
        return {(one.manifold, one.name): one for one in self.species}

    @cached_property
    def _by_manifold(self) -> dict[str, tuple[Species, ...]]:
        found: dict[str, list[Species]] = {}
        for one in self.species:
            found.setdefault(one.manifold, []).append(one)
        return {name: tuple(species) for name, species in found.items()}

    def nearest(self, manifold: str, dna: str) -> Species | None:
        """The species of one manifold that a DNA shares the most letters with; None where it is less than half."""
        near = [one for one in self.of(manifold) if len(one.dna) == len(dna)]
        found = min(near, key=lambda one: hamming_distance(one.dna, dna), default=None)
        return found if found is not None and 2 * hamming_distance(found.dna, dna) <= len(dna) else None

    def grown_by(self, manifold: str, dna: str, learned: tuple[str, ...] = ()) -> Species | None:
        """The species of one manifold that grows by a DNA and the units of these keys; None where none does.

        Parameters
        ----------
        manifold : str
        dna : str
        learned : tuple of str
            As `Species.learned`.
        """
        return next((one for one in self.of(manifold) if (one.dna, one.learned) == (dna, learned)), None)

    def by_dna_alone(self, manifold: str) -> tuple[Species, ...]:
        """List the species of one manifold that grow by nothing but their DNA: none that was learned."""
        return tuple(one for one in self.of(manifold) if not one.learned)


def read_library(folders: Iterable[Path | str]) -> Library:
    """Read every species in `<folder>/<manifold>/species/*.json` and `<folder>/species/*.json`, and those of the
    lists `<folder>/<manifold>/species.json`.

    Of a species with the same manifold and name in several folders, the one of the last folder is listed:
    give the bundled models first and the artist's own after them, then an edited copy stands in for the
    bundled species, which comes back when the copy is deleted. Within one folder such a pair is a mistake:
    the first by path is listed, the other one reported.

    Parameters
    ----------
    folders
        In rising precedence. One that does not exist (yet) is empty.

    Returns
    -------
    Library
        A file that cannot be used never hides the others: it becomes a message in `problems`.
    """
    listed: dict[tuple[str, str], Species] = {}
    problems: list[str] = []
    for folder in folders:
        found = _read_folder(Path(folder), problems)
        listed.update(found)
    in_order = sorted(listed.values(), key=lambda one: (one.manifold, one.name.casefold(), one.name))
    return Library(tuple(in_order), tuple(problems))


def _read_folder(folder: Path, problems: list[str]) -> dict[tuple[str, str], Species]:
    """Read one folder's species by (manifold, name); add a message to `problems` for each file left out."""
    found: dict[tuple[str, str], Species] = {}
    sources: dict[tuple[str, str], Path] = {}
    for path in _list_files(folder, problems):
        try:
            if path.name == species_list.FILE and path.parent.name != species_list.PICTURES:
                species, left_out = species_list.read_species_list(path)
                problems += left_out
            else:
                species = [read_species(path)]
        except SpeciesError as error:
            problems.append(str(error))
            continue
        except OSError as error:
            problems.append(f"{path}: cannot be read ({error.strerror or error})")
            continue
        for one in species:
            key = (one.manifold, one.name)
            if key in found:
                problems.append(
                    f"{path}: {one.name} is also in {sources[key]}; give one of them another name"
                )
                continue
            found[key] = one
            sources[key] = path
    return found


def _list_files(folder: Path, problems: list[str]) -> list[Path]:
    try:
        paths = [
            *folder.glob("*/species/*.json"),
            *folder.glob("species/*.json"),
            *folder.glob(f"*/{species_list.FILE}"),
        ]
    except OSError as error:
        problems.append(f"{folder}: cannot be read ({error.strerror or error})")
        return []
    # macOS leaves ._name.json beside name.json on foreign disks and in archives.
    return sorted({path for path in paths if not path.name.startswith(".")})
