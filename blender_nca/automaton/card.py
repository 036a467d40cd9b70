# SPDX-License-Identifier: GPL-3.0-or-later
"""What torch knows of NVIDIA's cards, and the kernels for these need."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import torch

from ..kernels import cuda

MOST_SHARED = 48 * 1024
"""Bytes that a block may share on every card."""


def open_module(name: str, device: torch.device, **constants: int) -> cuda.Module:
    """Compile and load a file of kernels for a device of torch's; see `cuda.compile_source`.

    Raises
    ------
    CudaError, OSError
        There is no compiler or no driver, or they refuse.
    """
    with torch.cuda.device(device):
        torch.empty(1, device=device)  # makes the device's context current
        architecture = "sm_{}{}".format(*torch.cuda.get_device_capability(device))
        program, _ = cuda.compile_source(name, architecture, **constants)
        return cuda.Module(program)


def suits(device: torch.device, channels: int, shared: int) -> bool:
    """Whether the kernels may serve: on one of NVIDIA's, for whole fours of channels and so many shared bytes."""
    return device.type == "cuda" and not torch.version.hip and channels % 4 == 0 and shared <= MOST_SHARED


def launch(
    module: cuda.Module, kernel: str, grid: tuple[int, int], threads: int, arguments: Sequence
) -> None:
    """Launch a kernel in the stream that torch is in; returns before it is done.

    Parameters
    ----------
    arguments : sequence of Tensor, None, or ctypes values
        Tensors, contiguous and on one device, are given as their addresses.
    """
    device = next(each.device for each in arguments if isinstance(each, torch.Tensor))
    stream = torch.cuda.current_stream(device).cuda_stream if device.type == "cuda" else 0
    module.launch(kernel, grid, threads, [_plain(each) for each in arguments], stream)


def _plain(argument):
    if isinstance(argument, torch.Tensor):
        return ctypes.c_void_p(argument.data_ptr())
    return ctypes.c_void_p(None) if argument is None else argument
