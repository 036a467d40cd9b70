# SPDX-License-Identifier: GPL-3.0-or-later
"""Shown: small pictures as icons: the one that is wanted, and what has grown so far."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import bpy
import bpy.utils.previews

from ..host.window import redraw_panels
from . import pixels

if TYPE_CHECKING:
    import numpy as np


SIDE = 256
"""Pixels of an icon, at most."""
WANTED = "wanted "
SOON = 0.15
"""Seconds after which a wanted picture is read."""

_previews: bpy.utils.previews.ImagePreviewCollection | None = None
_names: dict[str, str] = {}
"""What an icon is of -> its name in `_previews`: Blender draws one anew only under a new name."""
_count = 0
_asked: dict[str, tuple[int, tuple[float, ...]]] = {}
"""Wanted pictures that are drawn and not read yet -> session uid of the image, and its crop."""
_problems: dict[str, str] = {}


def show(of: str, picture: np.ndarray) -> None:
    """Make a picture the icon of something.

    Parameters
    ----------
    of : str
        What it is the picture of.
    picture : ndarray, uint8, shape (height, width, 3 or 4)
        sRGB-encoded, row 0 at the top; the fourth is opacity.
    """
    import numpy as np

    global _previews, _count
    if bpy.app.background:  # nobody sees it
        return
    if _previews is None:
        _previews = bpy.utils.previews.new()
    forget(of)
    _count += 1
    _names[of] = f"{_count}"
    preview = _previews.new(_names[of])
    shown = np.ones((*picture.shape[:2], 4), np.float32)
    shown[..., : picture.shape[2]] = picture[::-1].astype(np.float32) / 255
    shown[..., :3] *= shown[
        ..., 3:
    ]  # panels lay icons over what is behind them with the alpha in the colours
    preview.image_size = preview.icon_size = shown.shape[1::-1]
    for values in (preview.image_pixels_float, preview.icon_pixels_float):
        values.foreach_set(shown.ravel())  # type: ignore[attr-defined]  # an array, whatever stubs say


def show_file(of: str, path: Path) -> None:
    """Make a picture on the disk the icon of something."""
    global _previews, _count
    if bpy.app.background:
        return
    if _previews is None:
        _previews = bpy.utils.previews.new()
    forget(of)
    _count += 1
    _names[of] = f"{_count}"
    _previews.load(_names[of], str(path), "IMAGE")


def icon_of(of: str) -> int:
    """The icon of something; 0 where it has none."""
    if _previews is None or of not in _names:
        return 0
    return _previews[_names[of]].icon_id


def forget(of: str) -> None:
    """Take an icon away."""
    name = _names.pop(of, "")
    if _previews is not None and name in _previews:
        del _previews[name]


def wanted(uid: int) -> str:
    """What the wanted picture of a material, of this session uid, is called here."""
    return f"{WANTED}{uid}"


def ask_wanted(uid: int, image: bpy.types.Image, crop: Sequence[float]) -> None:
    """Have the piece of a picture that counts made an icon, soon: one would see it if it were read while drawing."""
    of = wanted(uid)
    if of in _names or of in _problems or bpy.app.background:
        return
    _asked[of] = image.session_uid, tuple(crop)
    if not bpy.app.timers.is_registered(attend):
        bpy.app.timers.register(attend, first_interval=SOON)


def problem_of(uid: int) -> str:
    """Why the wanted picture of a material is not seen, and what to do; empty while it is."""
    return _problems.get(wanted(uid), "")


def attend() -> None:
    """The timer: read what was asked for, once nobody drags a slider any more."""
    import numpy as np

    for of, (uid, crop) in _asked.items():
        image = next((one for one in bpy.data.images if one.session_uid == uid), None)
        if image is None:
            continue
        try:
            colours = pixels.read_colour(image, crop)
        except pixels.PictureError as error:
            _problems[of] = str(error)
            continue
        every = -(-max(colours.shape[1:]) // SIDE)
        small = colours[:, ::every, ::every].transpose(1, 2, 0)
        show(of, (small * 255 + 0.5).astype(np.uint8))
    _asked.clear()
    redraw_panels()


def forget_wanted(uid: int) -> None:
    """Another picture, or another piece of it, is wanted for a material."""
    _problems.pop(wanted(uid), None)
    forget(wanted(uid))


def forget_all_wanted() -> None:
    """All wanted pictures may be others."""
    _problems.clear()
    for of in [of for of in _names if of.startswith(WANTED)]:
        forget(of)


def forget_all() -> None:
    """Another file is open."""
    _asked.clear()
    _problems.clear()
    for of in [*_names]:
        forget(of)


def release() -> None:
    """Give the icons back, as the add-on is switched off."""
    global _previews
    for held in (_names, _asked, _problems):
        held.clear()
    if _previews is not None:
        bpy.utils.previews.remove(_previews)
        _previews = None
