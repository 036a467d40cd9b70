# SPDX-License-Identifier: GPL-3.0-or-later
"""Search in DNA space: the letters whose growth comes nearest to what is wanted. Needs torch.

The encoder guesses a DNA in one pass; from there its letters follow the gradient through transcription, growth and
painting, one-hot forward and soft backward (Jang et al. 2017). What is found is always a DNA that can be written down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import torch
import torch.nn.functional as F

from ..automaton import through_time
from ..automaton.chance import cell_numbers
from ..automaton.update_rule import LIFE, UpdateRule
from ..genetics.dna import LETTERS
from ..genetics.relaxed import relax
from .manifold import Manifold
from .own_unit import OF_PAINTER, OF_RULE, OwnUnit
from .renderer import SUPPORT, Painter, interpolation, paint_tile
from .transcription import transcribe

LEARNING_RATE, STEPS = 0.15, 56
COVERED = 48
"""Cells a side that a seed covers in these steps. A grid that wraps needs no more, whatever the manifold was trained
on; where a figure has its edges, its place is part of what was trained."""
SHARPNESS = 2.0
"""Logits that a search starts from have this deviation: letters that the encoder was sure of can still turn."""


def search_dna(
    manifold: Manifold,
    logits: torch.Tensor,
    distance: Callable[[torch.Tensor], torch.Tensor],
    iterations: int = 200,
    device: str = "cpu",
    say: Callable[[str], None] = lambda text: None,
    watch: Callable[[int, torch.Tensor, torch.Tensor], bool] = lambda iteration, distances, maps: True,
) -> list[str]:
    """Search for DNA, several at once.

    Parameters
    ----------
    manifold : Manifold
        Its card says the grid it was trained on, which figures grow on here too. Units of learned species count.
    logits : Tensor, shape (searches, dna_length, 4)
        Where to start: what `encoder.encode` gives.
    distance : callable
        Maps (searches, maps, height, width) -> Tensor, shape (searches,): what is to be made small.
    iterations : int
    device : str
    say : callable
        Told of the progress.
    watch : callable
        Called in each iteration with its number, the distances and the maps; where it says no, the search ends.

    Returns
    -------
    list of str
        The best DNA of each search, the encoder's own among those compared.
    """
    weights = {name: torch.from_numpy(value).to(device) for name, value in manifold.weights.items()}
    units = [_Unit(unit, device) for unit in manifold.units]
    card, sizes = manifold.card, manifold.sizes
    boundary = card["boundary"]
    cells = min(card["cells"], COVERED) if boundary == "wrap" else card["cells"]
    fine = torch.from_numpy(interpolation(cells, card["pixels_per_cell"])).to(device)
    numbers = torch.from_numpy(cell_numbers(cells, cells)).to(device)
    seeded = torch.zeros(len(logits), cells, cells, sizes.channels, device=device)
    seeded[:, cells // 2, cells // 2, LIFE:] = 1
    logits = logits.to(device)
    logits = (SHARPNESS * (logits - logits.mean()) / logits.std()).clone().requires_grad_()
    optimiser = torch.optim.Adam([logits], LEARNING_RATE)
    best = torch.full((len(logits),), float("inf"), device=device)
    found = logits.detach().argmax(-1)
    for iteration in range(iterations + 1):
        soft = logits.softmax(-1)
        letters = F.one_hot(logits.argmax(-1), 4).float() + soft - soft.detach()
        rule, painter = transcribe(weights, sizes, letters)
        for unit in units:
            rule, painter = unit.join(letters, rule, painter)
        state = through_time.grow(seeded, rule, iteration, STEPS, numbers, boundary)
        around = F.pad(state.movedim(3, 1), [SUPPORT] * 4, "circular" if boundary == "wrap" else "replicate")
        maps = paint_tile(painter, around, fine, fine)
        each = distance(maps)
        nearer = each.detach() < best
        best = torch.where(nearer, each.detach(), best)
        found[nearer] = logits.detach().argmax(-1)[nearer]
        if iteration % 20 == 0:
            say(f"searching DNA: {iteration} of {iterations}, mean distance {float(best.mean()):.4f}")
        if not watch(iteration, each.detach(), maps.detach()):
            break
        optimiser.zero_grad()
        # each search goes at its own pace, however far it has to go
        (each / each.detach().clip(min=1e-6)).sum().backward()
        optimiser.step()
    return ["".join(LETTERS[letter] for letter in dna) for dna in found.tolist()]


class _Unit:
    """A unit of a learned species in torch."""

    def __init__(self, unit: OwnUnit, device: str):
        self.dna = torch.from_numpy(relax(unit.dna)).to(device)
        self.silent_below = unit.silent_below
        self.added = {name: torch.from_numpy(array).to(device) for name, array in unit.added.items()}

    def join(self, letters: torch.Tensor, rule: UpdateRule, painter: Painter) -> tuple[UpdateRule, Painter]:
        """Add it to what was read from each DNA (searches, dna_length, 4), as `OwnUnit.join` does for one."""
        match = (letters * self.dna).sum((1, 2)) / len(self.dna)
        loudness = F.relu((match - self.silent_below) / (1 - self.silent_below))
        if not loudness.detach().any():
            return rule, painter
        sums = {
            name: getattr(part, name) + torch.einsum("s,...->s...", loudness, self.added[name])
            for part, names in ((rule, OF_RULE), (painter, OF_PAINTER))
            for name in names
        }
        return (
            replace(rule, **{name: sums[name] for name in OF_RULE}),
            replace(painter, **{name: sums[name] for name in OF_PAINTER}),
        )
