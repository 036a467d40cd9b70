# SPDX-License-Identifier: GPL-3.0-or-later
"""A manifold with a wider hyper-network, that does what it did: room in which its species can part.

Transcripts of different DNA point much the same way (those of 64 materials were worth four dimensions), so whatever
one species learns moves all others. Each new unit is tuned to the letters of one species: it is silent where fewer
than `SILENT_BELOW` of them match, and what it adds to the rule is that species' own. Between two species it fades
as the blend moves from the one to the other, so blends stay between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ..manifold.architecture import Architecture

SILENT_BELOW = 14 / 32
"""Share of matching letters up to which a unit is silent. A quarter is chance."""
LOUDNESS = 6.0
"""What a unit says when all letters match: it sets how much faster than the shared ones its genes are learned."""


def widen(
    weights: Mapping[str, np.ndarray], sizes: Architecture, letters: np.ndarray
) -> dict[str, np.ndarray]:
    """Weights of a manifold, in a wider one that transcribes every DNA into the same rule and painter.

    Parameters
    ----------
    weights : mapping
        As named by `Architecture.shapes`.
    sizes : Architecture
        The wider one: `embedding` and `transcription` alone may be larger. New units tell all letters apart where
        the embedding is three times as wide as a DNA is long.
    letters : ndarray, shape (species, dna_length, 4)
        DNA that the new units are tuned to, one-hot, in turn.

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
    embed = wide["embed.weight"]
    differ = _differences(sizes.dna_length)
    embed[:, embedding:] = _unseen(differ @ embed[:, :embedding], differ, sizes.embedding - embedding)

    extra = sizes.transcription - transcription
    tuned_to = letters.reshape(len(letters), -1)[np.arange(extra) % len(letters)] - 0.25
    loudness = LOUDNESS / (sizes.dna_length * (1 - SILENT_BELOW))
    wide["transcribe.0.weight"][:, transcription:] = loudness * np.linalg.pinv(differ @ embed) @ tuned_to.T
    # against the mean of letters, a match counts from chance on
    wide["transcribe.0.bias"][transcription:] = loudness * sizes.dna_length * (0.25 - SILENT_BELOW)
    return wide


def _differences(dna_length):
    """Projection of DNA to what differs from one to another: the letters at each place always sum to one."""
    return np.eye(4 * dna_length) - np.kron(np.eye(dna_length), np.full((4, 4), 0.25))


def _unseen(seen, differ, count):
    """Directions of such differences that an embedding does not see, as long as those it sees."""
    basis, _ = np.linalg.qr(seen)
    directions, _, _ = np.linalg.svd(differ - basis @ (basis.T @ differ))
    return np.linalg.norm(seen, axis=0).mean() * directions[:, :count]
