# SPDX-License-Identifier: GPL-3.0-or-later
"""Panels: the same ones in the material properties and in the 3D view's sidebar."""

from . import bake, dna, grid, growth, seeds, time

# Parents before children; the order is that of the screen.
classes = (*growth.classes, *grid.classes, *seeds.classes, *time.classes, *dna.classes, *bake.classes)
