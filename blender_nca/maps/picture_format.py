# SPDX-License-Identifier: GPL-3.0-or-later
"""Picture format: what each kind of picture file holds. `picture_writer.py` writes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class PictureFormat:
    """One kind of picture files.

    Attributes
    ----------
    label : str
        For the artist.
    suffix : str
    depths : tuple of str
        '8', '16', 'half', 'float'.
    has_alpha : bool
    has_grey : bool
        Otherwise grey is written three times.
    writer : str
        OpenImageIO's name of it; empty for PNG.
    options : dict
        What OpenImageIO is told.
    has_layers : bool
        Whether one file may hold several textures.
    largest : int
        Pixels that a side may have.
    """

    label: str
    suffix: str
    depths: tuple[str, ...]
    has_alpha: bool = True
    has_grey: bool = True
    writer: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    has_layers: bool = False
    largest: int = 65535


FORMATS = MappingProxyType(
    {
        "PNG": PictureFormat("PNG", ".png", ("8", "16")),
        "OPEN_EXR": PictureFormat(
            "OpenEXR", ".exr", ("half", "float"), writer="openexr", options={"compression": "zip"},
            has_layers=True,
        ),
        "TIFF": PictureFormat(
            "TIFF", ".tif", ("8", "16", "float"), writer="tiff", options={"compression": "zip"}
        ),
        "TARGA": PictureFormat("Targa", ".tga", ("8",), writer="targa", options={"compression": "rle"}),
        "WEBP": PictureFormat(
            "WebP, lossless", ".webp", ("8",), has_grey=False, writer="webp",
            options={"compression": "lossless:50"}, largest=16383,
        ),
        "JPEG": PictureFormat(
            "JPEG", ".jpg", ("8",), has_alpha=False, writer="jpeg",
            options={"compression": "jpeg:95", "jpeg:subsampling": "4:4:4"},
        ),
    }
)  # fmt: skip
"""Name, as Blender has it, -> what it holds."""
