# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reader of the code would lose: the shape of an array, an error to expect, the meaning of a parameter."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).parents[1] / "blender_nca"
FILES = [
    *(
        path
        for room in ("automaton", "genetics", "manifold", "maps")
        for path in (PACKAGE / room).glob("*.py")
    ),
    PACKAGE / "engine" / "client.py",
]
ARRAYS = re.compile(r"\b(ndarray|Tensor|Array|ArrayLike)\b")
SHAPE = re.compile(r"shape|\([\w +*]+,[\w +*,.]*\)")
ELSEWHERE = re.compile(r"\b([Ss]ee|[Aa]s (for|from|of)) `|\barguments as\b|\bof the shape\b")
"""How a docstring points to another one, where the rest is said."""


class Definition(NamedTuple):
    """A public function, method or class; `where` is for messages."""

    where: str
    node: ast.FunctionDef | ast.ClassDef
    owner: ast.ClassDef | None

    @property
    def text(self) -> str:
        return ast.get_docstring(self.node) or ""


def _public(path: Path) -> Iterator[Definition]:
    def walk(body: list[ast.stmt], owner: ast.ClassDef | None) -> Iterator[Definition]:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                name = f"{owner.name}.{node.name}" if owner else node.name
                yield Definition(f"{path.relative_to(PACKAGE)}:{node.lineno} {name}", node, owner)
                if isinstance(node, ast.ClassDef):
                    yield from walk(node.body, node)

    yield from walk(ast.parse(path.read_text(encoding="utf-8")).body, None)


DEFINITIONS = [one for path in sorted(FILES) for one in _public(path)]
FUNCTIONS = [
    one
    for one in DEFINITIONS
    if isinstance(one.node, ast.FunctionDef)
    and not any(isinstance(mark, ast.Name) and mark.id == "overload" for mark in one.node.decorator_list)
]
BASES = {
    one.node.name: [base.id for base in one.node.bases if isinstance(base, ast.Name)]
    for one in DEFINITIONS
    if isinstance(one.node, ast.ClassDef)
}
DOCUMENTED = {(one.owner.name, one.node.name) for one in DEFINITIONS if one.owner and one.text}


def _is_said_by_a_base(one: Definition) -> bool:
    """Whether a method does what a base class says of it."""
    waiting = list(BASES.get(one.owner.name, [])) if one.owner else []
    while waiting:
        base = waiting.pop()
        if (base, one.node.name) in DOCUMENTED:
            return True
        waiting += BASES.get(base, [])
    return False


def _parameters(node: ast.FunctionDef) -> list[ast.arg]:
    given = node.args
    more = [one for one in (given.vararg, given.kwarg) if one]
    return [
        one
        for one in (*given.posonlyargs, *given.args, *given.kwonlyargs, *more)
        if one.arg not in ("self", "cls", "context")
    ]


def test_the_rooms_that_are_held_are_there():
    assert len(FUNCTIONS) > 150 and {one.where.split("/")[0] for one in FUNCTIONS} == {
        "automaton",
        "engine",
        "genetics",
        "manifold",
        "maps",
    }


@pytest.mark.parametrize("path", sorted(FILES), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_file_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_every_public_function_says_what_it_does():
    overloads = {id(one.node) for one in DEFINITIONS} - {id(one.node) for one in FUNCTIONS}
    silent = [
        one.where
        for one in DEFINITIONS
        if not one.text
        and not _is_said_by_a_base(one)
        and (isinstance(one.node, ast.ClassDef) or id(one.node) not in overloads)
    ]
    assert not silent


def test_arrays_have_their_shapes_in_the_docstring():
    shapeless = []
    for one in FUNCTIONS:
        annotations = [parameter.annotation for parameter in _parameters(one.node)] + [one.node.returns]
        has_arrays = any(each is not None and ARRAYS.search(ast.unparse(each)) for each in annotations)
        said = SHAPE.search(one.text) or ELSEWHERE.search(one.text) or _is_said_by_a_base(one)
        if has_arrays and not said:
            shapeless.append(one.where)
    assert not shapeless


def test_errors_to_expect_are_named_in_the_docstring():
    unnamed = []
    for one in FUNCTIONS:
        for node in ast.walk(one.node):
            if isinstance(node, ast.Raise) and node.exc is not None:
                error = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
                name = error.id if isinstance(error, ast.Name) else ""
                if name.endswith(("Error", "Interrupted", "Cancelled")) and name not in one.text:
                    unnamed.append(f"{one.where}: {name}")
    assert not unnamed


def test_a_list_of_parameters_is_complete():
    missing = [
        f"{one.where}: {parameter.arg}"
        for one in FUNCTIONS
        if "Parameters\n-----" in one.text
        for parameter in _parameters(one.node)
        if not re.search(rf"\b{parameter.arg}\b", one.text)
    ]
    assert not missing


def test_functions_of_many_parameters_list_them():
    unlisted = [
        one.where
        for one in FUNCTIONS
        if len(_parameters(one.node)) > 2
        and "Parameters\n-----" not in one.text
        and not ELSEWHERE.search(one.text)
        and not _is_said_by_a_base(one)
    ]
    assert not unlisted
