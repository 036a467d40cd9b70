# SPDX-License-Identifier: GPL-3.0-or-later
"""Learn species from pictures, and measure how near they come.

    python3 scripts/learn.py brick.png gravel.jpg --minutes 15
    python3 scripts/learn.py photos/*.jpg --minutes 15 --cores 2   # minutes of so many cores, by processor time
    python3 scripts/learn.py --species "Red Brick" "Fox Fur"       # varieties of exemplars, with all their maps
    python3 scripts/learn.py --unknown                             # all varieties that the model doesn't have yet

Of each a species is written to out/learned, with a sheet beside it: the picture as it is learned, then what
grows after 1/15, 2/15 and so on of the time. Two figures are printed, as of the bundled materials (docs/quality.md):
the structure score S, and the colour distance R in units of that between two bundled species. A photograph has no
sister and does not tile: only patches that lie within it count, and S is in units of its scrambled phases. Of what was
learned finer than cells a third one is printed: the distance of the finest octave from the exemplar, over that without;
and there is another sheet: the picture at 8 pixels a cell, then what grows without that, and with it.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import virtual_environment
from virtual_environment import REPOSITORY

if TYPE_CHECKING:
    import torch

    from blender_nca.learning.picture import Exemplar

FAR = 0.243
"""Median distance of colours between two bundled exemplars: `MaterialScores` measures it."""
CELLS, STEPS = (96, 160), 300
"""What is measured, as of the bundled materials."""
PIECE = 320
"""Pixels a side of what is shown of the finest structure."""
MARKS = 1 / 15, 2 / 15, 4 / 15, 8 / 15, 1.0


@dataclass(frozen=True)
class Subject:
    """What is learned, and what its growths are measured by.

    Attributes
    ----------
    name, key : str
        Of the species, and of its files.
    tags : tuple of str
    exemplar : Exemplar
    colours, structure : Tensor
        Signatures of the exemplar, see `patches.patch_signature`.
    unit : float
        Distance of structure that counts as one.
    """

    name: str
    key: str
    tags: tuple[str, ...]
    exemplar: Exemplar
    colours: torch.Tensor
    structure: torch.Tensor
    unit: float


def arguments() -> argparse.ArgumentParser:
    """What can be said of lessons."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pictures", type=Path, nargs="*")
    parser.add_argument("--species", nargs="+", default=[], metavar="NAME", help="varieties of exemplars")
    parser.add_argument(
        "--unknown", action="store_true", help="all varieties that the model has no species of"
    )
    parser.add_argument("--minutes", type=float, default=15.0, help="of learning, for each (15)")
    parser.add_argument(
        "--cores", type=float, help="count processor time instead, in minutes of so many cores"
    )
    parser.add_argument(
        "--scale", type=float, default=1.0, help="of pictures: finer below 1, coarser above (1)"
    )
    parser.add_argument(
        "--begin",
        metavar="NAME",
        help="as which species, its kin (what looks most like it): one of its family in colors of its own; as itself, "
        "it is taught further and keeps its DNA",
    )
    parser.add_argument(
        "--gently",
        action="store_true",
        help="at half the rate, without a critic: what is nearly right, and has no rows or tracks",
    )
    parser.add_argument(
        "--pace",
        type=float,
        nargs=2,
        metavar=("RATE", "SHARE"),
        help="learning rate, and share of it at which the rule learns (as of how it begins)",
    )
    parser.add_argument("--out", type=Path, default=REPOSITORY / "out" / "learned", help="(out/learned)")
    parser.add_argument("--device", default="cpu", help="cpu, cuda, mps, xpu")
    return parser


