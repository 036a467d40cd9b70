# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures must reach those who choose a manifold by them, and a missed goal must be seen as one."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
from evaluation_report import BEGIN, END, FIGURES, write_cards, write_tables


def figures(name: str, share: float) -> dict:
    by_chance = {
        "resown_worst": 1.375,
        "persistence_restless_worst": 1.5,
        "seam_elsewhere_worst": 1.25,
        "mse_nearest_trained": 0.07,
        "mse_alone": 0.01,
        "persistence_restless": 1.5,
    }
    by_chance |= {"seam_median": 0.97, "direction_error_flat": 7.25}
    return {key: goal * share for key, (_, goal, _) in FIGURES[name].items()} | by_chance


def test_a_card_says_which_goals_are_missed_and_keeps_what_else_it_said(tmp_path):
    (tmp_path / "emoji").mkdir()
    (tmp_path / "emoji" / "card.json").write_text('{"name": "emoji", "notes": "kept"}')
    context = {"device": "cpu", "torch": "2", "python": "3", "minutes": 1.0}
    found = {**figures("emoji", 0.5), "halo": 0.123456}
    report = {
        "materials": {},
        "emoji": found,
        "context": {**context, "each": {"emoji": {"Goose": {"mse": 0.5}}}},
    }
    write_cards(report, tmp_path)
    card = json.loads((tmp_path / "emoji" / "card.json").read_text())
    assert card["notes"] == "kept" and card["quality"]["each"] == {"Goose": {"mse": 0.5}}
    reached = {key: value.get("reached") for key, value in card["quality"]["figures"].items()}
    assert reached["mse_trained"] and not reached["held_out"] and reached["halo"] is None
    assert card["quality"]["figures"]["halo"]["figure"] == 0.123


def test_what_was_measured_of_learned_species_stays_where_the_others_are_measured_anew(tmp_path):
    (tmp_path / "materials").mkdir()
    (tmp_path / "materials" / "card.json").write_text('{"name": "materials", "quality": {"figures": 1}}')
    context = {"device": "cpu", "torch": "2", "python": "3", "minutes": 1.0}
    of_learned = {
        "learned": figures("learned", 0.5),
        "context": {**context, "each": {"learned": {"Ivy": {}}}},
    }
    write_cards(of_learned, tmp_path)
    of_others = {"materials": figures("materials", 2.0), "context": {**context, "each": {"materials": {}}}}
    write_cards(of_others, tmp_path)
    quality = json.loads((tmp_path / "materials" / "card.json").read_text())["quality"]
    assert quality["learned"]["each"] == {"Ivy": {}} and quality["figures"]["species"]["figure"] == 128
    assert not quality["learned"]["figures"]["species"]["reached"], "half of those that were to be learned"


def test_what_was_measured_on_meshes_stands_on_the_card_of_the_model_that_grew_there(tmp_path):
    (tmp_path / "materials").mkdir()
    (tmp_path / "materials" / "card.json").write_text('{"name": "materials"}')
    report = {name: figures(name, 2.0) for name in ("materials", "surface")}
    report["context"] = {
        "device": "cpu",
        "torch": "2",
        "python": "3",
        "minutes": 1.0,
        "each": {"materials": {}},
    }
    write_cards(report, tmp_path)
    quality = json.loads((tmp_path / "materials" / "card.json").read_text())["quality"]
    assert quality["surface"]["seam_worst"] == {"figure": 2.2, "goal": "<= 1.1", "reached": False}
    assert quality["surface"]["seam_median"] == {"figure": 0.97}
    assert quality["figures"]["seam_worst"]["goal"] == "<= 1.05", "that of the wrap"


def test_measuring_one_model_leaves_the_other_ones_table_alone(tmp_path):
    document = tmp_path / "quality.md"
    document.write_text(f"before\n{BEGIN}\n{END}\nafter\n")
    for name, share in (("materials", 1.0), ("emoji", 1.0), ("materials", 0.25), ("surface", 0.5)):
        report = {"materials": {}, "emoji": {}, name: figures(name, share)}
        write_tables(report, document)
        write_tables(report, document)
    text = document.read_text()
    assert text.startswith("before\n") and text.endswith("\nafter\n")
    assert text.count("| `materials` |") == text.count("| `emoji` |") == 1
    assert "(any other line: 1.25) | 0.263 | <= 1.05 |" in text and "1.38) | 0.287 | <= 1.15 |" in text
    assert "(median: 0.97) | 0.55 | <= 1.1 |" in text and "(on a plane: 7.25) | 5.0 | <= 10 |" in text
    assert "| 0.15 | <= 0.6 |" in text and "| 0.004 | <= 0.004 |" in text
