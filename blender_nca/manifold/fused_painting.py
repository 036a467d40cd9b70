# SPDX-License-Identifier: GPL-3.0-or-later
"""Painting on NVIDIA's cards in one pass: what `renderer` says, and only finished pixels leave the card."""

from __future__ import annotations

from ctypes import c_int
from functools import lru_cache

import torch
import torch.nn.functional as F

from ..automaton import card, torch_step
from ..kernels.cuda import CudaError, Module
from ..maps.packing import pack_live
from .architecture import MAP_CHANNELS
from .renderer import SUPPORT, Painter, interpolation, paint_tile

THREADS = 128
"""Of a block, each for two pixels; as in `kernels/fused_painting.cu`."""
TOLERANCE = 1e-3
"""How far pixels may lie from those of `renderer` for the kernel to be trusted: an eye sees 4e-3."""


class FusedPainting:
    """The kernel for painters of one size.

    Parameters
    ----------
    module : Module
        Of 'fused_painting.cu', compiled for this size.
    """

    def __init__(self, module: Module):
        self._module = module

    def paint(
        self, painter: Painter, state: torch.Tensor, pixels_per_cell: int, boundary: str, live: bool = False
    ) -> torch.Tensor:
        """Paint a grid.

        Parameters
        ----------
        painter : Painter
            Of one genotype.
        state : float32 Tensor, shape (1, height, width, channels)
        pixels_per_cell : int
        boundary : {'wrap', 'edge'}
        live : bool
            As `maps.packing.pack_live` packs it.

        Returns
        -------
        Tensor
            Maps in [0, 1], shape (maps, height * pixels_per_cell, width * pixels_per_cell), or, live, two images
            (2, height * pixels_per_cell, width * pixels_per_cell, 4).
        """
        _, height, width, _ = state.shape
        down, across = height * pixels_per_cell, width * pixels_per_cell
        taps = torch.from_numpy(interpolation(1, pixels_per_cell)).to(state.device)
        maps = state.new_empty((2, down, across, 4) if live else (len(MAP_CHANNELS), down, across))
        size = map(c_int, (height, width, boundary == "wrap", pixels_per_cell, live))
        given = [state.contiguous(), pack(painter), taps, maps, *size]
        card.launch(self._module, "nca_paint", (-(-across // (2 * THREADS)), down), THREADS, given)
        return maps


@lru_cache(32)
def pack(painter: Painter) -> torch.Tensor:
    """Weights of a painter as the kernel reads them: a row a unit of the first layer, with its weights and its bias;
    one a unit of the second, with its weights, its bias and its share in the maps; the bias of the maps. After each
    bias of a unit there are three zeros. Painters are told apart by their tensors, which nobody writes to."""
    width = painter.weight_0.shape[-1]

    def rows(weight, bias, *more):
        return torch.cat([weight.reshape(-1, width).T, F.pad(bias.reshape(width, 1), (0, 3)), *more], 1)

    first = rows(painter.weight_0, painter.bias_0)
    second = rows(painter.weight_1, painter.bias_1, painter.weight_2)
    return torch.cat([first.flatten(), second.flatten(), painter.bias_2]).float().contiguous()


@lru_cache(8)
def open_for(device: torch.device, channels: int, painting: int) -> FusedPainting | None:
    """The kernel for a device, or None where it cannot serve: `renderer` does, then.

    It is compared with `renderer` before it is trusted.
    """
    maps = len(MAP_CHANNELS)
    shared = 4 * (painting * (channels + painting + maps + 8) + maps)
    if not card.suits(device, channels, shared) or painting % 4:
        return None
    try:
        fused = FusedPainting(
            card.open_module("fused_painting.cu", device, CHANNELS=channels, PAINTING=painting)
        )
        return fused if paints_as_torch_does(fused, device, channels, painting) else None
    except (CudaError, OSError, AttributeError):
        return None


def paints_as_torch_does(fused: FusedPainting, device: torch.device, channels: int, painting: int) -> bool:
    """Whether the kernel gives what `renderer` gives, as maps and as live images, with and without borders."""
    generator = torch.Generator().manual_seed(0)

    def draw(*shape):
        return (0.3 * torch.randn(shape, generator=generator)).to(device)

    maps, height, width, pixels = len(MAP_CHANNELS), 9, 70, 5
    layers = (
        (1, channels, painting),
        (1, 1, painting),
        (1, painting, painting),
        (1, 1, painting),
        (painting, maps),
        (maps,),
    )
    painter, state = Painter(*(draw(*layer) for layer in layers)), 0.4 + draw(1, height, width, channels)
    rows, columns = (torch.from_numpy(interpolation(cells, pixels)).to(device) for cells in (height, width))
    for boundary in ("wrap", "edge"):
        around = torch_step.surround(state, boundary, SUPPORT).movedim(3, 1)
        theirs = paint_tile(painter, around, rows, columns)[0].clip(0, 1)
        ours = fused.paint(painter, state, pixels, boundary)
        live = fused.paint(painter, state, pixels, boundary, live=True)
        packed = torch.from_numpy(pack_live(theirs.cpu().numpy())).to(device)
        if not all(torch.allclose(a, b, atol=TOLERANCE) for a, b in ((ours, theirs), (live, packed))):
            return False
    return True
