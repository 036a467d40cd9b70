# SPDX-License-Identifier: GPL-3.0-or-later
"""Card: the one that Blender draws on, running shaders in pieces that are short enough for nobody to notice.

All of it is for the main thread: Blender's `gpu` module has its context there alone.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from typing import Any, NamedTuple

import gpu as blenders_gpu
import numpy as np

from ...kernels.glsl import ONE_NUMBER, Shader

gpu: Any = blenders_gpu
"""Types of it know what draws, and not what computes."""

AIMED_SECONDS = 0.004
"""How long a piece is to take, by what was measured: the next one may be slower, and none is to take more than 8 ms."""
FIRST_ROWS = 8
"""Rows of groups of the first piece of a shader, of which nobody knows how long it takes."""
_FASTER = 2.0
"""How much longer than expected before a piece may be, as far as it has not been measured."""
_SPARE_BYTES = 2**27
_COMPONENTS = {"RGBA32F": 4, "RG32F": 2, "R32F": 1}

_let_go: deque[tuple[BlendersCard, tuple[int, int, str] | None, Any]] = deque()
"""Of each card what nobody holds any more: a picture's height, width and format, None for a block; and what it is."""


class Picture:
    """A picture on the card. What nobody holds any more is used again."""

    def __init__(self, card: BlendersCard, texture: Any, form: str):
        self._card, self.texture, self.format = card, texture, form
        self.width: int = texture.width
        self.height: int = texture.height

    @property
    def nbytes(self) -> int:
        return 4 * self.width * self.height * _COMPONENTS[self.format]

    def __del__(self) -> None:
        _let_go.append((self._card, (self.height, self.width, self.format), self.texture))


class Block:
    """A block of numbers on the card."""

    def __init__(self, card: BlendersCard, buffer: Any):
        self._card, self.buffer = card, buffer

    def __del__(self) -> None:
        _let_go.append((self._card, None, self.buffer))


class _Work(NamedTuple):
    shader: Shader
    size: tuple[int, int]
    given: dict[str, Any]
    constants: dict[str, int]
    bands: bool


