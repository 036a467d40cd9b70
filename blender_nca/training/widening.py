# SPDX-License-Identifier: GPL-3.0-or-later
"""A manifold with a wider hyper-network, that does what it did: room in which its species can part.

Transcripts of different DNA point much the same way (those of 64 materials were worth four dimensions), so whatever
one species learns moves all others. Each new unit is tuned to the letters of one species: it is silent where fewer
than `SILENT_BELOW` of them match, and what it adds to the rule is that species' own. Between two species it fades
as the blend moves from the one to the other, so blends stay between them.
"""

from __future__ import annotations

from collections.abc import Mapping

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
        The wider one: only `embedding` and `transcription` may be larger.
    letters : ndarray, shape (species, dna_length, 4)
        DNA that the new units are tuned to, one-hot, in turn.

    Returns
    -------
    dict

    Raises
    ------
    ValueError
        Where the manifold does not fit into `sizes`.
    """
    shapes = sizes.shapes(weights["paint.2.weight"].shape[1])
    wide = {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}
    for name, weight in weights.items():
        if name not in wide or any(
            old > new for old, new in zip(weight.shape, wide[name].shape, strict=True)
        ):
            raise ValueError(f"{name} of the manifold to begin with is larger than the configuration says.")
        wide[name][tuple(slice(side) for side in weight.shape)] = weight
    for name in wide.keys() - {
        "embed.weight",
        "transcribe.0.weight",
        "transcribe.0.bias",
        "transcribe.1.weight",
    }:
        if name != "film.weight" and wide[name].shape != weights[name].shape:
            raise ValueError(f"{name} of the manifold to begin with is smaller than the configuration says.")

    embedding, transcription = weights["transcribe.0.weight"].shape
    embed = wide["embed.weight"]
    if len(embed) >= sizes.embedding > embedding:
        # directions that the old ones do not see, as long as they
        basis = np.linalg.svd(weights["embed.weight"].astype(np.float64))[0]
        length = np.linalg.norm(weights["embed.weight"], axis=0).mean()
        embed[:, embedding:] = length * basis[:, embedding : sizes.embedding]

    extra = sizes.transcription - transcription
    tuned_to = letters.reshape(len(letters), -1)[np.arange(extra) % len(letters)] - 0.25
    loudness = LOUDNESS / (sizes.dna_length * (1 - SILENT_BELOW))
    wide["transcribe.0.weight"][:, transcription:] = loudness * np.linalg.pinv(embed) @ tuned_to.T
    # against the mean of letters, a match counts from chance on
    wide["transcribe.0.bias"][transcription:] = loudness * sizes.dna_length * (0.25 - SILENT_BELOW)
    return wide
