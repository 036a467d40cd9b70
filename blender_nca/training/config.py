# SPDX-License-Identifier: GPL-3.0-or-later
"""What a training run is told: one TOML file a manifold."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from ..manifold.architecture import Architecture

PRECISIONS = ("float32", "bfloat16")
OPTIMISERS = ("adam", "soap")


class ConfigError(ValueError):
    """A configuration that cannot be trained; the message names the file and the key."""


@dataclass(frozen=True)
class Stage:
    """What an iteration grows; see `TrainingConfig` for each.

    Attributes
    ----------
    cells : int
    steps : (int, int)
    fresh, rest : float
    pixels_per_cell : int
    """

    cells: int
    steps: tuple[int, int]
    fresh: float
    rest: float
    pixels_per_cell: int


@dataclass(frozen=True)
class Nursery:
    """How a run begins: what differs from the rest of it. What is not set is as in the rest.

    Attributes
    ----------
    iterations : int
        So many of the run's.
    cells, steps, fresh, rest, pixels_per_cell
        As in `Stage`, or None.
    """

    iterations: int = 0
    cells: int | None = None
    steps: tuple[int, int] | None = None
    fresh: float | None = None
    rest: float | None = None
    pixels_per_cell: int | None = None


@dataclass(frozen=True)
class TrainingConfig:
    """A training run.

    Attributes
    ----------
    name, title, licence, notes : str
        Of the manifold; what its card says.
    families : tuple of str
        Exemplar families to learn; each of their varieties becomes a species.
    atlas : str
        Or figures to learn: an atlas of emoji, its path beside the configuration.
    architecture : Architecture
    sisters : int
        Samples drawn of each variety.
    exemplar_pixels, pixels_per_cell, cells : int
        Side of an exemplar; pixels a cell is painted with; side of the training grid in cells.
    iterations, batch : int
    steps : (int, int)
        Fewest and most steps of the automaton in one iteration.
    lived_steps : (int, int), optional
        Fewest and most steps of grids that go on from what they were, which are to stay as they are, or to heal. Then
        whole batches begin anew, each time `fresh` of them are due, instead of a share of each batch.
    nursery : Nursery
    pool : int
        States kept for each species.
    fresh : float
        Share of the states drawn that begin anew: the smaller, the older grids are that must still look right.
    blends : float
        Share of the pool that grows blends of two species.
    learning_rate : float
        At the start; it falls along half a cosine wave.
    optimiser : {'adam', 'soap'}
        See `soap` for what the second is better at.
    own_units : int
        Of the hyper-network's units, those that are tuned to one species each as the warm-up ends; see
        `species_units`.
    warm_up : int
        Iterations in which the encoder alone learns to tell the species apart.
    redrawn : int
        Pictures that each of these reads and draws again instead, so that letters come to say what figures look
        like, also those that are not trained on; then growth leaves the encoder as it is. See `autoencoder`.
    redrawing_rate : float
        Learning rate of that.
    varied : float
        Share of these pictures that are variations of figures; see `variations`.
    variations : int
        Variations of each figure that grow beside it.
    temperature : float
        Of the Gumbel noise on the encoder's letters at the start; it falls to zero by a third of the
        iterations.
    rest : float
        How much it counts that a grown grid still changes, beside how it looks. A pattern that comes to rest
        is the same on every machine: one that does not amplifies the last digit.
    rest_steps : int
        Steps over which that is looked at: what drifts slowly shows in more of them.
    critic : float
        How far a critic pulls the maps of materials, over how far all else does; at zero there is no critic.
        See `critic`.
    averaging : float
        Decay of the running mean of the weights, which is what is saved as the manifold.
    precision : {'float32', 'bfloat16'}
        Of the products in the growing cells; all else is float32.
    random_seed : int
    """

    name: str
    families: tuple[str, ...] = ()
    atlas: str = ""
    title: str = ""
    licence: str = "GPL-3.0-or-later"
    notes: str = ""
    architecture: Architecture = field(default_factory=Architecture)
    sisters: int = 3
    exemplar_pixels: int = 256
    pixels_per_cell: int = 4
    cells: int = 40
    iterations: int = 12000
    batch: int = 4
    steps: tuple[int, int] = (20, 48)
    lived_steps: tuple[int, int] | None = None
    nursery: Nursery = field(default_factory=Nursery)
    pool: int = 48
    fresh: float = 0.25
    blends: float = 0.25
    learning_rate: float = 1.5e-3
    optimiser: str = "adam"
    own_units: int = 0
    warm_up: int = 400
    redrawn: int = 0
    redrawing_rate: float = 2e-3
    varied: float = 0.5
    variations: int = 0
    temperature: float = 0.3
    rest: float = 0.0
    rest_steps: int = 4
    critic: float = 0.0
    averaging: float = 0.998
    precision: str = "float32"
    random_seed: int = 0

    @classmethod
    def read(cls, path: Path) -> TrainingConfig:
        """Read a configuration; raises `ConfigError`."""
        try:
            values = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path} is not a TOML file: {error}.") from error
        known = {f.name for f in fields(cls)}
        for key in values:
            if key not in known:
                raise ConfigError(f"{path}: '{key}' is not known. Known are: {', '.join(sorted(known))}.")
        try:
            architecture = Architecture(**values.pop("architecture", {}))
            nursery = values.pop("nursery", {})
            if "steps" in nursery:
                nursery["steps"] = tuple(nursery["steps"])
            values["nursery"] = Nursery(**nursery)
            for key in ("families", "steps", "lived_steps"):
                if key in values:
                    values[key] = tuple(values[key])
            if values.get("atlas"):
                values["atlas"] = str(Path(path).parent / values["atlas"])
            config = cls(architecture=architecture, **values)
        except TypeError as error:
            raise ConfigError(f"{path}: {error}.") from error
        if bool(config.families) == bool(config.atlas):
            raise ConfigError(f"{path}: name either the families or the atlas that shall be learned.")
        if config.atlas and config.critic:
            raise ConfigError(f"{path}: a critic is for materials; figures are told pixel by pixel.")
        if config.families and config.redrawn:
            raise ConfigError(f"{path}: pictures are redrawn of figures; materials have no places to draw.")
        if config.variations and not config.redrawn:
            raise ConfigError(f"{path}: variations are grown from what an encoder that redraws has read.")
        if config.families and config.nursery.pixels_per_cell:
            raise ConfigError(f"{path}: patches of materials need their pixels, in the nursery too.")
        if config.atlas and config.stage(0).cells != config.cells:
            raise ConfigError(f"{path}: figures need their whole grid, in the nursery too.")
        if not 0 <= config.own_units <= config.architecture.transcription:
            raise ConfigError(
                f"{path}: own_units is a number up to transcription, {architecture.transcription}."
            )
        for key, choices in (("precision", PRECISIONS), ("optimiser", OPTIMISERS)):
            if (chosen := getattr(config, key)) not in choices:
                raise ConfigError(f"{path}: {key} is one of {', '.join(choices)}, not {chosen}.")
        return config

    def stage(self, iteration: int) -> Stage:
        """What an iteration grows."""
        later = Stage(self.cells, self.steps, self.fresh, self.rest, self.pixels_per_cell)
        if iteration >= self.nursery.iterations:
            return later
        names = [f.name for f in fields(Stage)]
        return replace(
            later,
            **{name: said for name in names if (said := getattr(self.nursery, name)) is not None},
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)
