# SPDX-License-Identifier: GPL-3.0-or-later
"""Strewing: pieces over a surface, each of which comes up when the growth reaches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import bpy

from . import pieces
from .building import Building, Input, Source, first

VARIANTS = 5
"""Pieces of a kind that look different."""
COVERAGE, ORDER, FRONT, COLOUR = "Coverage", "Growth Order", "Front", "Colour"
FIELDS = (COVERAGE, ORDER, FRONT, COLOUR)
"""Inputs that a growth's maps feed; an artist may feed them from elsewhere."""


@dataclass(frozen=True)
class Kind:
    """A kind of pieces.

    Attributes
    ----------
    label, about : str
    make : callable
        Makes the tree of a piece.
    size : float
        Of a piece, in parts of the object's size.
    apart : float
        Least distance of two pieces, in parts of their size; 0 strews them by chance.
    cover : float
        Pieces on a piece's own area, size by size, on average.
    smallest : float
        Size of the smallest pieces to that of the largest.
    lean : float
        Radians by which pieces lean, at most.
    upright : float
        How much they stand upright rather than out of the surface.
    colours : tuple of two colours
        Between which pieces differ.
    tint : float
        How much of the growth's own colour they have.
    """

    label: str
    about: str
    make: Callable[[str], bpy.types.NodeTree]
    size: float
    cover: float
    apart: float
    smallest: float
    lean: float
    upright: float
    colours: tuple[tuple[float, ...], tuple[float, ...]]
    tint: float


KINDS = {
    "MOSS": Kind(
        "Moss", "Tufts of moss", pieces.make_tuft,
        0.085, 6.0, 0.0, 0.4, 0.3, 0.2, ((0.045, 0.10, 0.012, 1.0), (0.20, 0.25, 0.03, 1.0)), 0.15,
    ),
    "CRYSTALS": Kind(
        "Crystals", "Clusters of crystals", pieces.make_crystals,
        0.17, 2.2, 0.14, 0.2, 0.4, 0.0, ((0.42, 0.16, 0.85, 1.0), (0.86, 0.74, 1.0, 1.0)), 0.25,
    ),
    "BARNACLES": Kind(
        "Barnacles", "Barnacles that sit side by side", pieces.make_barnacle,
        0.055, 2.6, 0.6, 0.3, 0.15, 0.0, ((0.42, 0.36, 0.28, 1.0), (0.74, 0.70, 0.62, 1.0)), 0.12,
    ),
    "FLAKES": Kind(
        "Flakes", "Flakes of paint or rust that curl off", pieces.make_flake,
        0.09, 5.0, 0.32, 0.3, 0.12, 0.0, ((0.14, 0.055, 0.03, 1.0), (0.60, 0.52, 0.42, 1.0)), 0.7,
    ),
}  # fmt: skip
"""The kinds that are bundled."""


