# SPDX-License-Identifier: GPL-3.0-or-later
"""Recognition: which of the known textures a picture shows, by what the encoder reads from it.

The letters say in which direction of the manifold a picture lies, and there the species of the training are. One that
was learned since keeps apart from them: its letters are hardly what the encoder reads from its own picture. But what is
read from two samples of one texture is nearly the same, however sure of each letter that is. So a species is known by
what was read from the picture that it was made from, or from several samples of it in the mean, and a picture shows the
species whose reading is nearest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..genetics.relaxed import nearest_dna
from ..maps.whole_file import write_whole
from . import tensors
from .model_file import ManifoldError

READINGS = "readings.safetensors"
"""In the folder of a model: what its encoder reads from the pictures of its species."""
FAR = 300.0
"""Squared distance of two readings from which on they are of two textures. Of unseen samples of learned species nine in
ten are within 30; what no species was made from is at 300 in the median, and then its letters grow nothing nearer."""
MOST_BYTES = 2**24


@dataclass(frozen=True, eq=False)
class Reading:
    """What was read from the picture of a species.

    Attributes
    ----------
    encoder : str
        Which one read it: see `fingerprint`. What another one reads says nothing.
    logits : ndarray, shape (dna_length, 4)
        Of the letters.
    """

    encoder: str
    logits: np.ndarray

    def to_json(self) -> dict[str, object]:
        """Plain values, rounded to a hundredth."""
        return {
            "encoder": self.encoder,
            "logits": [[round(float(each), 2) for each in row] for row in self.logits],
        }

    @classmethod
    def from_json(cls, said: dict, dna_length: int) -> Reading:
        """What `to_json` gave; raises LookupError, TypeError or ValueError where it is something else."""
        with np.errstate(over="ignore"):
            logits = np.array(said["logits"], np.float32)
        if logits.shape != (dna_length, 4) or not np.isfinite(logits).all():
            raise ValueError("its reading is none")
        return cls(str(said["encoder"]), logits)


def fingerprint(weights: Mapping[str, np.ndarray]) -> str:
    """What tells an encoder from all others; the weights of its manifold are named as by `Architecture.shapes`."""
    summary = hashlib.sha256()
    for name in sorted(name for name in weights if name.startswith("encode")):
        summary.update(np.ascontiguousarray(weights[name], "<f4").tobytes())
    return summary.hexdigest()[:16]


def read_dna(logits: np.ndarray, known: Mapping[str, np.ndarray], learned: Collection[str]) -> str:
    """The DNA that a picture is read as: that of the learned species that it shows, else the likeliest letters.

    Parameters
    ----------
    logits, known
        As of `recognise`.
    learned : collection of str
        DNA of the learned species among those that are known.
    """
    shown = recognise(logits, known)
    return nearest_dna(logits) if shown is None or shown not in learned else shown


def recognise(logits: np.ndarray, known: Mapping[str, np.ndarray]) -> str | None:
    """The DNA of the species that a picture shows; None where it shows none of them.

    Parameters
    ----------
    logits : ndarray, shape (dna_length, 4)
        As the encoder reads them from the picture.
    known : mapping of str to ndarray, shape (dna_length, 4)
        DNA of each species -> what the same encoder read from its picture.
    """
    if not known:
        return None
    away = _centred(np.stack([*known.values()])) - _centred(logits)
    distances = (away**2).sum((1, 2))
    nearest = int(distances.argmin())
    return list(known)[nearest] if distances[nearest] < FAR else None


def _centred(logits: np.ndarray) -> np.ndarray:
    """Logits (..., 4) of which the mean of each letter's is zero: what is added to all four says nothing."""
    return logits - logits.mean(-1, keepdims=True)


def write_readings(
    folder: Path, weights: Mapping[str, np.ndarray], readings: Mapping[str, np.ndarray]
) -> None:
    """Write what a model's encoder reads from the pictures of its species, whole or not at all.

    Parameters
    ----------
    folder : Path
        Of the model.
    weights : mapping of str to ndarray
        Of the model, its encoder's among them.
    readings : mapping of str to ndarray, shape (dna_length, 4)
        By DNA.

    Raises
    ------
    OSError
        As of `maps.whole_file.write_whole`.
    """
    said = {"encoder": fingerprint(weights), "dna": " ".join(readings)}
    logits = np.stack([*readings.values()]).astype(np.float16)
    write_whole(Path(folder) / READINGS, tensors.pack(said, {"logits": logits}))


def read_readings(folder: Path, weights: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Read what `write_readings` wrote: by DNA, ndarray, float32, shape (dna_length, 4).

    A model without it, or whose encoder is another one by now, has none.

    Raises
    ------
    ManifoldError
        It cannot be read, or is damaged; the message begins with its path.
    """
    path = Path(folder) / READINGS
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ManifoldError(f"{path} is far too large for a model: install the model again.")
        said, arrays = tensors.unpack(path.read_bytes())
        if said.get("encoder") != fingerprint(weights):
            return {}
        known, logits = said["dna"].split(), arrays["logits"]
        is_whole = logits.shape == (len(known), len(known[0]), 4) and np.isfinite(logits).all()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ManifoldError(f"{path} cannot be read ({error.strerror}): install the model again.") from error
    except ManifoldError:
        raise
    except (AttributeError, LookupError, TypeError, ValueError):
        is_whole = False
    if not is_whole:
        raise ManifoldError(f"{path} is damaged or not a safetensors file: install the model again.")
    return dict(zip(known, logits, strict=True))
