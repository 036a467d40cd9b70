# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws what `evaluate.py` measures: sheets of a model's species, and of what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from sheet import below, beside, entitle, join, lay_grid, lay_rows, picture_of, save

from blender_nca.genetics.library import read_library
from blender_nca.genetics.relaxed import blend, nearest_dna, random_dna
from blender_nca.genetics.species import Species
from blender_nca.genetics.variation import cross_one_point, cross_two_points
from blender_nca.learning.figure import frame, premultiply, show
from blender_nca.learning.sliced_wasserstein import SlicedWasserstein
from blender_nca.manifold import encoder
from blender_nca.manifold.learned_file import read_units
from blender_nca.manifold.manifold import Manifold
from blender_nca.manifold.search import search_dna
from blender_nca.training.evaluation.engineering import average, change_letters, combine
from blender_nca.training.evaluation.material_scores import UNSEEN
from blender_nca.training.evaluation.materials import read_dna
from blender_nca.training.evaluation.parallel_growths import ParallelGrowths
from blender_nca.training.exemplars import draw_variety, find_variety
from blender_nca.training.exemplars.emoji import is_held_out, read_atlas
from blender_nca.training.materials import trained_on

SIDE, SMALL = 128, 104
"""Pixels of a picture on a sheet; of one among many."""
APART = 14
"""Pixels between tiles that hold several pictures."""
CELLS, EXEMPLAR_CELLS = 48, 64
"""Cells a side that materials grow on; of those beside their exemplars, which show as much."""
STEPS = {"figures": 200, "materials": 300}
"""After which a growth is called grown, as where figures are measured."""
GROWTH = (10, 25, 50, 100, 300)
WOUND, HEALING = 0.3, (0, 20, 60, 150)
SHARES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
LETTERS = (0, 1, 2, 4, 8)
ARITHMETIC = {
    "materials": (
        ("Neon Circuit", "Circuit Board", "Coral"),
        ("Mossy Bark", "Oak Bark", "Hex Tiles"),
        ("Ice Cracks", "Cracked Mud", "Giraffe"),
    )
}
"""Model -> A, B and C of the arithmetic A - B + C; others are drawn at random."""
SEARCH, QUICK_SEARCH = {"figures": 200, "materials": 30}, {"figures": 20, "materials": 3}
SEARCHED_MATERIALS, UNSEEN_FIGURES = 8, 32

Say = Callable[[str], None]
Genotype = str | np.ndarray


def draw_sheets(
    names: Sequence[str],
    models: Path,
    out: Path,
    quick: bool = False,
    device: str = "cpu",
    say: Say = lambda text: None,
    found: Mapping[str, Mapping] | None = None,
) -> list[Path]:
    """Draw the sheets of models.

    Parameters
    ----------
    names : sequence of str
        Of the models.
    models, out : Path
        Folder of the models; folder of the sheets, made where it is missing.
    quick : bool
        A few species, and short searches.
    device : str
        Where grids grow.
    say : callable
        Told of the progress.
    found : mapping, optional
        What `measure_figures` found of each figure: its DNA is shown, and not searched again.

    Returns
    -------
    list of Path
        `<model>_<sheet>.webp`, six a model.
    """
    library = read_library([models])
    written = []
    for name in names:
        manifold = Manifold.open(models / name)
        species = trained_on(manifold.card, library.of(name)) or library.of(name)
        manifold = manifold.with_units(read_units(models / name, species))
        bench = Bench(manifold, species, models / name / "atlas.png", quick, device)
        for title, draw in (
            ("species", _draw_species),
            ("growth", _draw_growth),
            ("healing", _draw_healing),
            ("blends", _draw_blends),
            ("engineering", _draw_engineering),
            ("unseen", lambda bench: _draw_unseen(bench, say, found)),
        ):
            say(f"drawing {name}_{title}")
            sheet, note = draw(bench)
            sheet = entitle(sheet, f"{bench.manifold.card.get('title') or name}: {title}", note, size=22)
            written.append(save(sheet, out / f"{name}_{title}.webp"))
    return written


