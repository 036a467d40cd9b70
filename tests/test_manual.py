# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual: a page that leads nowhere, a picture that is not there, a message that nobody explains."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
CODE = '''
"""A module that is about things. It says so."""

KINDS = {"A": Kind(about="A thing that one has. And another.")}


def act(self, name, count):
    """Do what is wanted. Or not."""
    self.report({"INFO"}, f"All is done with {name}.")
    self.report({"ERROR"}, fill("{name} has {count} seeds: take one away.", name=name))
    write(layout, context, "Nothing is wrong with this one.", "INFO")
    write(layout, context, "This one is wrong: mend it.", "ERROR")
    raise GrowthError(f"{name} of {count} {what} is gone: "
                      f"look for it.")
'''


@pytest.fixture
def scripts(monkeypatch):
    """Import a script as its neighbours do."""
    monkeypatch.syspath_prepend(str(REPOSITORY / "scripts"))

    def take(name: str) -> ModuleType:
        return importlib.import_module(name)

    return take


def test_every_message_is_explained(scripts):
    messages = scripts("messages")
    found, told = messages.in_code(), messages.in_manual()
    missing = [f"{text}   ({place})" for text, place in found.items() if text not in told]
    assert not missing, "troubleshooting.md lacks (scripts/messages.py prints it):\n" + "\n".join(missing)
    gone = sorted(told - set(found))
    assert not gone, "troubleshooting.md has what nothing says any more:\n" + "\n".join(gone)


def test_every_group_of_messages_says_why_and_what_to_do(scripts):
    groups = scripts("messages").PAGE.read_text("utf-8").split("\n### ")[1:]
    assert len(groups) > 40
    assert not [
        one.splitlines()[0] for one in groups if not ("**Why.** " in one and "**What to do.** " in one)
    ]


def test_messages_are_found_with_places_for_their_values(scripts):
    assert set(scripts("messages").of_file(CODE)) == {
        "… has … seeds: take one away.",
        "This one is wrong: mend it.",
        "… of … is gone: look for it.",
    }


def test_one_file_holds_all_of_it(scripts, tmp_path):
    """Links lead somewhere, pictures are in it, and it asks no network for anything."""
    manual = scripts("manual")
    path = manual.build(tmp_path)
    text = path.read_text("utf-8")
    assert path.stat().st_size < 8 * 2**20
    ids = re.findall(r'id="([\w-]+)"', text)
    assert len(ids) == len(set(ids)) and len(ids) > 140
    assert set(re.findall(r'href="#([\w-]+)"', text)) <= set(ids)
    assert not re.findall(r'(?:src|href)="(?!#|data:image/webp|https://)[^"]*"', text)
    assert not re.search(r'src="http|@import|url\(|<script', text)
    assert {way.stem for way in (tmp_path / "go").iterdir()} <= set(ids)


def test_a_link_that_leads_nowhere_is_told(scripts, tmp_path, monkeypatch):
    manual = scripts("manual")
    for name, value in (("FOLDER", tmp_path), ("CONTENTS", tmp_path / "README.md")):
        monkeypatch.setattr(manual, name, value)
    (tmp_path / "README.md").write_text("[One](one.md)\n")
    (tmp_path / "one.md").write_text("# One\n\n[That](one.md#nowhere)\n")
    with pytest.raises(manual.ManualError, match="nowhere"):
        manual.build(tmp_path / "out")
    (tmp_path / "one.md").write_text("# One\n\n![That](pictures/none.webp)\n")
    with pytest.raises(manual.ManualError, match=r"none\.webp"):
        manual.build(tmp_path / "out")
    (tmp_path / "two.md").write_text("# Two\n")
    with pytest.raises(manual.ManualError, match=r"two\.md"):
        manual.build(tmp_path / "out")
