# SPDX-License-Identifier: GPL-3.0-or-later
"""Species are chosen by their pictures."""

from __future__ import annotations

import os

import numpy as np

from blender_nca.maps.png import write_png

from .conftest import MODEL


def test_a_new_picture_of_a_species_is_shown_after_a_reload(growing, models):
    library = growing.module("addon.library")
    file = models / MODEL / "species" / "ash.png"
    shown = []
    for value in (1.0, 0.0):
        write_png(file, np.full((16, 16, 3), value, np.float32), colour=True)
        # Blender's own cache tells pictures apart by whole seconds
        os.utime(file, (1e9 + value, 1e9 + value))
        library.forget()
        one = library.species().find(MODEL, "Ash")
        library.icon_of(one)  # without a window it has no number
        preview = library._previews[f"{one.picture}"]
        shown.append(np.array(preview.image_pixels_float).reshape(-1, 4)[:, :3].mean())
    file.unlink()
    library.forget()
    assert shown[0] > 0.9 and shown[1] < 0.1