def make_tree(kind: Kind) -> bpy.types.NodeTree:
    """A tree that strews a kind over what it is given, where and when four fields say."""
    b = Building(
        f"Growth {kind.label}",
        {
            "Geometry": Input("NodeSocketGeometry"),
            COVERAGE: Input("NodeSocketFloat", 1.0, 0.0, 1.0, "Where pieces stand: above one half"),
            ORDER: Input("NodeSocketFloat", 0.0, 0.0, 1.0, "When the growth came to each place, from 0 to 1"),
            FRONT: Input(
                "NodeSocketFloat", 0.0, 0.0, 1.0, "1 where the growth comes to a place, falling to 0"
            ),
            COLOUR: Input("NodeSocketColor", (0.5, 0.5, 0.5, 1.0), about="Colour of the growth"),
            "Density": Input("NodeSocketFloat", 100.0, 0.0, 1e6, "Pieces on a square metre"),
            "Size": Input("NodeSocketFloat", 0.1, 0.0, 1e3, "Of the largest pieces", "DISTANCE"),
            "Smallest": Input(
                "NodeSocketFloat",
                kind.smallest,
                0.0,
                1.0,
                "Size of the smallest pieces, in parts of the largest",
                "FACTOR",
            ),
            "Younger Smaller": Input(
                "NodeSocketFloat", 0.35, 0.0, 1.0, "How much smaller pieces are that came late", "FACTOR"
            ),
            "Clumps": Input(
                "NodeSocketFloat",
                0.5,
                0.0,
                1.0,
                "How much smaller pieces are between places where they are large",
                "FACTOR",
            ),
            "Lean": Input("NodeSocketFloat", kind.lean, 0.0, 3.15, "How far pieces lean, at most", "ANGLE"),
            "Upright": Input(
                "NodeSocketFloat", kind.upright, 0.0, 1.0, "0: out of the surface, 1: up", "FACTOR"
            ),
            "Delay": Input(
                "NodeSocketFloat",
                0.4,
                0.0,
                0.95,
                "How much later than the first the last pieces of a place come up",
                "FACTOR",
            ),
            "Tint": Input(
                "NodeSocketFloat",
                kind.tint,
                0.0,
                1.0,
                "How much of the growth's colour pieces have",
                "FACTOR",
            ),
            "Dark": Input("NodeSocketColor", kind.colours[0], about="Colour of some pieces"),
            "Light": Input("NodeSocketColor", kind.colours[1], about="Colour of others"),
            "Material": Input(
                "NodeSocketMaterial", about="Of the pieces; their colour is the attribute piece_colour"
            ),
            "Seed": Input("NodeSocketInt", 0, about="Another number strews them otherwise"),
            "Keep Surface": Input("NodeSocketBool", True, about="Whether what they stand on is there, too"),
        },
        {"Geometry": "NodeSocketGeometry"},
    )
    given, seed = b.inputs, b.inputs["Seed"]
    surface = given["Geometry"]
    strewn = _strew(b, kind)
    points, outwards = strewn.outputs["Points"], strewn.outputs["Rotation"]

    # how far each has come up: nothing where the front arrives, all of it behind, some a little later than others
    chance = b.random(0.0, 1.0, b.calculate("ADD", seed, 11))
    since = b.calculate("SUBTRACT", 1.0, given[FRONT])
    begin = b.calculate("MULTIPLY", chance, given["Delay"])
    end = b.calculate("ADD", begin, b.calculate("SUBTRACT", 1.0, given["Delay"]))
    risen = b.calculate("MULTIPLY", b.ease(since, begin, end), b.ease(given[COVERAGE], 0.3, 0.7))
    kept = b.store(points, "piece_risen", risen)
    late = b.calculate("MULTIPLY", given["Younger Smaller"], given[ORDER])
    spread = b.calculate("POWER", b.random(0.0, 1.0, b.calculate("ADD", seed, 23)), 1.7)
    large = b.calculate(
        "MULTIPLY_ADD", spread, b.calculate("SUBTRACT", 1.0, given["Smallest"]), given["Smallest"]
    )
    size = b.calculate(
        "MULTIPLY", b.calculate("MULTIPLY", large, given["Size"]), b.calculate("SUBTRACT", 1.0, late)
    )
    size = b.calculate("MULTIPLY", size, _clump(b))
    kept = b.store(kept, "piece_size", size)
    shade = b.random(0.0, 1.0, b.calculate("ADD", seed, 37))
    own = b.add("ShaderNodeMix", {"Factor": shade, "A": given["Dark"], "B": given["Light"]}, data_type="RGBA")
    tinted = b.add(
        "ShaderNodeMix", {"Factor": given["Tint"], "A": first(own), "B": given[COLOUR]}, data_type="RGBA"
    )
    kept = b.store(kept, "piece_colour", first(tinted), "FLOAT_COLOR")
    nothing = b.add("FunctionNodeCompare", b.attribute("piece_risen", "FLOAT"), 0.01, operation="LESS_THAN")
    kept = first(
        b.add("GeometryNodeDeleteGeometry", {"Geometry": kept, "Selection": nothing}, domain="POINT")
    )

    rotation = _turn(b, outwards)
    come = b.attribute("piece_risen", "FLOAT")
    scale = b.calculate("MULTIPLY", b.attribute("piece_size", "FLOAT"), come)
    # they rise out of the ground as they grow wide
    tall = b.calculate("MULTIPLY", scale, b.calculate("POWER", come, 0.5))
    instances = b.add(
        "GeometryNodeInstanceOnPoints",
        {
            "Points": kept,
            "Instance": _variants(b, kind),
            "Pick Instance": True,
            "Instance Index": b.random(0, VARIANTS - 1, b.calculate("ADD", seed, 5), "INT"),
            "Rotation": rotation,
            "Scale": b.combine(scale, scale, tall),
        },
    )
    dressed = b.add("GeometryNodeSetMaterial", {"Geometry": instances, "Material": given["Material"]})
    ground = first(b.add("GeometryNodeSwitch", given["Keep Surface"], None, surface, input_type="GEOMETRY"))
    whole = b.add("GeometryNodeJoinGeometry")
    b.feed(whole.inputs[0], dressed)
    b.feed(whole.inputs[0], ground)
    return b.give_out(Geometry=whole)


