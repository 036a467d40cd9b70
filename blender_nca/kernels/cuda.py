# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernels for NVIDIA's cards: compiled on first use by the compiler that comes with PyTorch (NVRTC), and launched
through the driver. No toolkit is needed, and no compiler of the machine's own."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent
OPTIONS = ("--ptxas-options=-v", f"--include-path={FOLDER}")
_COMPILERS = (
    "nvidia/cuda_nvrtc/lib/libnvrtc.so.*",
    "nvidia/cu1?/lib/libnvrtc.so.*",
    "nvidia/cuda_nvrtc/bin/nvrtc64_*_0.dll",
    "torch/lib/nvrtc64_*_0.dll",
)
"""Where wheels keep it, below a folder of packages."""


class CudaError(RuntimeError):
    """A kernel that could not be compiled, loaded or launched."""


@lru_cache(1)
def open_compiler() -> ctypes.CDLL | None:
    """NVRTC, or None where there is none."""
    folders = [Path(folder) for folder in sys.path if folder]
    found = [str(path) for pattern in _COMPILERS for folder in folders for path in folder.glob(pattern)]
    names = ("nvrtc64_120_0.dll", "nvrtc64_130_0.dll") if os.name == "nt" else ("libnvrtc.so",)
    for path in (*found, *names):
        try:
            return ctypes.CDLL(path)
        except OSError:
            continue
    return None


def compile_source(name: str, architecture: str, **constants: int) -> tuple[bytes, str]:
    """Compile a file of this folder for one kind of card.

    Parameters
    ----------
    name : str
        Such as 'step.cu'.
    architecture : str
        Such as 'sm_90'.
    constants : int
        What the source leaves open, such as CHANNELS.

    Returns
    -------
    (bytes, str)
        The program, and what the compiler said: registers, shared memory and what it had to spill.

    Raises
    ------
    CudaError
    """
    compiler = open_compiler()
    if compiler is None:
        raise CudaError("There is no NVRTC beside PyTorch.")
    program = ctypes.c_void_p()
    text = (FOLDER / name).read_bytes()
    _check(compiler.nvrtcCreateProgram(ctypes.byref(program), text, name.encode(), 0, None, None))
    try:
        defined = [f"-D{constant}={value}" for constant, value in constants.items()]
        options = [f"--gpu-architecture={architecture}", *OPTIONS, *defined]
        failed = compiler.nvrtcCompileProgram(
            program, len(options), (ctypes.c_char_p * len(options))(*(each.encode() for each in options))
        )
        log = _fetch(compiler.nvrtcGetProgramLogSize, compiler.nvrtcGetProgramLog, program)
        said = log.rstrip(b"\0").decode(errors="replace")
        if failed:
            raise CudaError(f"{name} does not compile for {architecture}: {said.strip()}")
        return _fetch(compiler.nvrtcGetCUBINSize, compiler.nvrtcGetCUBIN, program), said
    finally:
        compiler.nvrtcDestroyProgram(ctypes.byref(program))


class Module:
    """A compiled program on the card whose context is current.

    Parameters
    ----------
    program : bytes
        See `compile_source`.
    """

    def __init__(self, program: bytes):
        self._driver = ctypes.CDLL("nvcuda.dll" if os.name == "nt" else "libcuda.so.1")
        self._module = ctypes.c_void_p()
        _check(self._driver.cuModuleLoadData(ctypes.byref(self._module), program))

    def launch(
        self, kernel: str, grid: tuple[int, int], threads: int, arguments: Sequence, stream: int
    ) -> None:
        """Launch a kernel; returns before it is done.

        Parameters
        ----------
        kernel : str
        grid : (int, int)
            Blocks across and down.
        threads : int
            Of a block.
        arguments : sequence of ctypes values
        stream : int
            Handle of the stream that it is launched in.
        """
        addresses = (ctypes.c_void_p * len(arguments))(*(ctypes.addressof(each) for each in arguments))
        _check(
            self._driver.cuLaunchKernel(
                self._function(kernel), *grid, 1, threads, 1, 1, 0, ctypes.c_void_p(stream), addresses, None
            )
        )

    @lru_cache(None)  # noqa: B019  a module lives as long as the process
    def _function(self, name: str) -> ctypes.c_void_p:
        function = ctypes.c_void_p()
        _check(self._driver.cuModuleGetFunction(ctypes.byref(function), self._module, name.encode()))
        return function


def _fetch(get_size: Callable[..., int], get: Callable[..., int], program: ctypes.c_void_p) -> bytes:
    size = ctypes.c_size_t()
    _check(get_size(program, ctypes.byref(size)))
    content = ctypes.create_string_buffer(size.value)
    _check(get(program, content))
    return content.raw


def _check(status: int) -> None:
    if status:
        raise CudaError(f"CUDA answered with error {status}.")
