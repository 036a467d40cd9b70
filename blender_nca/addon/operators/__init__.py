# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators: what an artist can do; each gathers from Blender, calls the add-on's modules, and puts back."""

from . import bake, dna, engine, growth, installation, playback, seeds

classes = (
    *growth.classes,
    *playback.classes,
    *bake.classes,
    *dna.classes,
    *seeds.classes,
    *engine.classes,
    *installation.classes,
)