def _clump(b: Building) -> bpy.types.NodeSocket:
    """From 1 where pieces are large to less between these places, which lie some pieces apart."""
    given = b.inputs
    apart = b.calculate("DIVIDE", 0.16, b.calculate("MAXIMUM", given["Size"], 1e-6))
    at = b.vector("ADD", first(b.add("GeometryNodeInputPosition")), b.combine(given["Seed"], 0.0, 0.0))
    noise = first(b.add("ShaderNodeTexNoise", {"Vector": at, "Scale": apart, "Detail": 2.0}))
    between = b.calculate("SUBTRACT", 1.0, b.ease(noise, 0.4, 0.6))
    return b.calculate("SUBTRACT", 1.0, b.calculate("MULTIPLY", between, given["Clumps"]))


def _strew(b: Building, kind: Kind) -> bpy.types.Node:
    """Points on the surface that stay where they are while it grows."""
    given = b.inputs
    if not kind.apart:
        return b.add(
            "GeometryNodeDistributePointsOnFaces",
            {"Mesh": given["Geometry"], "Density": given["Density"], "Seed": given["Seed"]},
        )
    return b.add(
        "GeometryNodeDistributePointsOnFaces",
        {
            "Mesh": given["Geometry"],
            "Distance Min": b.calculate("MULTIPLY", given["Size"], kind.apart),
            "Density Max": given["Density"],
            "Seed": given["Seed"],
        },
        distribute_method="POISSON",
    )


def _turn(b: Building, outwards: Source) -> bpy.types.NodeSocket:
    """How pieces stand: out of the surface or up, turned by chance, leaning a little."""
    given, seed = b.inputs, b.inputs["Seed"]
    normal = first(b.add("FunctionNodeRotateVector", {"Vector": (0.0, 0.0, 1.0), "Rotation": outwards}))
    way = first(
        b.add(
            "ShaderNodeMix",
            {"Factor": given["Upright"], "A": normal, "B": (0.0, 0.0, 1.0)},
            data_type="VECTOR",
        )
    )
    stands = b.add("FunctionNodeAlignRotationToVector", {"Vector": way}, axis="Z")
    lean = b.calculate("MULTIPLY", given["Lean"], b.random(-1.0, 1.0, b.calculate("ADD", seed, 41)))
    spin = b.random(0.0, pieces.TAU, b.calculate("ADD", seed, 43))
    leant = b.add("FunctionNodeRotateRotation", stands, b.combine(0.0, 0.0, spin), rotation_space="LOCAL")
    leant = b.add("FunctionNodeRotateRotation", leant, b.combine(lean, 0.0, 0.0), rotation_space="LOCAL")
    spin = b.random(0.0, pieces.TAU, b.calculate("ADD", seed, 47))
    return first(
        b.add("FunctionNodeRotateRotation", leant, b.combine(0.0, 0.0, spin), rotation_space="LOCAL")
    )


def _variants(b: Building, kind: Kind) -> bpy.types.NodeSocket:
    """Pieces that look different, as instances to pick from."""
    tree = kind.make(f"Growth {kind.label} Piece")
    each = b.add("GeometryNodeGeometryToInstance")
    for number in reversed(range(VARIANTS)):
        b.feed(each.inputs[0], b.inner(tree, Seed=number))
    return first(each)
