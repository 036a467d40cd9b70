# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits of a growth: what its values may be. Nothing is imported here, for Blender's sliders have the same ends."""

from __future__ import annotations

SMALLEST_GRID, LARGEST_GRID = 8, 4096
"""Cells a side."""
MOST_PIXELS_PER_CELL = 32
MOST_PIXELS = 16384
"""Pixels a side of the painted maps: what Blender and the graphics drivers take as one texture."""
MOST_STEPS_PER_FRAME = 1000.0
BOUNDARIES = ("wrap", "edge", "surface")
MOST_MARGIN = 256
"""Pixels."""
QUALITIES = ("full", "draft")
MOST_GENOTYPES = 8
MOST_BORDER = 32.0
"""Cells."""
MEETINGS = ("mix", "nearest", "stronger", "none")
LEAST_SETTLING, MOST_SETTLING = 1, 100_000
"""Steps."""
USUAL_SETTLING = 200
"""Steps: what new growths are begun with. By then patterns have found their arrangement."""
