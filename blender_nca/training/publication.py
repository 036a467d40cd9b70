# SPDX-License-Identifier: GPL-3.0-or-later
"""A trained run as a model that artists use: weights, card, species and their pictures."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch

from ..automaton.growth import Genotype, Growth
from ..automaton.rollout import Automaton, Rollout
from ..genetics import Species, nearest_dna, write_species
from ..manifold import encoder, model_file
from ..manifold.backend import open_automaton
from ..manifold.manifold import Manifold
from ..maps.png import write_png
from ..maps.shading import shade
from .exemplars.translucency import TRANSLUCENCY
from .selection import Choice
from .trainer import Trainer

PICTURE_PIXELS = 128
_SAID_ELSEWHERE = ("name", "title", "licence", "notes", "architecture", "atlas")


def publish(trainer: Trainer, folder: Path) -> Manifold:
    """Write the running mean of a run's weights as a model folder.

    The DNA of each species is what the encoder reads from its first exemplar; its picture is grown by the
    model itself.

    Parameters
    ----------
    trainer : Trainer
    folder : Path
        Receives `manifold.safetensors`, `card.json` and `species/`; those of an earlier run are deleted.
    """
    config, subject = trainer.config, trainer.subject
    weights = {name: value.cpu().numpy() for name, value in trainer.averaged.items()}
    recent = trainer.recent[: len(subject.names)]
    known = [loss for loss in recent.tolist() if loss == loss]  # nan: not judged yet
    card = {
        "name": config.name,
        "title": config.title,
        "licence": config.licence,
        "notes": config.notes,
        "kind": subject.kind,
        "pixels_per_cell": config.pixels_per_cell,
        "cells": config.cells,
        "boundary": subject.boundary,
        "training": {
            "species": len(subject.names),
            "iterations": trainer.iteration,
            "minutes": round(trainer.seconds / 60, 1),
            "device": trainer.device.type,
            "torch": torch.__version__,
            "distance_median": round(median(known), 5) if known else None,
            "distance_worst": round(max(known), 5) if known else None,
            "config": {key: value for key, value in config.to_json().items() if key not in _SAID_ELSEWHERE},
        },
    }
    # half precision: half the size, and what is measured is what is shipped
    model_file.write(folder, card, config.architecture, weights, np.float16)
    manifold = Manifold.open(folder)
    with torch.no_grad():
        logits = encoder.encode(trainer.averaged, subject.thumbnails[:: subject.sisters]).cpu().numpy()
    kept = Path(folder) / "species"
    kept.mkdir(exist_ok=True)
    for old in (*kept.glob("*.json"), *kept.glob("*.png")):
        old.unlink()
    automaton = open_automaton(manifold, str(trainer.device))
    for name, tags, letters in zip(subject.names, subject.tags, logits, strict=True):
        species = Species(
            name,
            nearest_dna(letters),
            config.name,
            tags,
            author="Neural Growth",
            translucency=TRANSLUCENCY.get(name),
        )
        write_with_portrait(folder, species, automaton, card)
    return manifold


def write_with_portrait(folder: Path, species: Species, automaton: Automaton, card: dict[str, Any]) -> None:
    """Write a species of a model, in the folder of the model, and its picture beside it."""
    path = Path(folder) / "species" / f"{species.name.lower().replace(' ', '_')}.json"
    write_species(path, species)
    write_png(path.with_suffix(".png"), paint_portrait(automaton, species, card), colour=True)


def note_bred(folder: Path, species: Species, choice: Choice) -> None:
    """Note on a model's card what selection came to: what DNA a species had, and how far both fall short."""
    path = Path(folder) / model_file.CARD
    card = json.loads(path.read_text("utf-8"))
    card.setdefault("bred", {})[species.name] = {
        "from": species.dna,
        "to": choice.dna,
        "shortfall_from": round(choice.own_shortfall, 4),
        "shortfall_to": round(choice.shortfall, 4),
    }
    beside = path.with_suffix(".part")  # hours of breeding end at any moment: a card is never half written
    beside.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", "utf-8")
    beside.replace(path)


def paint_portrait(automaton: Automaton, species: Species, card: dict[str, Any]) -> np.ndarray:
    """A species' picture, grown from one cell: a piece of a material, lit, or a whole figure.

    Parameters
    ----------
    card : dict
        Of its manifold.

    Returns
    -------
    ndarray, float32, shape (3 or 4, pixels, pixels) with its channels last, sRGB-encoded
    """
    figure = card["kind"] == "figures"
    cells, pixels = (card["cells"], card["pixels_per_cell"]) if figure else (64, 4)
    growth = Growth(
        species.manifold,
        (Genotype((species.dna,)),),
        cells,
        cells,
        pixels,
        boundary=card["boundary"],
        steps=(200.0 if figure else 300.0,),
    )
    maps = Rollout(automaton).maps(growth, 1)
    if figure:
        return np.moveaxis(maps[:4], 0, 2)
    return np.moveaxis(shade(maps)[:, :PICTURE_PIXELS, :PICTURE_PIXELS], 0, 2)
