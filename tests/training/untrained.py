# SPDX-License-Identifier: GPL-3.0-or-later
"""A small manifold that was never trained, but whose cells move."""

from __future__ import annotations

import numpy as np

from blender_nca.manifold.architecture import Architecture

SIZES = Architecture(8, 8, 12, 6, 8, 8, 4)


def draw_weights() -> dict[str, np.ndarray]:
    """Weights of a manifold of these sizes: those that training starts from, and some noise on all of them."""
    random = np.random.default_rng(0)
    return {
        name: value + 0.05 * random.standard_normal(value.shape).astype(np.float32)
        for name, value in SIZES.initial_weights(3).items()
    }
