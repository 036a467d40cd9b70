# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps: what becomes of the renderer's channels.

Normals, packing for live images, pictures and their sequences on disk.
Plain Python and numpy: neither torch nor bpy.
"""
