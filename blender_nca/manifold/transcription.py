# SPDX-License-Identifier: GPL-3.0-or-later
"""DNA -> weights: the hyper-network of the NCA Manifold.

Hernandez Ruiz et al., "Neural Cellular Automata Manifold" (CVPR 2021), call it the decoder of a dynamic
convolution. Written for numpy arrays and torch tensors alike, so that training, torch and the numpy fallback
share one equation.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..automaton.update_rule import Array, UpdateRule, rectify
from .architecture import FINE_MAPS, PERCEPTS, Architecture
from .renderer import Painter

_INTO_HIDDEN_SCALE, _OUT_OF_HIDDEN_SCALE = 0.3, 0.05
"""How far a DNA moves the weights from those that all genotypes share."""


def transcribe(
    weights: Mapping[str, Array], sizes: Architecture, relaxed: Array
) -> tuple[UpdateRule, Painter]:
    """Read DNA into the rule that its cells run and the brush that paints them.

    Parameters
    ----------
    weights : mapping
        As named by `Architecture.shapes`.
    sizes : Architecture
    relaxed : array, shape (batch, dna_length, 4)
        DNA in relaxed form: rows sum to one.

    Returns
    -------
    UpdateRule, Painter
        With a leading axis of `batch`.
    """
    batch = relaxed.shape[0]
    code = embed(weights, relaxed)

    transcript = rectify(code @ weights["transcribe.0.weight"] + weights["transcribe.0.bias"])
    genes = transcript @ weights["transcribe.1.weight"]
    percepts, hidden, channels = PERCEPTS * sizes.channels, sizes.hidden, sizes.channels
    end_of_bias = percepts * hidden + hidden
    into_hidden = genes[:, : percepts * hidden].reshape(batch, percepts, hidden)
    hidden_bias = genes[:, percepts * hidden : end_of_bias].reshape(batch, 1, hidden)
    out_of_hidden = genes[:, end_of_bias:].reshape(batch, hidden, channels)
    rule = UpdateRule(
        weights["rule.into_hidden"] + _INTO_HIDDEN_SCALE * into_hidden,
        weights["rule.hidden_bias"] + hidden_bias,
        weights["rule.out_of_hidden"] + _OUT_OF_HIDDEN_SCALE * out_of_hidden,
    )

    return rule, transcribe_painter(weights, code)


def show_finely(weight_2: Array, bias_2: Array, shown: Array) -> tuple[Array, Array]:
    """The last layer of units that paint what is finer than cells, for each map.

    Parameters
    ----------
    weight_2, bias_2 : array, shapes (units, outputs) and (outputs,)
        `FINE_MAPS` says which output each map shows.
    shown : array, shape (batch, maps)
        How much of it each map shows: of colours it is a tint.

    Returns
    -------
    weight_2, bias_2 : array, shapes (batch, units, maps) and (batch, 1, maps)
    """
    shown = shown.reshape(shown.shape[0], 1, -1)
    return weight_2[:, FINE_MAPS] * shown, bias_2[None, FINE_MAPS] * shown


def embed(weights: Mapping[str, Array], relaxed: Array) -> Array:
    """What all is read from: DNA (batch, dna_length, 4) as numbers, shape (batch, embedding)."""
    return (relaxed.reshape(relaxed.shape[0], -1) - 0.25) @ weights["embed.weight"]


def transcribe_painter(weights: Mapping[str, Array], code: Array) -> Painter:
    """Read the embedding of DNA into a brush.

    Parameters
    ----------
    weights : mapping
        Those named film and paint in `Architecture.shapes`; or those of `Architecture.fine_shapes`, of a brush that
        reads grain behind the state.
    code : array, shape (batch, embedding)

    Returns
    -------
    Painter
        With a leading axis of `batch`; its last layer is that of all, but of a brush that reads grain.
    """
    batch = code.shape[0]
    # feature-wise modulation (Perez et al. 2018), folded into the layers: gain (W x + b) + shift
    film = (code @ weights["film.weight"] + weights["film.bias"]).reshape(batch, 4, 1, -1)
    gain_0, shift_0, gain_1, shift_1 = 1 + film[:, 0], film[:, 1], 1 + film[:, 2], film[:, 3]
    weight_0, weight_2, bias_2 = (
        weights["paint.0.weight"] * gain_0,
        weights["paint.2.weight"],
        weights["paint.2.bias"],
    )
    if "film.inputs" in weights:  # which grain a species has, and of which tint and in which maps
        weight_0 = weight_0 * (1 + code @ weights["film.inputs"]).reshape(batch, -1, 1)
        weight_2, bias_2 = show_finely(weight_2, bias_2, 1 + code @ weights["film.maps"])
    return Painter(
        weight_0,
        weights["paint.0.bias"] * gain_0 + shift_0,
        weights["paint.1.weight"] * gain_1,
        weights["paint.1.bias"] * gain_1 + shift_1,
        weight_2,
        bias_2,
    )
