# SPDX-License-Identifier: GPL-3.0-or-later
"""Contents: all that a material is made of, as text to compare; for what checks that nothing of it was lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import bpy

DEPTH = 8
"""How deep properties are followed: the points of a curve of a node of a material lie six levels down."""
SKIPPED = frozenset(
    [
        "rna_type",
        "nca",
        "cycles",
        "select",
        "select_left_handle",
        "select_right_handle",
        "select_control_point",
        "preview",
        "original",
        "links",
        "internal_links",
        "session_uid",
        "users",
        "tag",
        "dimensions",
        "location_absolute",
        "groups",
        "group",
        "node",
        "texture_paint_images",
        "texture_paint_slots",
        "library_weak_reference",
        "is_runtime_data",
        "use_extra_user",
    ]
)
"""What says nothing of a material: what Blender derives, what is selected, and the add-on's own settings."""
if bpy.app.version >= (5, 0, 0):
    SKIPPED |= {"use_nodes"}  # always, there
BY_NAME = (bpy.types.Node, bpy.types.NodeSocket, bpy.types.NodeTreeInterfaceItem)
"""Kinds of things that are named where something points to them, and described where they stand."""


def contents(material: bpy.types.Material) -> dict[str, str]:
    """Describe a material, its trees, the groups in it, and what animates them.

    Returns
    -------
    dict of str to str
        Where a value is -> the value.
    """
    found: dict[str, str] = {}
    waiting: list[bpy.types.ID] = [material]
    seen = set(waiting)
    while waiting:
        block = waiting.pop()
        for path, value in _values(block, "", 0):
            found[f"{block.name_full}{path}"] = value.name_full if isinstance(value, bpy.types.ID) else value
            if isinstance(value, bpy.types.NodeTree | bpy.types.Action) and value not in seen:
                seen.add(value)
                waiting.append(value)
    return found


def difference(before: dict[str, str], now: dict[str, str]) -> str:
    """Say where two descriptions differ first; empty where they don't.

    A tree that a material did not have may be left in it, while its nodes are off: Blender takes none away.
    """
    for place in before:
        if (
            place.endswith(".node_tree")
            and now.get(f"{place.removesuffix('.node_tree')}.use_nodes") == "False"
        ):
            now = {each: now[each] for each in now if not each.startswith(place)} | {place: before[place]}
    places = [
        place for place in sorted(before.keys() | now.keys()) if not _alike(before.get(place), now.get(place))
    ]
    if not places:
        return ""
    place = places[0]
    rest = f" and {len(places) - 1} more" if len(places) > 1 else ""
    return f"{place}: {before.get(place, 'absent')} is now {now.get(place, 'absent')}{rest}"


def _values(item: Any, path: str, depth: int) -> Iterator[tuple[str, Any]]:
    if depth > DEPTH:
        return
    yield from _custom(item, path)
    for one in item.bl_rna.properties:
        name = one.identifier
        if name in SKIPPED or name.startswith(("bl_", "active")):
            continue
        try:
            value = getattr(item, name)
        except AttributeError:
            continue  # of another kind of the same class
        place = f"{path}.{name}"
        if one.type == "COLLECTION":
            for number, each in enumerate(value):
                yield from _values(each, f"{place}[{_key(each, number)}]", depth + 1)
        elif one.type == "POINTER":
            yield from _pointed(value, place, depth)
        elif not one.is_readonly or name in {"identifier", "type"}:
            yield place, _plain(value)
    if isinstance(item, bpy.types.NodeTree):
        for link in item.links:
            source = f"{link.from_node.name}.{link.from_socket.identifier}"
            target = f"{link.to_node.name}.{link.to_socket.identifier}"
            yield f"{path}.links[{source} > {target}]", f"muted {link.is_muted}"


def _pointed(value: Any, place: str, depth: int) -> Iterator[tuple[str, Any]]:
    if isinstance(value, bpy.types.ID):
        if value.is_embedded_data:
            yield from _values(value, place, depth + 1)
        else:
            yield place, value
    elif value is None:
        yield place, "none"
    elif isinstance(value, BY_NAME):
        yield place, getattr(value, "name", "")
    else:
        yield from _values(value, place, depth + 1)


def _custom(item: Any, path: str) -> Iterator[tuple[str, str]]:
    """Properties that have no definition, as scripts and add-ons leave them."""
    if isinstance(item, bpy.types.ID | bpy.types.Node):
        for key in item.keys():  # noqa: SIM118  it is no mapping
            if key not in SKIPPED:
                value = item[key]
                plain = value.to_dict() if hasattr(value, "to_dict") else value
                plain = plain.to_list() if hasattr(plain, "to_list") else plain
                yield f"{path}[{key!r}]", plain.name_full if isinstance(plain, bpy.types.ID) else repr(plain)


def _key(item: Any, number: int) -> str:
    """What an item of a collection is known by: its order may change."""
    if isinstance(item, bpy.types.FCurve):
        return f"{item.data_path}[{item.array_index}]"
    if isinstance(item, bpy.types.NodeSocket):
        return item.identifier
    return item.name if isinstance(item, bpy.types.Node) else str(number)


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, str | int | set | frozenset) or value is None:
        return repr(sorted(value) if isinstance(value, set | frozenset) else value)
    return " ".join(_plain(each) for each in value)


def _alike(before: str | None, now: str | None) -> bool:
    """Whether two values are the same, but for the rounding of numbers that were moved and moved back."""
    if before is None or now is None or before == now:
        return before == now
    pairs = list(zip(before.split(), now.split(), strict=False))
    try:
        return len(before.split()) == len(now.split()) and all(
            abs(float(a) - float(b)) <= 1e-4 * max(1.0, abs(float(a))) for a, b in pairs
        )
    except ValueError:
        return False
