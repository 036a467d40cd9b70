# SPDX-License-Identifier: GPL-3.0-or-later
"""Previews: species are chosen by their pictures."""

from __future__ import annotations

import os

import numpy as np

from blender_nca.maps.png import write_png

from ..conftest import MODEL


def test_a_new_picture_of_a_species_is_shown_after_a_reload(growing, models):
    library, icons = growing.module("addon.library"), growing.module("addon.previews.icons")
    file = models / MODEL / "species" / "ash.png"
    shown = []
    for value in (1.0, 0.0):
        write_png(file, np.full((16, 16, 3), value, np.float32), colour=True)
        # Blender's own cache tells pictures apart by whole seconds
        os.utime(file, (1e9 + value, 1e9 + value))
        library.forget()
        one = library.species().find(MODEL, "Ash")
        icons.icon_of(one)  # without a window it has no number
        preview = icons._previews[f"{one.picture}"]
        shown.append(np.array(preview.image_pixels_float).reshape(-1, 4)[:, :3].mean())
    file.unlink()
    library.forget()
    assert shown[0] > 0.9 and shown[1] < 0.1


def test_the_lists_of_species_show_their_pictures(growing, models):
    """Each list asks the previews, which answer for species that have a picture."""
    choices, icons = growing.module("addon.library.choices"), growing.module("addon.previews.icons")
    file = models / MODEL / "species" / "ash.png"
    write_png(file, np.full((16, 16, 3), 0.5, np.float32), colour=True)
    library = growing.module("addon.library")
    library.forget()
    choices.species_choices("A")
    shown = set(icons._previews)
    file.unlink()
    library.forget()
    assert str(file) in shown
