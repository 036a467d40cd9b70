# SPDX-License-Identifier: GPL-3.0-or-later
"""Opened: the card of this Blender, opened when somebody asks for it first."""

from __future__ import annotations

from typing import Any

from ..settings import preferences
from .card import BlendersCard, gpu

_card: BlendersCard | None = None


def card() -> BlendersCard:
    """The card. Asked on the main thread, with a window."""
    global _card
    if _card is None:
        _card = BlendersCard()
    return _card


def close() -> None:
    """Let go of it, and of its memory."""
    global _card
    card, _card = _card, None
    if card is not None:
        card.close()


def name() -> str:
    """What it is: the card's name, and by what Blender draws on it."""
    platform = gpu.platform
    language = {"OPENGL": "OpenGL", "VULKAN": "Vulkan", "METAL": "Metal"}
    return (
        f"{platform.renderer_get()}, {language.get(platform.backend_type_get(), platform.backend_type_get())}"
    )


def cells_on(one: BlendersCard) -> Any:
    """What opens manifolds and their cells on a card, as the engine's worker does on its device."""
    from ...engine.devices import Device
    from ...engine.grower import Grower
    from ...manifold.shader_automaton import ShaderAutomaton

    return Grower(
        preferences.model_folders()[::-1],  # of two models of one name the later folder counts
        Device("shaders", name()),
        lambda news: None,
        preferences.earlier_models(),
        preferences.learned_species(),
        open_cells=lambda manifold, _: ShaderAutomaton(manifold, one),
    )
