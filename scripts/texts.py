# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts: what artists read in the add-on, found in its code, and as Blender has it once the add-on is enabled.

The code alone tells nearly all; that of Blender also what is put together as a class is made: "The map in red".
"""

from __future__ import annotations

import ast
import inspect
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGE = REPOSITORY / "blender_nca"
ADDON = PACKAGE / "addon"
TABLES = (PACKAGE / "maps" / "texture_maps.py", PACKAGE / "maps" / "picture_format.py")
"""Files of other rooms with names that panels show."""
BAKE_PRESETS = PACKAGE / "maps" / "bake_presets"
FOR_SCRIPTS = frozenset(["api.py", "command.py"])
"""Files whose sentences go to whoever writes scripts or types commands."""
LABEL, TOOLTIP, MESSAGE = KINDS = ("label", "tooltip", "message")
"""What a text is, the most seen first: a name on the screen, what the mouse is told, a sentence."""
FIELDS = {"name": LABEL, "label": LABEL, "title": LABEL, "description": TOOLTIP, "about": TOOLTIP}
"""Field of a table's rows, or parameter of a property -> the kind of its text."""
SHOWN = {"report": 1, "write": 2}
"""Function that shows a sentence -> which of its arguments that is."""
SHOWN_BY = ("text", "heading", "title", "message", "confirm_text")
"""Parameters of Blender's functions whose texts are shown."""
LOOKED_UP = "fill"
"""The function that looks a text up and fills its places with values."""
SAME = frozenset(
    [
        "CPU",
        "CPU, PyTorch",
        "CUDA",
        "DNA",
        "Freestyle",
        "JPEG",
        "Metal",
        "Neural Growth",
        "OpenEXR",
        "PNG",
        "Python",
        "PyTorch",
        "TIFF",
        "Targa",
        "WebP",
        "XPU",
        "sRGB",
    ]
)
"""Names that are the same in every language."""
_WORDS = re.compile(r"[A-Z“{1-9][a-z’'}]*([ :,(….].*|[a-z]+…?|)")
"""What begins as a text does: neither an identifier of Blender's, nor one of a file."""
_SENTENCE = re.compile(r"[A-Z“][a-z’']* [^\n{]* [^\n{]*[.…]")


class Text(NamedTuple):
    """What a text is, and the file that it stands in."""

    kind: str
    place: str


def in_code() -> dict[str, Text]:
    """Texts that stand in the add-on's code.

    Returns
    -------
    dict of str to Text
        By file and line. What is of several kinds is of the one that is seen most.
    """
    found: dict[str, Text] = {}
    for path in (*sorted(ADDON.rglob("*.py")), *TABLES):
        gather(found, path.relative_to(REPOSITORY).as_posix(), of_file(path.read_text("utf-8"), path.name))
    for path in sorted(BAKE_PRESETS.glob("*.json")):
        description = json.loads(path.read_text("utf-8"))["description"]
        gather(found, path.relative_to(REPOSITORY).as_posix(), ((TOOLTIP, description),))
    return found


def of_file(code: str, name: str) -> Iterator[tuple[str, str]]:
    """Kind and text of what artists read of one file, by its code and the file's name."""
    tree = ast.parse(code)
    yield from (*_of_calls(tree), *_of_names(tree), *_of_classes(tree))
    if "panel" in name:
        yield from _of_panels(tree)
    if name not in FOR_SCRIPTS:
        yield from _of_sentences(tree)


