# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the manual of docs/manual one HTML file, which the extension holds and Blender's F1 opens.

python3 scripts/manual.py                 blender_nca/addon/manual/built/manual.html; scripts/build.py does that, too
python3 scripts/manual.py --out DIR

The file needs nothing beside it, neither a network nor scripts: pictures are in it, and one searches it by the
browser's own search. Its order is that of the links in docs/manual/README.md.
"""

from __future__ import annotations

import argparse
import base64
import html
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, NamedTuple

import virtual_environment
from virtual_environment import REPOSITORY

if TYPE_CHECKING:
    from markdown_it.token import Token

FOLDER = REPOSITORY / "docs" / "manual"
CONTENTS = FOLDER / "README.md"
PAGE = Path(__file__).with_name("manual_page.html")
BUILT = REPOSITORY / "blender_nca" / "addon" / "manual" / "built"
NAME, WAYS = "manual.html", "go"
"""The manual, and the folder of what leads to a place in it."""
WAY = Template(
    '<!doctype html><meta charset="utf-8"><title>Neural Growth</title>'
    '<meta http-equiv="refresh" content="0; url=../$name#$anchor"><a href="../$name#$anchor">Manual</a>\n'
)
"""What leads to a place: an address of a file loses what stands after its # where Windows opens it."""
_LINKED = re.compile(r"\]\(([\w-]+\.md)\)")


class ManualError(Exception):
    """A page that cannot be made; the message says which and why."""


class Page(NamedTuple):
    """One page: its anchor, its tokens as markdown-it reads them, its headings as (anchor, title), its own first."""

    anchor: str
    tokens: Sequence[Token]
    headings: Sequence[tuple[str, str]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=BUILT, help="folder of the HTML file")
    options = parser.parse_args()
    virtual_environment.enter()
    path = build(options.out)
    print(f"{path}: {path.stat().st_size / 2**20:.1f} MiB")


def build(out: Path = BUILT) -> Path:
    """Write the manual, and a small file for each place in it.

    Returns
    -------
    Path
        Of the HTML file.

    Raises
    ------
    ManualError
        Where a link or a picture leads nowhere.
    """
    import tomllib  # here: the scripts come to this on Python 3.11 at the earliest

    found = [read(path) for path in paths()]
    known = {anchor for page in found for anchor, _ in page.headings}
    with (REPOSITORY / "blender_manifest.toml").open("rb") as file:
        version = tomllib.load(file)["version"]
    text = Template(PAGE.read_text("utf-8")).substitute(
        version=version,
        contents="\n".join(_list(page) for page in found),
        pages="\n".join(_draw(page, known) for page in found),
    )
    ways = out / WAYS
    ways.mkdir(parents=True, exist_ok=True)
    for old in ways.glob("*.html"):
        if old.stem not in known:
            old.unlink()
    for anchor in known:
        (ways / f"{anchor}.html").write_text(WAY.substitute(name=NAME, anchor=anchor), "utf-8")
    path = out / NAME
    path.write_text(text, "utf-8")
    return path


def paths() -> list[Path]:
    """The files of the pages, in the order in which the contents name them."""
    named = [FOLDER / name for name in _LINKED.findall(CONTENTS.read_text("utf-8"))]
    forgotten = {path for path in FOLDER.glob("*.md") if path != CONTENTS} - set(named)
    if forgotten:
        raise ManualError(f"{CONTENTS} does not name {', '.join(sorted(path.name for path in forgotten))}.")
    return list(dict.fromkeys(named))


def read(path: Path) -> Page:
    """Read a page, and give its headings anchors: `time`, `time-loops`."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(path.read_text("utf-8"))
    headings = []
    for opened, inline in pairwise(tokens):
        if opened.type == "heading_open":
            title = _said(inline)
            anchor = path.stem if opened.tag == "h1" else f"{path.stem}-{slug(title)}"
            opened.attrSet("id", anchor)
            if opened.tag in ("h1", "h2"):
                headings.append((anchor, title))
    return Page(path.stem, tokens, headings)


def slug(title: str) -> str:
    """A heading in the letters of an anchor, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _said(inline: Token) -> str:
    return "".join(part.content for part in inline.children or () if part.type in ("text", "code_inline"))


def _list(page: Page) -> str:
    """A page in the table of contents."""
    (anchor, title), *below = page.headings
    inner = "".join(f'<li><a href="#{one}">{html.escape(name)}</a></li>' for one, name in below)
    return f'<li><a href="#{anchor}">{html.escape(title)}</a>{f"<ul>{inner}</ul>" if inner else ""}</li>'


def _draw(page: Page, known: set[str]) -> str:
    """A page as HTML."""
    from markdown_it import MarkdownIt

    for inline in page.tokens:
        for part in _linking(inline.children or ()):
            key = "src" if part.type == "image" else "href"
            part.attrSet(key, _address(page.anchor, str(part.attrGet(key)), known))
    renderer = MarkdownIt("commonmark").enable("table")
    body = renderer.renderer.render(list(page.tokens), renderer.options, {})
    body = body.replace("<table>", '<div class="table"><table>').replace("</table>", "</table></div>")
    return f"<section>\n{body}</section>"


def _linking(parts: Sequence[Token]) -> Iterator[Token]:
    """Links and pictures of a line; what leads out of the manual loses its link, since it is not beside it."""
    out = False
    for part in parts:
        if part.type == "link_open" and str(part.attrGet("href")).startswith("../"):
            part.tag, part.attrs, out = "span", {}, True
        elif part.type == "link_close" and out:
            part.tag, out = "span", False
        elif part.type in ("link_open", "image"):
            yield part


def _address(page: str, target: str, known: set[str]) -> str:
    """Where a link of a page leads to within the one file; of a picture, the picture itself."""
    if re.match(r"[a-z]+:", target):
        return target
    if target.endswith(".webp"):
        path = (FOLDER / target).resolve()
        if not path.exists():
            raise ManualError(f"{page}.md shows {target}, which is not there: run scripts/pictures.py.")
        return "data:image/webp;base64," + base64.b64encode(path.read_bytes()).decode()
    name, _, place = target.partition("#")
    anchor = "-".join(part for part in (name.removesuffix(".md") or page, place) if part)
    if anchor not in known:
        raise ManualError(f"{page}.md leads to {target}, where nothing is.")
    return f"#{anchor}"


if __name__ == "__main__":
    main()
