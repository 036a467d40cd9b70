# SPDX-License-Identifier: GPL-3.0-or-later
"""How a batch of grown grids is judged."""

from __future__ import annotations

from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Judgement:
    """The verdict on a batch.

    Attributes
    ----------
    loss : Tensor, scalar
        What is learned from.
    distance : Tensor, shape (batch,)
        From each grid to what it should be, for people to follow.
    valid : bool Tensor, shape (batch,)
        Which of the distances mean something: a grid may still be growing.
    """

    loss: torch.Tensor
    distance: torch.Tensor
    valid: torch.Tensor
