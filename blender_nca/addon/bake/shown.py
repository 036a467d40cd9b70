# SPDX-License-Identifier: GPL-3.0-or-later
"""Shown: a material shows its finished bake, or its live growth again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import bpy

from ...maps.channels import ORDER_MAPS, SHOWN_MAPS
from ...maps.sequence import LINEAR_MAPS, frame_path
from ..host.colour_space import set_linear
from ..host.rendering import is_rendering
from ..material import coordinates, duplicates, events, live_images, look
from ..material.picture_nodes import pictures_of, read_sequences
from .bake import Bake
from .destination import said_from_the_file
from .properties import baking_of


def show_baked(material: bpy.types.Material, bake: Bake) -> None:
    """Let the material show a finished bake instead of the live images."""
    nca, plan = baking_of(material), bake.plan
    duplicates.separate()
    sequences = {
        name: load_sequence(
            frame_path(bake.folder, plan.stem, name, plan.number(plan.first), next(iter(plan.tiles), None)),
            is_linear=name in LINEAR_MAPS,
            is_still=bake.total == 1,
            tiles=plan.tiles,
        )
        for name in (*SHOWN_MAPS, *(ORDER_MAPS if plan.order else ()))
    }
    number = plan.number(plan.first)
    read_sequences(nca.tree, sequences, nca.wrap, plan.first, plan.last, number, plan.is_loop)
    if plan.layout is not None:
        nca.grown_uv, nca.is_laid_out = plan.layout.painted, True
        coordinates.choose_uv_map(nca.tree, plan.layout.wanted, pictures_of(nca.tree))
    else:
        _lie_as_grown(material)
    nca.baked, nca.baked_first, nca.baked_last = True, plan.first, plan.last
    nca.baked_loop = plan.is_loop
    _forget_rendered_files()
    look.written(material, plan.has_look)
    events.frozen(material)
    live_images.remove_live(nca)


def free(material: bpy.types.Material) -> None:
    """Go back from the baked sequences to live images. The files stay."""
    nca = baking_of(material)
    duplicates.separate()  # before its group shows live images, which a duplicate just made would show too
    nca.baked = False
    look.written(material, False)
    if _lie_as_grown(material):
        events.reshaped(material)  # somebody may have chosen another UV map meanwhile
    duplicates.separate()
    events.changed(material)


def _lie_as_grown(material: bpy.types.Material) -> bool:
    """Let pictures that were laid out for another UV map lie by the growth's again; whether they were."""
    nca = baking_of(material)
    if not nca.is_laid_out:
        return False
    coordinates.choose_uv_map(nca.tree, nca.grown_uv, pictures_of(nca.tree))
    nca.grown_uv, nca.is_laid_out = "", False
    return True


def _forget_rendered_files() -> None:
    """Have renders with Persistent Data read files again: Cycles knows them by their names, and keeps their pixels."""
    if is_rendering():
        return  # it is using them
    for scene in bpy.data.scenes:
        if scene.render.use_persistent_data:
            scene.render.use_persistent_data = False  # this forgets them
            scene.render.use_persistent_data = True


def load_sequence(path: Path, is_linear: bool, is_still: bool, tiles: Sequence[int] = ()) -> bpy.types.Image:
    """Open an image sequence by its first file, with a path relative to the .blend file where there is one.

    A sequence of one file is a still: as a sequence it would end after its frame. With UDIM tiles it is a still that
    has a file for each, of which this is the first one's.
    """
    image = bpy.data.images.load(str(path), check_existing=False)
    image.source = "TILED" if tiles else "FILE" if is_still else "SEQUENCE"
    image.alpha_mode = "CHANNEL_PACKED"
    if not is_linear or not set_linear(image):
        image.colorspace_settings.is_data = True
    if tiles:
        path = path.with_name(path.name.replace(f".{tiles[0]}.", ".<UDIM>."))
    image.filepath = said_from_the_file(path)
    for tile in tiles[1:]:
        image.tiles.new(tile)
    return image
