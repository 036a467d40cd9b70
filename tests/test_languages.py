# SPDX-License-Identifier: GPL-3.0-or-later
"""What artists would read in a language that is not theirs, and translators lose."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
FOLDER = REPOSITORY / "blender_nca" / "addon" / "languages"
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.po"))
PANEL = '''
TITLES = {"NEW": "New Things"}


class NCA_OT_do(Operator):
    """Do something"""

    bl_label = "Do It"
    size: FloatProperty(name="Size", description="How large")

    def act(self):
        if not self.size:
            self.report({"ERROR"}, "Nothing is that small.")
            return why_not("It is too small: choose more.")


def draw(layout, count):
    layout.label(text="Short" if count else "Long")
    layout.label(text=fill("{count} of them", count=count))
    layout.prop(layout, "size", icon="NONE")
'''


@pytest.fixture
def scripts(monkeypatch):
    """Import a script as its neighbours do, or what stands beside the languages' files."""
    monkeypatch.syspath_prepend(str(REPOSITORY / "scripts"))
    monkeypatch.syspath_prepend(str(FOLDER))

    def take(name: str) -> ModuleType:
        return importlib.import_module(name)

    return take


@pytest.fixture(scope="module")
def shown() -> dict[str, object]:
    """Every text of the code; looked for once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(REPOSITORY / "scripts"))
        return importlib.import_module("texts").in_code()


def test_the_five_languages_are_there():
    assert LANGUAGES == ["de", "es", "fr", "ja", "zh_HANS"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_missing(scripts, shown, language):
    said = scripts("po").read((FOLDER / f"{language}.po").read_text("utf-8"))
    missing = [text for text in shown if text not in said]
    assert not missing, (
        f"{language}.po lacks {len(missing)} texts: python3 scripts/languages.py adds them, to be translated.\n"
        + "\n".join(missing)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_values_find_their_places(scripts, language):
    places = re.compile(r"{\w+}")
    for text, said in scripts("po").read((FOLDER / f"{language}.po").read_text("utf-8")).items():
        assert sorted(places.findall(said)) == sorted(places.findall(text)), said
        assert said == said.strip() and said.count("\n") == text.count("\n"), said


def test_texts_with_values_are_looked_up_before_they_are_filled_in(scripts):
    assert scripts("texts").never_found() == []


def test_new_texts_are_found(scripts):
    found = dict((text, kind) for kind, text in scripts("texts").of_file(PANEL, "panel.py"))
    assert found == {
        "New Things": "label",
        "Do something": "tooltip",
        "Do It": "label",
        "Size": "label",
        "How large": "tooltip",
        "Nothing is that small.": "message",
        "It is too small: choose more.": "message",
        "Short": "label",
        "Long": "label",
        "{count} of them": "label",
    }


def test_files_of_translators_programs_are_read(scripts):
    po = scripts("po")
    written = "\r\n".join(
        [
            'msgid ""',
            'msgstr ""',
            '"Language: de\\n"',
            "",
            "#. message",
            'msgid ""',
            '"It \\"lives\\" "',
            '"everywhere.\\n"',
            '"ESC ends it"',
            'msgstr ""',
            '"Es „lebt“ "',
            '"überall.\\n"',
            '"ESC beendet es"',
            "",
            "#, fuzzy",
            'msgid "Old"',
            'msgstr "Alt"',
            "",
            'msgid "Not yet"',
            'msgstr ""',
            "",
            '#~ msgid "Gone"',
            '#~ msgstr "Weg"',
            "",
        ]
    )
    assert po.read(written) == {'It "lives" everywhere.\nESC ends it': "Es „lebt“ überall.\nESC beendet es"}
    text = 'A "quoted" \\ text,\n\tin two lines'
    assert po.read(f"msgid {po.quote(text)}\nmsgstr {po.quote(text)}\n") == {text: text}
