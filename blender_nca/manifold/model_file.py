# SPDX-License-Identifier: GPL-3.0-or-later
"""A manifold on disk: a folder with `manifold.safetensors` (weights) and `card.json` (what they are).

An encoder may learn to read anew, while all that grows stays as it is: its weights then stand in a file of their own,
`encoder.safetensors`, in place of those that were trained with the manifold. And a painter of finer structure may be
learned beside the first one, which stays: `fine.safetensors`.

Reading needs numpy alone, because the fallback without torch has nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np

from ..genetics.dna import LETTERS
from ..maps.whole_file import write_together
from . import tensors
from .architecture import MAP_CHANNELS, Architecture

WEIGHTS, ENCODER, FINE = "manifold.safetensors", "encoder.safetensors", "fine.safetensors"
CARD = "card.json"
MOST_BYTES, MOST_CARD_BYTES = 2**30, 2**22
"""Of the weights, and of the card: the bundled ones have a hundredth of that."""
FORMAT, VERSION = "neural growth manifold", 1
_EARLIER_MAPS = MAP_CHANNELS[: MAP_CHANNELS.index("emission")]
"""What manifolds painted before emission was added: they still open, and glow nowhere."""


class ManifoldError(ValueError):
    """A model that cannot be used; the message names the file and says what to do."""


def read(
    folder: Path,
) -> tuple[dict, Architecture, dict[str, np.ndarray], dict[str, np.ndarray] | None]:
    """Read a model folder.

    Returns
    -------
    card : dict
    sizes : Architecture
    weights : dict of str to ndarray, float32, as named by `Architecture.shapes`
    fine : the same as named by `Architecture.fine_shapes`; None where it paints nothing finer than states

    Raises
    ------
    ManifoldError
        If a file is missing, broken, foreign, newer than this version, or not what its card says.
    """
    card, sizes = read_card(folder)
    shapes = sizes.shapes(len(card["maps"]))
    weights = _read_weights(Path(folder) / WEIGHTS, card.get("sha256"), shapes)
    if encoder := card.get("encoder"):
        weights |= _read_weights(Path(folder) / ENCODER, _said(encoder), _of_encoder(shapes))
    fine = None
    if about := card.get("fine"):
        fine = _read_weights(Path(folder) / FINE, _said(about), sizes.fine_shapes())
        named = [about.get(key, []) for key in ("bare", "learned")] if isinstance(about, dict) else [None]
        if not all(_are_dnas(dnas, sizes.dna_length) for dnas in named):
            raise ManifoldError(
                f"{Path(folder) / CARD} does not say its finer painter: install the model again."
            )
    whole = {name: _complete(weights[name], shape) for name, shape in sizes.shapes().items()}
    return card, sizes, whole, fine


def _are_dnas(dnas: object, length: int) -> bool:
    return isinstance(dnas, list) and all(
        isinstance(dna, str) and len(dna) == length and set(dna) <= set(LETTERS) for dna in dnas
    )


def _said(about: object) -> object:
    """The hash that a card says a further file of weights has."""
    return about.get("sha256") if isinstance(about, dict) else about


def _read_weights(path: Path, sha256: object, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, np.ndarray]:
    """Weights of a file, of these names and shapes; raises as `read` does."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ManifoldError(f"{path} is far too large for a model: install the model again.")
        content = path.read_bytes()
    except OSError as error:
        raise ManifoldError(f"{path} cannot be read ({error.strerror}): install the model again.") from error
    if sha256 not in (None, hashlib.sha256(content).hexdigest()):
        raise ManifoldError(
            f"{path} is damaged or not the file that its card describes: install the model again."
        )
    try:
        _, weights = tensors.unpack(content)
    except ValueError as error:
        raise ManifoldError(
            f"{path} is damaged or not a safetensors file: install the model again."
        ) from error
    for name, shape in shapes.items():
        if name not in weights:
            raise ManifoldError(
                f"{path} lacks the weights '{name}': it is not a manifold, or its card is another's."
            )
        if weights[name].shape != shape:
            raise ManifoldError(f"{path}: '{name}' is {weights[name].shape}, its card says {shape}.")
        if not np.isfinite(weights[name]).all():
            raise ManifoldError(
                f"{path}: '{name}' holds numbers that are not finite: install the model again."
            )
    return {name: weights[name] for name in shapes}


