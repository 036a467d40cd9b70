# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure the bundled manifolds, and draw what was measured.

    python3 scripts/evaluate.py                     # both, and sheets of pictures in out/evaluation
    python3 scripts/evaluate.py --model emoji --quick
    python3 scripts/evaluate.py --only learned --write  # the learned species alone that come with the materials
    python3 scripts/evaluate.py --again "Red Brick" "Roof Slates" --write  # these materials alone; the others as before
    python3 scripts/evaluate.py --only fine --write     # what is finer than cells alone
    python3 scripts/evaluate.py --only reading --write  # what pictures are read as alone: six minutes
    python3 scripts/evaluate.py --only bundled --write  # the figures that come with the emoji; what is read as before
    python3 scripts/evaluate.py --json --write      # the figures also go to the models' cards and docs/quality.md

A whole evaluation takes hours. What was measured is kept in out/evaluation/progress.json, and the next call with the
same weights goes on from there.

What the figures mean stands in blender_nca/training/evaluation. All come from fixed seeds, on grids that training
never used and from a single cell; --quick measures a few species only.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from pathlib import Path

import virtual_environment
from virtual_environment import REPOSITORY

MODELS = ("materials", "emoji")
MATERIALS = "materials"
"""The model that learned species come with, that has a finer painter, and whose readings are measured."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", choices=MODELS, help="measure one of the manifolds (both)")
    parser.add_argument(
        "--models", type=Path, default=REPOSITORY / "models", help="folder of models (models/)"
    )
    parser.add_argument(
        "--only",
        choices=("learned", "fine", "reading", "bundled"),
        help="measure of the materials the learned species alone that come with them, what is finer than cells, or "
        "what pictures are read as; of the emoji the bundled figures alone, where what is read and searched stands on "
        "the card of the same weights",
    )
    parser.add_argument(
        "--again",
        nargs="+",
        metavar="SPECIES",
        help="measure of the materials these alone, new ones or such as were taught further: what the card says of the "
        "others stays",
    )
    parser.add_argument("--quick", action="store_true", help="a few species only")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--write", action="store_true", help="write the figures to the cards and docs/quality.md"
    )
    parser.add_argument(
        "--sheets", type=Path, help="draw sheets of pictures into a folder (out/evaluation; with --json none)"
    )
    parser.add_argument("--device", default="cpu", help="cpu, cuda, mps, xpu")
    options = parser.parse_args()
    virtual_environment.enter()

    import torch
    from evaluation_progress import Progress

    from blender_nca.genetics.library import read_library
    from blender_nca.manifold.learned_file import read_units
    from blender_nca.manifold.manifold import Manifold
    from blender_nca.manifold.recognition import read_readings
    from blender_nca.training.evaluation import (
        measure_bundled,
        measure_figures,
        measure_fine_detail,
        measure_learned,
        measure_materials,
        measure_readings,
        measure_surfaces,
    )
    from blender_nca.training.evaluation.engineering import measure_engineering
    from blender_nca.training.materials import trained_on

    def say(text: str) -> None:
        print(f"[{time.monotonic() - began:5.0f} s] {text}", file=sys.stderr, flush=True)

    began = time.monotonic()
    if options.quick and options.write:
        parser.error("--quick measures a few species only: its figures are not for the cards")
    parts = ("materials", "learned", "fine", "reading", "emoji", "surface", "context")
    report: dict = {part: {} for part in parts}
    seams: dict[str, float] = {}
    library = read_library([options.models])
    each, models, engineering = {}, {}, {}
    kept = None if options.quick else Progress(REPOSITORY / "out" / "evaluation" / "progress.json")
    asked = [options.model] if options.model else MODELS
    if options.only:
        asked = ["emoji" if options.only == "bundled" else MATERIALS]
    if options.again:
        asked = [MATERIALS]
    for name in asked:
        bare = Manifold.open(options.models / name)
        species = trained_on(bare.card, library.of(name)) or library.of(name)
        manifold = bare.with_units(read_units(options.models / name, species))
        learned = [one for one in library.of(name) if one not in species]
        say(f"{name}: {len(species)} species, and {len(learned)} learned since")
        models[name] = {"sha256": manifold.card["sha256"], "training": _short(manifold.card["training"])}
        if options.again:
            known = {one.name for one in library.of(name)}
            if unknown := [one for one in options.again if one not in known]:
                parser.error(f"{name} has no species {', '.join(unknown)}")
            quality, again = manifold.card["quality"], frozenset(options.again)
            measured_before = {*quality["each"], *quality["learned"]["each"]}
            if missing := sorted(known - again - measured_before):
                parser.error(f"the card says nothing of {', '.join(missing)}: measure them, too")
            settings = options.quick, options.device, say, kept, again
            if again & {one.name for one in species}:
                found, each[name] = measure_materials(manifold, species, *settings, quality["each"])
                report[name] = _figures_of(quality) | found
            if again & {one.name for one in learned}:
                taught = bare.with_units(read_units(options.models / name))
                before = quality["learned"]["each"]
                report["learned"], each["learned"] = measure_learned(
                    taught, species, learned, *settings, before
                )
            continue
        if manifold.card["kind"] == "materials" and options.only in (None, "reading"):
            readings = read_readings(options.models / name, manifold.weights)
            asked_of = [*species, *learned], len(species), readings
            report["reading"], each["reading"] = measure_readings(manifold, *asked_of, options.quick, say)
        if manifold.fine is not None and options.only in (None, "fine"):
            taught = bare.with_units(read_units(options.models / name))
            report["fine"], each["fine"] = measure_fine_detail(taught, library.of(name), options.quick, say)
        if learned and options.only in (None, "learned"):
            taught = bare.with_units(read_units(options.models / name))
            measured = measure_learned(taught, species, learned, options.quick, options.device, say, kept)
            report["learned"], each["learned"] = measured
        if options.only == "bundled":
            atlas = options.models / name / "atlas.png"
            found = measure_bundled(manifold, species, atlas, options.quick, options.device, say)
            report[name], each[name] = join_unseen(manifold.card, *found)
        if options.only:
            continue
        if manifold.card["kind"] == "materials":
            measured = measure_materials(manifold, species, options.quick, options.device, say, kept)
            report["surface"], seams = measure_surfaces(manifold, species, options.quick, say)
        else:
            atlas = options.models / name / "atlas.png"
            measured = measure_figures(manifold, species, atlas, options.quick, options.device, say)
        report[name], each[name] = measured
        engineering[name] = measure_engineering(manifold, species, options.quick, options.device, say)
    report["context"] = {
        "quick": options.quick,
        "device": options.device,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "minutes": round((time.monotonic() - began) / 60, 1),
        "models": models,
        "each": each,
        "engineering": engineering,
        "surface": seams,
    }
    if options.write:
        from evaluation_report import write_cards, write_tables

        write_cards(report, options.models)
        write_tables(report, REPOSITORY / "docs" / "quality.md")
    if options.sheets or not options.json:
        from evaluation_sheets import draw_sheets

        out = options.sheets or REPOSITORY / "out" / "evaluation"
        for path in draw_sheets(
            list(models), options.models, out, options.quick, options.device, say, each.get("emoji")
        ):
            say(f"wrote {path}")
    if options.json:
        print(json.dumps(report, indent=2))
        return
    for name in (part for part in report if part != "context" and report[part]):
        print(f"\n{name}")
        for key, value in report[name].items():
            print(f"  {key:20} {value:10.4g}")


def join_unseen(card: dict, figures: dict, each: dict) -> tuple[dict, dict]:
    """What was measured of bundled figures, and what a card says of those that its manifold never saw."""
    before = card.get("quality", {})
    unseen = {name: said for name, said in before.get("each", {}).items() if said.get("held_out")}
    if not unseen:
        raise SystemExit("the card says nothing of figures that are held out: measure all of the model")
    return _figures_of(before) | figures, {**each, **unseen}


def _figures_of(quality: dict) -> dict:
    return {key: said["figure"] for key, said in quality["figures"].items()}


def _short(training: dict) -> dict:
    return {key: training[key] for key in ("iterations", "minutes", "device") if key in training}


if __name__ == "__main__":
    main()
