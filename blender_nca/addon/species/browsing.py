# SPDX-License-Identifier: GPL-3.0-or-later
"""Browsing: which species are shown, of those that there are. Without Blender."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from ...genetics.species import Species


def families(species: Iterable[Species]) -> list[str]:
    """Tags that several species of one model share, but for one that all of them have, by name."""
    counts: Counter[tuple[str, str]] = Counter()
    sizes: Counter[str] = Counter()
    for one in species:
        sizes[one.manifold] += 1
        counts.update((one.manifold, tag) for tag in set(one.tags))
    shared = {tag for (manifold, tag), number in counts.items() if 1 < number < sizes[manifold]}
    return sorted(shared, key=str.casefold)


def matching(species: Iterable[Species], words: str, family: str = "") -> list[Species]:
    """Those in whose name, tags or author all the words stand, of a family where one is named; in the same order."""
    wanted = words.casefold().split()
    return [
        one
        for one in species
        if (not family or family in one.tags)
        and all(word in " ".join((one.name, *one.tags, one.author)).casefold() for word in wanted)
    ]


def in_order(species: Iterable[Species], identifiers: Sequence[str]) -> list[Species]:
    """Those that some identifiers name, `<model>/<name>`, in the identifiers' order."""
    known = {f"{one.manifold}/{one.name}": one for one in species}
    return [known[each] for each in identifiers if each in known]


def page(species: Sequence[Species], number: int, size: int) -> tuple[list[Species], int, int]:
    """The species of a page, its number from 1 on (the last one, where there are fewer), and how many there are."""
    pages = max(1, -(-len(species) // size))
    number = min(max(1, number), pages)
    return list(species[(number - 1) * size : number * size]), number, pages


def words_in(text: str) -> tuple[str, ...]:
    """Tags in a text, with commas between them, each once."""
    return tuple(dict.fromkeys(" ".join(one.split()) for one in text.split(",") if one.strip()))


def free_name(name: str, taken: Collection[str]) -> str:
    """A name that nobody has: with a number behind it, one that follows on where there is one already."""
    base = re.sub(r" \d+$", "", name)
    number = 2
    while name in taken:
        name, number = f"{base} {number}", number + 1
    return name
