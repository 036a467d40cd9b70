# SPDX-License-Identifier: GPL-3.0-or-later
"""Late: functions whose files are imported when they are first called.

Switching the add-on on is part of each start of Blender, also for an artist who grows nothing that day. So what Blender
must know at once, properties, operators, panels and handlers, imports what does the work inside the functions that call
it, and hooks and timers of files that hold none of these are joined by `Late`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from operator import attrgetter
from typing import Any


class Late:
    """A function of a file of one's own capability, which is imported with the first call.

    Parameters
    ----------
    package : str
        The capability's, `__package__`.
    place : str
        File and function, such as "making.finish", or a method of what it holds: "strip.icons.leave".
    """

    def __init__(self, package: str, place: str) -> None:
        file, _, name = place.partition(".")
        self._found_in = attrgetter(name)
        self._module = f"{package}.{file}"

    def __call__(self, *arguments: Any) -> Any:
        """Call it, and give what it returns."""
        return self.find()(*arguments)

    def find(self) -> Callable[..., Any]:
        """The function itself."""
        return self._found_in(import_module(self._module))

    def if_imported(self, *arguments: Any) -> None:
        """Call it where its file was needed until now, to let go of what it holds; if not, it holds nothing."""
        if self.is_imported:
            self(*arguments)

    @property
    def is_imported(self) -> bool:
        """Whether its file was needed until now."""
        return self._module in sys.modules


def late(package: str | None) -> Callable[[str], Late]:
    """Name functions of a capability's files: `late(__package__)("making.finish")`."""
    assert package  # every file of a capability is in one
    return lambda place: Late(package, place)
