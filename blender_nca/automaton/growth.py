# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole description of a growth, as plain data.

A growth says everything that its pictures depend on: frame f is a pure function of (growth, f). What an
artist animates (steps a frame, the weights of a blend) stands in *tracks*: one value a frame from frame 0 on,
the last one held for all later frames. Frame 0 is the seeded grid.
"""

from __future__ import annotations

import hashlib
import json
import math
import operator
import re
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property

import numpy as np

from ..genetics.species import is_plain_name
from .environment import Environment, MaskTrack
from .growth_error import GrowthError
from .growth_limits import (
    BOUNDARIES,
    LARGEST_GRID,
    LEAST_SETTLING,
    MEETINGS,
    MOST_BORDER,
    MOST_GENOTYPES,
    MOST_MARGIN,
    MOST_PIXELS,
    MOST_PIXELS_PER_CELL,
    MOST_SETTLING,
    MOST_STEPS_PER_FRAME,
    QUALITIES,
    SMALLEST_GRID,
)
from .loop import Loop, Parts
from .mask import Mask
from .plan import Moment, Plan, Weights, held
from .seeds import Seeds
from .surface import Surface

__all__ = ["Environment", "Genotype", "Growth", "GrowthError", "Loop", "Mask", "MaskTrack", "Seeds"]


@dataclass(frozen=True)
class Genotype:
    """What one region grows from: one DNA, or several blended by weights that may change from frame to frame.

    Attributes
    ----------
    dnas : tuple of str
    weights : tuple of tuple of float
        A track: a row a frame, each with one weight for each DNA.
    region : Mask or MaskTrack, optional
        Where this genotype rules, or by frame; if None, wherever no other does.
    strength : tuple of float
        A track: how much it counts where it rules, from 0 to 1.
    border : float
        Cells over which it fades into what grows beside it.
    """

    dnas: tuple[str, ...]
    weights: tuple[tuple[float, ...], ...] = ((1.0,),)
    region: Mask | MaskTrack | None = None
    strength: tuple[float, ...] = (1.0,)
    border: float = 0.0

    def __post_init__(self) -> None:
        if isinstance(self.region, MaskTrack) and len(self.region.masks) == 1:
            object.__setattr__(self, "region", self.region.masks[0])
        object.__setattr__(self, "dnas", tuple(self.dnas))
        object.__setattr__(self, "strength", tuple(float(s) for s in self.strength))
        object.__setattr__(self, "border", float(self.border))
        if not self.strength or not all(0 <= s <= 1 for s in self.strength):
            raise GrowthError("The strength of a layer is a number from 0 to 1.")
        if not 0 <= self.border <= MOST_BORDER:
            raise GrowthError(f"A border of {self.border:g} cells: choose 0 to {MOST_BORDER:.0f}.")
        object.__setattr__(self, "weights", tuple(tuple(float(w) for w in row) for row in self.weights))
        if not self.dnas or not all(isinstance(dna, str) for dna in self.dnas):
            raise GrowthError("A genotype has no DNA: choose a species.")
        if not self.weights:
            raise GrowthError("A genotype has no weights: give one for each DNA.")
        for row in self.weights:
            if len(row) != len(self.dnas):
                raise GrowthError(
                    f"A genotype of {len(self.dnas)} DNA has {len(row)} weights: give one for each."
                )
            if not all(math.isfinite(w) and w >= 0 for w in row) or sum(row) <= 0:
                raise GrowthError("Weights of a blend are zero or more, and at least one is above zero.")

    def weights_at(self, frame: int) -> tuple[float, ...]:
        """Weights of the DNAs at a frame, one for each."""
        return held(self.weights, frame)

    def to_json(self) -> dict:
        """Plain values. Strength and border only where they say something, as versions wrote it that knew none."""
        region = self.region and asdict(self.region)
        values: dict = {"dnas": self.dnas, "weights": self.weights, "region": region}
        if self.strength != (1.0,):
            values["strength"] = self.strength
        if self.border:
            values["border"] = self.border
        return values

    @classmethod
    def from_json(cls, values: dict) -> Genotype:
        """Read what `to_json` wrote; raises `GrowthError`, or what missing and wrong values raise."""
        return cls(**{**values, "region": _region_from_json(values.get("region"))})

    @property
    def region_track(self) -> MaskTrack | None:
        """Where it rules by frame, where that changes."""
        return self.region if isinstance(self.region, MaskTrack) else None


@dataclass(frozen=True)
class Growth:
    """A growth: manifold, genotypes over time, environment, grid and random seed.

    Attributes
    ----------
    manifold : str
        Name of the model that transcribes the DNA.
    genotypes : tuple of Genotype
        Layers, up to eight, each over those before it in its region; see `regions`.
    width, height : int
        Cells.
    pixels_per_cell : int
        Pixels that each cell is painted with, along one side.
    boundary : {'wrap', 'edge', 'surface'}
        Whether the pattern tiles, ends at the border, or goes on over the seams of a mesh.
    seeds : Seeds
    random_seed : int
        Decides which cells fire at which step; any 32-bit number.
    steps : tuple of float
        A track: steps of the automaton from the frame before to this one. Fractions add up, so 0.5 is a step
        every second frame.
    quality : {'full', 'draft'}
        Of the cells' products. Draft ones have fewer digits where the processor multiplies them faster: another
        arrangement of the same pattern, and not the same one on every machine.
    manifold_version : str
        Which training of the manifold, as `genetics.version.version_of` tells them apart; whichever is there, if empty.
    surface : Surface, optional
        The mesh, for 'surface': of as many cells as the grid.
    learned : tuple of str
        Keys of the units of learned species that it grows by (`manifold.own_unit`).
    margin : int
        Pixels that a surface's islands are painted beyond their borders, so that no other colour is filtered in.
    environment : Environment, optional
        What the cells meet.
    loop : Loop, optional
        Frames that are shown again and again. What the cells do is not changed by it.
    meeting : {'mix', 'nearest', 'stronger', 'none'}
        What grows where genotypes without a region meet: a mixture of all by their strengths, or in each cell that of
        the seed it descends from. Then the one that was there first stays, the stronger one takes over, or both stop
        with a gap between them. See `descent`.
    settling : int, optional
        Steps of a cell's life after which it begins to settle: it fires ever less often, and after as many more it
        rests. Cells are restless for ever, if None. See `settling`.
    fine : bool
        Whether more than four pixels a cell show finer structure than its state holds, where the manifold has learned
        to paint it. See `manifold.grain`.
    """

    manifold: str
    genotypes: tuple[Genotype, ...]
    width: int = 128
    height: int = 128
    pixels_per_cell: int = 4
    boundary: str = "wrap"
    seeds: Seeds = field(default_factory=Seeds)
    random_seed: int = 0
    steps: tuple[float, ...] = (2.0,)
    quality: str = "full"
    manifold_version: str = ""
    surface: Surface | None = None
    margin: int = 8
    environment: Environment | None = None
    learned: tuple[str, ...] = ()
    loop: Loop | None = None
    meeting: str = "mix"
    settling: int | None = None
    fine: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "genotypes", tuple(self.genotypes))
        object.__setattr__(self, "steps", tuple(float(s) for s in self.steps))
        # in no order: what they add is a sum, and equal growths have equal keys
        object.__setattr__(self, "learned", tuple(sorted(set(self.learned))))
        for name in ("width", "height", "pixels_per_cell", "random_seed", "margin"):
            object.__setattr__(self, name, operator.index(getattr(self, name)))
        if self.settling is not None:
            object.__setattr__(self, "settling", operator.index(self.settling))
        if not isinstance(self.fine, bool):
            raise GrowthError(f"fine is {self.fine!r:.40}: it is true or false.")
        if not isinstance(self.manifold_version, str) or not is_plain_name(self.manifold):
            raise GrowthError(f"{self.manifold!r:.60} is no name of a model: choose the species again.")
        for name, cells in (("wide", self.width), ("high", self.height)):
            if not SMALLEST_GRID <= cells <= LARGEST_GRID:
                raise GrowthError(
                    f"A grid {cells} cells {name}: choose {SMALLEST_GRID} to {LARGEST_GRID} cells a side."
                )
        if not 1 <= self.pixels_per_cell <= MOST_PIXELS_PER_CELL:
            raise GrowthError(f"{self.pixels_per_cell} pixels a cell: choose 1 to {MOST_PIXELS_PER_CELL}.")
        if max(self.width, self.height) * self.pixels_per_cell > MOST_PIXELS:
            raise GrowthError(
                f"{self.width * self.pixels_per_cell} x {self.height * self.pixels_per_cell} pixels: at most "
                f"{MOST_PIXELS} a side. Choose fewer cells or fewer pixels a cell."
            )
        if self.boundary not in BOUNDARIES:
            raise GrowthError(
                f"Boundary {self.boundary!r:.40} is not known: use one of {', '.join(BOUNDARIES)}."
            )
        if (self.boundary == "surface") != (self.surface is not None):
            raise GrowthError(
                "A growth on a surface needs one, made of its mesh, and no other growth has one."
            )
        if self.surface is not None and self.surface.island.shape != (self.height, self.width):
            raise GrowthError(
                f"The surface has {self.surface.width} x {self.surface.height} cells and the growth "
                f"{self.width} x {self.height}: make the surface again from its mesh."
            )
        if not 0 <= self.margin <= MOST_MARGIN:
            raise GrowthError(f"A margin of {self.margin} pixels: choose 0 to {MOST_MARGIN}.")
        if self.quality not in QUALITIES:
            raise GrowthError(
                f"Quality {self.quality!r:.40} is not known: use one of {', '.join(QUALITIES)}."
            )
        if not all(re.fullmatch("[0-9a-f]{64}", key) for key in self.learned):
            raise GrowthError("A learned species of this growth has no key: choose it again.")
        if not self.genotypes:
            raise GrowthError("A growth has no genotype: choose a species.")
        if len(self.genotypes) > MOST_GENOTYPES:
            raise GrowthError(f"{len(self.genotypes)} layers: a growth has up to {MOST_GENOTYPES}.")
        if self.meeting not in MEETINGS:
            raise GrowthError(f"Meeting {self.meeting!r:.40} is not known: use one of {', '.join(MEETINGS)}.")
        if self.settling is not None and not LEAST_SETTLING <= self.settling <= MOST_SETTLING:
            raise GrowthError(
                f"Cells that settle after {self.settling} steps: choose {LEAST_SETTLING} to {MOST_SETTLING}."
            )
        if not self.steps or not all(0 <= s <= MOST_STEPS_PER_FRAME for s in self.steps):
            raise GrowthError(f"Steps a frame are numbers from 0 to {MOST_STEPS_PER_FRAME:.0f}.")
        if not -(2**31) <= self.random_seed < 2**32:
            raise GrowthError(f"Random seed {self.random_seed} is too large: choose one of 32 bits.")

    def steps_until(self, frame: int) -> int:
        """Steps that the automaton has run at `frame` (0 is the seeded grid).

        Raises
        ------
        GrowthError
            The frame is negative.
        """
        return self._plan.total(_checked(frame))

    def parts(self, frame: int) -> Parts:
        """Of which frames' states a frame is shown, each with its share: its own alone, but where a loop fades."""
        return ((_checked(frame), 1.0),) if self.loop is None else self.loop.parts(_checked(frame))

    def picture_key(self, frame: int) -> tuple[object, ...]:
        """All that the picture of a frame depends on, but for the model and how finely it is painted."""
        moments = [(self.moment(f), share) for f, share in self.parts(frame)]
        return tuple((moment.key, moment.weights, share) for moment, share in moments)

    def moment(self, frame: int) -> Moment:
        """What happens in a frame: (key, steps, weights). A late frame costs as little as an early one.

        It is that of the cells, which no loop changes.

        `steps` since the frame before, `weights` as of `weights_at`, and `key`: a hash that two growths of one training
        share exactly when they share the frame's state.

        Raises
        ------
        GrowthError
            The frame is negative.
        """
        return self._plan.at(_checked(frame))

    def plan(self, frame: int) -> list[Moment]:
        """The moments of all frames from 0 to `frame`; raises as `moment` does."""
        return [self.moment(f) for f in range(_checked(frame) + 1)]

    def chain(self, last: int) -> list[tuple[str, Weights]]:
        """(key, weights) of the frames from 0 to `last`, as records of bakes have kept them from the first version on.

        These keys too differ where the states do, but equal states may have different ones. In a loop they are those of
        what is shown. Raises as `moment` does.
        """
        chain = self._plan.chain(_checked(last))
        if self.loop is None:
            return chain
        return [_mixed(chain, self.parts(f)) for f in range(last + 1)]

    def weights_at(self, frame: int) -> Weights:
        """A row a genotype, with a weight for each of its DNAs; then one of their strengths, if any ever is not 1; and
        where a region moves both that and one of which of its masks each region is.
        """
        return _weights_at(self.genotypes, frame)

    @property
    def has_descent(self) -> bool:
        """Whether it counts which genotype's seed each cell descends from."""
        return self.meeting != "mix" and len(self.genotypes) > 1

    def habitat(self, frame: int) -> np.ndarray | None:
        """Where cells live in a frame, and how often they fire: see `Environment.habitat`; shape (height, width)."""
        if self.environment is None:
            return None
        return self.environment.habitat(frame, self.height, self.width)

    @property
    def neighbourhood(self) -> str | Surface:
        """What is around the grid, as `perception.Boundary` says: the surface, or the boundary's name."""
        return self.boundary if self.surface is None else self.surface

    @cached_property
    def key(self) -> str:
        """A hash of the whole description: growths that are equal have the same."""
        return hashlib.sha256(json.dumps(self._summary(), sort_keys=True).encode()).hexdigest()

    def to_json(self) -> dict:
        """Plain values: dictionaries, lists, text and numbers. Tracks are not copied: they may be long."""
        values = self._summary()
        for name in ("surface", "environment"):
            if name in values:
                values[name] = getattr(self, name).to_json()
        return values

    def _summary(self) -> dict:
        """Plain values, with digests of a surface and an environment in place of them."""
        genotypes = [genotype.to_json() for genotype in self.genotypes]
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        if self.surface is None:  # as versions wrote it that knew none: the keys stay the same
            del values["surface"], values["margin"]
        else:
            values["surface"] = self.surface.digest
        if self.environment is None:
            del values["environment"]
        else:
            values["environment"] = self.environment.digest
        if not self.learned:
            del values["learned"]
        if self.loop is None:
            del values["loop"]
        else:
            values["loop"] = asdict(self.loop)
        if self.meeting == "mix":
            del values["meeting"]
        if self.settling is None:
            del values["settling"]
        if not self.fine:
            del values["fine"]
        return {**values, "genotypes": genotypes, "seeds": self.seeds.to_json()}

    @classmethod
    def from_json(cls, values: dict) -> Growth:
        """Read what `to_json` wrote, or that with a `Surface` which was read before in its place; raises `GrowthError`
        where it is not a growth."""
        try:
            genotypes = tuple(Genotype.from_json(each) for each in values["genotypes"])
            seeds = Seeds.from_json(values.get("seeds") or {})
            surface = values.get("surface")
            if surface is not None and not isinstance(surface, Surface):
                surface = Surface.from_json(surface)
            environment = values.get("environment")
            if environment is not None:
                environment = Environment.from_json(environment)
            loop = values.get("loop")
            loop = None if loop is None else Loop(**loop)
            read = {"genotypes": genotypes, "seeds": seeds, "surface": surface, "environment": environment}
            read["loop"] = loop
            return cls(**{**values, **read})
        except GrowthError:
            raise
        except (LookupError, TypeError, AttributeError, ValueError, OverflowError) as error:
            said = (
                str(error).encode("ascii", "backslashreplace").decode()
            )  # what a file says cannot always be shown
            raise GrowthError(f"This is not a growth that this version can read: {said:.200}.") from error

    @cached_property
    def _plan(self) -> Plan:
        constants = replace(
            self, steps=(0.0,), pixels_per_cell=1, fine=False, margin=0, environment=None, loop=None
        )._summary()
        # a rollout is of one training; and keys of bakes stay what they were before a growth knew its own
        del constants["manifold_version"]
        for genotype in constants["genotypes"]:
            del genotype["weights"]
            genotype.pop("strength", None)
        genotypes, environment = self.genotypes, self.environment
        changing = max(len(track) for each in genotypes for track in (each.weights, each.strength)) - 1
        changing = max(
            changing, *(each.region_track.frames[-1] for each in genotypes if each.region_track), 0
        )
        return Plan(
            json.dumps(constants, sort_keys=True),
            self.steps,
            lambda frame: _weights_at(genotypes, frame),
            max(changing, environment.last_change if environment else 0),
            environment,
        )


