# SPDX-License-Identifier: GPL-3.0-or-later
"""Program: bakes growth files on machines without Blender. See docs/manual/headless.md."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..automaton.growth import GrowthError
from ..genetics import learned_place, version_of
from ..maps.bake_preset import BakePreset, bundled
from ..maps.texture import TextureError
from .bake import Bake
from .bake_error import BakeError
from .batch import Member, members_of
from .command import NO_GROWTH, NOT_WRITTEN, CommandError, bake_to_the_end, tell_of, tell_openly
from .command_line import ArgumentError, Options, options_of, parser_of
from .contact_sheet import write_contact_sheet
from .growing import grow_states
from .growth_file import GrowthFile, GrowthFileError, read_growth_file
from .job_bundle import write_bundle
from .naming import stem_for
from .owners import Owners
from .plan import BakePlan, plan_bake

if TYPE_CHECKING:
    from ..engine.client import Engine

NAME = "python -m blender_nca.bake"
PACKAGE = Path(__file__).resolve().parents[2]
BUNDLED_MODELS = PACKAGE / "models"
WEIGHTS, CARD = "manifold.safetensors", "card.json"
MOST_CARD_BYTES = 2**22
"""As the engine takes them, which says what is wrong with a larger one."""
DEVICES = ("auto", "cpu", "torch", "cuda", "mps", "xpu", "numpy")


def program_parser() -> argparse.ArgumentParser:
    """What reads the arguments of the program."""
    parser = parser_of(
        NAME, "Bake a growth file, or the growths of a .blend file beside Blender as a Python module."
    )
    parser.add_argument("file", nargs="?", default="", metavar="FILE.blend", help="needs the package bpy")
    parser.add_argument(
        "--material", action="append", default=[], help="of the .blend file; again for more (all)"
    )
    parser.add_argument(
        "--growth", default="", metavar="FILE", help="what Export Growth wrote; needs no Blender"
    )
    parser.add_argument(
        "--models", action="append", default=[], metavar="FOLDER", help="where further models are"
    )
    parser.add_argument(
        "--species", default="", metavar="A,B", help="one bake each, in place of the growth's own"
    )
    parser.add_argument(
        "--blends",
        default="",
        metavar="A,B",
        help="bakes from one to the other, or of four as corners of a sheet",
    )
    parser.add_argument("--steps", type=int, default=5, metavar="N", help="blends along a side (5)")
    parser.add_argument(
        "--farm", default="", metavar="FOLDER", help="bake nothing: write a job for a farm there"
    )
    parser.add_argument(
        "--chunk-size", type=int, default=25, metavar="N", help="frames a task of that job (25)"
    )
    parser.add_argument(
        "--grow",
        type=int,
        default=0,
        metavar="N",
        help="bake nothing: leave a state every N frames in --states",
    )
    parser.add_argument(
        "--open-job", action="store_true", help="tell of progress as Open Job Description wants it, too"
    )
    parser.add_argument("--device", default="auto", choices=DEVICES, help="what it grows on (auto)")
    return parser


def bake_growth(said: argparse.Namespace, told: list[dict[str, object]]) -> None:
    """Bake a growth file, from its own species or from others in their place.

    Raises
    ------
    ArgumentError, CommandError
    """
    options = options_of(said)
    path = Path(said.growth).absolute()
    try:
        file = read_growth_file(path)
    except GrowthFileError as error:
        raise CommandError(str(error), NO_GROWTH) from error
    folders = [Path(folder).absolute() for folder in said.models] + [BUNDLED_MODELS]
    _check_model(file, folders)
    known = {**{preset.name: preset for preset in file.presets}, **bundled()}
    options.check_presets(known)
    folder = Path(options.folder).absolute() if options.folder else path.parent / "textures"
    members = members_of(said.species, said.blends, said.steps, file.growth.manifold, folders)
    files = [file.grown_from(each.genotype, each.name, each.learned) for each in members] or [file]
    if said.farm:
        told.append(_write_job(said, options, file, known, members))
        return
    if said.grow and (said.grow < 0 or not options.states):
        raise ArgumentError(
            "To grow alone, say every how many frames, and where the states go with --states."
        )
    tell = tell_openly if said.open_job else tell_of
    with open_engines(file, folders, said.device, options.jobs) as engines:
        if said.grow:
            told += [
                grow_states(_plan(one, options, known), engines[0](), options, said.grow) for one in files
            ]
            return
        for one in files:
            # a batch has a folder for each, as each has the same names of textures
            place = folder / stem_for(one.name) if members or not options.folder else folder
            told.append(bake_to_the_end(partial(_begin, one, options, known, engines, place), tell))
        if members and not options.chunk:
            sheet = folder / f"{stem_for(file.name)}_contact_sheet.png"
            settings = [options.applied(one.settings) for one in files]
            columns = said.steps if said.blends else 0
            write_contact_sheet(sheet, files, [each.ends[1] for each in settings], engines[0](), columns)
            told.append({"contact_sheet": str(sheet), "species": [one.name for one in files]})


def _write_job(
    said: argparse.Namespace,
    options: Options,
    file: GrowthFile,
    known: Mapping[str, BakePreset],
    members: Sequence[Member],
) -> dict[str, object]:
    """Write a job that bakes as the arguments say, on machines of a farm."""
    if said.chunk_size < 1:
        raise ArgumentError(f"Chunks of {said.chunk_size} frames: choose 1 or more.")
    if options.chunk:
        raise ArgumentError("A job for a farm makes its own chunks: leave out --chunk.")
    folder = Path(said.farm).absolute()
    try:
        plan = _plan(file, options, known)
        names = [each.name for each in members]
        paths = write_bundle(folder, file, plan, _told_again(said), names, said.chunk_size, PACKAGE)
    except (BakeError, GrowthError, GrowthFileError, TextureError) as error:
        raise CommandError(str(error), NO_GROWTH) from error
    except OSError as error:
        raise CommandError(f"Cannot write into {folder} ({error}).", NOT_WRITTEN) from error
    return {"job": str(folder), "files": [path.name for path in paths], "frames": list(plan.frames)}


def _told_again(said: argparse.Namespace) -> list[str]:
    """The arguments that each task of a job has, too."""
    words = {"maps": said.maps, "frames": said.frames, "layout": said.layout, "size": said.size}
    words |= {"device": "" if said.device == "auto" else said.device}
    told = [f"--{name}={value}" for name, value in words.items() if value]
    told += [f"--{name}={value}" for name in ("preset", "models") for value in getattr(said, name)]
    return [*told, *["--replace"] * said.replace]


def _plan(file: GrowthFile, options: Options, known: Mapping[str, BakePreset]) -> BakePlan:
    settings = options.applied(file.settings)
    return plan_bake(file, settings, options.chosen(known, lambda: file.presets[0]))


def _begin(
    file: GrowthFile,
    options: Options,
    known: Mapping[str, BakePreset],
    engines: Sequence[Callable[[], Engine]],
    folder: Path,
) -> Bake:
    plan = _plan(file, options, known)
    return Bake(plan, folder, engines, Owners(), options.replaces, options.chunk, options.states_folder)


def _check_model(file: GrowthFile, folders: Sequence[Path]) -> None:
    """Refuse a growth whose model, of its own training, is not here: the engine would say it after a minute."""
    name = file.growth.manifold
    here = {}
    for folder in folders:
        weights = folder / name / WEIGHTS
        if weights.is_file():
            here[version_of(weights, _read_card(weights.with_name(CARD)))] = folder
    looked = ", ".join(map(str, folders))
    if not here:
        raise CommandError(
            f"The model {name!r} of this growth is not here (looked in {looked}): name the folder that holds it with "
            "--models.",
            NO_GROWTH,
        )
    if file.manifold_version and file.manifold_version not in here:
        raise CommandError(
            f"This growth was exported with another training of the model {name!r} ({file.manifold_version[:12]}) than "
            f"is here ({', '.join(version[:12] for version in here)}, looked in {looked}): name the folder that holds "
            "its own with --models, or install the version of Neural Growth that it was exported with.",
            NO_GROWTH,
        )


def _read_card(path: Path) -> dict[str, object]:
    try:
        if path.stat().st_size > MOST_CARD_BYTES:
            return {}
        card = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return card if isinstance(card, dict) else {}


@contextmanager
def open_engines(
    file: GrowthFile, folders: Sequence[Path], device: str, jobs: int
) -> Iterator[list[Callable[[], Engine]]]:
    """Engines that know the learned species in the file; they end with the block."""
    from ..engine.client import Engine

    with ExitStack() as ending:
        learned = None
        if file.learned:
            aside = tempfile.TemporaryDirectory(prefix="growth-", ignore_cleanup_errors=True)
            learned = Path(ending.enter_context(aside))
            for key, content in file.learned.items():
                learned_place(learned, key).write_bytes(content)
        engines: list[Callable[[], Engine]] = []
        for _ in range(jobs):
            engine = Engine(folders, device=device, learned_species=learned)
            ending.callback(engine.stop)
            engines.append(partial(_same, engine))
        yield engines


def _same(engine: Engine) -> Engine:
    return engine
