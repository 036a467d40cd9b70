# SPDX-License-Identifier: GPL-3.0-or-later
"""Logos: drawn as an artist may have one, for showing how figures are learned."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFont

SIDE = 512
INK, GOLD, RED, GREEN, WHITE = (24, 60, 140), (250, 210, 60), (200, 30, 40), (20, 160, 110), (255, 255, 255)


def draw_logos() -> dict[str, Image.Image]:
    """Name -> picture: two on nothing, one on white paper."""
    return {name.replace("_", " ").title(): draw() for name, draw in _LOGOS.items()}


def _badge() -> Image.Image:
    image, draw = _paper((0, 0, 0, 0))
    draw.ellipse((20, 20, 492, 492), fill=INK)
    draw.ellipse((60, 60, 452, 452), fill=GOLD)
    draw.text((256, 256), "NG", font=ImageFont.load_default(230), anchor="mm", fill=INK, stroke_width=8)
    return image


def _star() -> Image.Image:
    image, draw = _paper((0, 0, 0, 0))
    turn = np.arange(10) * np.pi / 5 - np.pi / 2
    far = np.where(np.arange(10) % 2, 110, 240)
    draw.polygon([*zip(256 + far * np.cos(turn), 256 + far * np.sin(turn), strict=True)], fill=GREEN)
    draw.ellipse((206, 206, 306, 306), fill=WHITE)
    return image


def _sign() -> Image.Image:
    image, draw = _paper(WHITE)
    draw.rounded_rectangle((16, 130, 496, 382), 60, fill=RED)
    draw.text((256, 250), "MOSS", font=ImageFont.load_default(170), anchor="mm", fill=WHITE, stroke_width=7)
    return image.convert("RGB")


def _paper(colour: tuple[int, ...]) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGBA", (SIDE, SIDE), colour)
    return image, ImageDraw.Draw(image)


_LOGOS: dict[str, Callable[[], Image.Image]] = {"badge": _badge, "star": _star, "sign_on_paper": _sign}
