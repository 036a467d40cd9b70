# SPDX-License-Identifier: GPL-3.0-or-later
"""The cells of a manifold in torch, on any device."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import torch

from ..automaton import fused_step, torch_step
from ..automaton.chance import cell_numbers
from ..automaton.growth import Growth
from ..automaton.seeding import disturb, events_at
from ..automaton.settling import AS_EVER, quiet
from ..automaton.update_rule import LIFE
from ..maps.packing import pack_live
from . import fused_painting
from .architecture import FINE, GRAIN, MAP_CHANNELS
from .canvas import show
from .live_picture import LivePicture
from .manifold import Manifold
from .numpy_automaton import NumpyAutomaton, growths_canvas, share_on
from .renderer import SUPPORT

BAND = 2**28
"""Bytes of a picture that a card paints in one piece."""
MOST_ROWS = 2**15
"""Of pixels, that it paints in one piece: cards count that far."""


class TorchAutomaton(NumpyAutomaton):
    """As `NumpyAutomaton`, the state a Tensor (1, height, width, channels) on `device`.

    States and live pictures that it gave are its own: they are not to be written to.
    """

    def __init__(self, manifold: Manifold, device: str | torch.device = "cpu"):
        super().__init__(manifold)
        self.device = torch.device(device)
        self._before: LivePicture | None = None
        self._sent: tuple[np.ndarray, torch.Tensor] | None = None
        self._cells = lru_cache(8)(lambda height, width: self._send(cell_numbers(height, width)))

    def seed(self, growth: Growth) -> torch.Tensor:
        return self._send(np.moveaxis(super().seed(growth), 0, 2))[None]

    @torch.inference_mode()
    def disturb(self, state: torch.Tensor, growth: Growth, frame: int) -> torch.Tensor:
        events = events_at(growth, frame)
        return state if events is None else disturb(state, *(self._send(each)[None] for each in events))

    @torch.inference_mode()
    def grow(
        self,
        state: torch.Tensor,
        growth: Growth,
        weights: tuple,
        first: int,
        steps: int,
        habitat: np.ndarray | torch.Tensor | None = None,
        descent: np.ndarray | None = None,
    ) -> torch.Tensor:
        rules, _, shares = self._genotypes(growth, weights, descent)
        sizes, boundary = self.manifold.sizes, growth.neighbourhood
        given = growth.random_seed, first, steps
        below = self._send_habitat(habitat) if isinstance(habitat, np.ndarray) else habitat
        if fused := fused_step.open_for(self.device, sizes.channels, sizes.hidden):
            return fused.grow(state, rules, shares, *given, boundary, habitat=below)
        cells = self._cells(growth.height, growth.width)
        return torch_step.grow(state, rules, shares, *given, cells, boundary, habitat=below)

    @torch.inference_mode()
    def paint(
        self,
        state: torch.Tensor,
        growth: Growth,
        weights: tuple,
        descent: np.ndarray | None = None,
        rows: range | None = None,
    ) -> np.ndarray:
        return super().paint(state, growth, weights, descent, rows)

    def _paint_grid(
        self, state: torch.Tensor, growth: Growth, weights: tuple, descent: np.ndarray | None, wanted: range
    ) -> np.ndarray:
        if (fused := self._open_painting(growth)) is None:
            return super()._paint_grid(state, growth, weights, descent, wanted)
        pixels, across = growth.pixels_per_cell, growth.width * growth.pixels_per_cell
        maps = np.empty((len(MAP_CHANNELS), len(wanted) * pixels, across), np.float32)
        _, painters, shares = self._genotypes(growth, weights, descent)
        given = (pixels, growth.boundary, False)
        done = 0
        for some in inside(wanted, growth.height):
            for rows in _bands(range(some.start * pixels, some.stop * pixels), maps[:, 0].nbytes):
                painted = fused.paint(painters, shares, state, *given, rows)
                torch.from_numpy(maps[:, done : done + len(rows)]).copy_(painted)
                done += len(rows)
        return maps

    @torch.inference_mode()
    def paint_live(
        self, state: torch.Tensor, growth: Growth, weights: tuple, descent: np.ndarray | None = None
    ) -> np.ndarray:
        """On a card only rows of pixels whose cells changed since the picture before are painted anew."""
        if (fused := self._open_painting(growth)) is None:
            return super().paint_live(state, growth, weights, descent)
        _, painters, shares = self._genotypes(growth, weights, descent)
        given = (growth.pixels_per_cell, growth.boundary, True)
        down, across = _pixels(growth)
        if self._before and self._before.differs_in_state_alone(painters, shares, growth):
            images, changed = self._before.images.copy(), _changed_rows(self._before.state, state, growth)
        else:
            images, changed = np.empty((2, down, across, 4), np.float32), range(down)
        for rows in _bands(changed, images[:, 0].nbytes):
            painted = fused.paint(painters, shares, state, *given, rows)
            torch.from_numpy(images[:, down - rows.stop : down - rows.start]).copy_(painted)
        if changed and (canvas := growths_canvas(growth)):
            images[:, down - changed.stop : down - changed.start] *= canvas.mask[changed][::-1, :, None]
            told = pack_live(self._paint_told(canvas, state, growth, weights, descent)[:, None])[:, 0]
            show(canvas, images, told)
        self._before = LivePicture(painters, shares, state, growth, images).kept()
        return images

    def _send_habitat(self, habitat: np.ndarray) -> torch.Tensor:
        """What `Growth.habitat` says, on the device: int64. It gives the same array while nothing changes."""
        if self._sent is None or self._sent[0] is not habitat:
            self._sent = habitat, self._send(habitat.astype(np.int64))
        return self._sent[1]

    def _open_painting(self, growth: Growth) -> fused_painting.FusedPainting | None:
        channels, painting = self.manifold.sizes.channels, self.manifold.sizes.painting
        if self._is_fine(growth):
            return fused_painting.open_for(self.device, channels, painting + FINE, GRAIN)
        return fused_painting.open_for(self.device, channels, painting)

    def living(self, state: torch.Tensor, growth: Growth) -> float:
        alive = float(torch_step.living(state, growth.neighbourhood).float().mean())
        return min(1.0, alive / share_on(growth))

    @torch.inference_mode()
    def peopled(self, state: torch.Tensor) -> np.ndarray:
        return self._fetch(state[0, ..., LIFE] != 0)

    @torch.inference_mode()
    def date(self, arrival: torch.Tensor | None, state: torch.Tensor, step: int) -> torch.Tensor:
        return torch_step.date(arrival, state, step)

    @torch.inference_mode()
    def quiet(
        self,
        habitat: np.ndarray | None,
        arrival: torch.Tensor,
        woken: int | np.ndarray,
        step: int,
        settling: int,
    ) -> torch.Tensor:
        below = AS_EVER if habitat is None else self._send_habitat(habitat)
        since = woken if isinstance(woken, int) else self._send(woken.astype(np.int64))
        return quiet(below, arrival.long(), since, step, settling)

    def nbytes(self, state: torch.Tensor) -> int:
        return state.numel() * state.element_size()

    def _send(self, array: np.ndarray) -> torch.Tensor:
        array = np.ascontiguousarray(array)
        return torch.from_numpy(array if array.flags.writeable else array.copy()).to(self.device)

    def _fetch(self, array: torch.Tensor) -> np.ndarray:
        return array.cpu().numpy()

    def _list_cells(self, state: torch.Tensor) -> torch.Tensor:
        return state.reshape(-1, state.shape[3])

    def _join(self, *arrays: torch.Tensor) -> torch.Tensor:
        return torch.cat(arrays)

    def _surround(self, state: torch.Tensor, boundary: str) -> torch.Tensor:
        return torch_step.surround(state, boundary, SUPPORT)[0].movedim(2, 0).contiguous()


def inside(rows: range, height: int) -> list[range]:
    """Rows of cells, which may lie beyond the borders of a grid that wraps, as pieces of it."""
    pieces, at = [], rows.start
    while at < rows.stop:
        first = at % height
        last = min(height, first + rows.stop - at)
        pieces.append(range(first, last))
        at += last - first
    return pieces


def _pixels(growth: Growth) -> tuple[int, int]:
    return growth.height * growth.pixels_per_cell, growth.width * growth.pixels_per_cell


def _bands(rows: range, row_bytes: int) -> Iterator[range]:
    """Rows in pieces that a card paints at once."""
    most = max(1, min(BAND // row_bytes, MOST_ROWS))
    return (rows[i : i + most] for i in range(0, len(rows), most))


def _changed_rows(before: torch.Tensor, state: torch.Tensor, growth: Growth) -> range:
    """Rows of pixels, from the first to the last one with a cell that changed or is beside one that did."""
    cells = (before != state).any(3).any(2)[0].cpu().numpy()
    around = np.pad(cells, SUPPORT, "wrap" if growth.boundary == "wrap" else "edge")
    near = np.flatnonzero(np.convolve(around, np.ones(2 * SUPPORT + 1), "valid"))
    if not len(near):
        return range(0)
    return range(near[0] * growth.pixels_per_cell, (near[-1] + 1) * growth.pixels_per_cell)
