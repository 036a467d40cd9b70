# SPDX-License-Identifier: GPL-3.0-or-later
"""Neural Growth: animated materials grown from DNA by neural cellular automata.

Which room may import which is written in ``pyproject.toml`` (import-linter). Nothing is imported here:
Blender's side does without torch and the engine's side without bpy.
"""

__version__ = "0.1.0"
