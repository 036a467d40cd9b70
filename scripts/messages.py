# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages: every sentence by which the add-on says that something is wrong, found in its code.

python3 scripts/messages.py               what docs/manual/troubleshooting.md lacks, and what it has too much
python3 scripts/messages.py --all         all of them, by file

Values in a sentence stand as …, in the manual as here: “… has no UV map: unwrap it in Edit Mode with U.”
"""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGE = REPOSITORY / "blender_nca"
PAGE = REPOSITORY / "docs" / "manual" / "troubleshooting.md"
ROOMS = ("addon", "automaton", "baking", "engine", "genetics", "kernels", "learning", "manifold", "maps")
TOLD_ELSEWHERE = frozenset(
    [
        *("addon/api.py", "addon/assets/command.py", "addon/bake/command.py", "addon/bake/video_script.py"),
        *("baking/batch.py", "baking/command.py", "baking/command_line.py", "baking/job_bundle.py"),
        *("engine/cache_folder.py", "baking/program.py", "maps/materials/growth_shader.py"),
    ]
)
"""Files whose sentences go to whoever writes scripts or types commands, and are on the pages about these."""
PLACE = "…"
"""What stands for a value."""
DESCRIBING = frozenset(["description", "help", "about", "epilog", "doc", "text", "heading", "title"])
"""Parameters whose texts say what something is, and not that it is wrong."""
HINTS = frozenset(["INFO", "NONE", "BLANK1", "CHECKMARK", "TIME"])
"""Icons of sentences that only tell."""
LOGGING = frozenset(["debug", "info"])
"""Functions whose sentences only the log has."""
_SENTENCE = re.compile(r"[A-Z“…].* .* .*[.]")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--all", action="store_true", help="print all messages, by file")
    if parser.parse_args().all:
        place = ""
        for text, one in in_code().items():
            if one != place:
                place = one
                print(f"\n{place}")
            print(f"- {text}")
        return
    found, told = in_code(), in_manual()
    for text, place in found.items():
        if text not in told:
            print(f"lacks, of {place}:\n- {text}")
    for text in sorted(told - set(found)):
        print(f"nothing says any more:\n- {text}")


def in_manual() -> set[str]:
    """The messages that the page about them has: the items of its lists."""
    lines = PAGE.read_text("utf-8").splitlines()
    return {line.removeprefix("- ") for line in lines if line.startswith("- ")}


def in_code() -> dict[str, str]:
    """Every message, and the file that it stands in, by file and line."""
    found: dict[str, str] = {}
    for path in sorted(path for room in ROOMS for path in (PACKAGE / room).rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        if place not in TOLD_ELSEWHERE:
            for text in of_file(path.read_text("utf-8")):
                found.setdefault(text, place)
    return found


def of_file(code: str) -> Iterator[str]:
    """The messages in the code of one file."""
    nodes = list(ast.walk(ast.parse(code)))
    hidden = set(_told(nodes))
    for one in nodes:
        if isinstance(one, ast.JoinedStr):  # its parts are no texts of their own
            hidden |= {id(part) for part in one.values}
    for one in nodes:
        if isinstance(one, ast.Constant | ast.JoinedStr) and id(one) not in hidden:
            text = " ".join(_text(one).split())
            if _SENTENCE.fullmatch(text):
                yield text


def _told(tree: list[ast.AST]) -> Iterator[int]:
    """What is no message: docstrings and remarks, descriptions, and what only tells how things are."""
    for one in tree:
        nodes: list[ast.AST] = []
        if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant):
            nodes = [one.value]
        elif isinstance(one, ast.FunctionDef) and one.name == "description":
            nodes = [one]
        elif isinstance(one, ast.Call):
            nodes = [keyword.value for keyword in one.keywords if keyword.arg in DESCRIBING]
            name = one.func.attr if isinstance(one.func, ast.Attribute) else getattr(one.func, "id", "")
            nodes += one.args if name in LOGGING else ()
            nodes += one.args if name in ("report", "write") and not _is_wrong(one, name) else []
        for node in nodes:
            yield from (id(part) for part in ast.walk(node))


def _is_wrong(call: ast.Call, name: str) -> bool:
    """Whether a report or a line of a panel says that something is wrong, by its kind or its icon."""
    words = {
        part.value
        for argument in (*call.args, *(keyword.value for keyword in call.keywords))
        for part in ast.walk(argument)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }
    if words & {"ERROR", "WARNING", "CANCEL"}:
        return True
    if name == "report":
        return "INFO" not in words
    return len(call.args) > 3 and not words & HINTS


def _text(one: ast.AST) -> str:
    """A text as an artist reads it, with … for its values; empty where it is none."""
    if isinstance(one, ast.JoinedStr):
        parts = [str(part.value) if isinstance(part, ast.Constant) else PLACE for part in one.values]
        return re.sub(r"…(\s*…)+", PLACE, "".join(parts))
    if isinstance(one, ast.Constant) and isinstance(one.value, str):
        return re.sub(r"{\w*}|%s|%d", PLACE, one.value)
    return ""


if __name__ == "__main__":
    main()
