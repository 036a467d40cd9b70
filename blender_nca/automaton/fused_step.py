# SPDX-License-Identifier: GPL-3.0-or-later
"""The automaton on NVIDIA's cards, two kernels a step: what `torch_step` says, without its passes over memory."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import lru_cache

import torch
import torch.nn.functional as F

from ..kernels import cuda
from . import torch_step
from .chance import cell_numbers, mix
from .reference import FIRE_RATE
from .update_rule import UpdateRule

TILE, THREADS = 32, 128
"""Cells along a block's side, and its threads; as in `kernels/fused_step.cu`."""
MOST_SHARED = 48 * 1024
"""Bytes that a block may share on every card."""
TOLERANCE = 1e-4
"""How far two steps may lie from those of `torch_step` for the kernels to be trusted."""


class FusedStep:
    """Kernels for cells of one size.

    Parameters
    ----------
    module : cuda.Module
        Compiled for these sizes.
    """

    def __init__(self, module):
        self._module = module

    def grow(
        self,
        state: torch.Tensor,
        rules: Sequence[UpdateRule],
        shares: Sequence[torch.Tensor | None],
        random_seed: int,
        first: int,
        steps: int,
        boundary: str = "wrap",
        fire_rate: float = FIRE_RATE,
    ) -> torch.Tensor:
        """Run steps of the automaton on one grid, without waiting for them; arguments as of `torch_step.grow`.

        Parameters
        ----------
        state : float32 Tensor, shape (1, height, width, channels)

        Returns
        -------
        Tensor of the shape of `state`
            Another one: what was given stays as it is.
        """
        _, height, width, _ = state.shape
        before, grown = state.contiguous(), torch.empty_like(state, memory_format=torch.contiguous_format)
        spare = torch.empty_like(grown) if steps > 1 else None
        weights = pack(rules)
        counts = None
        if shares[0] is not None or len(shares) > 1:
            everywhere = state.new_ones(height, width)
            counts = torch.stack([everywhere if share is None else share.to(state) for share in shares])
        life = state.new_empty(height, width)
        alive = torch.empty(height, width, dtype=torch.uint8, device=state.device)
        grid = -(-width // TILE), -(-height // TILE)
        stream = torch.cuda.current_stream(state.device).cuda_stream if state.is_cuda else 0
        size = [ctypes.c_int(each) for each in (height, width, boundary == "wrap")]
        threshold = min(round(fire_rate * 2**32), 2**32 - 1)
        for index in range(first, first + steps):
            key = mix(mix(random_seed & 0xFFFFFFFF) ^ (index & 0xFFFFFFFF))
            self._module.launch(
                "nca_change",
                grid,
                THREADS,
                [
                    *map(_address, (before, grown, life, alive, weights, counts)),
                    ctypes.c_int(len(rules)),
                    *size,
                    ctypes.c_uint32(key),
                    ctypes.c_uint32(threshold),
                ],
                stream,
            )
            self._module.launch(
                "nca_mask", grid, THREADS, [*map(_address, (grown, life, alive)), *size], stream
            )
            before, grown, spare = grown, spare if index == first else before, None
        return before if steps else state.clone()


def pack(rules: Sequence[UpdateRule]) -> torch.Tensor:
    """Weights of rules as the kernels read them: a row a hidden unit, with its weights, its bias and three zeros, and
    its share in the change.

    Returns
    -------
    Tensor, shape (rules, hidden, 5 channels + 4)
    """
    rows = [
        torch.cat([rule.into_hidden.mT, F.pad(rule.hidden_bias.mT, (0, 3)), rule.out_of_hidden], -1)
        for rule in rules
    ]
    return torch.stack([row.reshape(row.shape[-2:]) for row in rows]).float().contiguous()


@lru_cache(8)
def open_for(device: torch.device, channels: int, hidden: int) -> FusedStep | None:
    """The kernels for a device, or None where they cannot serve: `torch_step` does, then.

    They are compared with `torch_step` before they are trusted.
    """
    shared = 4 * hidden * (5 * channels + 4) + 2 * TILE**2 + 16
    if device.type != "cuda" or torch.version.hip or channels % 4 or channels < 4 or shared > MOST_SHARED:
        return None
    try:
        with torch.cuda.device(device):
            architecture = "sm_{}{}".format(*torch.cuda.get_device_capability(device))
            torch.empty(1, device=device)  # makes the device's context current
            program, _ = cuda.compile_source(architecture, CHANNELS=channels, HIDDEN=hidden)
            fused = FusedStep(cuda.Module(program))
            return fused if grows_as_torch_does(fused, device, channels, hidden) else None
    except (cuda.CudaError, OSError, AttributeError):
        return None


def grows_as_torch_does(fused: FusedStep, device: torch.device, channels: int, hidden: int) -> bool:
    """Whether kernels give what `torch_step` gives: one rule on a torus, and two with borders."""
    generator = torch.Generator().manual_seed(0)

    def draw(scale, *shape):
        return (scale * torch.randn(shape, generator=generator)).to(device)

    def draw_rule():
        return UpdateRule(
            draw(0.1, 1, 4 * channels, hidden), draw(0.1, 1, 1, hidden), draw(0.05, 1, hidden, channels)
        )

    height, width = TILE + 8, TILE + 5
    cells = torch.from_numpy(cell_numbers(height, width)).to(device)
    left = (torch.arange(width, device=device) < width // 2).float().expand(height, width)
    for rules, shares, boundary in (
        ([draw_rule()], [None], "wrap"),
        ([draw_rule(), draw_rule()], [0.7 * left, 1 - left], "edge"),
    ):
        state = draw(0.3, 1, height, width, channels) * (draw(1.0, 1, height, width, 1) > 0.5)
        theirs = torch_step.grow(state, rules, shares, 5, 3, 3, cells, boundary)
        ours = fused.grow(state, rules, shares, 5, 3, 3, boundary)
        if not torch.allclose(ours, theirs, atol=TOLERANCE):
            return False
    return True


def _address(tensor: torch.Tensor | None) -> ctypes.c_void_p:
    return ctypes.c_void_p(None if tensor is None else tensor.data_ptr())
