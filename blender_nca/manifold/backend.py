# SPDX-License-Identifier: GPL-3.0-or-later
"""Backend: opens the cells of a manifold on numpy, on the kernels, or on one of torch's devices."""

from __future__ import annotations

from ..automaton import native_step
from .manifold import Manifold
from .numpy_automaton import NumpyAutomaton


def open_automaton(manifold: Manifold, backend: str = "numpy") -> NumpyAutomaton:
    """Open the cells of a manifold on a backend. Torch is loaded only where it is used.

    Parameters
    ----------
    manifold : Manifold
    backend : str
        'numpy', the reference; 'kernels', or numpy where they do not suit; 'cpu', the kernels, or torch where
        they do not suit; 'torch', torch on the processor; another device of torch's, such as 'cuda'.

    Returns
    -------
    NumpyAutomaton
        Or a class derived from it; what it answers is said by `automaton.automaton.Automaton`.

    Raises
    ------
    ImportError
        The backend needs torch, and there is none.
    """
    if backend in ("kernels", "cpu") and native_step.suits(manifold.sizes.channels, manifold.sizes.hidden):
        from .native_automaton import NativeAutomaton

        return NativeAutomaton(manifold)
    if backend in ("kernels", "numpy"):
        return NumpyAutomaton(manifold)
    from .torch_automaton import TorchAutomaton

    return TorchAutomaton(manifold, "cpu" if backend == "torch" else backend)
