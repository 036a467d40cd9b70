# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernels on the card that torch is on: NVIDIA's and Apple's."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Protocol

import torch

from ..kernels import cuda, metal

REFUSALS = (RuntimeError, OSError, AttributeError, TypeError, SyntaxError)
"""What a compiler, a driver, or a torch that is too old or too new answers with (a SyntaxError is torch's word for a
shader that does not compile)."""
MOST_SHARED = {"cuda": 48 * 1024, "mps": 32 * 1024}
"""Bytes that a block may share on every card of a kind."""


class Module(Protocol):
    """Kernels of one file, on one card.

    Attributes
    ----------
    at_once : int
        Cells or pixels of a thread, as in `kernels/cards.cuh` and `metal.h`.
    """

    at_once: int

    def launch(
        self,
        kernel: str,
        grid: tuple[int, int],
        threads: int,
        arguments: Sequence[torch.Tensor | int | None],
    ) -> None:
        """Run a kernel after the work that torch has been given; do not wait for it.

        Parameters
        ----------
        kernel : str
            Name of the function.
        grid : (int, int)
            Blocks across and down.
        threads : int
            Of a block.
        arguments : sequence
            Contiguous tensors on the card, whole numbers, and None for an array that is not read.
        """


def open_module(name: str, device: torch.device, **constants: int) -> Module:
    """Compile and load a file of kernels for a device of torch's.

    Parameters
    ----------
    name : str
        Of a file in `kernels`, such as 'step.cu'.
    device : torch.device
    **constants : int
        Sizes that are compiled in; see `cuda.compile_source`.

    Raises
    ------
    One of REFUSALS
        There is no compiler or no driver, or they refuse.
    """
    return (MetalModule if device.type == "mps" else CudaModule)(name, device, **constants)


def suits(device: torch.device, channels: int, weights: int, shared: int) -> bool:
    """Whether kernels may serve: on a card of NVIDIA's or Apple's, where a block's shared memory has room.

    Parameters
    ----------
    device : torch.device
    channels : int
        Of the cell state: whole fours are read at once.
    weights, shared : int
        Bytes of the weights of one genotype, and of what else a block shares. Apple's cards keep weights elsewhere.
    """
    if device.type not in MOST_SHARED or torch.version.hip or channels % 4:
        return False
    return shared + (weights if device.type == "cuda" else 0) <= MOST_SHARED[device.type]


def stack_shares(shares: Sequence[torch.Tensor | None], like: torch.Tensor) -> torch.Tensor | None:
    """How much each of several genotypes counts in the cells, for the kernels; None where one counts everywhere.

    Parameters
    ----------
    shares : sequence of Tensor (height, width) or None
    like : Tensor, shape (1, height, width, channels)
        State of the cells.

    Returns
    -------
    Tensor, shape (genotypes, height, width), or None
    """
    if len(shares) == 1 and shares[0] is None:
        return None
    everywhere = like.new_ones(like.shape[1:3])
    return torch.stack([everywhere if share is None else share.to(like) for share in shares])


class CudaModule(Module):
    """A `Module` on a card of NVIDIA's; see `open_module`."""

    at_once = 2

    def __init__(self, name: str, device: torch.device, **constants: int):
        with torch.cuda.device(device):
            torch.empty(1, device=device)  # makes the device's context current
            architecture = "sm_{}{}".format(*torch.cuda.get_device_capability(device))
            program, _ = cuda.compile_source(name, architecture, **constants)
            self._module, self._device = cuda.Module(program), device

    def launch(
        self,
        kernel: str,
        grid: tuple[int, int],
        threads: int,
        arguments: Sequence[torch.Tensor | int | None],
    ) -> None:
        stream = torch.cuda.current_stream(self._device).cuda_stream
        self._module.launch(kernel, grid, threads, [to_ctypes(each) for each in arguments], stream)


class MetalModule(Module):
    """A `Module` on a card of Apple's; see `open_module`."""

    at_once = 1

    def __init__(self, name: str, device: torch.device, **constants: int):
        self._library = torch.mps.compile_shader(metal.write_source(name, **constants))
        self._nothing = torch.zeros(4, device=device)

    def launch(
        self,
        kernel: str,
        grid: tuple[int, int],
        threads: int,
        arguments: Sequence[torch.Tensor | int | None],
    ) -> None:
        given = [self._nothing if each is None else each for each in arguments]
        size = {"threads": (grid[0] * threads, grid[1]), "group_size": (threads, 1)}
        getattr(self._library, kernel)(*given, **size, arg_casts="int32")


def to_ctypes(argument: torch.Tensor | int | None) -> ctypes.c_void_p | ctypes.c_uint32:
    """An argument of a kernel as it lies in memory: of a contiguous Tensor of any shape its address."""
    if isinstance(argument, torch.Tensor):
        return ctypes.c_void_p(argument.data_ptr())
    return ctypes.c_void_p(None) if argument is None else ctypes.c_uint32(argument)
