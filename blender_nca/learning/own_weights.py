# SPDX-License-Identifier: GPL-3.0-or-later
"""The rule and the painter that one species learns, and their running mean."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import torch

from ..automaton.update_rule import UpdateRule
from ..manifold.own_unit import OF_PAINTER, OF_RULE
from ..manifold.renderer import Painter
from .soap import Soap

Weights = dict[str, torch.Tensor]
"""By the names of `OF_RULE` and `OF_PAINTER`."""


@dataclass(frozen=True)
class Pace:
    """How fast is learned.

    Attributes
    ----------
    rate, last : float
        Learning rate, and what share of it is left at the end.
    rise : int
        Iterations in which it rises.
    averaging : float
        Decay of the mean.
    rule, rule_rise : float, int
        Share of the rate that the rule learns at, and iterations in which that rises; 0: with the painter's.
    """

    rate: float
    last: float
    rise: int
    averaging: float
    rule: float = 1.0
    rule_rise: int = 0


class OwnWeights:
    """Weights that one species learns.

    Parameters
    ----------
    start : mapping of str to Tensor
        Of a rule and a painter, without an axis of a batch, which it begins as.
    pace : Pace

    Attributes
    ----------
    averaged : dict of str to Tensor
        Running mean of what is learned.
    pace : Pace
        It may be another one before anything was learned.
    """

    def __init__(self, start: Mapping[str, torch.Tensor], pace: Pace):
        names = (*OF_RULE, *OF_PAINTER)
        self._learned = {name: start[name].clone().requires_grad_() for name in names}
        self.averaged = {name: weight.detach().clone() for name, weight in self._learned.items()}
        self._shared = {name: value for name, value in start.items() if name not in names}
        self.pace = pace
        rule, painter = ([self._learned[name] for name in part] for part in (OF_RULE, OF_PAINTER))
        self._optimiser = Soap([{"params": rule}, {"params": painter}], pace.rate)

    def express(self, batch: int, weights: Weights | None = None) -> tuple[UpdateRule, Painter]:
        """Rule and painter of so many grids, of what is being learned or of other weights."""
        each = {
            name: weight.expand(batch, *weight.shape) for name, weight in (weights or self._learned).items()
        }
        return (
            UpdateRule(**{name: each[name] for name in OF_RULE}),
            Painter(**{name: each[name] for name in OF_PAINTER}, **self._shared),
        )

    def step(self, loss: torch.Tensor, iteration: int, progress: float) -> None:
        """Learn from a loss; `progress` in [0, 1] says how much of the time is over."""
        pace = self.pace
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        rate = pace.rate * max(pace.last, 0.5 + 0.5 * math.cos(math.pi * progress))
        rule, painter = self._optimiser.param_groups
        rule["lr"] = pace.rule * rate * min(1.0, (iteration + 1) / (pace.rule_rise or pace.rise))
        painter["lr"] = rate * min(1.0, (iteration + 1) / pace.rise)
        decay = min(pace.averaging, (1 + iteration) / (10 + iteration))
        with torch.no_grad():
            for weight in self._learned.values():
                assert weight.grad is not None
                weight.grad.nan_to_num_(0, 0, 0)
                weight.grad /= weight.grad.norm() + 1e-8
            self._optimiser.step()
            for name, mean in self.averaged.items():
                mean.lerp_(self._learned[name], 1 - decay)

    def copy(self) -> Weights:
        """The mean as it is now."""
        return {name: mean.clone() for name, mean in self.averaged.items()}

    def state_dict(self) -> dict[str, Any]:
        """All that changes while it learns."""
        return {
            "weights": {name: weight.detach() for name, weight in self._learned.items()},
            "averaged": self.averaged,
            "optimiser": self._optimiser.state_dict(),
            "pace": asdict(self.pace),
        }

    def load_state_dict(self, values: Mapping[str, Any]) -> None:
        """Go on from there."""
        with torch.no_grad():
            for name, weight in self._learned.items():
                weight.copy_(values["weights"][name])
        self.averaged = values["averaged"]
        # earlier versions had one pace, and all weights in one group, in the same order
        self.pace = Pace(**values.get("pace", asdict(self.pace)))
        groups = self._optimiser.state_dict()["param_groups"]
        self._optimiser.load_state_dict({"state": values["optimiser"]["state"], "param_groups": groups})
