# SPDX-License-Identifier: GPL-3.0-or-later
"""Name pattern: what stands in the names of files for what each file is of. `texture_files.py` fills it in."""

from __future__ import annotations

MATERIAL, TEXTURE, FRAME = "{material}", "{texture}", "{frame}"
USUAL_NAMES = f"{MATERIAL}_{TEXTURE}_{FRAME}"
