# SPDX-License-Identifier: GPL-3.0-or-later
"""Units of the hyper-network that are tuned to one species each, so that species can differ.

Transcripts of different DNA point much the same way (those of 64 materials were worth four dimensions), so whatever
one species learns moves all others. A unit of its own is silent where fewer than `SILENT_BELOW` of its species'
letters match, and what it adds to the rule is that species' alone. Between two species it fades as a blend moves from
the one to the other, so blends stay between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ..manifold.architecture import Architecture
from ..manifold.own_unit import SILENT_BELOW

LOUDNESS = 6.0
"""What a unit says when all letters match: it sets how much faster than the shared ones its genes are learned."""


def tune(weights: dict[str, np.ndarray], units: int, letters: np.ndarray) -> None:
    """Tune the last units of a hyper-network to species, in turn; they begin without anything to say.

    Parameters
    ----------
    weights : dict
        As named by `Architecture.shapes`; changed in place. The units tell all letters apart where the embedding is
        three times as wide as a DNA is long.
    units : int
    letters : ndarray, shape (species, dna_length, 4)
        DNA of the species, one-hot.
    """
    if not units:
        return
    dna_length = letters.shape[1]
    wanted = letters.reshape(len(letters), -1)[np.arange(units) % len(letters)] - 0.25
    loudness = LOUDNESS / (dna_length * (1 - SILENT_BELOW))
    seen = np.linalg.pinv(_differences(dna_length) @ weights["embed.weight"])
    weights["transcribe.0.weight"][:, -units:] = loudness * seen @ wanted.T
    # against the mean of letters, a match counts from chance on
    weights["transcribe.0.bias"][-units:] = loudness * dna_length * (0.25 - SILENT_BELOW)
    weights["transcribe.1.weight"][-units:] = 0


def widen(
    weights: Mapping[str, np.ndarray], sizes: Architecture, letters: np.ndarray
) -> dict[str, np.ndarray]:
    """Weights of a manifold, in one with more units, that transcribes every DNA into the same rule and painter.

    Parameters
    ----------
    weights : mapping
        As named by `Architecture.shapes`.
    sizes : Architecture
        The wider one: `embedding` and `transcription` alone may be larger.
    letters : ndarray, shape (species, dna_length, 4)
        What new units are tuned to.

    Returns
    -------
    dict

    Raises
    ------
    ValueError
        Where the manifold does not fit into `sizes`; the message says what.
    """
    embedding, transcription = weights["transcribe.0.weight"].shape
    maps = weights["paint.2.weight"].shape[1]
    narrow = replace(sizes, embedding=embedding, transcription=transcription).shapes(maps)
    if other := [name for name, shape in narrow.items() if weights[name].shape != shape]:
        raise ValueError(f"{', '.join(other)} would have to be another size")
    if embedding > sizes.embedding or transcription > sizes.transcription:
        raise ValueError("the hyper-network would have to be narrower")

    wide = {name: np.zeros(shape, np.float32) for name, shape in sizes.shapes(maps).items()}
    for name, weight in weights.items():
        wide[name][tuple(slice(side) for side in weight.shape)] = weight
    embed, differ = wide["embed.weight"], _differences(sizes.dna_length)
    embed[:, embedding:] = _unseen(differ @ embed[:, :embedding], differ, sizes.embedding - embedding)
    tune(wide, sizes.transcription - transcription, letters)
    return wide


def _differences(dna_length: int) -> np.ndarray:
    """Projection of DNA to what differs from one to another: the letters at each place always sum to one."""
    return np.eye(4 * dna_length) - np.kron(np.eye(dna_length), np.full((4, 4), 0.25))


def _unseen(seen: np.ndarray, differ: np.ndarray, count: int) -> np.ndarray:
    """`count` directions in which DNA differs and that an embedding does not see, scaled to the length of those it
    sees."""
    basis, _ = np.linalg.qr(seen)
    directions, _, _ = np.linalg.svd(differ - basis @ (basis.T @ differ))
    return np.linalg.norm(seen, axis=0).mean() * directions[:, :count]
