# SPDX-License-Identifier: GPL-3.0-or-later
"""A trained run as a model that artists use: weights, card, species and their pictures."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch

from ..automaton.automaton import Automaton
from ..automaton.growth import Genotype, Growth
from ..automaton.rollout import Rollout
from ..genetics import species_list
from ..genetics.learned import LEARNED_FOLDER
from ..genetics.library import read_library
from ..genetics.relaxed import nearest_dna, relax
from ..genetics.species import Species, write_species
from ..genetics.version import version_of
from ..learning.own_dna import silence, step_aside
from ..learning.picture import NEUTRAL
from ..manifold import encoder, learned_file, model_file
from ..manifold.backend import open_automaton
from ..manifold.learned_file import LearnedSpecies
from ..manifold.manifold import Manifold
from ..manifold.own_unit import OF_PAINTER, OF_RULE, OwnUnit
from ..manifold.recognition import fingerprint, read_readings, write_readings
from ..maps.channels import MAPS
from ..maps.png import quantise
from ..maps.shading import shade
from ..maps.whole_file import write_whole
from .exemplars.translucency import TRANSLUCENCY
from .selection import Choice
from .trainer import Trainer

PICTURE_PIXELS, LEARNED_FROM_PIXELS = 128, 24
"""Of the picture of a species, and of what one that comes with a model was learned from, which nobody is shown."""
TONES, CLEAR = 63, 0.03
"""Steps of each colour in the picture of a figure, and alpha that counts as none, or up to that as whole."""
MANY = 200
"""Species from which on a model has them in a list instead of a file each."""
TOO_NEAR = 0.6
"""Share of letters in common with another species from which on blends of a learned one hardly know what it learned."""
_SAID_ELSEWHERE = ("name", "title", "licence", "notes", "architecture", "atlas")


def publish(trainer: Trainer, folder: Path) -> Manifold:
    """Write the running mean of a run's weights as a model folder.

    The DNA of each species is what the encoder reads from its first exemplar; its picture is grown by the
    model itself.

    Parameters
    ----------
    trainer : Trainer
    folder : Path
        Receives `manifold.safetensors`, `card.json` and `species/`, or a list of `MANY` species; those of an earlier
        run are deleted.
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
    if subject.kind == "figures":
        weights = silence_maps(weights)
    model_file.write(folder, card, config.architecture, weights, np.float16)
    manifold = Manifold.open(folder)
    with torch.no_grad():
        logits = encoder.encode(trainer.averaged, subject.thumbnails[:: subject.sisters]).cpu().numpy()
    species = [
        Species(
            name,
            nearest_dna(letters),
            config.name,
            tags,
            author="Neural Growth",
            translucency=TRANSLUCENCY.get(name),
        )
        for name, tags, letters in zip(subject.names, subject.tags, logits, strict=True)
    ]
    if subject.kind != "figures":
        write_readings(folder, manifold.weights, dict(zip((one.dna for one in species), logits, strict=True)))
    _write_all(Path(folder), manifold, species, str(trainer.device))
    return manifold


def publish_figures(base: Path, folder: Path, learned: Sequence[LearnedSpecies]) -> None:
    """Write a model whose species are figures that were learned one by one, see `learning.figure_learner`.

    Parameters
    ----------
    base : Path
        Folder of the manifold that they were learned on.
    folder : Path
        As of `publish`, and `learned/`.
    learned : sequence of LearnedSpecies
        None has the DNA of another.

    Raises
    ------
    ValueError
        Both folders are one: what is there would be lost.
    """
    base, folder = Path(base), Path(folder)
    if base.resolve() == folder.resolve():
        raise ValueError(f"{folder} is the model that they were learned on: write to another folder")
    kept = folder / LEARNED_FOLDER
    kept.mkdir(parents=True, exist_ok=True)
    for old in kept.glob(f"*{learned_file.SUFFIX}"):
        old.unlink()
    card, sizes, weights, _ = model_file.read(base)
    model_file.write(folder, card, sizes, silence_maps(weights), np.float16)
    version = version_of(folder / model_file.WEIGHTS, model_file.read_card(folder)[0])
    dnas = [one.species.dna for one in learned]
    species = []
    for one in learned:
        unit = replace(one.unit, silent_below=silence(one.unit.dna, dnas))
        picture = _shrink(one.picture, LEARNED_FROM_PIXELS)
        learned_file.keep(kept, replace(one, unit=unit, picture=picture, manifold_version=version))
        species.append(replace(one.species, learned=(unit.key,)))
    _write_all(folder, Manifold.open(folder), species, "cpu")


