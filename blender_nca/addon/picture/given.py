# SPDX-License-Identifier: GPL-3.0-or-later
"""Given: what a material's picture and its maps give the engine to learn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy

from ..library import catalogue
from . import pixels
from .pixels import PictureError
from .properties import FIGURE, MAPS

if TYPE_CHECKING:
    import numpy as np

    from .properties import Pictured


def given_of(nca: Pictured) -> dict[str, np.ndarray]:
    """The piece of the picture that counts, and of each map that belongs to it, as `engine.client.Engine.learn` takes
    them.

    Raises
    ------
    PictureError
        There is none, or an image that has no pixels; the message names it and says what to do.
    """
    if nca.picture is None:
        raise PictureError(
            "Choose a picture first: an image of this file, a file, or one from the clipboard."
        )
    crop = tuple(nca.picture_crop)
    found = {"base_colour": pixels.read_colour(nca.picture, crop)}
    if nca.picture_kind == FIGURE:  # it is learned by its colours and its outline
        return found
    for one in MAPS:
        image = getattr(nca, one.prop)
        if image is None:
            continue
        try:
            if one.name == "normal":
                found[one.name] = pixels.read_normals(image, crop, nca.picture_flips_green)
            else:
                found[one.name] = pixels.read_values(image, crop)
        except PictureError as error:
            raise PictureError(f"{one.title}: {error}") from error
    return found


def model_of(nca: Pictured) -> str:
    """The model that learns what the picture is of: species A's, or else the first one of its kind.

    Raises
    ------
    PictureError
        There is none.
    """
    is_figure = nca.picture_kind == FIGURE
    for model in (nca.a.manifold, *catalogue.manifolds()):
        if model in catalogue.models() and catalogue.grows_figures(model) == is_figure:
            return model
    what = "figures" if is_figure else "textures"
    raise PictureError(
        f"No model is here that grows {what}: name the folder of one in the add-on's preferences."
    )


def minutes_of(nca: Pictured) -> float:
    """How long is learned."""
    return nca.picture_figure_minutes if nca.picture_kind == FIGURE else nca.picture_minutes


def name_of(nca: Pictured) -> str:
    """What a species of the picture is called."""
    picture = nca.picture
    said = nca.picture_name.strip() or (bpy.path.display_name(picture.name) if picture else "")
    return " ".join("".join(c for c in said if c.isprintable()).split()) or "Picture"
