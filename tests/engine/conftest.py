# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder of models, and engines that end with their test."""

from __future__ import annotations

from pathlib import Path

import pytest

from blender_nca.engine.client import Engine
from tests.engine.tiny import NAME, write_manifold


@pytest.fixture
def models(tmp_path) -> Path:
    """A folder that holds the manifold; its name is not a plain one."""
    folder = tmp_path / "modèles – 模型 (new)"
    write_manifold(folder / NAME)
    return folder


@pytest.fixture
def make_engine(models):
    """Make engines; they are stopped after the test."""
    made = []

    def make(**arguments) -> Engine:
        arguments = {"model_folders": [models], "device": "cpu", **arguments}
        made.append(Engine(**arguments))
        return made[-1]

    yield make
    for engine in made:
        engine.stop()


@pytest.fixture
def preview(make_engine) -> Engine:
    """An engine that grows with numpy: it starts in a blink."""
    return make_engine(device="numpy")
