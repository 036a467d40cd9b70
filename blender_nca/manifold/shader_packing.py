# SPDX-License-Identifier: GPL-3.0-or-later
"""Packing: weights and lists as shaders read them, in fours."""

from __future__ import annotations

import numpy as np

from ..automaton.update_rule import UpdateRule
from .grain import draw_grain
from .renderer import Painter, interpolation


def pack_rule(rule: UpdateRule) -> np.ndarray:
    """Weights of a rule as the shaders read them: a row a hidden unit, with its weights, its bias and three zeros, and
    its share in the change; in fours.

    Returns
    -------
    ndarray, float32, shape (hidden (5 channels / 4 + 1), 4)
    """
    into, bias, out = rule.into_hidden.T, rule.hidden_bias.reshape(-1, 1), rule.out_of_hidden
    return np.concatenate([into, np.pad(bias, ((0, 0), (0, 3))), out], 1).astype(np.float32).reshape(-1, 4)


def pack_painter(painter: Painter) -> np.ndarray:
    """Weights of a painter as the shaders read them.

    A row a unit of the first layer, with its weights and its bias; one a unit of the second, with its weights, its bias
    and its share in the maps; the bias of the maps. After each bias of a unit there are three zeros.

    Returns
    -------
    ndarray, float32, shape (fours, 4)
    """
    width = painter.weight_0.shape[-1]

    def rows(weight: np.ndarray, bias: np.ndarray, *more: np.ndarray) -> np.ndarray:
        return np.concatenate([weight.T, np.pad(bias.reshape(width, 1), ((0, 0), (0, 3))), *more], 1).ravel()

    first, second = (
        rows(painter.weight_0, painter.bias_0),
        rows(painter.weight_1, painter.bias_1, painter.weight_2),
    )
    return np.concatenate([first, second, painter.bias_2.ravel()]).astype(np.float32).reshape(-1, 4)


def in_lines(numbers: np.ndarray, line: int) -> np.ndarray:
    """Numbers of things (things, numbers), laid side by side: float32, shape (lines, line, numbers)."""
    lines = max(1, -(-len(numbers) // line))
    laid = np.zeros((lines * line, numbers.shape[1]), np.float32)
    laid[: len(numbers)] = numbers
    return laid.reshape(lines, line, -1)


def grain(pixels: int) -> np.ndarray:
    """Grain in fours, a pixel's side by side: shape (pixels high, pixels wide * fours, 4)."""
    drawn = draw_grain(pixels)
    return drawn.reshape(len(drawn), -1, 4)


def taps(pixels: int) -> np.ndarray:
    """How much the cells around one count in each of its pixels: shape (pixels, cells, 1)."""
    return np.ascontiguousarray(interpolation(1, pixels)[..., None])