def main() -> None:
    parser = arguments()
    options = parser.parse_args()
    virtual_environment.enter()

    from blender_nca.engine.devices import arrange_threads

    arrange_threads()  # before torch is loaded: threads that wait must not hold a core

    from blender_nca.training.exemplars import find_variety

    names = [*options.species, *(find_unknown() if options.unknown else [])]
    if not names and not options.pictures:
        parser.error("name pictures, or --species, or ask for --unknown ones")
    for name in names:
        try:
            find_variety(name)
        except ValueError as error:
            parser.error(str(error))
    if options.begin and options.begin not in name_dnas():
        parser.error(f"the model has no species {options.begin!r} to begin as")
    if (options.gently or options.pace) and not options.begin:
        parser.error("say by --begin what is to be taught gently, or at a pace of its own")
    found = [learn(read_picture(path, options.scale), options) for path in options.pictures]
    found += [learn(draw_species(name), options) for name in names]
    structure, colour = (median(each) for each in zip(*found, strict=True))
    print(f"median of {len(found)}: S {structure:.3f}, R {colour:.4f}")


def find_unknown() -> list[str]:
    """Names of the varieties that the bundled model has no species of."""
    from blender_nca.training.exemplars import VARIETIES

    known = name_dnas()
    return [name for makes in VARIETIES.values() for name in makes if name not in known]


def name_dnas() -> dict[str, str]:
    """Name of each species of the bundled model -> its DNA."""
    from blender_nca.genetics.library import read_library

    return {one.name: one.dna for one in read_library([REPOSITORY / "models"]).of("materials")}


def read_picture(path: Path, scale: float) -> Subject:
    """A picture of a file."""
    import numpy as np
    from PIL import Image

    from blender_nca.learning import patches
    from blender_nca.learning.picture import prepare

    picture = np.asarray(Image.open(path).convert("RGB"), np.float32).transpose(2, 0, 1) / 255
    exemplar = prepare({"base_colour": picture}, scale)
    wanted, tiles = exemplar.maps.astype(np.float32) / 255, exemplar.tiles
    grey = patches.rank_gaussian(wanted)
    colours = patches.patch_signature(wanted[:3], patches.COLOUR_PATCH, tiles)
    structure = patches.patch_signature(grey, patches.STRUCTURE_PATCH, tiles)
    scrambled = patches.patch_signature(patches.scramble_phases(grey), patches.STRUCTURE_PATCH)
    unit = patches.patch_distance(structure, scrambled)
    return Subject(path.stem.title(), path.stem, (), exemplar, colours, structure, unit)


def draw_species(name: str) -> Subject:
    """A variety of exemplars, as a manifold is trained on it: whole, with all its maps."""
    import numpy as np

    from blender_nca.learning import patches
    from blender_nca.learning.fine_textures import FINER
    from blender_nca.learning.picture import Exemplar
    from blender_nca.training.evaluation.material_scores import UNSEEN
    from blender_nca.training.exemplars import draw_variety, find_variety, has_finer

    def to_bytes(maps: np.ndarray) -> np.ndarray:
        return (maps * 255 + 0.5).astype(np.uint8)

    family, _ = find_variety(name)
    maps, sister = draw_variety(family, name), draw_variety(family, name, UNSEEN)
    finer = to_bytes(draw_variety(family, name, finer=FINER)) if has_finer(family) else None
    exemplar = Exemplar(to_bytes(maps), True, 1.0, finer)
    signatures = patches.colour_signature(maps), patches.structure_signature(maps)
    unit = patches.structure_scale(maps, sister)
    return Subject(name, name.lower().replace(" ", "_"), (family,), exemplar, *signatures, unit)


