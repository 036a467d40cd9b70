# SPDX-License-Identifier: GPL-3.0-or-later
"""Host: what Blender is, for the capabilities above. Nothing here knows of growths."""
