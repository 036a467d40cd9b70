# SPDX-License-Identifier: GPL-3.0-or-later
"""Languages: the files in which translators say in theirs what artists read.

    python3 scripts/languages.py                    bring every file up to date, and say how much each has
    python3 scripts/languages.py --new pt_BR        begin another language, by Blender's name of it
    python3 scripts/languages.py --missing de       print what a language lacks, and change nothing

A text that is gone from the code is taken out of the files; a new one comes with an empty translation, and is English
in Blender until it has one. Files that translators' programs have written may look otherwise: this puts them in order.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import virtual_environment
from virtual_environment import REPOSITORY

virtual_environment.enter()

FOLDER = REPOSITORY / "blender_nca" / "addon" / "languages"
sys.path.insert(0, str(FOLDER))

import checkout
import po
import texts

HEAD = """# Neural Growth in {language}.
# Under the add-on's licence, GPL-3.0-or-later.
msgid ""
msgstr ""
"Project-Id-Version: Neural Growth\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--new", metavar="LANGUAGE", help="begin a language, by Blender's name of it")
    parser.add_argument("--missing", metavar="LANGUAGE", help="print what it lacks, and change nothing")
    options = parser.parse_args()
    found = all_texts()
    if options.missing:
        print("\n".join(missing(options.missing, found)))
        return 0
    if options.new:
        (FOLDER / f"{options.new}.po").touch()
    for language in languages():
        update(language, found)
        print(f"{language}: {len(found) - len(missing(language, found))} of {len(found)} texts")
    return 0


def all_texts() -> dict[str, texts.Text]:
    """What the code says, and what Blender makes of it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ["BLENDER_USER_RESOURCES"] = folder  # nobody's own preferences are changed
        checkout.offer(Path(folder))
        checkout.enable()
        found = texts.in_code()
        for text, one in texts.in_blender(checkout.PACKAGE).items():
            found.setdefault(text, one)
        checkout.disable()
    return found


def languages() -> list[str]:
    """The languages that there is a file of."""
    return sorted(path.stem for path in FOLDER.glob("*.po"))


def known(language: str) -> dict[str, str]:
    """What a language's file says."""
    return po.read((FOLDER / f"{language}.po").read_text("utf-8"))


def missing(language: str, found: dict[str, texts.Text]) -> list[str]:
    """The texts that a language's file does not say, those first that are seen most."""
    said = known(language)
    return sorted(
        (text for text in found if text not in said), key=lambda text: texts.KINDS.index(found[text].kind)
    )


def update(language: str, found: dict[str, texts.Text]) -> None:
    """Write a language's file anew: all texts, with the translations that it has."""
    said = known(language)
    entries = [
        f"#. {one.kind}\n#: {one.place}\nmsgid {po.quote(text)}\nmsgstr {po.quote(said.get(text, ''))}\n"
        for kind in texts.KINDS
        for text, one in found.items()
        if one.kind == kind
    ]
    (FOLDER / f"{language}.po").write_text("\n".join([HEAD.format(language=language), *entries]), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
