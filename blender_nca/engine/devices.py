# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices: what the automaton runs on.

The number of CPU threads is left to torch (one a core) or numpy's library, unless the environment variable
NCA_THREADS names another.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType

from ..kernels import threads
from ..kernels.library import open_library
from ..kernels.threads import THREADS
from .tried_devices import TriedDevice, fastest

LIBRARY_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
BACKGROUND, BELOW_NORMAL = 10, 0x4000
"""Niceness, and what Windows calls it."""
PATIENT = {"OMP_WAIT_POLICY": "PASSIVE", "KMP_BLOCKTIME": "0"}


class TorchUnfitError(Exception):
    """A torch that loads and does not work; the message says why."""


@dataclass(frozen=True)
class Device:
    """Where the automaton runs.

    Attributes
    ----------
    backend : str
        What `manifold.backend.open_automaton` takes: "numpy", "kernels", "torch", or torch's name of the device.
    name : str
        "CUDA: NVIDIA GeForce RTX 3060".
    torch : str
        Which torch there is and whose: "torch 2.13.0 (bundled)".
    """

    backend: str
    name: str
    torch: str = ""

    @property
    def line(self) -> str:
        """For the panel."""
        return f"{self.name}; {self.torch}" if self.torch else self.name

    @property
    def accelerator(self) -> bool:
        return self.has_torch and self.backend not in ("cpu", "torch")

    @property
    def has_torch(self) -> bool:
        return self.backend not in ("numpy", "kernels")

    @property
    def backends(self) -> list[str]:
        """What a growth can be computed by here, the chosen one first; no name twice."""
        processor = "kernels" if open_library() else "torch" if self.has_torch else "numpy"
        chosen = processor if self.backend == "cpu" else self.backend
        return list(dict.fromkeys([chosen, processor, *["torch"] * self.has_torch]))


NUMPY = Device("numpy", "numpy preview")
CARDS = ("cuda", "mps", "xpu")
"""Kinds of torch's cards, in the order in which they are taken where none was timed."""
KERNELS, TORCH = "CPU, kernels", "CPU, PyTorch"


def without_torch(tried: Sequence[TriedDevice] = ()) -> Device:
    """The device of a Python that has numpy alone: the kernels, where they can be had, and were not tried in vain."""
    if open_library() is None or any(one.backend == "kernels" and not one.right for one in tried):
        return Device("numpy", "No torch: numpy preview")
    return Device("kernels", f"No torch: CPU, {_count(threads.count())}")


def all_devices(used: Device) -> list[Device]:
    """All that a growth can be computed by in this process: each card that torch knows, and the processor by each way.

    Parameters
    ----------
    used : Device
        The one that is in use.
    """
    found = []
    if used.has_torch:
        import torch

        for kind in CARDS:
            found += [Device(one, _name(torch, kind, one)) for one in _cards(torch, kind)]
    if open_library():
        found.append(Device("kernels", KERNELS))
    if used.has_torch:
        found.append(Device("torch", TORCH))
    return [*found, Device("numpy", "CPU, numpy")]


def arrange_threads() -> None:
    """Settings that numpy's and torch's libraries read when they are loaded: to be called before either is imported."""
    if os.environ.get(THREADS, "").isdigit():
        for name in LIBRARY_THREADS:
            os.environ[name] = os.environ[THREADS]
    # Threads that wait in a loop hold up those they wait for, where Blender renders on the same cores: a frame of 128 x
    # 128 cells took 3 s beside one busy process on two cores, and 50 ms with this.
    for name, value in PATIENT.items():
        os.environ.setdefault(name, value)


def step_back() -> None:
    """Leave the processor to others, where they want it: what takes minutes must not slow what an artist looks at."""
    try:
        if hasattr(os, "nice"):
            os.nice(BACKGROUND)
        else:
            import ctypes

            windows = ctypes.windll.kernel32  # type: ignore[attr-defined]
            windows.SetPriorityClass(windows.GetCurrentProcess(), BELOW_NORMAL)
    except OSError:  # then it shares evenly
        pass


def prepare_torch() -> ModuleType:
    """Import torch and make its float32 products float32: TF32 grows another arrangement of spots."""
    import torch

    if os.environ.get(THREADS, "").isdigit():
        torch.set_num_threads(max(1, int(os.environ[THREADS])))
    torch.set_float32_matmul_precision("highest")
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = (
        False  # it may choose another algorithm, with other rounding, at each start
    )
    torch.backends.cudnn.deterministic = True
    _try_numpy(torch)
    return torch


def _try_numpy(torch: ModuleType) -> None:
    """See that torch takes numpy's arrays and reckons right with them: one built for another numpy loads, too."""
    import numpy as np

    try:
        product = torch.from_numpy(np.ones((8, 8), np.float32)) @ torch.ones(8, 8)
        works = float(product.numpy().sum()) == 512
        reason = "wrong products"
    except (RuntimeError, TypeError, ImportError) as error:
        works, reason = False, first_line(error)
    if not works:
        raise TorchUnfitError(
            f"torch {torch.__version__} and numpy {np.__version__} do not work together: {reason}"
        )


