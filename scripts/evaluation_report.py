# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what was measured where it is read: the models' cards and the tables of docs/quality.md."""

from __future__ import annotations

import json
import operator
from collections.abc import Mapping
from pathlib import Path

AT_MOST, AT_LEAST = "<=", ">="
_REACHED = {AT_MOST: operator.le, AT_LEAST: operator.ge}

FIGURES = {
    "materials": {
        "species": (AT_LEAST, 64, "species"),
        "families": (AT_LEAST, 16, "families of them"),
        "structure_median": (
            AT_MOST,
            0.6,
            "structure score S, median (below 1: the structure itself was learned)",
        ),
        "structure_worst": (AT_MOST, 1.0, "S of the worst species"),
        "colour_median": (AT_MOST, 0.01, "colour distance R, median"),
        "colour_worst": (AT_MOST, 0.03, "R of the worst species"),
        "nearest_own": (AT_LEAST, 1.0, "share of species that are nearest to their own exemplar"),
        "persistence_worst": (
            AT_MOST,
            1.15,
            "S or R at step 2,000 over step 300, settling as new growths do, worst species (by other seeds alone: "
            "{resown_worst}; without settling: {persistence_restless_worst})",
        ),
        "persistence_last_worst": (AT_MOST, 1.15, "the same at step 10,000"),
        "healing_worst": (
            AT_MOST,
            1.15,
            "S or R 150 steps after 30 % was erased, over before, worst species (by other seeds alone: {resown_worst})",
        ),
        "blends_monotonic": (AT_LEAST, 0.95, "share of pairs whose blends go evenly from one to the other"),
        "shuffled_ratio": (AT_LEAST, 20, "distance with another's DNA over that with its own, median"),
        "seam_worst": (
            AT_MOST,
            1.05,
            "gradient across the wrap over gradient inside, worst species (any other line: {seam_elsewhere_worst})",
        ),
        "sister_ratio": (AT_MOST, 1.2, "S of unseen sisters, read by the encoder, over S of the species"),
    },
    "reading": {
        "own": (
            AT_LEAST,
            0.95,
            "share of unseen samples that are read letter for letter as their species (of those learned since: "
            "{own_learned})",
        ),
        "family_trained": (
            AT_LEAST,
            0.9,
            "share of pictures from anywhere in the families that are read as of theirs, families of the training",
        ),
        "family_learned": (AT_LEAST, 0.9, "the same of families that were learned since"),
    },
    "learned": {
        "species": (AT_LEAST, 32, "species learned since, beside the trained ones"),
        "structure_median": (AT_MOST, 0.8, "S, median"),
        "structure_worst": (AT_MOST, 1.0, "S of the worst of them"),
        "colour_worst": (AT_MOST, 0.02, "R of the worst of them"),
        "nearest_own": (AT_LEAST, 1.0, "share that is nearest to its own exemplar"),
        "persistence_worst": (
            AT_MOST,
            1.15,
            "S or R at step 2,000 over step 300 (other seeds: {resown_worst})",
        ),
        "persistence_last_worst": (AT_MOST, 1.15, "the same at step 10,000"),
        "healing_worst": (AT_MOST, 1.15, "S or R 150 steps after 30 % was erased, over before"),
        "seam_worst": (
            AT_MOST,
            1.05,
            "gradient across the wrap over inside (any other line: {seam_elsewhere_worst})",
        ),
        "loudness": (AT_MOST, 0.0, "how much what one learned counts in another species"),
    },
    "fine": {
        "share_median": (
            AT_MOST,
            0.5,
            "at 8 pixels a cell, distance of the finest octave's patches from an exemplar drawn as fine, over that "
            "without *Fine Detail*, median",
        ),
        "share_worst": (AT_MOST, 1.0, "the same of the worst species"),
        "changed_worst": (
            AT_MOST,
            0.02,
            "mean change of color of what is halved twice, to 2 pixels a cell, worst species",
        ),
    },
    "emoji": {
        "trained": (AT_LEAST, 1124, "figures trained on"),
        "held_out": (AT_LEAST, 257, "figures held out"),
        "taught": (AT_LEAST, 512, "figures learned one by one, and bundled"),
        "mse_trained": (
            AT_MOST,
            0.004,
            "squared error of a bundled figure, mean (of all, by the manifold alone: {mse_alone})",
        ),
        "mse_encoded": (
            AT_MOST,
            0.03,
            "of a held-out one, its DNA read by the encoder (of the nearest trained one: {mse_nearest_trained})",
        ),
        "encoded_over_nearest": (AT_MOST, 0.5, "that of reading over that of the nearest trained one"),
        "mse_searched": (AT_MOST, 0.012, "of a held-out one, after 200 steps of search for its DNA"),
        "persistence": (
            AT_MOST,
            1.08,
            "error at step 1,000 over step 200, settling as new growths do (without: {persistence_restless})",
        ),
        "healing": (AT_MOST, 1.2, "error 150 steps after 30 % was erased, over before"),
    },
    "surface": {
        "seam_worst": (
            AT_MOST,
            1.10,
            "colour difference across seams over that inside islands, worst mesh and species (median: {seam_median})",
        ),
        "direction_error": (
            AT_MOST,
            10,
            "degrees between stripes and the field that they follow, median (on a plane: {direction_error_flat})",
        ),
    },
}
"""Model, or `surface` -> figure -> goal and what it says, in braces another figure: what chance alone, or looking up,
makes of it. The rest of what is measured goes to the card without a goal."""
MODEL_OF_THE_REST = "materials"
"""The model that is grown on meshes for the figures of `surface`, that learned species come with, that has a finer
painter and whose readings are measured: all go to its card."""
PARTS = ("learned", "fine", "reading")
"""Of its quality, that may be measured alone."""
BEGIN, END = "<!-- figures: written by scripts/evaluate.py --write -->", "<!-- end of figures -->"


