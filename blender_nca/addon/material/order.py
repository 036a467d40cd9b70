# SPDX-License-Identifier: GPL-3.0-or-later
"""Order: growth order and front of a material, painted where somebody asks for them. What it keeps of that, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy
from bpy.props import BoolProperty, FloatProperty, IntProperty

from ..host.text import CONTEXT
from .clock import frame_of
from .growth import growth_of
from .node_group import group_nodes
from .properties import NCA_PG_growth, nca_of
from .sockets import FRONT, GROWTH_ORDER, output_of
from .updates import tell_changed

if TYPE_CHECKING:

    class Ordered(NCA_PG_growth):
        """A growth with the properties that `register` adds."""

        order: bool
        order_end: int
        order_follows: bool
        front: float

    from ...automaton.growth import Growth
    from ...maps.order import Order


EARLIEST, LATEST = -1_048_574, 1_048_574
"""Blender's own first and last frame."""


def ordered(material: bpy.types.Material) -> Ordered:
    """What a material keeps of its growth, with what it keeps of its order."""
    return nca_of(material)  # type: ignore[return-value]  # it has those properties from `register` on


def is_asked(material: bpy.types.Material) -> bool:
    """Whether order and front are wanted: by their switch, or because something is linked to their sockets."""
    nca = ordered(material)
    if nca.order:
        return True
    sockets = (
        output_of(node, name) for node in group_nodes(material, nca.tree) for name in (GROWTH_ORDER, FRONT)
    )
    return any(socket is not None and socket.is_linked for socket in sockets)


def has_full_growth(nca: NCA_PG_growth) -> bool:
    """Whether a growth says itself when it is full: there its order is 1."""
    return nca.clock == "AGE" or nca.course != "ON"


def describe(
    material: bpy.types.Material, frame: int, with_order: bool | None = None
) -> tuple[Growth, Order | None]:
    """Describe the growth of a material, and its order.

    Parameters
    ----------
    material : Material
    frame : int
        Of the growth.
    with_order : bool, optional
        By default where the material has an image for it.

    Returns
    -------
    (Growth, Order or None)

    Raises
    ------
    GrowthError
        As `growth_of` and `frame_of`.
    """
    from ...maps.order import Order

    nca = ordered(material)
    if nca.image_order is None if with_order is None else not with_order:
        return growth_of(material, frame), None
    end = nca.full_frames if has_full_growth(nca) else frame_of(material, nca.order_end)
    # one description of both frames: it is the same object for each that is asked for
    growth = growth_of(material, max(frame, end))
    return growth, Order(max(1, growth.steps_until(end)), nca.front)


def _get_end(self: NCA_PG_growth) -> int:
    return self.get("order_end", bpy.context.scene.frame_end)


def _set_end(self: NCA_PG_growth, frame: int) -> None:
    self["order_end"] = frame


def _is_following(self: NCA_PG_growth) -> bool:
    return "order_end" not in self.keys()


def _follow(self: NCA_PG_growth, follows: bool) -> None:
    if not follows:
        self["order_end"] = _get_end(self)
    elif not _is_following(self):
        del self["order_end"]


PROPERTIES = {
    "order": BoolProperty(
        name="Growth Order",
        description="Paint, and bake, when each place came alive and where the front is, for geometry nodes and other "
        "programs. Where something is linked to these sockets of the growth's node, they are painted anyway",
        options=set(),
        update=tell_changed,
    ),
    "order_end": IntProperty(
        name="Order End",
        description="The frame in which the growth order is 1: it rises from 0 at the seeds with the steps of growing "
        "until then. The scene's last, until you set it. Of growths that "
        "are full at some time it is that time",
        min=EARLIEST,
        max=LATEST,
        get=_get_end,
        set=_set_end,
        options=set(),
        update=tell_changed,
    ),
    "order_follows": BoolProperty(
        name="Follow the Scene",
        description="The growth order is 1 at the scene's last frame, also when that is changed later",
        get=_is_following,
        set=_follow,
        options={"SKIP_SAVE"},
        update=tell_changed,
    ),
    "front": FloatProperty(
        name="Front",
        translation_context=CONTEXT,
        description="For how many steps of growing a place that came alive is of the front: the front's width",
        default=12.0,
        min=0.5,
        soft_max=60.0,
        max=10_000.0,
        options=set(),
        update=tell_changed,
    ),
}


def register() -> None:
    """Add them to what a growing material keeps."""
    for name, declared in PROPERTIES.items():
        setattr(NCA_PG_growth, name, declared)


def unregister() -> None:
    """Take them away; files keep what they hold."""
    for name in PROPERTIES:
        delattr(NCA_PG_growth, name)
