# SPDX-License-Identifier: GPL-3.0-or-later
"""Adam in the eigenbases of the gradients' covariances.

Vyas et al., "SOAP: Improving and Stabilizing Shampoo using Adam" (2024). A hyper-network needs it: the transcripts of
different DNA point much the same way, so a step that helps one species moves all others nearly as far. In the basis
in which transcripts are uncorrelated each direction is stepped along at a pace of its own, and species part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import torch

_LARGEST_SIDE = 256
"""A longer side of a matrix keeps its own basis."""
_REFRESH = 10
"""Steps from one look at the eigenbases to the next."""


class Soap(torch.optim.Optimizer):
    """Adam whose second moments are kept where the covariances of a matrix's rows and columns are diagonal.

    What is not a matrix is trained by Adam as it is.

    Parameters
    ----------
    weights : iterable of Tensor, or of dict
        As all optimisers of torch take them.
    learning_rate : float
    betas : (float, float)
        Decay of the mean gradient, and of its square and covariances.
    epsilon : float
        What a direction's gradient must exceed by far to be followed at full pace.
    """

    def __init__(
        self,
        weights: Iterable[torch.Tensor] | Iterable[dict[str, Any]],
        learning_rate: float,
        betas: tuple[float, float] = (0.9, 0.98),
        epsilon: float = 1e-7,
    ):
        super().__init__(weights, dict(lr=learning_rate, betas=betas, epsilon=epsilon))

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Move all weights that have a gradient. Unlike torch's optimisers it calls no closure."""
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is not None:
                    self._move(weight, weight.grad, self.state[weight], group)

    def _move(
        self, weight: torch.Tensor, gradient: torch.Tensor, state: dict[str, Any], group: dict[str, Any]
    ) -> None:
        remember, remember_square = group["betas"]
        if not state:
            state["step"] = 0
            state["mean"], state["square"] = torch.zeros_like(weight), torch.zeros_like(weight)
            state["covariances"] = [
                _covariance(gradient, axis) if _has_basis(weight, axis) else None
                for axis in range(weight.dim())
            ]
            state["bases"] = [
                None if covariance is None else _eigenbasis(covariance) for covariance in state["covariances"]
            ]
        state["step"] += 1
        mean, square, bases = state["mean"], state["square"], state["bases"]
        mean.lerp_(gradient, 1 - remember)
        square.lerp_(_into(bases, gradient).square(), 1 - remember_square)
        deviation = (square / (1 - remember_square ** state["step"])).sqrt() + group["epsilon"]
        direction = _into(bases, mean) / (1 - remember ** state["step"]) / deviation
        weight.sub_(group["lr"] * _out_of(bases, direction))
        for axis, covariance in enumerate(state["covariances"]):
            if covariance is not None:
                covariance.lerp_(_covariance(gradient, axis), 1 - remember_square)
        if state["step"] % _REFRESH == 0:
            self._turn(state)

    @staticmethod
    def _turn(state: dict[str, Any]) -> None:
        """Follow the eigenbases by a step of power iteration, largest first; the squares keep to their directions."""
        for axis, (covariance, basis) in enumerate(zip(state["covariances"], state["bases"], strict=True)):
            if covariance is None:
                continue
            turned = covariance @ basis
            order = (basis * turned).sum(0).argsort(descending=True)
            state["square"] = state["square"].index_select(axis, order)
            state["bases"][axis] = torch.linalg.qr(turned[:, order]).Q


def _has_basis(weight: torch.Tensor, axis: int) -> bool:
    return weight.dim() == 2 and weight.shape[axis] <= _LARGEST_SIDE


def _covariance(gradient: torch.Tensor, axis: int) -> torch.Tensor:
    return gradient @ gradient.T if axis == 0 else gradient.T @ gradient


def _eigenbasis(covariance: torch.Tensor) -> torch.Tensor:
    """Eigenvectors, that of the largest eigenvalue first.

    They are found in double precision, because LAPACK gives up in single precision on half of the covariances that most
    rows are missing from, and on the processor, because not every device has double.
    """
    return torch.linalg.eigh(covariance.cpu().double()).eigenvectors.flip(1).to(covariance)


def _into(bases: Sequence[torch.Tensor | None], values: torch.Tensor) -> torch.Tensor:
    """Values in the eigenbases."""
    if bases and bases[0] is not None:
        values = bases[0].T @ values
    return values if len(bases) < 2 or bases[1] is None else values @ bases[1]


def _out_of(bases: Sequence[torch.Tensor | None], values: torch.Tensor) -> torch.Tensor:
    """Values in the eigenbases, brought back to the axes of the weights."""
    if bases and bases[0] is not None:
        values = bases[0] @ values
    return values if len(bases) < 2 or bases[1] is None else values @ bases[1].T
