# SPDX-License-Identifier: GPL-3.0-or-later
"""Building: trees of geometry nodes, written as they are read: a node with what goes into it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import bpy

Source = Any
"""What goes into a socket: another socket, a node (its first output), or a value."""
_COLUMN, _ROW, _ROWS = 200, 170, 7
"""Where nodes are put, one after another: an artist who opens the tree sees them apart."""


class Building:
    """A tree of geometry nodes that is being built.

    Parameters
    ----------
    name : str
    sockets : mapping
        Name of an input -> `Input`.
    outputs : mapping
        Name of an output -> Blender's type of socket.
    """

    def __init__(self, name: str, sockets: Mapping[str, Input], outputs: Mapping[str, str]):
        self.tree = bpy.data.node_groups.new(name, "GeometryNodeTree")
        for title, given in sockets.items():
            given.add_to(self.tree, title)
        for title, kind in outputs.items():
            self.tree.interface.new_socket(title, in_out="OUTPUT", socket_type=kind)
        self._count = 0
        self.inputs: Any = self.add("NodeGroupInput").outputs if sockets else {}

    @classmethod
    def of(cls, tree: bpy.types.NodeTree) -> Building:
        """Build on, in a tree whose sockets are there."""
        building = cls.__new__(cls)
        building.tree, building._count, building.inputs = tree, 0, {}
        return building

    def add(self, kind: str, *values: Source, **settings: Any) -> bpy.types.Node:
        """Add a node.

        Parameters
        ----------
        kind : str
            Blender's name of the node's class.
        *values
            What goes into its inputs, from the first that is in use; None leaves one as it is. A mapping at the end
            names others.
        **settings
            Properties of the node.
        """
        node = self.tree.nodes.new(kind)
        node.location = _COLUMN * (self._count // _ROWS), -_ROW * (self._count % _ROWS)
        self._count += 1
        for name, value in settings.items():
            setattr(node, name, value)
        named = values[-1] if values and isinstance(values[-1], Mapping) else {}
        used = [socket for socket in node.inputs if socket.enabled]
        plain = values[:-1] if named else values
        pairs = [*zip(used, plain, strict=False)]
        pairs += [(next(one for one in used if one.name == name), value) for name, value in named.items()]
        for socket, value in pairs:
            if value is not None:
                self.feed(socket, value)
        return node

    def feed(self, socket: bpy.types.NodeSocket, source: Source) -> None:
        """Let a source go into a socket."""
        if isinstance(source, bpy.types.Node):
            source = first(source)
        if isinstance(source, bpy.types.NodeSocket):
            self.tree.links.new(source, socket)
        else:
            socket.default_value = source  # type: ignore[attr-defined]  # only kinds that have values are given one

    def give_out(self, **sources: Source) -> bpy.types.GeometryNodeTree:
        """Feed the outputs, by their names with _ for a space, and give the tree."""
        out = self.add("NodeGroupOutput")
        for name, source in sources.items():
            self.feed(out.inputs[name.replace("_", " ")], source)
        return self.tree  # type: ignore[return-value]

    def calculate(self, operation: str, *values: Source, clamps: bool = False) -> bpy.types.NodeSocket:
        """Add a calculation with numbers."""
        return first(self.add("ShaderNodeMath", *values, operation=operation, use_clamp=clamps))

    def vector(self, operation: str, *values: Source) -> bpy.types.NodeSocket:
        """Add a calculation with vectors."""
        return first(self.add("ShaderNodeVectorMath", *values, operation=operation))

    def combine(self, x: Source, y: Source, z: Source) -> bpy.types.NodeSocket:
        """Make a vector of three numbers."""
        return first(self.add("ShaderNodeCombineXYZ", x, y, z))

    def ease(self, value: Source, begin: Source = 0.0, end: Source = 1.0) -> bpy.types.NodeSocket:
        """From 0 to 1 while a value goes from one to another one, slowly at both ends."""
        node = self.add(
            "ShaderNodeMapRange", value, begin, end, 0.0, 1.0, interpolation_type="SMOOTHSTEP", clamp=True
        )
        return first(node)

    def random(
        self, low: Source, high: Source, seed: Source, kind: str = "FLOAT", of_each: bool = True
    ) -> bpy.types.NodeSocket:
        """A random value of each point, or one for all."""
        values = {"Min": low, "Max": high, "Seed": seed}
        if not of_each:
            values["ID"] = self.add("FunctionNodeInputInt")
        return first(self.add("FunctionNodeRandomValue", values, data_type=kind))

    def attribute(self, name: Source, kind: str) -> bpy.types.NodeSocket:
        """An attribute by its name."""
        return first(self.add("GeometryNodeInputNamedAttribute", {"Name": name}, data_type=kind))

    def store(
        self, geometry: Source, name: str, value: Source, kind: str = "FLOAT", domain: str = "POINT"
    ) -> bpy.types.NodeSocket:
        """Store an attribute under a name."""
        node = self.add(
            "GeometryNodeStoreNamedAttribute",
            {"Geometry": geometry, "Name": name, "Value": value},
            data_type=kind,
            domain=domain,
        )
        return first(node)

    def place(self, geometry: Source, position: Source, selection: Source = None) -> bpy.types.NodeSocket:
        """Move points to a position."""
        values = {"Geometry": geometry, "Position": position}
        if selection is not None:
            values["Selection"] = selection
        return first(self.add("GeometryNodeSetPosition", values))

    def shade(self, geometry: Source, smooth: bool) -> bpy.types.NodeSocket:
        """Shade faces smooth or flat. The first input's name differs between versions."""
        return first(self.add("GeometryNodeSetShadeSmooth", geometry, None, smooth))

    def inner(self, tree: bpy.types.NodeTree, **values: Source) -> bpy.types.Node:
        """Add a group."""
        node = self.add("GeometryNodeGroup", node_tree=tree)
        for name, value in values.items():
            self.feed(node.inputs[name.replace("_", " ")], value)
        return node


class Input:
    """An input of a tree.

    Parameters
    ----------
    kind : str
        Blender's type of socket.
    value
        At first.
    low, high : float, optional
    about : str
        What it changes.
    subtype : str
        Blender's.
    """

    def __init__(
        self,
        kind: str,
        value: Any = None,
        low: float | None = None,
        high: float | None = None,
        about: str = "",
        subtype: str = "",
    ):
        self.kind, self.value, self.low, self.high, self.about = kind, value, low, high, about
        self.subtype = subtype

    @classmethod
    def like(cls, item: Any) -> Input:
        """One as an item of a tree's interface is."""
        value, low, high = (getattr(item, name, None) for name in ("default_value", "min_value", "max_value"))
        return cls(item.socket_type, value, low, high, item.description, getattr(item, "subtype", ""))

    def add_to(self, tree: bpy.types.NodeTree, name: str) -> None:
        """Add it to a tree's interface."""
        item: Any = tree.interface.new_socket(name, in_out="INPUT", socket_type=self.kind)
        item.description = self.about
        for setting, value in (
            ("subtype", self.subtype or None),
            ("default_value", self.value),
            ("min_value", self.low),
            ("max_value", self.high),
        ):
            if value not in (None, "NONE"):
                setattr(item, setting, value)


def first(node: bpy.types.Node) -> bpy.types.NodeSocket:
    """The first output of a node that is in use."""
    return next(socket for socket in node.outputs if socket.enabled)