def choose_device(name: str = "auto", origin: str = "", tried: Sequence[TriedDevice] = ()) -> Device:
    """The device of a name, tried with a small product; the CPU where it does not work.

    Parameters
    ----------
    name : str
        "auto" for the best one there is, else "cuda" (ROCm has this name in torch, too), "mps", "xpu", "cpu",
        or one of several: "cuda:1"; "torch" for torch on the CPU, where "cpu" takes the kernels.
    origin : str
        Whose torch it is, for the line.
    tried : sequence of TriedDevice
        What the self-test found. "auto" takes the fastest that grew right, so long as the cards are those that were
        tried; of one that grew wrong nothing is taken.

    Returns
    -------
    Device
        Its line says why, where it is not the one that was asked for.
    """
    torch = prepare_torch()
    if name == "auto" and tried:
        name = _fastest(torch, tried)
    which = f"torch {torch.__version__}" + (f" ({origin})" if origin else "")
    if name == "torch":
        return Device("torch", f"CPU: {_count(torch.get_num_threads())} of torch", which)
    if name == "cpu":
        return cpu("", which)
    kinds = CARDS if name == "auto" else (name.split(":")[0],)
    for kind in kinds:
        if not _is_there(torch, kind):
            continue
        device = kind if name == "auto" else name
        try:
            ones = torch.ones(8, 8, device=device)
            if float((ones @ ones).sum()) != 512:
                raise RuntimeError("wrong products")
            return Device(device, _name(torch, kind, device), which)
        except (
            RuntimeError,
            ValueError,
            AssertionError,
            NotImplementedError,
        ) as error:  # an old driver, a chip too old for this torch
            return cpu(f"{_label(torch, kind)} does not work: {first_line(error)}", which)
    return cpu("" if name == "auto" else f"{name} is not there", which)


def _fastest(torch: ModuleType, tried: Sequence[TriedDevice]) -> str:
    """The device of those that were tried which grows soonest; "auto" where there are cards that were not."""
    cards = {(one, _name(torch, kind, one)) for kind in CARDS for one in _cards(torch, kind)}
    known = {(one.backend, one.name) for one in tried}
    if not cards <= known:
        return "auto"
    here = cards | {("kernels", KERNELS), ("torch", TORCH)}
    best = fastest(one for one in tried if (one.backend, one.name) in here)
    if best is None:
        return "cpu"
    return "cpu" if best.backend == "kernels" else best.backend


def _cards(torch: ModuleType, kind: str) -> list[str]:
    """Torch's names of the cards of a kind; the plain one where there is one alone."""
    try:
        if not _is_there(torch, kind):
            return []
        count = 1 if kind == "mps" else int(getattr(torch, kind).device_count())
    except (RuntimeError, AssertionError):  # a driver that does not say
        return []
    return [kind] if count == 1 else [f"{kind}:{number}" for number in range(count)]


def cpu(reason: str, which: str) -> Device:
    """The CPU: the reason why it is not something faster, and which torch there is."""
    import torch

    name = f"CPU: {_count(threads.count() if open_library() else torch.get_num_threads())}"
    return Device("cpu", f"{name} ({reason})" if reason else name, which)


def _count(number: int) -> str:
    return f"{number} thread" + "s" * (number != 1)


def ran_out_of_memory(error: BaseException) -> bool:
    """Whether an error of numpy, torch, a driver or the system means this."""
    if isinstance(error, OSError):  # pixels that are shared, and files of weights, are mapped into it
        return error.errno == errno.ENOMEM
    return isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError)
        and any(
            w in str(error).lower()
            for w in ("out of memory", "can't allocate memory", "can't start new thread")
        )
    )


def first_line(error: BaseException) -> str:
    """An error in few words."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def free_memory(device: Device) -> None:
    """Give back what torch keeps of the device's memory."""
    import torch

    kind = device.backend.split(":")[0]
    try:
        if device.accelerator:
            getattr(torch, kind).empty_cache()
    except RuntimeError:  # a driver that failed fails here as well
        pass


def _is_there(torch: ModuleType, kind: str) -> bool:
    if kind == "mps":
        return torch.backends.mps.is_available()
    return kind in ("cuda", "xpu") and hasattr(torch, kind) and getattr(torch, kind).is_available()


def _label(torch: ModuleType, kind: str) -> str:
    if kind == "cuda":
        return "ROCm" if torch.version.hip else "CUDA"
    return {"mps": "Metal", "xpu": "XPU"}.get(kind, kind)


def _name(torch: ModuleType, kind: str, device: str) -> str:
    name = "Apple GPU" if kind == "mps" else getattr(torch, kind).get_device_name(device)
    return f"{_label(torch, kind)}: {name}"