def learn(subject: Subject, options: argparse.Namespace) -> tuple[float, float]:
    """Learn one species; S and R at the end."""
    import numpy as np
    from PIL import Image

    from blender_nca.genetics.version import version_of
    from blender_nca.learning import patches
    from blender_nca.learning.fine_textures import FINER
    from blender_nca.learning.judge import Beginning, Course
    from blender_nca.learning.lesson import About, Lesson, News
    from blender_nca.manifold import learned_file
    from blender_nca.manifold.grain import COARSE
    from blender_nca.manifold.manifold import Manifold
    from blender_nca.manifold.model_file import WEIGHTS
    from blender_nca.training.evaluation.fine_detail import find_finest
    from blender_nca.training.evaluation.parallel_growths import ParallelGrowths
    from blender_nca.training.exemplars import VARIETIES
    from blender_nca.training.recolouring import recolour

    folder = REPOSITORY / "models" / "materials"
    manifold = Manifold.open(folder)
    wanted = subject.exemplar.maps[:3].astype(np.float32) / 255
    shown = [np.pad(wanted, ((0, 0), *((0, 384 - side) for side in wanted.shape[1:])))]

    def measure() -> tuple[float, float]:
        assert lesson.learner is not None
        own = lesson.learner.unit
        (maps,) = ParallelGrowths(manifold.with_units((own,)), [own.dna], CELLS).grow(STEPS).paint(4)
        shown.append(maps[:3, :, :384])
        return (
            patches.patch_distance(patches.structure_signature(maps), subject.structure) / subject.unit,
            patches.patch_distance(patches.colour_signature(maps), subject.colours) / FAR,
        )

    def measure_fine() -> str:
        """What is printed of what is finer than cells, and a sheet of it, where something was learned of it."""
        assert lesson.learner is not None
        own, finer = lesson.learner.unit, subject.exemplar.finer
        if own.fine is None or finer is None:
            return ""
        grids = ParallelGrowths(manifold.with_units((own,)), [own.dna], CELLS).grow(STEPS)
        plain, fine = (next(grids.paint(FINER * COARSE, is_fine)) for is_fine in (False, True))
        beside = [finer.astype(np.float32) / 255, plain, fine]
        sides = [min(PIECE, *(one.shape[axis] for one in beside)) for axis in (1, 2)]
        write([one[:3, : sides[0], : sides[1]] for one in beside], f"{subject.key}_fine.png")
        wanted, without, now = (find_finest(one) for one in beside)
        return f", fine {patches.patch_distance(now, wanted) / patches.patch_distance(without, wanted):.3f}"

    def write(pictures: list[np.ndarray], name: str) -> None:
        """Pictures (3, height, width), side by side."""
        gaps = [np.pad(one, ((0, 0), (0, 0), (0, 4)), constant_values=1) for one in pictures]
        sheet = np.concatenate(gaps, 2).transpose(1, 2, 0)
        Image.fromarray((sheet.clip(0, 1) * 255 + 0.5).astype(np.uint8)).save(options.out / name)

    def clock() -> float:
        return time.process_time() / options.cores if options.cores else time.monotonic()

    seconds = 60 * options.minutes
    others = list(name_dnas().values())
    # those that were learned before may come with the model together: each needs a DNA apart from all others
    before = [learned_file.read(path).unit for path in sorted(options.out.glob("*.safetensors"))]
    others += [unit.dna for unit in before]
    lesson = Lesson(
        manifold,
        version_of(folder / WEIGHTS, manifold.card),
        subject.exemplar,
        About(subject.name, tags=subject.tags),
        others,
        seconds,
        options.out / f"{subject.key}.lesson",
        options.device,
        clock,
        (*learned_file.read_units(folder), *before),
    )
    if options.begin:
        known, further = name_dnas()[options.begin], options.begin == subject.name
        course: Course = "gentle" if options.gently else "anew" if further else "kin"
        learner = lesson.begin(Beginning(known, course), known if further else "")
        if options.pace:
            rate, share = options.pace
            learner.own.pace = replace(learner.own.pace, rate=rate, rule=share)
        if not further and any(options.begin in VARIETIES[family] for family in subject.tags):
            left = recolour(learner, options.begin, subject.name)
            print(
                f"{subject.key}: {left:.0%} of the difference in colors is left once it is recolored",
                flush=True,
            )
    news: list[News] = []
    for mark in MARKS:
        lesson.learn(news.append, partial(lambda until: lesson.seconds >= until, mark * seconds))
        s, r = measure()
        print(
            f"{subject.key}: {lesson.seconds / 60:.1f} minutes, {news[-1].iteration} iterations, S {s:.3f}, R {r:.4f}"
            f"{measure_fine()}",
            flush=True,
        )
    write(shown, f"{subject.key}.png")
    return s, r


if __name__ == "__main__":
    main()
