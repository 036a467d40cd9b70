# SPDX-License-Identifier: GPL-3.0-or-later
"""Additions: what a capability adds to Blender and to the capabilities below it, and takes away again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import bpy

from .hook import Hook
from .late import Late


class Additions:
    """Classes, handlers and hooks of one capability, added and removed together.

    Parameters
    ----------
    classes : iterable of type
        Operators, panels and property groups, parents before children.
    handlers : mapping of str to function
        Name of a list in `bpy.app.handlers` -> the function that is appended to it. Functions are `@persistent`, or an
        opened file takes them out.
    hooks : iterable of (Hook, function)
        Hooks of lower capabilities, and what they call here.
    timers : iterable of function
        Timers that may be running when the capability is removed: they are stopped then. None is started.
    endings : iterable of function
        Called before anything is taken away: what lets go of what the capability holds.
    commands : iterable of (str, function)
        What `blender --command` is given, and what it calls with the arguments; that returns the exit status.
    """

    def __init__(
        self,
        classes: Iterable[type] = (),
        handlers: Mapping[str, Callable[..., Any]] | None = None,
        hooks: Iterable[tuple[Hook, Callable[..., Any]]] = (),
        timers: Iterable[Callable[[], float | None]] = (),
        endings: Iterable[Callable[[], Any]] = (),
        commands: Iterable[tuple[str, Callable[[list[str]], int]]] = (),
    ) -> None:
        self._classes = tuple(classes)
        self._handlers = dict(handlers or {})
        self._hooks = tuple(hooks)
        self._timers = tuple(timers)
        self._endings = tuple(endings)
        self._commands = tuple(commands)
        self._registered: list[Any] = []

    def add(self) -> None:
        """Add them all to Blender."""
        for one in self._classes:
            join_tooltip(one)
            bpy.utils.register_class(one)
        for hook, function in self._hooks:
            hook.add(function)
        for name, handler in self._handlers.items():
            getattr(bpy.app.handlers, name).append(handler)
        register_command: Any = bpy.utils.register_cli_command  # the stubs do not know what it gives
        self._registered = [register_command(name, run) for name, run in self._commands]

    def remove(self) -> None:
        """Take them all away, in the opposite order. Also what is not there any more is no error, but for classes."""
        for end in _imported(self._endings):
            end()
        for command in self._registered:
            bpy.utils.unregister_cli_command(command)
        self._registered = []
        for name, handler in self._handlers.items():
            with contextlib.suppress(ValueError):
                getattr(bpy.app.handlers, name).remove(handler)
        for timer in _imported(self._timers):
            if bpy.app.timers.is_registered(timer):
                bpy.app.timers.unregister(timer)
        for hook, function in self._hooks:
            hook.remove(function)
        for one in reversed(self._classes):
            bpy.utils.unregister_class(one)


def _imported(functions: Iterable[Callable[[], Any]]) -> list[Callable[[], Any]]:
    """Those whose files were needed: a `Late` one as the function itself."""
    return [
        one.find() if isinstance(one, Late) else one
        for one in functions
        if not isinstance(one, Late) or one.is_imported
    ]


def join_tooltip(one: type) -> None:
    """Make one line of an operator's docstring, which Blender shows as its tooltip, and breaks by itself.

    Before Python 3.13 the second line would also be shown as far to the right as it stands in the code.
    """
    if one.__doc__ and "\n" in one.__doc__ and issubclass(one, bpy.types.Operator):
        one.__doc__ = " ".join(one.__doc__.split())