def _mixed(chain: list[tuple[str, Weights]], parts: Parts) -> tuple[str, Weights]:
    """What `Growth.chain` has for a frame that is mixed of others."""
    if len(parts) == 1:
        return chain[parts[0][0]]
    said = " ".join(f"{chain[frame][0]} {chain[frame][1]} {share:.9g}" for frame, share in parts)
    return hashlib.sha256(said.encode()).hexdigest(), chain[parts[0][0]][1]


def _weights_at(genotypes: tuple[Genotype, ...], frame: int) -> Weights:
    rows = tuple(genotype.weights_at(frame) for genotype in genotypes)
    tracks = [genotype.region_track for genotype in genotypes]
    if not any(tracks) and all(genotype.strength == (1.0,) for genotype in genotypes):
        return rows
    rows += (tuple(held(genotype.strength, frame) for genotype in genotypes),)
    if not any(tracks):
        return rows
    return *rows, tuple(track.number_at(frame) if track else 0 for track in tracks)


def _checked(frame: int) -> int:
    if frame < 0:
        raise GrowthError(f"Frame {frame} lies before the growth's first frame, 0.")
    return frame


def _region_from_json(values: dict | None) -> Mask | MaskTrack | None:
    if values is None or "frames" not in values:
        return None if values is None else Mask(**values)
    return MaskTrack(tuple(values["frames"]), tuple(Mask(**mask) for mask in values["masks"]))
