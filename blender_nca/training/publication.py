# SPDX-License-Identifier: GPL-3.0-or-later
"""A trained run as a model that artists use: weights, card, species and their pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from ..automaton.growth import Genotype, Growth, Seeds
from ..automaton.rollout import Automaton, Rollout
from ..genetics import Species, nearest_dna, write_species
from ..manifold import encoder, model_file
from ..manifold.manifold import Manifold
from ..maps.png import write_png
from ..maps.shading import shade
from .trainer import Trainer

PICTURE_PIXELS = 128
_SAID_ELSEWHERE = ("name", "title", "licence", "notes", "architecture")


def publish(trainer: Trainer, folder: Path) -> Manifold:
    """Write the running mean of a run's weights as a model folder.

    The DNA of each species is what the encoder reads from the first exemplar of its family; its picture is
    grown by the model itself.

    Parameters
    ----------
    trainer : Trainer
    folder : Path
        Receives `manifold.safetensors`, `card.json` and `species/`.
    """
    config = trainer.config
    weights = {name: value.cpu().numpy() for name, value in trainer.averaged.items()}
    losses = dict(zip(config.families, trainer.recent.tolist(), strict=True))
    card = {
        "name": config.name,
        "title": config.title,
        "licence": config.licence,
        "notes": config.notes,
        "pixels_per_cell": config.pixels_per_cell,
        "training": {
            "iterations": trainer.iteration,
            "minutes": round(trainer.seconds / 60, 1),
            "device": trainer.device.type,
            "torch": torch.__version__,
            "exemplars": "procedural, drawn by blender_nca.training.exemplars",
            "loss": {family: round(loss, 4) for family, loss in losses.items()},
            "config": {key: value for key, value in config.to_json().items() if key not in _SAID_ELSEWHERE},
        },
    }
    model_file.write(folder, card, config.architecture, weights)
    manifold = Manifold.open(folder)
    with torch.no_grad():
        logits = encoder.encode(trainer.averaged, trainer.thumbnails[:: config.sisters]).cpu().numpy()
    (Path(folder) / "species").mkdir(exist_ok=True)
    for family, letters in zip(config.families, logits, strict=True):
        path = Path(folder) / "species" / f"{family}.json"
        species = Species(family.capitalize(), nearest_dna(letters), config.name, author="Neural Growth")
        write_species(path, species)
        portrait = paint_portrait(manifold.automaton(str(trainer.device)), species)
        write_png(path.with_suffix(".png"), portrait, colour=True)
    return manifold


def paint_portrait(automaton: Automaton, species: Species) -> np.ndarray:
    """A species' picture: a piece of its pattern, grown from one cell and lit.

    Returns
    -------
    ndarray, float32, shape (PICTURE_PIXELS, PICTURE_PIXELS, 3), sRGB-encoded
    """
    growth = Growth(species.manifold, (Genotype((species.dna,)),), 64, 64, seeds=Seeds(), steps=(300.0,))
    lit = shade(Rollout(automaton).maps(growth, 1))
    return np.moveaxis(lit[:, :PICTURE_PIXELS, :PICTURE_PIXELS], 0, 2)