class BlendersCard:
    """See `manifold.shader_automaton.Card`.

    Attributes
    ----------
    widest : int
        As there.
    longest : float
        Seconds that the longest piece took.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self.widest: int = gpu.capabilities.max_texture_size_get()
        self._compiled: dict[tuple, Any] = {}
        self._waiting: deque[_Work] = deque()
        self._done_until = 0  # rows of the first of them
        self._cost: dict[tuple, float] = {}  # seconds a row of groups of so many across
        self._spare: defaultdict[tuple, list[Any]] = defaultdict(list)
        self._spare_bytes = 0
        self._closed = False
        self._fence: Any = gpu.types.GPUTexture((1, 1), format="R32F")
        # drivers compile a shader again for pictures of another format: what is absent has the same
        self._absent = {
            form: gpu.types.GPUTexture((1, 1), format=form) for form in ("RGBA32F", "RG32F", "R32F")
        }

    # what an automaton asks ------------------------------------------------------------------------

    def send(self, numbers: np.ndarray) -> Picture:
        height, width, components = numbers.shape
        form = {4: "RGBA32F", 1: "R32F"}[components]
        flat = np.ascontiguousarray(numbers, np.float32).reshape(-1)
        data = gpu.types.Buffer("FLOAT", flat.size, flat)
        return Picture(self, gpu.types.GPUTexture((width, height), format=form, data=data), form)

    def empty(self, height: int, width: int, form: str) -> Picture:
        free()
        spare = self._spare[height, width, form]
        if spare:
            picture = Picture(self, spare.pop(), form)
            self._spare_bytes -= picture.nbytes
            return picture
        return Picture(self, gpu.types.GPUTexture((width, height), format=form), form)

    def block(self, numbers: np.ndarray) -> Block:
        free()
        flat = np.ascontiguousarray(numbers, np.float32).reshape(-1)
        return Block(self, gpu.types.GPUUniformBuf(gpu.types.Buffer("FLOAT", flat.size, flat)))

    def run(
        self,
        shader: Shader,
        size: tuple[int, int],
        given: dict[str, Any],
        constants: dict[str, int],
        bands: bool = True,
    ) -> None:
        self._waiting.append(_Work(shader, size, given, constants, bands))

    def fetch(self, picture: Picture) -> np.ndarray:
        while self._waiting:
            self.work()
        numbers = np.frombuffer(picture.texture.read(), np.float32)
        return numbers.reshape(picture.height, picture.width, _COMPONENTS[picture.format])

    # pieces ---------------------------------------------------------------------------------------

    @property
    def idle(self) -> bool:
        """Whether nothing waits to be done."""
        return not self._waiting

    @property
    def expected(self) -> float:
        """Seconds that what waits will take, by what was measured; infinite where some of it never was."""
        total = 0.0
        for number, work in enumerate(self._waiting):
            across, down = _groups(work)
            cost = self._cost.get(_kind(work, across))
            if cost is None:
                return math.inf
            total += cost * (down - (0 if number else self._done_until))
        return total

    def work(self, seconds: float = AIMED_SECONDS) -> None:
        """Do a piece of what waits, and wait for the card: as much as takes so long by what was measured before."""
        began, expected = time.perf_counter(), 0.0
        kinds: set[tuple] = set()
        while self._waiting and expected < seconds:
            work = self._waiting[0]
            across, down = _groups(work)
            kind = _kind(work, across)
            cost = self._cost.get(kind)
            if cost is None and kinds:
                break  # what nobody has measured is measured alone
            rows = down - self._done_until
            if work.bands:
                rows = min(rows, FIRST_ROWS if cost is None else max(1, int((seconds - expected) / cost)))
            self._dispatch(work, self._done_until, rows, across)
            self._done_until += rows
            if self._done_until >= down:
                self._waiting.popleft()
                self._done_until = 0
            kinds.add(kind)
            if cost is None:
                self._wait()
                self._cost[kind] = (time.perf_counter() - began) / rows
                break
            expected += rows * cost
        else:
            if not kinds:
                return
            self._wait()
            # slower is believed at once, faster by and by
            factor = max((time.perf_counter() - began) / expected, 1 / _FASTER)
            for kind in kinds:
                self._cost[kind] *= factor
        self.longest = max(self.longest, time.perf_counter() - began)

    def _dispatch(self, work: _Work, first: int, rows: int, across: int) -> None:
        shader = self._compile(work.shader, work.constants)
        given, group = work.given, work.shader.group
        shader.bind()
        for name in work.shader.pictures:
            absent = self._absent["R32F" if name in ONE_NUMBER else "RGBA32F"]
            shader.uniform_sampler(name, given[name].texture if given.get(name) else absent)
        for name, form in work.shader.images:
            there = given.get(name)
            shader.image(name, there.texture if there else self._absent[form])
        if work.shader.block is not None:
            shader.uniform_block(work.shader.block[1], given[work.shader.block[1]].buffer)
        numbers = dict(given)
        if work.bands:
            numbers["top"] = first * group[1]
            numbers["bottom"] = min((first + rows) * group[1], work.size[1])
        for name in work.shader.numbers:
            shader.uniform_int(name, numbers[name])
        gpu.compute.dispatch(shader, across, rows, 1)
        gpu.shader.unbind()

    def _compile(self, shader: Shader, constants: dict[str, int]) -> Any:
        key = shader, *constants.items()
        if key not in self._compiled:
            self._compiled[key] = gpu.shader.create_from_info(describe(shader, constants))
        return self._compiled[key]

    def _wait(self) -> None:
        self._fence.read()

    def keep(self, kind: tuple[int, int, str], texture: Any) -> None:
        """Keep the memory of a picture that nobody holds any more, for the next one of its kind."""
        height, width, form = kind
        size = 4 * height * width * _COMPONENTS[form]
        if not self._closed and self._spare_bytes + size <= _SPARE_BYTES:
            self._spare[kind].append(texture)
            self._spare_bytes += size
        elif self._spare_bytes:  # of sizes that nobody asks for any more
            self._spare.clear()
            self._spare_bytes = 0

    def close(self) -> None:
        """Free all that is the card's own, on the main thread: from now on it does nothing."""
        self._closed = True
        for each in (self._waiting, self._spare, self._compiled, self._absent):
            each.clear()
        self._fence = None
        free()


def free() -> None:
    """Free, or keep for its card, what nobody holds any more.

    Python may let go of things on any thread, as it sweeps up, and a card's memory is freed on the main one alone: so
    there it is only noted what was let go of.
    """
    while _let_go:
        card, kind, texture = _let_go.popleft()
        if kind is not None:
            card.keep(kind, texture)


def _groups(work: _Work) -> tuple[int, int]:
    """Groups of threads across and down."""
    (wide, high), (across, down) = work.size, work.shader.group
    return -(-wide // across), -(-high // down)


def _kind(work: _Work, across: int) -> tuple:
    """What takes as long a row as something that was measured."""
    return work.shader.name, across, *work.constants.values(), work.given.get("pixels")


def describe(shader: Shader, constants: dict[str, int]) -> Any:
    """A shader as Blender compiles it."""
    info = gpu.types.GPUShaderCreateInfo()
    info.local_group_size(*shader.group)
    for slot, name in enumerate(shader.pictures):
        info.sampler(slot, "FLOAT_2D", name)
    for slot, (name, form) in enumerate(shader.images):
        info.image(slot, form, "FLOAT_2D", name, qualifiers={"READ", "WRITE"})
    for name in shader.numbers:
        info.push_constant("INT", name)
    if shader.block is not None:
        info.typedef_source(shader.types(**constants))
        info.uniform_buf(0, *shader.block[:2])
    info.compute_source(shader.source(**constants))
    return info