class Bench:
    """One model, and pictures of what it grows from one cell.

    Attributes
    ----------
    manifold : Manifold
    species : tuple of Species
    figures : bool
    steps : int
        After which a growth is called grown.
    """

    def __init__(self, manifold: Manifold, species: Sequence[Species], atlas: Path, quick: bool, device: str):
        self.manifold, self.species, self.atlas = manifold, tuple(species), atlas
        self.quick, self.device = quick, device
        self.figures = manifold.card["kind"] == "figures"
        self.steps = STEPS[manifold.card["kind"]]

    def some(self, count: int) -> list[Species]:
        """So many species at even distances, of a quick run half as many."""
        count = min(max(2, count // 2) if self.quick else count, len(self.species))
        return [self.species[i] for i in np.linspace(0, len(self.species) - 1, count).round().astype(int)]

    def plant(self, genotypes: Sequence[Genotype], cells: int = CELLS) -> ParallelGrowths:
        """Grids to grow, of the size that figures have or of `cells` cells a side."""
        cells = self.manifold.card["cells"] if self.figures else cells
        return ParallelGrowths(self.manifold, genotypes, (cells, cells), device=self.device)

    def see(self, grids: ParallelGrowths, side: int = SIDE) -> list[Image.Image]:
        """Pictures of what stands on the grids now."""
        painted = grids.paint(self.manifold.card["pixels_per_cell"])
        return [picture_of(maps, side, self.figures) for maps in painted]

    def grow(self, genotypes: Sequence[Genotype], cells: int = CELLS, side: int = SIDE) -> list[Image.Image]:
        """Pictures of grown genotypes."""
        return self.see(self.plant(genotypes, cells).grow(self.steps), side)

    def grow_named(self, tiles: Iterable[tuple[str, Genotype]]) -> list[tuple[str, Image.Image]]:
        """Names and genotypes -> names and small pictures."""
        names, genotypes = zip(*tiles, strict=True)
        return list(zip(names, self.grow(genotypes, side=SMALL), strict=True))

    def draw(self, count: int, random: np.random.Generator) -> list[Species]:
        """So many species at random, no one twice where there are enough."""
        chosen = random.choice(len(self.species), count, replace=len(self.species) < count)
        return [self.species[i] for i in chosen]

    def show(self, maps: np.ndarray, side: int = SIDE) -> Image.Image:
        """A picture of an exemplar; a figure's within as much of nothing as it grows in."""
        if self.figures:
            pixels = self.manifold.card["cells"] * self.manifold.card["pixels_per_cell"]
            maps = np.pad(maps, [(0, 0)] + [((pixels - maps.shape[1]) // 2,) * 2] * 2)
        return picture_of(maps, side, self.figures)


def _draw_species(bench):
    species = bench.some(32) if bench.quick else bench.species
    grown = bench.grow([one.dna for one in species], EXEMPLAR_CELLS, SMALL)
    pictures = [bench.show(maps, SMALL) for maps in _exemplars(bench, species)]
    tiles = [(one.name, join(pair)) for one, *pair in zip(species, pictures, grown, strict=True)]
    note = f"each as it should be, and grown: {bench.steps} steps from one cell"
    return lay_grid(tiles, 8 if len(tiles) <= 128 else 16, gap=APART), f"{len(species)} species, {note}"


def _draw_growth(bench):
    species = bench.some(8)
    grids, columns = bench.plant([one.dna for one in species]), []
    for steps in GROWTH:
        columns.append(bench.see(grids.grow(steps - grids.steps)))
    return _strips(species, columns, [f"{steps} steps" for steps in GROWTH]), "from one cell"


def _draw_healing(bench):
    species = bench.some(8)
    grids = bench.plant([one.dna for one in species]).grow(bench.steps)
    columns = [bench.see(grids)]
    grids.wound(WOUND)
    for steps in HEALING:
        columns.append(bench.see(grids.grow(bench.steps + steps - grids.steps)))
    heads = [f"{bench.steps} steps", "wounded", *(f"{steps} steps later" for steps in HEALING[1:])]
    return _strips(species, columns, heads), f"{WOUND:.0%} of the cells are erased"


def _draw_blends(bench):
    chosen = bench.some(16)
    half = len(chosen) // 2
    pairs = list(zip(chosen[:half], chosen[half:], strict=False))
    pictures = iter(bench.grow([blend([a.dna, b.dna], [1 - s, s]) for a, b in pairs for s in SHARES]))
    rows = [(f"{a.name} to {b.name}", [next(pictures) for _ in SHARES]) for a, b in pairs]
    note = f"grown from blends of two DNAs, {bench.steps} steps"
    return _in_halves(rows, [f"{share:.0%}" for share in SHARES]), note


def _strips(species, columns, heads):
    """A row for each species."""
    return _in_halves([(one.name, row) for one, *row in zip(species, *columns, strict=True)], heads)


def _in_halves(rows, heads):
    half = (len(rows) + 1) // 2
    return beside([lay_rows(some, heads) for some in (rows[:half], rows[half:]) if some])


def _draw_engineering(bench):
    random = np.random.default_rng(31)
    left = [draw(bench, random) for draw in (_draw_averages, _draw_arithmetic, _draw_edits)]
    right = [draw(bench, random) for draw in (_draw_between_four, _draw_crossings, _draw_random)]
    return beside([below(left), below(right)]), f"grown from DNA that was never trained, {bench.steps} steps"


def _draw_averages(bench, random):
    tiles = []
    for count in (2, 3, 4):
        chosen = bench.draw(count, random)
        dnas = [one.dna for one in chosen]
        row = [*((one.name, one.dna) for one in chosen), ("their average", average(dnas))]
        tiles += [*bench.grow_named(row), *[("", None)] * (4 - count)]
    return entitle(lay_grid(tiles, 5), "Averages", "of two, three and four")


def _draw_arithmetic(bench, random):
    by_name, tiles = {one.name: one for one in bench.species}, []
    meant = [
        names for names in ARITHMETIC.get(bench.manifold.name, ()) if all(name in by_name for name in names)
    ]
    triples = [[by_name[name] for name in names] for names in meant]
    triples += [bench.draw(3, random) for _ in range(3 - len(triples))]
    for triple in triples:
        dnas = [one.dna for one in triple]
        names = [f"{sign}{one.name}" for sign, one in zip(("", "- ", "+ "), triple, strict=True)]
        tiles += bench.grow_named([*zip(names, dnas, strict=True), ("=", combine(*dnas))])
    return entitle(lay_grid(tiles, 4), "Arithmetic", "A - B + C: what A has and B has not, given to C")


def _draw_edits(bench, random):
    tiles = []
    for one in bench.draw(1 if bench.quick else 3, random):
        seed = random.integers(2**32)  # more letters keep the changes of fewer
        tiles += bench.grow_named(
            (
                one.name if not count else "1 letter" if count == 1 else f"{count} letters",
                change_letters(one.dna, count, np.random.default_rng(seed)),
            )
            for count in LETTERS
        )
    return entitle(lay_grid(tiles, len(LETTERS)), "Edits", "letters changed at random")


def _draw_between_four(bench, random):
    corners = bench.draw(4, random)
    shares = np.linspace(0, 1, 3 if bench.quick else 5)
    tiles = bench.grow_named(
        ("", blend([one.dna for one in corners], [(1 - y) * (1 - x), (1 - y) * x, y * (1 - x), y * x]))
        for y in shares
        for x in shares
    )
    above, under = (f"{a.name} and {b.name}" for a, b in (corners[:2], corners[2:]))
    return entitle(lay_grid(tiles, len(shares)), "Between four", f"above {above}, below {under}")


def _draw_crossings(bench, random):
    tiles = []
    for _ in range(1 if bench.quick else 3):
        a, b = bench.draw(2, random)
        row = [(a.name, a.dna), (b.name, b.dna)]
        for name, cross in (("one point", cross_one_point), ("two points", cross_two_points)):
            row += [(name if child == 0 else "", cross(a.dna, b.dna, random)) for child in range(3)]
        tiles += bench.grow_named(row)
    return entitle(lay_grid(tiles, 8), "Crossings", "two parents and their children")


def _draw_random(bench, random):
    count, length = 8 if bench.quick else 16, bench.manifold.dna_length
    return entitle(
        lay_grid(bench.grow_named(("", random_dna(length, random)) for _ in range(count)), 8),
        "Random DNA",
        "each letter as likely as another",
    )


def _draw_unseen(bench, say, found):
    find = _unseen_figures if bench.figures else _unseen_materials
    names, pictures, read, searched = find(bench, say, found or {})
    columns = [
        [bench.show(maps) for maps in pictures],
        bench.grow(read, EXEMPLAR_CELLS),
        bench.grow(searched, EXEMPLAR_CELLS),
    ]
    tiles = [(name, join(three)) for name, *three in zip(names, *columns, strict=True)]
    note = "each as it is, grown from the DNA that the encoder read, and from the DNA that a search found"
    return lay_grid(tiles, 4, gap=APART), note


def _unseen_figures(bench, say, found):
    characters, names, pictures = read_atlas(bench.atlas)
    held_out = [i for i, character in enumerate(characters) if is_held_out(character)]
    known = [i for i in held_out if "dna_searched" in found.get(names[i], {})]
    shown = (known or held_out)[: 4 if bench.quick else UNSEEN_FIGURES]
    unseen = pictures[shown]
    if known:
        read, searched = ([found[names[i]][key] for i in shown] for key in ("dna_encoded", "dna_searched"))
    else:
        card, unseen_there = bench.manifold.card, torch.from_numpy(unseen)
        logits = _encode(bench.manifold, show(unseen_there))
        read = [nearest_dna(each) for each in logits.numpy()]
        targets = frame(unseen_there, card["cells"] * card["pixels_per_cell"]).to(bench.device)
        searched = _search(
            bench, logits, lambda maps: (premultiply(maps) - targets).square().mean((1, 2, 3)), say
        )
    return [names[i] for i in shown], unseen, read, searched


def _unseen_materials(bench, say, found):
    species = bench.some(SEARCHED_MATERIALS)
    sisters = _exemplars(bench, species, UNSEEN)
    there = torch.from_numpy(np.stack(sisters)).float().to(bench.device)
    loss = SlicedWasserstein(there, banks=1)
    own = torch.arange(len(species), device=bench.device)
    logits = _encode(bench.manifold, encoder.resize(there[:, :3].cpu()))
    searched = _search(bench, logits, lambda maps: loss.between(maps, own, own, own * 0.0, 0), say)
    return [one.name for one in species], sisters, read_dna(bench.manifold, sisters), searched


def _encode(manifold, images):
    with torch.inference_mode():
        return encoder.encode({name: torch.from_numpy(w) for name, w in manifold.weights.items()}, images)


def _search(bench, logits, distance, say):
    steps = (QUICK_SEARCH if bench.quick else SEARCH)[bench.manifold.card["kind"]]
    return search_dna(bench.manifold, logits, distance, steps, bench.device, say)


def _exemplars(bench, species, sister=0):
    """What species should look like: their exemplars, or their pictures in the atlas."""
    if not bench.figures:
        return [draw_variety(find_variety(one.name)[0], one.name, sister) for one in species]
    characters, _, pictures = read_atlas(bench.atlas)
    place = {f"U+{ord(character):04X}": i for i, character in enumerate(characters)}
    return [pictures[next(place[tag] for tag in one.tags if tag in place)] for one in species]
