# SPDX-License-Identifier: GPL-3.0-or-later
"""The weights that every cell of one genotype runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

Array: TypeAlias = Any
"""A numpy array or a torch tensor: equations that stand once are written for both."""
LIFE = 3
"""Channel of the cell state that says how alive a cell is; those before it show as base colour."""


@dataclass(frozen=True)
class UpdateRule:
    """A two-layer perceptron from percepts to the change of a cell's state.

    Attributes
    ----------
    into_hidden : array, shape (..., 4 channels, hidden)
    hidden_bias : array, shape (..., 1, hidden)
    out_of_hidden : array, shape (..., hidden, channels)
        Numpy or torch; leading axes, if any, are a batch of rules.
    """

    into_hidden: Array
    hidden_bias: Array
    out_of_hidden: Array

    def change(self, percepts: Array) -> Array:
        """Change of state for each cell.

        Written for numpy arrays and torch tensors alike.

        Parameters
        ----------
        percepts : array, shape (..., cells, 4 channels)

        Returns
        -------
        array, shape (..., cells, channels)
        """
        return rectify(percepts @ self.into_hidden + self.hidden_bias) @ self.out_of_hidden


def rectify(numbers: Array) -> Array:
    """The positive part of an array of any shape (max(0, x), the ReLU), of numpy and of torch alike."""
    # torch's own has the cheaper gradient
    return numbers.relu() if hasattr(numbers, "relu") else numbers.clip(min=0)
