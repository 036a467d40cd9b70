# SPDX-License-Identifier: GPL-3.0-or-later
"""Circle: how large a brush of the add-on is: the keys that change it, and how it is drawn around the mouse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gpu_extras.presets import draw_circle_2d

Key = tuple[str, Mapping[str, object], Mapping[str, Sequence[tuple[str, object]]]]
"""An operator, what starts it, and its properties, as a tool's keymap has them."""


def radial(path: str, **event: object) -> Key:
    """F, with other keys where `event` says so, changes a property of the context by dragging."""
    return (
        "wm.radial_control",
        {"type": "F", "value": "PRESS", **event},
        {"properties": [("data_path_primary", path)]},
    )


def radius_keys(path: str) -> tuple[Key, ...]:
    """F, [ and ] change a radius, a property of the context in pixels."""
    return (
        radial(path),
        *(
            (
                "wm.context_scale_int",
                {"type": key, "value": "PRESS"},
                {"properties": [("data_path", path), ("value", factor)]},
            )
            for key, factor in (("LEFT_BRACKET", 0.9), ("RIGHT_BRACKET", 1.0 / 0.9))
        ),
    )


def draw(at: tuple[float, float], radius: float, colour: tuple[float, float, float, float]) -> None:
    """Draw it around a point of the window."""
    draw_circle_2d(at, colour, radius, segments=48)
