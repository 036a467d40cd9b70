# SPDX-License-Identifier: GPL-3.0-or-later
"""Image -> DNA: the encoder of the NCA Manifold. Needs torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

PIXELS = 128
"""Side of the picture that the encoder sees: about 64 cells, as the exemplars of training show."""


def resize(images: torch.Tensor) -> torch.Tensor:
    """Bring images (batch, 3, height, width) to the encoder's size."""
    return F.interpolate(images, (PIXELS, PIXELS), mode="bilinear", antialias=True, align_corners=False)


def encode(weights: Mapping[str, torch.Tensor], images: torch.Tensor) -> torch.Tensor:
    """Read the DNA that an image would grow from.

    Parameters
    ----------
    weights : mapping
        As named by `Architecture.shapes`.
    images : Tensor, shape (batch, 3, PIXELS, PIXELS)
        sRGB-encoded colour in [0, 1]; see `resize`.

    Returns
    -------
    Tensor, shape (batch, dna_length, 4)
        Logits of the letters.
    """
    features = images - 0.5
    for layer in range(3):
        kernel, bias = weights[f"encode.{layer}.weight"], weights[f"encode.{layer}.bias"]
        around = kernel.shape[2] // 2
        # a texture goes on beyond its border
        features = F.relu(F.conv2d(_Wrap.apply(features, around), kernel, bias, stride=2))  # type: ignore[no-untyped-call]
    # what a texture is does not depend on where: pool to statistics; a figure has places
    places = round((weights["encode.3.weight"].shape[0] / (2 * features.shape[1])) ** 0.5)
    features = features.unflatten(3, (places, -1)).unflatten(2, (places, -1))
    deviation = (features.var((3, 5)) + 1e-6).sqrt()
    statistics = torch.cat([features.mean((3, 5)), deviation], 1).flatten(1)
    hidden = F.relu(statistics @ weights["encode.3.weight"] + weights["encode.3.bias"])
    logits = hidden @ weights["encode.4.weight"] + weights["encode.4.bias"]
    return logits.reshape(len(images), -1, 4)


def read(weights: Mapping[str, np.ndarray], image: np.ndarray) -> torch.Tensor:
    """Read one image (3, height, width) of any size, by weights in numpy: logits, Tensor of shape (dna_length, 4)."""
    mine = {name: torch.from_numpy(value) for name, value in weights.items() if name.startswith("encode")}
    with torch.no_grad():
        seen = resize(torch.as_tensor(np.ascontiguousarray(image), dtype=torch.float32)[None])
        return encode(mine, seen)[0]


class _Wrap(torch.autograd.Function):
    """Circular padding. Its gradient by torch takes four times as long, and longer than the convolution behind it."""

    @staticmethod
    def forward(context: Any, features: torch.Tensor, around: int) -> torch.Tensor:
        context.around = around
        return F.pad(features, [around] * 4, "circular")

    @staticmethod
    def backward(context: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None]:
        a, gradient = context.around, gradient.clone()
        for axis in (2, 3):
            size = gradient.shape[axis]
            gradient.narrow(axis, a, a).add_(gradient.narrow(axis, size - a, a))
            gradient.narrow(axis, size - 2 * a, a).add_(gradient.narrow(axis, 0, a))
            gradient = gradient.narrow(axis, a, size - 2 * a)
        return gradient, None
