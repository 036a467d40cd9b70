# SPDX-License-Identifier: GPL-3.0-or-later
"""How good the figures of a manifold are, grown from one cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from ...automaton.growth_limits import USUAL_SETTLING
from ...genetics.relaxed import nearest_dna
from ...genetics.species import Species
from ...learning.figure import frame, premultiply, show
from ...manifold import encoder
from ...manifold.manifold import Manifold
from ...manifold.search import search_dna
from ..exemplars.emoji import is_held_out, read_atlas
from .parallel_growths import ParallelGrowths

STEPS, LATE_STEPS, SEARCH = 200, 1000, 200
WOUND, HEALING_STEPS = 0.3, 150
TOGETHER = 16
"""Searches that run at once: they keep a gigabyte of states from growth until its gradient."""
QUICK_FIGURES, QUICK_HELD_OUT, QUICK_SEARCH = 8, 4, 20


def measure_figures(
    manifold: Manifold,
    species: Sequence[Species],
    atlas: Path,
    quick: bool = False,
    device: str = "cpu",
    say: Callable[[str], None] = lambda text: None,
) -> tuple[dict, dict]:
    """Measure the figures of a manifold against the pictures of their atlas.

    Errors are means of squared differences of premultiplied red, green, blue and alpha over the picture's
    own square.

    Parameters
    ----------
    manifold, species, quick, device, say
        As for `measure_materials`.
    atlas : Path

    Returns
    -------
    dict
        Figures.
    dict
        Name -> what was measured of it, trained and held out.
    """
    bundled, each_bundled = measure_bundled(manifold, species, atlas, quick, device, say)
    # what is read grows by the manifold alone: by no unit that another figure has
    unseen, each_unseen = measure_unseen(replace(manifold, units=()), atlas, quick, device, say)
    return {**bundled, **unseen}, {**each_bundled, **each_unseen}


def measure_bundled(
    manifold: Manifold,
    species: Sequence[Species],
    atlas: Path,
    quick: bool = False,
    device: str = "cpu",
    say: Callable[[str], None] = lambda text: None,
) -> tuple[dict, dict]:
    """Measure the figures that come with a manifold, as they are grown, aged and wounded; see `measure_figures`."""
    characters, _, drawn = read_atlas(atlas)
    place = {f"U+{ord(character):04X}": i for i, character in enumerate(characters)}
    trained = [(one, next(place[tag] for tag in one.tags if tag in place)) for one in species]
    counts = {
        "trained": manifold.card.get("training", {}).get("species", len(trained)),
        "taught": sum(bool(one.learned) for one, _ in trained),
    }
    if quick:
        trained = trained[:: max(1, len(trained) // QUICK_FIGURES)]
    dnas, wanted = [one.dna for one, _ in trained], torch.from_numpy(drawn)[[i for _, i in trained]]

    def plant(settles_after: int | None = USUAL_SETTLING) -> ParallelGrowths:
        return _plant(manifold, dnas, device, settles_after)

    say(f"growing {len(trained)} figures for {LATE_STEPS} steps")
    grids = plant().grow(STEPS)
    early, halo = _errors(manifold, grids, wanted)
    late, late_halo = _errors(manifold, grids.grow(LATE_STEPS - STEPS), wanted)
    say("wounding them")
    healed, _ = _errors(manifold, plant().grow(STEPS).wound(WOUND).grow(HEALING_STEPS), wanted)
    say(f"growing them for {LATE_STEPS} steps without settling")
    restless, _ = _errors(manifold, plant(None).grow(LATE_STEPS), wanted)
    each: dict[str, dict[str, float | str]] = {
        one.name: {
            "mse": early[k],
            "late": late[k],
            "healed": healed[k],
            "restless": restless[k],
            "halo": halo[k],
            "late_halo": late_halo[k],
        }
        for k, (one, _) in enumerate(trained)
    }
    figures = {
        **counts,
        "mse_trained": float(np.mean(early)),
        "persistence": float(np.mean(late) / np.mean(early)),
        "persistence_restless": float(np.mean(restless) / np.mean(early)),
        "healing": float(np.mean(healed) / np.mean(early)),
        "halo": float(np.mean(late_halo)),
    }
    return figures, each


def measure_unseen(
    manifold: Manifold,
    atlas: Path,
    quick: bool = False,
    device: str = "cpu",
    say: Callable[[str], None] = lambda text: None,
) -> tuple[dict, dict]:
    """Measure what a manifold without units reads and searches of the figures that are held out, and reads of all
    others; see `measure_figures`."""
    characters, names, drawn = read_atlas(atlas)
    held_out = [i for i, character in enumerate(characters) if is_held_out(character)]
    known = [i for i, character in enumerate(characters) if not is_held_out(character)]
    count = len(held_out)
    if quick:
        held_out, known = held_out[:QUICK_HELD_OUT], known[:QUICK_FIGURES]
    pictures = torch.from_numpy(drawn)
    say(f"growing all {len(known)} figures that it was trained on, as read")
    as_read, _ = _read(manifold, pictures[known])
    alone, _ = _errors(manifold, _plant(manifold, as_read, device).grow(STEPS), pictures[known])
    say(f"reading {len(held_out)} unseen figures")
    unseen = pictures[held_out]
    encoded_dna, logits = _read(manifold, unseen)
    encoded, _ = _errors(manifold, _plant(manifold, encoded_dna, device).grow(STEPS), unseen)
    searched_dna = []
    for i in range(0, len(unseen), TOGETHER):
        some = unseen[i : i + TOGETHER]
        say(f"searching the DNA of {len(some)} of them, from {i + 1} on")
        searched_dna += _search(manifold, logits[i : i + TOGETHER], some, quick, device, say)
    searched, _ = _errors(manifold, _plant(manifold, searched_dna, device).grow(STEPS), unseen)
    # the error of the nearest trained picture: a search is worth nothing where it does not beat this
    everyone = premultiply(pictures[known])
    nearest = [float((everyone - one).square().mean((1, 2, 3)).min()) for one in premultiply(unseen)]
    each: dict[str, dict[str, float | str]] = {
        names[i]: {
            "held_out": True,
            "mse_encoded": encoded[k],
            "mse_searched": searched[k],
            "mse_nearest_trained": nearest[k],
            "dna_encoded": encoded_dna[k],
            "dna_searched": searched_dna[k],
        }
        for k, i in enumerate(held_out)
    }
    figures = {
        "held_out": count,
        "mse_alone": float(np.mean(alone)),
        "mse_encoded": float(np.mean(encoded)),
        "mse_searched": float(np.mean(searched)),
        "mse_nearest_trained": float(np.mean(nearest)),
        "encoded_over_nearest": float(np.mean(encoded) / np.mean(nearest)),
    }
    return figures, each


def _read(manifold: Manifold, pictures: torch.Tensor) -> tuple[list[str], torch.Tensor]:
    """DNA of pictures as the encoder reads it, and the logits of its letters."""
    weights = {name: torch.from_numpy(value) for name, value in manifold.weights.items()}
    with torch.inference_mode():
        logits = encoder.encode(weights, show(pictures))
    return [nearest_dna(each) for each in logits.numpy()], logits


def _search(
    manifold: Manifold,
    logits: torch.Tensor,
    pictures: torch.Tensor,
    quick: bool,
    device: str,
    say: Callable[[str], None],
) -> list[str]:
    targets = frame(pictures, manifold.card["cells"] * manifold.card["pixels_per_cell"])
    return search_dna(
        manifold,
        logits,
        lambda maps: (premultiply(maps) - targets.to(maps.device)).square().mean((1, 2, 3)),
        iterations=QUICK_SEARCH if quick else SEARCH,
        device=device,
        say=say,
    )


def _plant(
    manifold: Manifold, dnas: Sequence[str], device: str, settles_after: int | None = None
) -> ParallelGrowths:
    cells = (manifold.card["cells"],) * 2
    return ParallelGrowths(manifold, dnas, cells, device=device, settles_after=settles_after)


def _errors(
    manifold: Manifold, grids: ParallelGrowths, wanted: torch.Tensor
) -> tuple[list[float], list[float]]:
    """Error of each figure within its picture's square, and its mean alpha outside of it."""
    pixels = manifold.card["pixels_per_cell"]
    errors, halos = [], []
    for maps, picture in zip(grids.paint(pixels), wanted, strict=True):
        side = picture.shape[1]
        edge = (maps.shape[1] - side) // 2
        inside = torch.from_numpy(maps[None, :, edge : edge + side, edge : edge + side])
        errors.append(float((premultiply(inside)[0] - premultiply(picture[None])[0]).square().mean()))
        outside = maps[3].copy()
        outside[edge : edge + side, edge : edge + side] = 0
        halos.append(float(outside.sum() / (outside.size - side**2)))
    return errors, halos
