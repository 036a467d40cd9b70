# SPDX-License-Identifier: GPL-3.0-or-later
"""Growth with its gradient: back-propagation through time that keeps states alone.

What `torch_step.grow` says, for one rule an example. Autograd would keep every intermediate of every
step and touch each many times; here a step's percepts and hidden layer are computed again on the way back
(gradient checkpointing, Chen et al. 2016), products may run in bfloat16, and on a CPU only the cells that fire
go through the perceptron.
"""

from __future__ import annotations

from typing import Any

import torch

from .chance import FIRE_RATE, fires
from .firing import Dense, Sparse, pick
from .native_through_time import NativeRollout, suits
from .rows import Rows
from .update_rule import UpdateRule


def grow(
    state: torch.Tensor,
    rule: UpdateRule,
    random_seed: int,
    steps: int,
    cells: torch.Tensor,
    boundary: str = "wrap",
    precision: torch.dtype = torch.float32,
) -> torch.Tensor:
    """Grow a batch, each example by its own rule.

    Parameters
    ----------
    state : Tensor, shape (batch, height, width, channels)
        Its own gradient is not asked for.
    rule : UpdateRule
        Weights of shape (batch, ...).
    random_seed, steps : int
    cells : int64 Tensor, shape (height, width)
        Numbers of the cells: all examples fire alike.
    boundary : {'wrap', 'edge'}
    precision : torch.dtype
        Of the products.

    Returns
    -------
    Tensor of the shape of `state`
    """
    weights = rule.into_hidden, rule.hidden_bias, rule.out_of_hidden
    # torch's `apply` has no types
    if suits(state, rule):
        return NativeRollout.apply(state, *weights, random_seed, steps, boundary)  # type: ignore[no-untyped-call]
    return _Rollout.apply(  # type: ignore[no-untyped-call]
        state, *weights, random_seed, steps, cells, boundary, precision
    )


class _Rollout(torch.autograd.Function):
    @staticmethod
    def forward(
        context: Any,
        state: torch.Tensor,
        into_hidden: torch.Tensor,
        hidden_bias: torch.Tensor,
        out_of_hidden: torch.Tensor,
        random_seed: int,
        steps: int,
        cells: torch.Tensor,
        boundary: str,
        precision: torch.dtype,
    ) -> torch.Tensor:
        layout = Rows(state.shape, boundary)
        weights = [weight.to(precision) for weight in (into_hidden, hidden_bias, out_of_hidden)]
        rows = layout.enclose(state)
        layout.close(rows)
        trace = []
        for index in range(steps):
            firing = pick(layout, fires(random_seed, index, cells, FIRE_RATE))
            alive = layout.living(rows)
            _, hidden = _layers(layout, rows, firing, weights)
            grown = rows.clone()
            firing.add(layout.inner(grown), (hidden @ weights[2]).to(rows.dtype))
            grown *= alive
            layout.close(grown)
            mask = (alive & layout.living(grown)).to(rows.dtype)
            grown *= mask
            layout.close(grown)
            trace.append((rows, firing, mask))
            rows = grown
        context.layout, context.precision, context.trace = layout, precision, trace
        context.save_for_backward(into_hidden, hidden_bias, out_of_hidden)
        return layout.open(rows)

    @staticmethod
    def backward(context: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        layout, precision = context.layout, context.precision
        weights = [weight.to(precision) for weight in context.saved_tensors]
        of_weights = [torch.zeros_like(weight) for weight in context.saved_tensors]
        gradient = layout.enclose(gradient)
        for rows, firing, mask in reversed(context.trace):
            gradient = gradient * mask
            percepts, hidden = _layers(layout, rows, firing, weights)
            of_change = firing.take_back(layout.inner(gradient)).to(precision)
            of_hidden = torch.ops.aten.threshold_backward(of_change @ weights[2].mT, hidden, 0)
            of_weights[2] += hidden.mT @ of_change
            of_weights[1] += of_hidden.sum(1, keepdim=True, dtype=of_weights[1].dtype)
            of_weights[0] += percepts.mT @ of_hidden
            of_percepts = firing.spread((of_hidden @ weights[0].mT).to(rows.dtype))
            gradient += layout.perceive_back(of_percepts)
            layout.close_back(gradient)
        return None, *of_weights, None, None, None, None, None


def _layers(
    layout: Rows, rows: torch.Tensor, firing: Sparse | Dense, weights: list[torch.Tensor]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Percepts and hidden layer of the cells that are computed."""
    percepts = firing.take(layout.perceive(rows)).to(weights[0].dtype)
    return percepts, torch.baddbmm(weights[1], percepts, weights[0]).relu_()
