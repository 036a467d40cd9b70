# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernels for Apple's cards: the same source as for NVIDIA's, as Metal's compiler reads it. PyTorch hands it to that
compiler, which comes with macOS."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent
_INCLUDE = re.compile(r'^#include "(.+)"$', re.MULTILINE)


def write_source(name: str, **constants: int) -> str:
    """The source of a file of this folder, in one piece.

    Parameters
    ----------
    name : str
        Such as 'step.cu'.
    constants : int
        What the source leaves open, such as CHANNELS.

    Returns
    -------
    str
    """
    defined = [f"#define {constant} {value}" for constant, value in constants.items()]
    return "\n".join([*defined, _read("metal.h"), _INCLUDE.sub(lambda found: _read(found[1]), _read(name))])


def _read(name: str) -> str:
    return (FOLDER / name).read_text("utf-8").replace("#pragma once\n", "")
