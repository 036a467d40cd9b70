# SPDX-License-Identifier: GPL-3.0-or-later
"""Neural Growth: animated materials grown from DNA by neural cellular automata.

The rooms, and which of them may import which, are described in ``pyproject.toml`` (import-linter). Nothing is imported
here: Blender's side comes without torch, the engine's side without bpy.
"""

__version__ = "0.1.0"
