# SPDX-License-Identifier: GPL-3.0-or-later
"""Painting on a graphics card in one pass: what `renderer` says, and only finished pixels leave the card."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F

from ..automaton import card, torch_step
from ..maps.packing import pack_live
from .architecture import MAP_CHANNELS
from .grain import draw_grain, grain_at
from .renderer import SUPPORT, Painter, interpolation, paint_tile

THREADS = 128
"""Of a block; as in `kernels/cards.cuh`."""
TOLERANCE = 1e-3
"""How far pixels may lie from those of `renderer` for the kernel to be trusted: an eye sees 4e-3."""


class FusedPainting:
    """The kernel for painters of one size, which all read grain or none.

    Parameters
    ----------
    module : card.Module
        Of 'painting.cu', compiled for this size.
    """

    def __init__(self, module: card.Module):
        self._module = module

    def paint(
        self,
        painters: Sequence[Painter],
        shares: Sequence[torch.Tensor | None],
        state: torch.Tensor,
        pixels_per_cell: int,
        boundary: str,
        live: bool = False,
        rows: range | None = None,
    ) -> torch.Tensor:
        """Paint a grid.

        Parameters
        ----------
        painters : sequence of Painter
            Of each genotype.
        shares : sequence of Tensor (height, width) or None
            How much each genotype counts.
        state : float32 Tensor, shape (1, height, width, channels)
        pixels_per_cell : int
        boundary : {'wrap', 'edge'}
        live : bool
            As `maps.packing.pack_live` packs it.
        rows : range, optional
            Rows of pixels, counted from the top, that are painted; all unless given.

        Returns
        -------
        Tensor
            Maps in [0, 1], shape (maps, rows, width * pixels_per_cell), or, live, two images
            (2, rows, width * pixels_per_cell, 4).
        """
        _, height, width, _ = state.shape
        rows, across = range(height * pixels_per_cell) if rows is None else rows, width * pixels_per_cell
        taps = torch.from_numpy(interpolation(1, pixels_per_cell)).to(state.device)
        has_grain = painters[0].weight_0.shape[-2] > state.shape[3]
        grain = _send_grain(pixels_per_cell, state.device) if has_grain else taps
        maps = state.new_empty((2, len(rows), across, 4) if live else (len(MAP_CHANNELS), len(rows), across))
        weights, counts = pack(tuple(painters)), card.stack_shares(shares, state)
        numbers = len(painters), int(counts is not None), height, width, int(boundary == "wrap")
        given = [state.contiguous(), weights, counts, taps, grain, maps, *numbers, pixels_per_cell]
        grid = -(-across // (self._module.at_once * THREADS)), len(rows)
        last = rows.start, len(rows), int(live), len(grain)
        self._module.launch("nca_paint", grid, THREADS, [*given, *last])
        return maps


@lru_cache(4)
def _send_grain(pixels_per_cell: int, device: torch.device) -> torch.Tensor:
    return torch.from_numpy(draw_grain(pixels_per_cell).copy()).to(device)


@lru_cache(32)
def pack(painters: tuple[Painter, ...]) -> torch.Tensor:
    """Weights of painters as the kernel reads them. Of each: a row a unit of the first layer, with its weights and its
    bias; one a unit of the second, with its weights, its bias and its share in the maps; the bias of the maps. After
    each bias of a unit there are three zeros. Painters are told apart by their tensors, which nobody writes to.

    Returns
    -------
    Tensor, shape (painters, numbers)
    """
    return torch.stack([_pack_one(painter) for painter in painters]).float().contiguous()


def _pack_one(painter: Painter) -> torch.Tensor:
    width = painter.weight_0.shape[-1]

    def rows(weight: torch.Tensor, bias: torch.Tensor, *more: torch.Tensor) -> torch.Tensor:
        return torch.cat([weight.reshape(-1, width).T, F.pad(bias.reshape(width, 1), (0, 3)), *more], 1)

    first = rows(painter.weight_0, painter.bias_0)
    second = rows(painter.weight_1, painter.bias_1, painter.weight_2)
    return torch.cat([first.flatten(), second.flatten(), painter.bias_2])


@lru_cache(8)
def open_for(device: torch.device, channels: int, painting: int, grain: int = 0) -> FusedPainting | None:
    """The kernel for a device, or None where it cannot serve: `renderer` does, then.

    It is compared with `renderer` before it is trusted.

    Parameters
    ----------
    device : torch.device
    channels, painting : int
        Of the cell state, and the width of the painter's hidden layers.
    grain : int
        Channels of grain that painters read: `GRAIN`, or none.
    """
    maps = len(MAP_CHANNELS)
    weights = 4 * (painting * (channels + grain + painting + maps + 8) + maps)
    if not card.suits(device, channels, weights, shared=0) or painting % 4:
        return None
    try:
        module = card.open_module("painting.cu", device, CHANNELS=channels, PAINTING=painting, GRAIN=grain)
        fused = FusedPainting(module)
        return fused if paints_as_torch_does(fused, device, channels, painting, grain) else None
    except card.REFUSALS:
        return None


def paints_as_torch_does(
    fused: FusedPainting, device: torch.device, channels: int, painting: int, grain: int = 0
) -> bool:
    """Whether the kernel gives what `renderer` gives, to within TOLERANCE, as maps and as live images: one genotype on
    a torus, and with borders two that count unequally; arguments as of `open_for`."""
    generator = torch.Generator().manual_seed(0)

    def draw(*shape: int) -> torch.Tensor:
        return (0.3 * torch.randn(shape, generator=generator)).to(device)

    maps, height, width, pixels = len(MAP_CHANNELS), 9, 70, 5
    layers = (
        (1, channels + grain, painting),
        (1, 1, painting),
        (1, painting, painting),
        (1, 1, painting),
        (painting, maps),
        (maps,),
    )
    painters = [Painter(*(draw(*layer) for layer in layers)) for _ in range(2)]
    state = 0.4 + draw(1, height, width, channels)
    left = (torch.arange(width, device=device) < width // 2).float().expand(height, width)
    rows, columns = (torch.from_numpy(interpolation(cells, pixels)).to(device) for cells in (height, width))
    of_pixels = None
    if grain:
        places = np.arange(height * pixels)[:, None], np.arange(width * pixels)
        of_pixels = torch.from_numpy(grain_at(*places, pixels).reshape(1, -1, grain)).to(device)
    for several, shares, boundary in (
        (painters[:1], [None], "wrap"),
        (painters, [0.7 * left, 1 - left], "edge"),
    ):
        theirs = state.new_zeros(())
        for painter, share in zip(several, shares, strict=True):
            around = torch_step.surround(state, boundary, SUPPORT).movedim(3, 1)
            painted = paint_tile(painter, around, rows, columns, of_pixels)[0]
            if share is not None:
                share = torch_step.surround(share[None, ..., None], boundary, SUPPORT)[0, ..., 0]
                painted = rows @ share @ columns.T * painted
            theirs = theirs + painted
        theirs = theirs.clip(0, 1)
        packed = torch.from_numpy(pack_live(theirs.cpu().numpy())).to(device)
        part = range(7, height * pixels - 11)
        for live, whole in ((False, theirs), (True, packed)):
            ours = fused.paint(several, shares, state, pixels, boundary, live)
            some = fused.paint(several, shares, state, pixels, boundary, live, part)
            there = slice(11, height * pixels - 7) if live else slice(part.start, part.stop)
            if not torch.allclose(ours, whole, atol=TOLERANCE) or not torch.equal(some, ours[:, there]):
                return False
    return True
