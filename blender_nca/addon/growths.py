# SPDX-License-Identifier: GPL-3.0-or-later
"""A material's growth: from its properties, keyframes and mask image to the plain data that the engine grows."""

from __future__ import annotations

import bpy
import numpy as np

from ..automaton.growth import Genotype, Growth, GrowthError, Mask, Seeds
from . import compat, library

_masks: dict[tuple[int, int, int], Mask] = {}
"""(image, cells wide, cells high) -> its mask. Reading an image of 2048 pixels a side takes longer than a frame has."""


def growth_of(material: bpy.types.Material, frame: int) -> Growth:
    """Describe the growth of a material as far as its frame `frame` needs it.

    Keyframes are read from the curves, so the scene stays where it is. A value without curves (also a driven one) is
    taken as it is now, for all frames.

    Parameters
    ----------
    material : Material
    frame : int
        Of the growth: 0 is the seeded grid.

    Raises
    ------
    GrowthError
        The properties do not make a growth; the message says what to change.
    """
    nca = material.nca
    check_models(nca)
    blends = track(material, "nca.blend", nca.start_frame, frame, 0.0, 1.0)
    genotype = Genotype((nca.a.dna, nca.b.dna), tuple((1.0 - b, b) for b in blends))
    return Growth(
        manifold=nca.a.manifold,
        genotypes=(genotype,),
        width=nca.width,
        height=nca.height,
        pixels_per_cell=nca.pixels_per_cell,
        boundary="wrap" if nca.wrap else "edge",
        seeds=_seeds(nca),
        random_seed=nca.random_seed,
        steps=track(material, "nca.steps_per_frame", nca.start_frame, frame, 0.0, 1000.0),
        quality=nca.quality.lower(),
    )


def check_models(nca) -> None:
    """Refuse a growth whose model or species is not on this machine, or whose two species are of different models."""
    for parent in (nca.a, nca.b):
        if not parent.dna or not parent.manifold:
            raise GrowthError("This growth has no species: choose two by their pictures.")
        if parent.manifold not in library.models():
            raise GrowthError(
                f"The model “{parent.manifold}” of the species {parent.species or 'chosen here'} is not here. "
                "Name the folder that holds it in the add-on's preferences, or choose another species. "
                "The DNA is kept."
            )
    if nca.a.manifold != nca.b.manifold:
        raise GrowthError(
            f"{nca.a.species} is of the model “{nca.a.manifold}”, {nca.b.species} of “{nca.b.manifold}”: "
            "only species of one model blend. Choose another one."
        )


def frame_of(material: bpy.types.Material, scene_frame: int) -> int:
    """The growth's frame at a frame of the scene. Before the growth's start it is the seeded grid, frame 0."""
    return max(0, scene_frame - material.nca.start_frame)


def track(
    material: bpy.types.Material, path: str, start: int, frame: int, lowest: float, highest: float
) -> tuple[float, ...]:
    """Read an animated value as a track: one value a frame, from scene frame `start` on, the last one held.

    The track ends where the value stays as it is, so that it is the same one whichever frame is asked for.
    """
    curve = next((c for c in compat.fcurves_of(material) if c.data_path == path and not c.mute), None)
    if curve is None or not len(curve.keyframe_points):
        owner, name = path.rsplit(".", 1)
        return (float(getattr(material.path_resolve(owner), name)),)
    length = frame
    if curve.extrapolation == "CONSTANT" and not curve.modifiers:
        last = max(point.co.x for point in curve.keyframe_points)
        length = max(0, int(np.ceil(last)) - start)
    return tuple(min(max(curve.evaluate(start + f), lowest), highest) for f in range(length + 1))


def forget_masks(image: int | None = None) -> None:
    """Read mask images again: one, by its session uid, or all."""
    for key in [key for key in _masks if image is None or key[0] == image]:
        del _masks[key]


def masks_in_use() -> set[int]:
    """The session uids of the images read as masks."""
    return {key[0] for key in _masks}


def _seeds(nca) -> Seeds:
    if nca.seeds == "MASK":
        return Seeds("mask", mask=_mask(nca.mask, nca.width, nca.height))
    if nca.seeds == "POINTS":
        return Seeds("points", points=tuple((point.at[0], 1.0 - point.at[1]) for point in nca.points))
    return Seeds(nca.seeds.lower(), count=nca.seed_count)


def _mask(image: bpy.types.Image | None, width: int, height: int) -> Mask:
    if image is None:
        raise GrowthError("Seeds from a mask need an image: choose one in Seeds.")
    key = (image.session_uid, width, height)
    if key not in _masks:
        columns, rows = image.size
        if not columns or not rows or len(image.pixels) != columns * rows * image.channels:
            raise GrowthError(
                f"The mask image “{image.name}” has no pixels: reload it or find its file, or choose another in Seeds."
            )
        pixels = np.empty(columns * rows * image.channels, np.float32)
        image.pixels.foreach_get(pixels)
        pixels = pixels.reshape(rows, columns, image.channels)[::-1]
        colours = pixels[..., : min(3, image.channels)].mean(axis=-1)
        grey = colours * pixels[..., 3] if image.channels == 4 else colours
        # packed at the size of the grid: that is all that the growth needs of it
        _masks[key] = Mask.pack(Mask.pack(grey).unpack(height, width))
    return _masks[key]