def silence_maps(weights: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Weights of a manifold of figures whose painter says the same everywhere of what their pictures do not show: they
    are flat, and neither metal nor glowing."""
    kernel, bias = (np.array(weights[f"paint.2.{name}"]) for name in ("weight", "bias"))
    for name, value in {"height": 0.5, **NEUTRAL}.items():
        kernel[:, MAPS[name]], bias[MAPS[name]] = 0, value
    return {**weights, "paint.2.weight": kernel, "paint.2.bias": bias}


def _write_all(folder: Path, manifold: Manifold, species: Sequence[Species], device: str) -> None:
    """Write the species of a model and their pictures in place of all that are there: in a list, where they are
    many."""
    kept = folder / species_list.PICTURES
    kept.mkdir(exist_ok=True)
    for old in (*kept.glob("*.json"), *kept.glob("*.png"), folder / species_list.FILE):
        old.unlink(missing_ok=True)
    units = {unit.key: unit for unit in learned_file.read_units(folder)}
    of_dna, card, entries = open_automaton(manifold, device), dict(manifold.card), []
    for one in species:
        own = tuple(units[key] for key in one.learned)
        automaton = open_automaton(manifold.with_units(own), device) if own else of_dna
        if len(species) < MANY:
            write_with_portrait(folder, one, automaton, card)
            continue
        entries.append((one, f"{_stem(one)}.png"))
        write_portrait(kept / f"{_stem(one)}.png", paint_portrait(automaton, one, card))
    if entries:
        species_list.write_species_list(folder / species_list.FILE, entries)


def _stem(species: Species) -> str:
    return species.name.lower().replace(" ", "_")


def write_with_portrait(folder: Path, species: Species, automaton: Automaton, card: dict[str, Any]) -> None:
    """Write a species of a model, in the folder of the model, and its picture beside it."""
    path = Path(folder) / species_list.PICTURES / f"{_stem(species)}.json"
    write_species(path, species)
    write_portrait(path.with_suffix(".png"), paint_portrait(automaton, species, card))


def write_portrait(path: Path, picture: np.ndarray) -> None:
    """Write the picture of a species, whole or not at all: an eighth smaller than `write_png` does, which is faster.

    Parameters
    ----------
    path : Path
    picture : ndarray, float32 in [0, 1] or uint8, shape (pixels, pixels, 3 or 4)
        sRGB-encoded, and marked so.
    """
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    marks, written = PngInfo(), io.BytesIO()
    marks.add(b"sRGB", bytes(1))
    Image.fromarray(quantise(picture, 8)).save(written, "PNG", optimize=True, pnginfo=marks)
    write_whole(path, written.getvalue())


def publish_learned(folder: Path, learned: LearnedSpecies) -> Path:
    """Let a learned species come with a model: its unit, its species and its picture. All others are as they were.

    One that the model has and that was taught further takes the place of that: growths keep what they are.

    Parameters
    ----------
    folder : Path
        Of the model.
    learned : LearnedSpecies
        Its numbers are kept in 16 bits, and what it was learned from small.

    Returns
    -------
    Path
        The file of its unit.

    Raises
    ------
    ManifoldError
        It was learned on another model or training.
    ValueError
        The model has another species of that name, or one with so many of its letters that one would change the other.
    """
    folder, species = Path(folder), learned.species
    manifold = Manifold.open(folder)
    version = version_of(folder / model_file.WEIGHTS, manifold.card)
    learned_file.check_fit(learned, manifold.name, version, manifold.sizes)
    others = read_library([folder.parent]).of(manifold.name)
    units = learned_file.read_units(folder)
    for other in others:
        if other.name == species.name and (other.dna != species.dna or not learned.unit.further):
            raise ValueError(f"{manifold.name} has a species {species.name}: take that one away first.")
    # species that came since it was learned are not to speak for it, nor it for them
    dnas = [other.dna for other in others if other.name != species.name]
    unit = learned.unit
    if not unit.further:
        unit = _spell(unit, manifold, step_aside(species.dna, units, dnas))
        species = replace(species, dna=unit.dna)
    unit = replace(unit.halved, silent_below=max(unit.silent_below, silence(unit.dna, dnas)))
    if unit.silent_below > TOO_NEAR and not unit.further:
        raise ValueError(
            f"{species.name} shares too many letters with another species: learn it again, beside that one."
        )
    learned = replace(learned, unit=unit)
    small = replace(
        learned,
        picture=_shrink(learned.picture, LEARNED_FROM_PIXELS),
        licence=manifold.card["licence"],
        species=replace(species, author="Neural Growth", translucency=TRANSLUCENCY.get(species.name)),
    )
    path = learned_file.keep(folder / LEARNED_FOLDER, small)
    if learned.reading is not None and learned.reading.encoder == fingerprint(manifold.weights):
        # what is taught further has been read already, from more samples than one
        readings = {species.dna: learned.reading.logits} | read_readings(folder, manifold.weights)
        write_readings(folder, manifold.weights, readings)
    for old in units:  # only what is taught further has the DNA of another
        if old.dna == species.dna and old.key != unit.key:
            learned_file.place(folder / LEARNED_FOLDER, old.key).unlink()
    automaton = open_automaton(manifold.with_units((learned.unit,)), "cpu")
    kept = replace(small.species, learned=(learned.unit.key,))
    write_with_portrait(folder, kept, automaton, dict(manifold.card))
    return path


def _spell(unit: OwnUnit, manifold: Manifold, dna: str) -> OwnUnit:
    """A unit by another DNA: what the manifold reads from that differs, and is made up for."""
    if dna == unit.dna:
        return unit
    before, now = (manifold.transcribe(relax(letters)) for letters in (unit.dna, dna))
    added = dict(unit.added)
    for old, new, names in zip(before, now, (OF_RULE, OF_PAINTER), strict=True):
        for name in names:
            added[name] = added[name] + getattr(old, name) - getattr(new, name)
    return replace(unit, dna=dna, added=added)


def _shrink(picture: np.ndarray, pixels: int) -> np.ndarray:
    """A picture (height, width, 3) whose longer side has at most so many pixels, each the mean of a block."""
    block = -(-max(picture.shape[:2]) // pixels)
    height, width = (side // block * block for side in picture.shape[:2])
    blocks = picture[:height, :width].reshape(height // block, block, width // block, block, 3)
    return np.rint(blocks.mean((1, 3))).astype(np.uint8)


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
        return np.moveaxis(_quieten(maps[:4]), 0, 2)
    return np.moveaxis(shade(maps)[:, :PICTURE_PIXELS, :PICTURE_PIXELS], 0, 2)


def _quieten(maps: np.ndarray) -> np.ndarray:
    """A figure (4, ...) without noise that nobody sees, but that is half of its file."""
    steps = np.round(maps * TONES) / TONES
    steps[3] = np.where(maps[3] < CLEAR, 0, np.where(maps[3] > 1 - CLEAR, 1, steps[3]))
    steps[:3] *= steps[3] > 0
    return steps
