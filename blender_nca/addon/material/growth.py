# SPDX-License-Identifier: GPL-3.0-or-later
"""Growth: from a material's properties, keyframes and mask image to the plain data that the engine grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy

from ...automaton.growth_error import GrowthError
from ..host.hook import Hook
from ..library import catalogue
from .kept_surface import read_surface
from .layering import Layered, layers_of
from .learned import keys_of, why_missing
from .mask import read_mask
from .properties import NCA_PG_growth, nca_of
from .sowing import Sown, recorded, sow
from .training import why_not_grown

if TYPE_CHECKING:
    from ...automaton.growth import Growth


environments = Hook()
"""Asked, as `growth_of` is, with a material and a frame of its growth: what its cells meet, an `Environment` as far as
that frame needs it, or None. While nothing changes it is to be the same object. Raises as `growth_of` does."""

_described: dict[int, tuple[tuple, Growth]] = {}
"""By the material's session uid: what its growth was made from, and the growth. One with long tracks takes a while."""


def growth_of(material: bpy.types.Material, frame: int) -> Growth:
    """Describe the growth of a material as far as its frame `frame` needs it.

    Animated values are read as tracks, so the scene stays where it is. While nothing changes it is the same object,
    also for later frames.

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
    from ...automaton.environment import join
    from ...automaton.growth import Genotype, Growth
    from .track import read_tracks

    nca = nca_of(material)
    check_models(nca)
    tracks = read_tracks(material, frame)
    surface = read_surface(nca)
    laid = layers_of(material, frame)
    sown = _sown(material, laid)
    values = {
        "manifold": nca.a.manifold,
        "manifold_version": nca.model_version,
        "width": nca.width,
        "height": nca.height,
        "pixels_per_cell": nca.pixels_per_cell,
        "fine": nca.fine,
        "boundary": "surface" if surface is not None else "wrap" if nca.wrap else "edge",
        "surface": surface,
        "seeds": sown.seeds,
        "random_seed": nca.random_seed,
        "steps": tracks["nca.steps_per_frame"],
        "quality": nca.quality.lower(),
        "loop": nca.loop,
        "settling": nca.settling,
        "learned": keys_of(nca),
        "environment": join((sown.later, *environments(material, frame)), nca.height, nca.width),
    }
    said = ((nca.a.dna, nca.b.dna), tracks["nca.blend"], laid, *values.values())
    before = _described.get(material.session_uid)
    if before is None or before[0] != said:
        dnas, blends, *_ = said
        genotype = Genotype(dnas, tuple((1.0 - b, b) for b in blends), strength=laid.strength)
        genotypes = genotype, *laid.genotypes
        growth = Growth(genotypes=genotypes, meeting=laid.meeting, **values)
        before = _described[material.session_uid] = said, growth
    return before[1]


def forget_growths() -> None:
    """Another file is open."""
    _described.clear()


def check_models(nca: NCA_PG_growth) -> None:
    """Refuse a growth whose model, of its own training, or species is not here, or whose species are of two models."""
    for parent in (nca.a, nca.b):
        if not parent.dna or not parent.manifold:
            raise GrowthError("This growth has no species: choose two by their pictures.")
        if parent.manifold not in catalogue.models():
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
    problem = why_not_grown(nca) or why_missing(nca)
    if problem:
        raise GrowthError(problem)


def _sown(material: bpy.types.Material, laid: Layered) -> Sown:
    from ...automaton.growth import Seeds

    nca = nca_of(material)
    if nca.seeds == "MASK":
        return Sown(Seeds("mask", mask=read_mask(nca.mask, nca.width, nca.height)))
    if nca.seeds == "POINTS":
        points = [p for p in nca.points if not p.lost]
        places = tuple((p.at[0], 1.0 - p.at[1], p.start) for p in points)
        if laid.meeting == "mix":
            return sow(places)
        numbers = laid.of_seeds
        return sow(places, tuple(numbers[p.layer] if p.layer < len(numbers) else 0 for p in points))
    if nca.seeds == "SURFACE":
        found = next((each for each in recorded(material) if each is not None), None)
        if found is None:
            raise GrowthError("Seeds on the surface are not known here: choose another place in Seeds.")
        return found
    return Sown(Seeds(nca.seeds.lower(), count=nca.seed_count))
