# SPDX-License-Identifier: GPL-3.0-or-later
"""Manual: F1 over anything of the panel, and *Online Manual* in its menu, open the manual at that place.

It is the one that came with the extension, an HTML file: so it is of this version, and needs no network, which Blender
grants an extension only where the artist has allowed it. `scripts/manual.py` makes it of docs/manual.
"""

from __future__ import annotations

from pathlib import Path

import bpy

from ..host.additions import Additions
from ..settings import panel
from .places import PLACES

BUILT = Path(__file__).parent / "built"
"""The manual, and in `go` a file that leads to each of its places: see `scripts/manual.py`."""


def address(anchor: str) -> str:
    """Where a browser finds a place of the manual, such as "time-loops"."""
    return (BUILT / "go" / f"{anchor}.html").as_uri()


def find() -> tuple[str, list[tuple[str, str]]]:
    """What Blender looks things up in: the beginning of all addresses, and patterns of names with the rest.

    Returns
    -------
    tuple of str and list of (str, str)
        Without patterns where the manual was not built, as in a checkout: Blender then says that it knows none.
    """
    if not (BUILT / "manual.html").exists():
        return "", []
    prefix = (BUILT / "go").as_uri() + "/"
    return prefix, [
        (pattern, f"{anchor}.html") for anchor, patterns in PLACES.items() for pattern in patterns
    ]


def draw(
    context: bpy.types.Context, layout: bpy.types.UILayout, preferences: bpy.types.AddonPreferences
) -> None:
    """A button that opens it, in the preferences."""
    if (BUILT / "manual.html").exists():
        layout.operator("wm.url_open", text="Manual", icon="HELP").url = address("start")


_additions = Additions(hooks=((panel.boxes, draw),))


def register() -> None:
    """Let Blender know where the manual is."""
    _additions.add()
    bpy.utils.register_manual_map(find)


def unregister() -> None:
    """Let it forget."""
    bpy.utils.unregister_manual_map(find)
    _additions.remove()
