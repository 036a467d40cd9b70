# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on: all that touches Blender. It never imports torch; what computes is the engine's worker process."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

CAPABILITIES = (
    "languages",  # what artists read, in theirs
    "engine",  # the one engine of this Blender
    "settings",  # preferences, and the PyTorch that is installed from there
    "manual",  # what F1 opens
    "graphics",  # growths on the card that Blender draws on
    "library",  # models and species
    "previews",  # the species' pictures
    "material",  # a growth on a material
    "looks",  # hue, saturation, contrast and values of a growth, in its nodes and its bakes
    "translucency",  # how far light goes into a growth, as its species hint
    "presets",  # whole growths, bundled and the artist's own
    "breeding",  # offspring to choose from, and ancestry
    "picture",  # species from a picture: read, refined, learned
    "species",  # those of the artist's own, and looking through all of them
    "assets",  # species as assets of Blender's own browser
    "timing",  # a growth over time as small pictures, and how its speed changes
    "surface",  # growths that live on a mesh, and seeds where one clicks
    "habitat",  # what the cells meet
    "layers",  # further species, each with a weight and a region
    "wounds",  # cells that die: by a brush, and as objects, images and attributes say
    "playback",  # live growths follow the scene's frame
    "gltf",  # what Blender's glTF exporter writes of a growth
    "usd",  # growths by Blender's USD exporter
    "bake",  # growths as image sequences on disk
    "geometry",  # pieces that come up where a growth gets to
)
"""From the bottom up: each knows only those before it, and `host`, which is what Blender is."""


def register() -> None:
    """Add every capability to Blender. Starts nothing, and reads nothing but what the panel says in other languages."""
    for capability in _capabilities():
        capability.register()


def unregister() -> None:
    """Take everything away again, from the top down, and end the engine's worker."""
    for capability in reversed(_capabilities()):
        capability.unregister()


def _capabilities() -> list[ModuleType]:
    return [import_module(f"{__name__}.{name}") for name in CAPABILITIES]