def _of_encoder(shapes: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    return {name: shape for name, shape in shapes.items() if name.startswith("encode")}


def read_card(folder: Path) -> tuple[dict, Architecture]:
    """Read a model's card alone, without its weights.

    Raises
    ------
    ManifoldError
        As of `read`.
    """
    path = Path(folder) / CARD
    try:
        if path.stat().st_size > MOST_CARD_BYTES:
            raise ManifoldError(f"{path} is far too large for a card: install the model again.")
        card = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ManifoldError(
            f"{path} cannot be read ({error.strerror}): a model is a folder with {WEIGHTS} and {CARD}."
        ) from error
    except ManifoldError:
        raise
    except (ValueError, RecursionError) as error:
        raise ManifoldError(f"{path} is damaged: it is not JSON ({error}).") from error
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise ManifoldError(f"{path} is not the card of a manifold.")
    if not isinstance(card.get("version"), int) or card["version"] > VERSION:
        raise ManifoldError(
            f"{path} is of version {card.get('version')!r:.40}, newer than this Neural Growth: update it."
        )
    if not isinstance(card.get("name"), str):
        raise ManifoldError(f"{path} does not say the name of its manifold: install the model again.")
    if card.get("maps") not in (list(MAP_CHANNELS), list(_EARLIER_MAPS)):
        raise ManifoldError(f"{path} paints maps that this version does not know: {card.get('maps')!r:.200}.")
    try:
        sizes = Architecture(**card["architecture"])
        valid = all(isinstance(size, int) and 1 <= size <= 4096 for size in asdict(sizes).values())
    except (KeyError, TypeError):
        valid = False
    if not valid or sizes.channels < 4:
        raise ManifoldError(f"{path} does not say the sizes of its manifold: install the model again.")
    return card, sizes


def write(
    folder: Path,
    card: Mapping,
    sizes: Architecture,
    weights: Mapping[str, np.ndarray],
    kind: type[np.floating] = np.float32,
) -> None:
    """Write a model folder, whole or not at all. Needs the safetensors library, which takes half precision too.

    Parameters
    ----------
    folder : Path
        It is made where it is missing.
    card : mapping
        It is completed by format, version, sizes, maps and the sha256 of the weights.
    sizes : Architecture
    weights : mapping of str to ndarray
        As named by `Architecture.shapes`, of the shapes that it gives.
    kind : numpy type
        That the weights are kept as.

    Raises
    ------
    OSError
        As of `maps.whole_file.write_together`.
    """
    from safetensors.numpy import save

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    content = save({name: np.ascontiguousarray(weights[name], kind) for name in sizes.shapes()})
    card = {
        "format": FORMAT,
        "version": VERSION,
        **card,
        "architecture": asdict(sizes),
        "maps": list(MAP_CHANNELS),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    said = (json.dumps(card, indent=2) + "\n").encode()
    write_together({folder / WEIGHTS: content, folder / CARD: said})
    for further in (ENCODER, FINE):  # they were learned for other weights, and the new card names none
        (folder / further).unlink(missing_ok=True)


def write_fine(folder: Path, weights: Mapping[str, np.ndarray], about: Mapping) -> None:
    """Let a model paint finer structure from now on; parameters as of `write_encoder`, the weights as named by
    `Architecture.fine_shapes`."""
    _write_further(folder, "fine", FINE, Architecture.fine_shapes, weights, about)


def write_encoder(folder: Path, weights: Mapping[str, np.ndarray], about: Mapping) -> None:
    """Let a model's encoder read by other weights from now on.

    Parameters
    ----------
    folder : Path
        Of a model.
    weights : mapping of str to ndarray
        Those of the encoder, as named by `Architecture.shapes`, of the shapes that it gives.
    about : mapping
        Plain values for the card: how it learned.

    Raises
    ------
    ManifoldError
        As of `read_card`.
    OSError
        As of `maps.whole_file.write_together`.
    """
    _write_further(folder, "encoder", ENCODER, lambda sizes: _of_encoder(sizes.shapes()), weights, about)


def _write_further(
    folder: Path,
    key: str,
    file: str,
    shapes: Callable[[Architecture], Mapping[str, tuple[int, ...]]],
    weights: Mapping[str, np.ndarray],
    about: Mapping,
) -> None:
    """Write weights beside those of a model, with what its card says of them under a key."""
    card, sizes = read_card(folder)
    content = tensors.pack({}, {name: weights[name] for name in shapes(sizes)})
    card[key] = {**about, "sha256": hashlib.sha256(content).hexdigest()}
    said = (json.dumps(card, indent=2, ensure_ascii=False) + "\n").encode()
    write_together({Path(folder) / file: content, Path(folder) / CARD: said})


def _complete(weight: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Add zeros to a weight that is shorter than `shape`: maps that its manifold does not paint are black."""
    return np.pad(weight, [(0, size - present) for size, present in zip(shape, weight.shape, strict=True)])