def write_cards(report: Mapping, models: Path) -> None:
    """Put the figures of each measured model, and of each of its species, on its card."""
    context = {key: report["context"][key] for key in ("device", "torch", "python", "minutes")}
    for name, each in report["context"]["each"].items():
        path = models / (MODEL_OF_THE_REST if name in PARTS else name) / "card.json"
        card = json.loads(path.read_text("utf-8"))
        found = {
            "measured_with": context,
            "figures": _judge_all(name, report[name]),
            "each": {one: {key: _short(value) for key, value in said.items()} for one, said in each.items()},
        }
        quality = card.get("quality", {})
        if name in PARTS:
            quality[name] = found
        else:
            quality = found | {part: quality[part] for part in (*PARTS, "surface") if part in quality}
        card["quality"] = quality
        if name == MODEL_OF_THE_REST and report.get("surface"):
            card["quality"]["surface"] = _judge_all("surface", report["surface"])
        path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", "utf-8")


def write_tables(report: Mapping, document: Path) -> None:
    """Replace a document's tables of the models that were measured."""
    before, rest = document.read_text("utf-8").split(BEGIN)
    held, after = rest.split(END)
    tables = {table.split("`")[1]: table for table in held.split("\n\n") if table.strip()}
    for name, figures in FIGURES.items():
        if report.get(name):
            lines = [f"| `{name}` | measured | goal |", "| --- | --- | --- |"]
            measured = {key: _short(value) for key, value in report[name].items()}
            for key, (sign, goal, words) in figures.items():
                if key not in measured:  # no species has stripes whose direction could be measured
                    continue
                lines.append(f"| {words.format(**measured)} | {measured[key]} | {sign} {goal} |")
            tables[name] = "\n".join(lines)
    held = "".join(table.strip() + "\n\n" for table in tables.values())
    document.write_text(f"{before}{BEGIN}\n\n{held}{END}{after}", "utf-8")


def _judge_all(name, found):
    return {key: _judged(name, key, value) for key, value in found.items()}


def _judged(name, key, value):
    if key not in FIGURES[name]:
        return {"figure": _short(value)}
    sign, goal, _ = FIGURES[name][key]
    return {"figure": _short(value), "goal": f"{sign} {goal}", "reached": _REACHED[sign](value, goal)}


def _short(value):
    """Three digits of a number are as many as mean something."""
    return float(f"{value:.3g}") if isinstance(value, float) else value