def never_found() -> list[str]:
    """Texts that are put together where they are shown, so that Blender looks for what is in no file.

    Returns
    -------
    list of str
        The code of each, with its file: it is to go through `host.text.fill`.
    """
    found = []
    for path in sorted(ADDON.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            for keyword in call.keywords if isinstance(call, ast.Call) else ():
                if keyword.arg in SHOWN_BY and isinstance(keyword.value, ast.JoinedStr):
                    words = "".join(
                        str(one.value) for one in keyword.value.values if isinstance(one, ast.Constant)
                    )
                    if not SAME.issuperset(re.findall(r"[^\W\d]+", words)):
                        found.append(
                            f"{path.relative_to(REPOSITORY).as_posix()}: {ast.unparse(keyword.value)}"
                        )
    return found


def in_blender(package: str) -> dict[str, Text]:
    """Texts of an enabled add-on's properties, operators and panels, as Blender has them.

    Parameters
    ----------
    package : str
        The add-on's name in Blender.
    """
    import bpy

    found: dict[str, Text] = {}
    bases = (bpy.types.Operator, bpy.types.Panel, bpy.types.PropertyGroup, bpy.types.AddonPreferences)
    for one in (one for base in bases for one in _below(base)):
        if not one.__module__.startswith(f"{package}.") or "bl_rna" not in vars(one):
            continue
        place = one.__module__.removeprefix(f"{package}.").replace(".", "/") + ".py"
        said: list[tuple[str, str]] = []
        if issubclass(one, bpy.types.Operator):
            known = getattr(bpy.ops.nca, one.bl_idname.partition(".")[2]).get_rna_type()
            said += [(LABEL, known.name), (TOOLTIP, known.description)]
        elif issubclass(one, bpy.types.Panel):
            said += [(LABEL, one.bl_label), (TOOLTIP, one.bl_rna.description)]
        for prop in one.bl_rna.properties:
            if prop.is_runtime and not prop.is_hidden:
                said += [(LABEL, prop.name), (TOOLTIP, prop.description)]
                items = prop.enum_items_static if prop.type == "ENUM" else ()
                said += [each for item in items for each in ((LABEL, item.name), (TOOLTIP, item.description))]
        gather(found, place, ((kind, text) for kind, text in said if text != one.__name__))
    return found


def gather(found: dict[str, Text], place: str, said: Iterable[tuple[str, str]]) -> None:
    """Add the texts of a file to those that were found."""
    for kind, text in said:
        text = inspect.cleandoc(text)
        if (
            text in SAME
            or (text[:1].islower() and " " not in text)
            or len([letter for letter in text if letter.isalpha()]) < 2
        ):
            continue
        known = found.get(text)
        if known is None or KINDS.index(kind) < KINDS.index(known.kind):
            found[text] = Text(kind, known.place if known else place)


def _of_names(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Texts that are given a name before they are shown: `text = "…"`."""
    for line in ast.walk(tree):
        if isinstance(line, ast.Assign) and getattr(line.targets[0], "id", "") in ("text", "message"):
            yield from ((LABEL, text) for text in _constants(line.value) if _WORDS.fullmatch(text))


def _of_calls(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Texts of properties, of what a layout is told, and of sentences that are shown."""
    fields = _fields_of(tree)
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        is_property = name.endswith("Property")
        for keyword in call.keywords:
            if keyword.arg in SHOWN_BY and name not in fields:
                yield from ((LABEL, text) for text in _constants(keyword.value))
            elif keyword.arg in FIELDS and (is_property or name in (*fields, "dict")):
                yield from ((FIELDS[keyword.arg], text) for text in _constants(keyword.value))
            elif keyword.arg == "items" and is_property:
                yield from _of_items(keyword.value)
        for field, argument in zip(fields.get(name, ()), call.args, strict=False):
            if field in FIELDS:
                yield from ((FIELDS[field], text) for text in _constants(argument))
        if name in SHOWN and len(call.args) > SHOWN[name]:
            yield from ((MESSAGE, text) for text in _constants(call.args[SHOWN[name]]))
        if name == LOOKED_UP:
            yield from ((_kind_of(text), text) for text in _constants(call.args[0]))


def _kind_of(text: str) -> str:
    """What a text is that is only seen to be looked up: a sentence ends as one, and is long."""
    return MESSAGE if text.endswith(".") or len(text) > 40 else LABEL


def _of_classes(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Names of operators and panels, and what operators do: their docstring, or what `description` gives."""
    for one in ast.walk(tree):
        if not isinstance(one, ast.ClassDef):
            continue
        for line in one.body:
            target = getattr(line.targets[0], "id", "") if isinstance(line, ast.Assign) else ""
            if isinstance(line, ast.Assign) and target in ("bl_label", "bl_description", "bl_category"):
                kind = TOOLTIP if target == "bl_description" else LABEL
                yield from ((kind, text) for text in _constants(line.value))
            if isinstance(line, ast.FunctionDef) and line.name == "description":
                for given in ast.walk(line):
                    if isinstance(given, ast.Return) and given.value is not None:
                        yield from ((TOOLTIP, text) for text in _constants(given.value))
        if "_OT_" in one.name and ast.get_docstring(one):
            yield TOOLTIP, " ".join(str(ast.get_docstring(one)).split())  # as `host.additions` joins it


def _of_panels(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What a panel goes through to draw it: its tables, what its loops name, what its functions are given."""
    tables = [line.value for line in ast.walk(tree) if isinstance(line, ast.Assign)]
    loops = [line.iter for line in ast.walk(tree) if isinstance(line, ast.For)]
    calls = [one for line in ast.walk(tree) if isinstance(line, ast.Call) for one in line.args]
    for table in (*tables, *loops, *(one for one in calls if isinstance(one, ast.Constant))):
        if not isinstance(table, ast.Tuple | ast.Dict | ast.Constant | ast.Call | ast.IfExp):
            continue
        for one in ast.walk(table):
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and _WORDS.fullmatch(one.value):
                yield (MESSAGE if one.value.endswith(".") else LABEL), one.value


def _of_sentences(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Whole sentences without values, wherever they stand: what is wrong, and what to do."""
    # what is no text for artists: docstrings, and what stands below a definition to describe it
    remarks = {id(line.value) for line in ast.walk(tree) if isinstance(line, ast.Expr)}
    parts = {id(part) for line in ast.walk(tree) if isinstance(line, ast.JoinedStr) for part in line.values}
    for one in ast.walk(tree):
        is_text = isinstance(one, ast.Constant) and isinstance(one.value, str)
        if is_text and id(one) not in remarks | parts and _SENTENCE.fullmatch(one.value):
            yield MESSAGE, one.value


def _of_items(items: ast.expr) -> Iterator[tuple[str, str]]:
    """The names and tooltips of a choice."""
    for item in items.elts if isinstance(items, ast.Tuple | ast.List) else ():
        if isinstance(item, ast.Tuple) and len(item.elts) >= 3:
            yield from ((LABEL, text) for text in _constants(item.elts[1]))
            yield from ((TOOLTIP, text) for text in _constants(item.elts[2]))


def _constants(value: ast.expr) -> Iterator[str]:
    """The texts that an expression may give, as far as they stand there."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from (*_constants(value.body), *_constants(value.orelse))
    elif isinstance(value, ast.BoolOp):
        yield from (text for one in value.values for text in _constants(one))


def _fields_of(tree: ast.Module) -> dict[str, list[str]]:
    """Rows of the tables that a file defines -> the names of their fields, in order."""
    return {
        one.name: [
            str(getattr(line.target, "id", "")) for line in one.body if isinstance(line, ast.AnnAssign)
        ]
        for one in tree.body
        if isinstance(one, ast.ClassDef) and not any("bpy" in ast.unparse(base) for base in one.bases)
    }


def _below(one: type) -> Iterator[type]:
    for lower in one.__subclasses__():
        yield lower
        yield from _below(lower)
