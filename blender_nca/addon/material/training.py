# SPDX-License-Identifier: GPL-3.0-or-later
"""Training: by which training of its model a material grows. After an update the same DNA would grow something else.

A growth keeps the version that it was made by, and grows by no other one until the artist says so.
"""

from __future__ import annotations

import bpy

from ..library import catalogue, versions
from .properties import NCA_PG_growth, nca_of


def is_another(nca: NCA_PG_growth) -> bool:
    """Whether the model that counts here is another training than the growth's."""
    present = versions.present(nca.a.manifold)
    return bool(nca.model_version and present and nca.model_version != present)


def is_at_hand(nca: NCA_PG_growth) -> bool:
    """Whether the growth can go on by its own training."""
    return versions.is_at_hand(nca.a.manifold, nca.model_version)


def is_settled(nca: NCA_PG_growth) -> bool:
    """Whether the artist has said that the growth stays as it is, whatever model is here now."""
    return nca.model_declined == versions.present(nca.a.manifold)


def note(nca: NCA_PG_growth) -> None:
    """Note the training that counts here, in a growth that knows none: nothing better is known of older files.

    Also of what was appended from them.
    """
    if not nca.model_version:
        if versions.present(nca.a.manifold):
            nca.take_model()
    elif not is_another(nca):
        versions.keep(nca.a.manifold)  # the growth may have been made on another machine


def decline(nca: NCA_PG_growth) -> None:
    """Leave a growth as it is, until there is yet another training."""
    nca.model_declined = versions.present(nca.a.manifold)


def why_not_grown(nca: NCA_PG_growth) -> str:
    """Why a growth cannot go on by its own training; empty where it can."""
    if not is_another(nca) or is_at_hand(nca):
        return ""
    return (
        f"The model “{title(nca)}” has changed since this growth was made, and the earlier one is not here: by the new "
        "one it would look different. Take the new model, or name the folder that holds the earlier one in the "
        "add-on's preferences."
    )


def what_changed(material: bpy.types.Material) -> str:
    """What the artist is to know of a growth that stays as it was; empty where there is nothing."""
    nca = nca_of(material)
    if not is_another(nca):
        return ""
    if nca.baked:
        return (
            f"The model “{title(nca)}” has changed since this was made. The baked pictures stay; "
            "by the new model it would look different."
        )
    if is_at_hand(nca):
        return (
            f"The model “{title(nca)}” has changed since this growth was made. It still grows by the earlier one; "
            "by the new one it would look different."
        )
    return ""


def title(nca: NCA_PG_growth) -> str:
    """The model's name for artists."""
    said = catalogue.models().get(nca.a.manifold, {}).get("title")
    return said if isinstance(said, str) and said else nca.a.manifold
