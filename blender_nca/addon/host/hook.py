# SPDX-License-Identifier: GPL-3.0-or-later
"""Hook: how a lower capability reaches higher ones that it may not import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Hook:
    """Functions of higher capabilities that a lower one calls: to tell something, to ask, or to let them draw.

    They are called in the order in which they were added, which is that of the capabilities, lowest first. An error in
    one of them is raised to the caller.
    """

    def __init__(self) -> None:
        self._functions: list[Callable[..., Any]] = []

    def add(self, function: Callable[..., Any]) -> None:
        """Have a function called from now on; one that is there already is not called twice."""
        if function not in self._functions:
            self._functions.append(function)

    def remove(self, function: Callable[..., Any]) -> None:
        """Have a function called no longer; one that is not there is left alone."""
        if function in self._functions:
            self._functions.remove(function)

    def __call__(self, *arguments: Any) -> list[Any]:
        """Call all functions with these arguments, and give what they returned, in their order."""
        return [function(*arguments) for function in tuple(self._functions)]
