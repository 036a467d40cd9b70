# SPDX-License-Identifier: GPL-3.0-or-later
"""Directions: which way a pattern points in each cell, so that it goes on over seams as it does inside.

A direction is a complex number in a frame of the cell's own, whose real axis is the grid's x laid onto the mesh.
Neighbours compare theirs after the least rotation that takes the one normal to the other, and all are found at once as
the smoothest field that follows what was asked for where that lies in the surface (Knöppel et al., "Globally Optimal
Direction Fields", 2013, with a field to align to). Where it stands on the surface, neighbours decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .surface import FULL_TURN
from .surface_guide import Line, follow
from .surface_mesh import Mesh

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

ALIGNMENT = 2.0
"""How much a wanted direction that lies in the surface counts, against one neighbour."""
FADING = 4
"""With this power of its share in the surface it counts less where it does not."""
BLOCK = 4
"""Cells a side of those that are solved together first."""
COARSE_STEPS, STEPS = 400, 10
"""Of conjugate gradients, at most."""
ENOUGH = 0.01
"""Share of the right side that may be left over: a degree in one cell of a hundred."""


class Links(NamedTuple):
    """Neighbours, each pair once.

    Attributes
    ----------
    one, other : ndarray of int, shape (links,)
        Numbers of cells.
    turn : ndarray, complex64, shape (links,)
        Takes a direction in the other's frame to that of the one; its length says how much the pair counts.
    """

    one: np.ndarray
    other: np.ndarray
    turn: np.ndarray


def point(
    mesh: Mesh,
    owner: np.ndarray,
    over_seams: tuple[np.ndarray, np.ndarray],
    up: ArrayLike | Line | None,
    turn: float = 0.0,
) -> np.ndarray:
    """Find the turn of each cell.

    Parameters
    ----------
    mesh : Mesh
    owner : ndarray of int, shape (height, width)
        The triangle of each cell, -1 for none.
    over_seams : (ndarray of int, ndarray of int)
        Numbers of cells that are neighbours over a seam.
    up : array-like or Line, optional
        Where up shall be, as `surface_guide.follow` has it; None for that of the picture, which nothing smooths.
    turn : float
        Radians by which each direction is turned at the end, to the left as the mesh's normal is looked against.

    Returns
    -------
    ndarray, int16, shape (height, width)
        `Surface.angle`.
    """
    cells = np.flatnonzero(owner >= 0)
    triangles = owner.reshape(-1)[cells]
    # the grid's y runs down: along the frame's imaginary axis where the island is mirrored, else against it
    side = np.where(mesh.mirrored[mesh.island[triangles]], 1, -1)
    if up is None:
        return lay_down(-1j * side * np.exp(1j * turn), side, owner.shape, cells)
    frames = lay_frames(mesh).astype(np.float32)
    across, normal = frames[triangles], mesh.normals[triangles].astype(np.float32)
    number = np.full(owner.size, -1)
    number[cells] = np.arange(len(cells))
    links = link(owner, mesh.island, number, number[over_seams[0]], number[over_seams[1]], across, normal)

    wanted = follow(mesh, triangles, cells, up).astype(np.float32)
    length = np.linalg.norm(wanted, axis=1, keepdims=True)
    wanted = np.divide(wanted, length, out=np.zeros_like(wanted), where=length > 0)
    target = dot(wanted, across) + 1j * dot(wanted, np.cross(normal, across))
    share = np.abs(target)
    strength = (ALIGNMENT * share**FADING).astype(np.float32)
    target = np.divide(target, share, out=np.zeros_like(target), where=share > 0).astype(np.complex64)

    y, x = np.divmod(cells, owner.shape[1])
    block = (y // BLOCK * owner.shape[1] + x // BLOCK) + mesh.island[triangles] * owner.size
    field = solve(links, strength, target, np.unique(block, return_inverse=True)[1].reshape(-1))
    return lay_down(field * np.exp(1j * turn), side, owner.shape, cells)


def lay_down(field: np.ndarray, side: np.ndarray, shape: tuple[int, ...], cells: np.ndarray) -> np.ndarray:
    """Make the angles of a surface out of directions in the cells' frames.

    Parameters
    ----------
    field : ndarray, complex, shape (cells,)
        Near zero where there is none.
    side : ndarray of int, shape (cells,)
        1 where the island is mirrored, else -1.
    shape : (int, int)
        Of the grid.
    cells : ndarray of int, shape (cells,)
        Numbers of the cells, row by row.

    Returns
    -------
    ndarray, int16, shape (height, width)
    """
    angle = np.arctan2(-side * field.real, field.imag)
    angle[np.abs(field) < 1e-6] = 0
    turned = np.zeros(shape, np.int16)
    parts = np.rint(angle * (FULL_TURN / (2 * np.pi))).astype(np.int64)
    turned.reshape(-1)[cells] = ((parts + FULL_TURN // 2) % FULL_TURN - FULL_TURN // 2).astype(np.int16)
    return turned


def lay_frames(mesh: Mesh) -> np.ndarray:
    """The grid's x laid onto each triangle, as nearly as no stretching allows: unit vectors (triangles, 3), zero where
    a triangle has no area."""
    sides = mesh.positions[mesh.triangles[:, 1:]] - mesh.positions[mesh.triangles[:, :1]]
    length = np.linalg.norm(sides[:, 0], axis=1)
    first = sides[:, 0] / np.maximum(length, 1e-30)[:, None]
    second = np.cross(mesh.normals, first)
    along, high = dot(sides[:, 1], first), dot(sides[:, 1], second)
    placed = mesh.corners[:, 1:] - mesh.corners[:, :1]
    # the linear map from the triangle's plane to the grid
    flat = np.abs(high) < 1e-30
    column_0 = placed[:, 0] / np.maximum(length, 1e-30)[:, None]
    column_1 = (placed[:, 1] - along[:, None] * column_0) / np.where(flat, 1, high)[:, None]
    # its polar factor is a rotation or a reflection: of that, where the grid's x comes from
    side = np.where(column_0[:, 0] * column_1[:, 1] < column_0[:, 1] * column_1[:, 0], -1, 1)
    cosine = column_0[:, 0] + side * column_1[:, 1]
    sine = column_1[:, 0] - side * column_0[:, 1]
    frames = cosine[:, None] * first + sine[:, None] * second
    size = np.linalg.norm(frames, axis=1, keepdims=True)
    return np.divide(frames, size, out=np.zeros_like(frames), where=(size > 0) & ~flat[:, None])


def link(
    owner: np.ndarray,
    island: np.ndarray,
    number: np.ndarray,
    one_over: np.ndarray,
    other_over: np.ndarray,
    across: np.ndarray,
    normal: np.ndarray,
) -> Links:
    """Link the cells of `number` with those right and below of the same island, and over seams.

    Parameters
    ----------
    owner : ndarray of int, shape (height, width)
    island : ndarray of int, shape (triangles,)
    number : ndarray of int, shape (height width,)
        Of the on-cells.
    one_over, other_over : ndarray of int
        Numbers of those that are neighbours over a seam, each pair from both sides.
    across, normal : ndarray, float32, shape (on-cells, 3)
        Frames and normals of them.
    """
    where = np.where(owner >= 0, island[owner], -1)
    grid = number.reshape(owner.shape)
    right = (where[:, :-1] >= 0) & (where[:, :-1] == where[:, 1:])
    below = (where[:-1] >= 0) & (where[:-1] == where[1:])
    one = np.concatenate([grid[:, :-1][right], grid[:-1][below], one_over])
    other = np.concatenate([grid[:, 1:][right], grid[1:][below], other_over])
    counts = np.ones(len(one), np.float32)
    counts[len(one) - len(one_over) :] = 0.5  # they come twice
    theirs, ours, from_frame, to_frame = (
        tuple(np.ascontiguousarray(part) for part in vectors[ends].T)
        for vectors, ends in ((normal, other), (normal, one), (across, other), (across, one))
    )
    cosine, axis = _dot(theirs, ours), _cross(theirs, ours)
    lifted = _dot(axis, from_frame) / np.maximum(1 + cosine, 1e-3)
    carried = tuple(
        cosine * part + moved + lifted * along
        for part, moved, along in zip(from_frame, _cross(axis, from_frame), axis, strict=True)
    )
    turn = _dot(carried, to_frame) + 1j * _dot(carried, _cross(ours, to_frame))
    counts[cosine < -0.99] = 0  # a knife's edge: there are many least rotations
    return Links(one, other, (counts * turn).astype(np.complex64))


def solve(links: Links, strength: np.ndarray, target: np.ndarray, block: np.ndarray) -> np.ndarray:
    """The smoothest field that follows its target: of blocks of cells first, then of cells.

    Parameters
    ----------
    links : Links
    strength : ndarray, float32, shape (cells,)
    target : ndarray, complex64, shape (cells,)
        Of length one, or zero.
    block : ndarray of int, shape (cells,)

    Returns
    -------
    ndarray, complex64, shape (cells,)
    """
    count, blocks = len(strength), block.max() + 1
    given = (strength * target).astype(np.complex64)
    length = np.abs(links.turn)
    diagonal = strength + sum(np.bincount(ends, length, count) for ends in (links.one, links.other))
    one, other = block[links.one], block[links.other]
    inside = one == other
    coarse_diagonal = np.bincount(block, diagonal, blocks)
    coarse_diagonal -= np.bincount(one[inside], 2 * links.turn.real[inside], blocks)
    # links between the same two blocks are one
    one, other, turn = one[~inside], other[~inside], links.turn[~inside]
    back = one > other
    turn = np.where(back, turn.conj(), turn)
    one, other = np.where(back, other, one), np.where(back, one, other)
    pair, at = np.unique(one * blocks + other, return_inverse=True)
    coarse = Links(pair // blocks, pair % blocks, add_up(at.reshape(-1), turn, len(pair)))
    field = conjugate_gradients(
        coarse, coarse_diagonal, add_up(block, given, blocks), np.zeros(blocks, np.complex64), COARSE_STEPS
    )
    return conjugate_gradients(links, diagonal, given, field[block], STEPS)


def conjugate_gradients(
    links: Links, diagonal: np.ndarray, given: np.ndarray, field: np.ndarray, steps: int
) -> np.ndarray:
    """Solve `diagonal x - (neighbours, turned) = given` (Hestenes and Stiefel 1952).

    Parameters
    ----------
    links : Links
    diagonal : ndarray, float32, shape (cells,)
    given : ndarray, complex64, shape (cells,)
    field : ndarray, complex64, shape (cells,)
        A first guess.
    steps : int
        At most.

    Returns
    -------
    ndarray, complex64, shape (cells,)
    """
    count = len(given)
    diagonal = np.maximum(diagonal, 1e-6).astype(np.float32)

    def apply(x: np.ndarray) -> np.ndarray:
        taken = links.turn * x[links.other]
        sent = links.turn.conj() * x[links.one]
        return diagonal * x - add_up(links.one, taken, count) - add_up(links.other, sent, count)

    left = given - apply(field)
    goal = ENOUGH * max(float(np.linalg.norm(given)), 1e-30)
    scaled = left / diagonal
    way, size = scaled, np.vdot(left, scaled).real
    for _ in range(steps):
        if np.linalg.norm(left) <= goal or size <= 0:
            break
        moved = apply(way)
        far = size / max(np.vdot(way, moved).real, 1e-30)
        field = field + np.float32(far) * way
        left = left - np.float32(far) * moved
        scaled = left / diagonal
        before, size = size, np.vdot(left, scaled).real
        way = scaled + np.float32(size / before) * way
    return field


def add_up(where: np.ndarray, numbers: np.ndarray, count: int) -> np.ndarray:
    """Sum complex numbers by where they belong.

    Parameters
    ----------
    where : ndarray of int, shape (any,)
        Below `count`.
    numbers : ndarray, complex64, shape (any,)
    count : int

    Returns
    -------
    ndarray, complex64, shape (count,)
    """
    real, imaginary = (np.bincount(where, part, count) for part in (numbers.real, numbers.imag))
    return (real + 1j * imaginary).astype(np.complex64)


_Parts = tuple[np.ndarray, ...]
"""Vectors, their x, y and z apart: three times as fast as numpy with them together."""


def _dot(a: _Parts, b: _Parts) -> np.ndarray:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _cross(a: _Parts, b: _Parts) -> _Parts:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Dot products of vectors (..., 3): shape (...)."""
    return np.einsum("...i,...i->...", a, b)
